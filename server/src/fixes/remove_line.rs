//! The fix of `invalid-ports-env`: remove the line.

use super::Fix;
use crate::exchange::Edit;
use crate::rules::{Diagnostic, Document};

pub(super) fn fixes(diagnostic: &Diagnostic, document: &Document<'_>) -> Vec<Fix> {
    let text = document.text;
    let start = text[..diagnostic.span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[diagnostic.span.end..]
        .find('\n')
        .map_or(text.len(), |newline| diagnostic.span.end + newline + 1);
    vec![Fix {
        title: "Remove this line".to_owned(),
        edits: vec![Edit::replace(start..end, "")],
        action: None,
        is_preferred: true,
        is_safe_for_all: false,
        is_suppression: false,
    }]
}
