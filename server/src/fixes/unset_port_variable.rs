//! Fixes of `unset-port-variable`: the name that was meant, or a port for this one.

use super::{Action, Fix};
use crate::analysis::Meaning;
use crate::exchange::Edit;
use crate::port::Port;
use crate::rules::{Diagnostic, Document, Facts, near_miss};
use crate::service::Service;
use crate::variable::Variable;

pub(super) fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let Some(variable) = &diagnostic.variable else { return Vec::new() };
    let mut fixes = Vec::new();
    if let Some(meant) = near_miss(variable, facts)
        && let Some(port) = facts.port(meant)
        && is_renamable(diagnostic, document)
    {
        fixes.push(Fix {
            title: format!("Use {meant} ({port})"),
            edits: vec![Edit::replace(diagnostic.span.clone(), meant.as_str())],
            action: None,
            is_preferred: true,
            is_safe_for_all: false,
            is_suppression: false,
        });
    }
    let preferred = default_of(variable, document).filter(|port| {
        facts.registry.owner(*port).is_none()
            && facts.variable(*port).is_none()
            && !port.is_blocked_by_browsers()
    });
    fixes.push(Fix {
        title: match preferred {
            Some(port) => format!("Register {port} as {variable} in .ports.env"),
            None => format!("Register a port for {variable} in .ports.env"),
        },
        edits: Vec::new(),
        action: Some(Action::Allocate {
            variable: variable.clone(),
            service: Service::of_variable(variable, preferred),
            preferred,
        }),
        is_preferred: fixes.is_empty(),
        is_safe_for_all: false,
        is_suppression: false,
    });
    fixes
}

/// Whether another name can take the place of the one that the diagnostic is about.
fn is_renamable(diagnostic: &Diagnostic, document: &Document<'_>) -> bool {
    document.analysis.occurrences.iter().any(|occurrence| {
        occurrence.span == diagnostic.span
            && matches!(occurrence.meaning, Meaning::Reference { is_renamable: true, .. })
    })
}

/// The number that the document falls back to where the variable is not set.
fn default_of(variable: &Variable, document: &Document<'_>) -> Option<Port> {
    document.analysis.occurrences.iter().find_map(|occurrence| match &occurrence.meaning {
        Meaning::Fallback { port, variable: Some(name), .. } if name == variable => Some(*port),
        _ => None,
    })
}
