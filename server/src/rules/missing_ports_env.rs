//! `missing-ports-env`: the project has port variables or literals, and no `.ports.env`.

use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::Meaning;
use crate::ports_env;

pub(super) const DESCRIPTION: Description = Description {
    name: "missing-ports-env",
    summary: "The project has ports or port variables, and no `.ports.env`.",
    severity: Severity::Warning,
    about: About::Machine,
    check,
    page: "\
## Why

`.ports.env` holds a project's ports on this machine. Without it nothing sets the variables that the code reads, and no
project owns the numbers in the code.

## What to do

`port-manager init` in the project's directory, or the quick fix: it gives the project ports that no other
project has, and writes `.ports.env`, `.ports.env.example` and the line in `.gitignore`.

It is reported once, at the first port or port variable of the file.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    if facts.ports_env.is_some() {
        return Vec::new();
    }
    let first = document
        .analysis
        .occurrences
        .iter()
        .find(|occurrence| matches!(occurrence.meaning, Meaning::Literal(_) | Meaning::Reference { .. }));
    first
        .map(|occurrence| Diagnostic {
            rule: Rule::MissingPortsEnv,
            severity: Severity::Warning,
            span: occurrence.span.clone(),
            message: format!(
                "{} has ports, but no `{}`: run `port-manager init` there",
                facts.root.name(),
                ports_env::FILE_NAME
            ),
            port: None,
            variable: None,
        })
        .into_iter()
        .collect()
}
