//! The fix of `fallback-mismatch`: the variable's default number.

use super::{Applicability, Fix};
use crate::rewrite::Edit;
use crate::rules::{Diagnostic, Document, Facts};

pub(super) fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let path = facts.within(document.path);
    let Some(port) = facts.map.at(path, &diagnostic.span).and_then(|(port, _)| port.default) else {
        return Vec::new();
    };
    vec![Fix {
        title: format!("Fall back to {port}"),
        edits: vec![Edit::replace(diagnostic.span.clone(), port.to_string())],
        action: None,
        // Which of the two was meant is a decision, not a repair.
        applicability: Applicability::Preferred,
    }]
}
