//! `committed-ports-env`: `.ports.env` is not ignored by git.

use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::Language;
use crate::ports_env;

pub(super) const DESCRIPTION: Description = Description {
    name: "committed-ports-env",
    summary: "`.ports.env` is not ignored by git.",
    severity: Severity::Warning,
    about: About::Files,
    check,
    page: "\
## Why

The numbers in `.ports.env` are those of one machine. Committed, they become everybody's, and two projects meet on one
port again. What the team shares is `.ports.env.example`, the list of variables.

## What to do

`port-manager init`, or the quick fix, adds `/.ports.env` to the project's `.gitignore`. If it is committed already,
`git rm --cached .ports.env` takes it out of the repository and leaves it on the disk.

It is reported once, at the first line of the file that gives a port.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    let first = document.analysis.occurrences.first().filter(|_| document.language == Language::PortsEnv);
    first
        .filter(|_| ports_env::is_exposed(&facts.root))
        .map(|occurrence| Diagnostic {
            rule: Rule::CommittedPortsEnv,
            severity: Severity::Warning,
            span: occurrence.span.clone(),
            message: "git does not ignore this file, but its numbers are for this machine only: run `port-manager init`".to_owned(),
            port: None,
            variable: None,
        })
        .into_iter()
        .collect()
}
