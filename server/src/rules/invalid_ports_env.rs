//! `invalid-ports-env`: a line of `.ports.env` is not `KEY=PORT`.

use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::Language;
use crate::ports_env::{PortsEnv, ProblemKind};

pub(super) const DESCRIPTION: Description = Description {
    name: "invalid-ports-env",
    summary: "A line of `.ports.env` is not `KEY=PORT`, or says something twice.",
    severity: Severity::Warning,
    about: About::Files,
    check,
    page: "\
## Why

`.ports.env` holds ports and nothing else, so that reading it can set no `PATH` and run no command. A line that is
something else is passed over by port-manager, but not by a shell; a variable that stands there twice has the last
value; two variables with one port mean two services that cannot run at once.

## Example

```sh
WEB_PORT=8000
WEB_PORT=8001     # twice
API_PORT=http     # not a port
NODE_ENV=test     # not a port: belongs into .env
```
",
};

fn check(document: &Document<'_>, _: &Facts) -> Vec<Diagnostic> {
    if document.language != Language::PortsEnv {
        return Vec::new();
    }
    PortsEnv::parse(document.text)
        .problems()
        .iter()
        .map(|problem| {
            let (message, port, variable) = match &problem.kind {
                ProblemKind::NotAnAssignment => ("this line is not `KEY=PORT`".to_owned(), None, None),
                ProblemKind::NotAPort { variable } => (
                    format!(
                        "the value of {variable} is not a port: a port is a whole number from 1 to 65535"
                    ),
                    None,
                    Some(variable),
                ),
                ProblemKind::DuplicateVariable { variable } => (
                    format!("{variable} is given a value again further down: this line has no effect"),
                    None,
                    Some(variable),
                ),
                ProblemKind::DuplicatePort { variable, other, port } => {
                    (format!("{other} has port {port} already"), Some(*port), Some(variable))
                }
            };
            Diagnostic {
                rule: Rule::InvalidPortsEnv,
                severity: Severity::Warning,
                span: problem.span.clone(),
                message,
                port,
                variable: variable.cloned(),
            }
        })
        .collect()
}
