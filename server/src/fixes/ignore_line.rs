//! The fix that every rule has: a comment that silences the line.

use super::{Applicability, Fix};
use crate::analysis::Language;
use crate::rewrite::Edit;
use crate::rules::{Diagnostic, Document};

/// The comment at the end of the diagnostic's line, the same for every rule, so that a line with two
/// diagnostics has one such fix; `None` where the format has none.
pub(super) fn fix(diagnostic: &Diagnostic, document: &Document<'_>) -> Option<Fix> {
    let comment = document.language.line_comment()?;
    let text = document.text;
    let end =
        text[diagnostic.span.end..].find('\n').map_or(text.len(), |newline| diagnostic.span.end + newline);
    let end = if text[..end].ends_with('\r') { end - 1 } else { end };
    // A backslash would continue the comment instead of the line.
    if text[..end].ends_with('\\') {
        return None;
    }
    Some(Fix {
        title: "Ignore port-manager on this line".to_owned(),
        edits: vec![Edit::insert(end, format!(" {comment} port-manager: ignore"))],
        action: None,
        applicability: Applicability::Suppression,
    })
}

/// Whether the mark became a comment, not part of a string or of an element's text.
pub(super) fn is_comment(fix: &Fix, fixed: &str, language: Language) -> bool {
    fix.edits.first().is_some_and(|edit| language.is_comment(fixed, edit.span.start + 2))
}
