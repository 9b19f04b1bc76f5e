//! The fix of `duplicate-port-variable`: the variable that the port keeps.

use super::unset_port_variable::is_renamable;
use super::{Applicability, Fix};
use crate::rewrite::Edit;
use crate::rules::{Diagnostic, Document, Facts, kept_variable};

pub(super) fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let kept = diagnostic.variable.as_ref().and_then(|variable| kept_variable(variable, facts));
    let Some(kept) = kept.filter(|_| is_renamable(diagnostic, document)) else { return Vec::new() };
    let number = facts.port(kept).map(|port| format!(" ({port})")).unwrap_or_default();
    vec![Fix {
        title: format!("Use {kept}{number}"),
        edits: vec![Edit::replace(diagnostic.span.clone(), kept.as_str())],
        action: None,
        // Whether both are one port is a decision.
        applicability: Applicability::Preferred,
    }]
}
