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

`.ports.env` holds ports and nothing else, so that reading it can set no `PATH` and run no command. port-manager
leaves any other line as it is, and `port-manager run` sets nothing from it, but a shell does. Of two lines for one
variable the last counts; of two variables with one port only one can listen.

## Example

```sh
WEB_PORT=8000
WEB_PORT=8001     # twice
API_PORT=http     # not a port
DB_PORT=          # no port: `port-manager init` fills it in
DATABASE_URL=postgres://localhost:5432/shop    # not a port variable: keep it in .env
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
            let (port, variable) = match &problem.kind {
                ProblemKind::NotAnAssignment => (None, None),
                ProblemKind::NotAPort { variable, .. }
                | ProblemKind::NotAPortVariable { variable, .. }
                | ProblemKind::DuplicateVariable { variable } => (None, Some(variable)),
                ProblemKind::DuplicatePort { variable, port, .. } => (Some(*port), Some(variable)),
            };
            Diagnostic {
                rule: Rule::InvalidPortsEnv,
                severity: Severity::Warning,
                span: problem.span.clone(),
                message: problem.kind.to_string(),
                port,
                variable: variable.cloned(),
            }
        })
        .collect()
}
