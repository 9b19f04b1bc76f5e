//! `unregistered-port`: `.ports.env` and the registry disagree.

use std::collections::BTreeMap;

use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::{Language, Meaning, Occurrence};
use crate::registry::Owner;

pub(super) const DESCRIPTION: Description = Description {
    name: "unregistered-port",
    summary: "`.ports.env` gives a variable another port than the registry does.",
    severity: Severity::Warning,
    about: About::Machine,
    check,
    page: "\
## Why

The line was edited by hand, or comes from another machine. As long as the registry does not have the number, another
project may get it.

## What to do

To keep the file's number, run `port-manager init`: it registers what the file says, where nobody else has it. To
keep the registry's, take the quick fix that writes that into the line.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    if document.language != Language::PortsEnv || !facts.is_registry_known {
        return Vec::new();
    }
    let project = facts.root.key().ok().and_then(|key| facts.registry.project(key));
    // Of several lines for one variable, the last counts.
    let mut last = BTreeMap::new();
    for occurrence in &document.analysis.occurrences {
        if let Meaning::Definition { variable, .. } = &occurrence.meaning {
            last.insert(variable, occurrence.span.start);
        }
    }
    let disagreement = |occurrence: &Occurrence| {
        let Meaning::Definition { variable, port: Some(port) } = &occurrence.meaning else { return None };
        if last.get(variable) != Some(&occurrence.span.start) {
            return None;
        }
        let registered = project.and_then(|project| project.get(variable)).map(|own| own.port);
        // `port-conflict` reports what another project owns, `invalid-ports-env` what is written twice.
        let is_owned = matches!(facts.registry.owner(*port), Some(Owner::Project { .. }));
        (registered != Some(*port) && !is_owned).then(|| (variable.clone(), *port, registered))
    };
    document
        .analysis
        .occurrences
        .iter()
        .filter_map(|occurrence| {
            let (variable, port, registered) = disagreement(occurrence)?;
            Some(Diagnostic {
                rule: Rule::UnregisteredPort,
                severity: Severity::Warning,
                span: occurrence.span.clone(),
                message: match registered {
                    Some(registered) => format!("{variable} is {registered} in the registry: run `port-manager init` to register {port}"),
                    None => {
                        format!("{variable} is not registered, so another project may get {port}: run `port-manager init`")
                    }
                },
                port: Some(port),
                variable: Some(variable),
            })
        })
        .collect()
}
