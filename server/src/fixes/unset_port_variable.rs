//! Fixes of `unset-port-variable`: the name that was meant, or a port for this one.

use std::path::PathBuf;

use super::{Action, Applicability, Fix, set_up};
use crate::analysis::Meaning;
use crate::port::Port;
use crate::project::map::Renamed;
use crate::rewrite::Edit;
use crate::rules::{Diagnostic, Document, Facts, SETTINGS_FILE_NAME, near_miss};
use crate::variable::Variable;

pub(super) fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let Some(name) = &diagnostic.variable else { return Vec::new() };
    let path = facts.within(document.path);
    if let Some(variable) = facts.unnamed(name, path) {
        return vec![name_for_pages(name, variable, document, facts)];
    }
    let variable = &facts.variable_read_as(name, path);
    let mut fixes = Vec::new();
    if let Some(meant) = near_miss(variable, facts)
        && let Some(port) = facts.port(meant)
        && is_renamable(diagnostic, document)
    {
        fixes.push(Fix {
            title: format!("Use {meant} ({port})"),
            edits: vec![Edit::replace(diagnostic.span.clone(), meant.as_str())],
            action: None,
            applicability: Applicability::Preferred,
        });
    }
    // Several components read it: each has a variable of its own, and `port-manager.toml` says which.
    let mapped = facts.map.at(facts.within(document.path), &diagnostic.span);
    if variable.service_name().is_none() && mapped.is_some_and(|(port, _)| port.variable != *variable) {
        return vec![set_up(facts)];
    }
    // A computed value may name a variable that can be no port's.
    if variable.ensure_holds_port().is_err() {
        return fixes;
    }
    let preferred = preferred(name, document, facts);
    fixes.push(Fix {
        title: match preferred {
            Some(port) => format!("Register {port} as {variable} in .ports.env"),
            None => format!("Register a port for {variable} in .ports.env"),
        },
        edits: Vec::new(),
        action: Some(Action::Allocate {
            variable: variable.clone(),
            service: facts.registry.types().of_variable(variable, preferred),
            preferred,
            public_name: None,
        }),
        applicability: if fixes.is_empty() { Applicability::Preferred } else { Applicability::Choice },
    });
    fixes
}

/// Has `port-manager.toml` give pages the variable under a name, and registers it where it has no number yet.
fn name_for_pages(name: &Variable, variable: Variable, document: &Document<'_>, facts: &Facts) -> Fix {
    let mapped = facts.map.of_variable(&variable);
    let preferred = mapped.and_then(|port| port.default).or_else(|| preferred(name, document, facts));
    Fix {
        title: format!("Give pages {variable} as {name}"),
        edits: Vec::new(),
        action: Some(match facts.port(&variable) {
            Some(_) => Action::Rename(Renamed { directory: PathBuf::new(), name: name.clone(), variable }),
            None => Action::Allocate {
                service: mapped.map_or_else(
                    || facts.registry.types().of_variable(&variable, preferred),
                    |port| port.service,
                ),
                variable,
                preferred: preferred.filter(|port| !port.is_blocked_by_browsers()),
                public_name: Some(name.clone()),
            },
        }),
        applicability: Applicability::Preferred,
    }
}

/// The number that the document falls back to where the variable is not set, if it can be had.
fn preferred(variable: &Variable, document: &Document<'_>, facts: &Facts) -> Option<Port> {
    default_of(variable, document).filter(|port| {
        facts.registry.owner(*port).is_none()
            && facts.variable(*port).is_none()
            && !port.is_blocked_by_browsers()
    })
}

/// Whether another name can take the place of the one that the diagnostic is about.
pub(super) fn is_renamable(diagnostic: &Diagnostic, document: &Document<'_>) -> bool {
    let is_computed_value = document.path.file_name().is_some_and(|name| name == SETTINGS_FILE_NAME);
    is_computed_value
        || document
            .analysis
            .exactly_at(&diagnostic.span)
            .chain(document.analysis.slips.iter().filter(|slip| slip.span == diagnostic.span))
            .any(|occurrence| matches!(occurrence.meaning, Meaning::Reference { is_renamable: true, .. }))
}

/// The number that the document falls back to where the variable is not set.
fn default_of(variable: &Variable, document: &Document<'_>) -> Option<Port> {
    document.analysis.occurrences.iter().find_map(|occurrence| match &occurrence.meaning {
        Meaning::Fallback { port, variable: Some(name), .. } if name == variable => Some(*port),
        _ => None,
    })
}
