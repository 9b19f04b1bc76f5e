//! The fix of `fallback-mismatch`: the number of `.ports.env`.

use super::Fix;
use crate::exchange::Edit;
use crate::rules::{Diagnostic, Facts};

pub(super) fn fixes(diagnostic: &Diagnostic, facts: &Facts) -> Vec<Fix> {
    let Some(port) = diagnostic.variable.as_ref().and_then(|variable| facts.port(variable)) else {
        return Vec::new();
    };
    vec![Fix {
        title: format!("Fall back to {port}"),
        edits: vec![Edit::replace(diagnostic.span.clone(), port.to_string())],
        action: None,
        is_preferred: true,
        // Others have other numbers in theirs: a decision, not a repair.
        is_safe_for_all: false,
        is_suppression: false,
    }]
}
