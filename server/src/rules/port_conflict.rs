//! `port-conflict`: `.ports.env` gives a port that the registry gives to another project.

use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::{Language, Meaning};
use crate::registry::Owner;

pub(super) const DESCRIPTION: Description = Description {
    name: "port-conflict",
    summary: "`.ports.env` gives a port that the registry gives to another project.",
    severity: Severity::Warning,
    about: About::Machine,
    check,
    page: "\
## Why

The first of the two projects to start gets the port, the other one \"Address already in use\".

## What to do

Run `port-manager init`: the variable gets a port that no other project has. Or release the
other project's port with `port-manager unset` there; `port-manager show PROJECT` lists what it has.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    if document.language != Language::PortsEnv {
        return Vec::new();
    }
    let own_key = facts.root.key().ok();
    document
        .analysis
        .occurrences
        .iter()
        .filter_map(|occurrence| {
            let Meaning::Definition { variable, port: Some(port) } = &occurrence.meaning else { return None };
            let Some(Owner::Project { key, name, variable: theirs, .. }) = facts.registry.owner(*port) else {
                return None;
            };
            (Some(key) != own_key).then(|| Diagnostic {
                rule: Rule::PortConflict,
                severity: Severity::Warning,
                span: occurrence.span.clone(),
                message: format!("port {port} belongs to another project, {name} ({theirs}, {key}): remove the line, and run `port-manager init`"),
                port: Some(*port),
                variable: Some(variable.clone()),
            })
        })
        .collect()
}
