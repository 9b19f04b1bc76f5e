//! `fallback-mismatch`: the default of a lookup is not what `.ports.env` says.

use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::Meaning;

pub(super) const DESCRIPTION: Description = Description {
    name: "fallback-mismatch",
    summary: "The default of a variable is another number than `.ports.env` has.",
    severity: Severity::Hint,
    about: About::Files,
    check,
    page: "\
## Why

`process.env.WEB_PORT || 3000` is fine: the variable decides. But where `.ports.env` was not loaded, the service comes up
on 3000, and whoever looks for it on the port of `.ports.env` finds nobody, or somebody else.

## Example

```js
app.listen(process.env.WEB_PORT || 3000) // .ports.env: WEB_PORT=8000
```

## What to do

Nothing has to be done. The quick fix writes the number of `.ports.env`, so that both ways end at the same port. A
hint does not make `port-manager check` fail.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    let mismatch = |meaning: &Meaning| {
        let Meaning::Fallback { port, variable: Some(variable) } = meaning else { return None };
        let defined = facts.port(variable)?;
        (defined != *port).then(|| (variable.clone(), defined, *port))
    };
    document
        .analysis
        .occurrences
        .iter()
        .filter_map(|occurrence| {
            let (variable, defined, port) = mismatch(&occurrence.meaning)?;
            Some(Diagnostic {
                rule: Rule::FallbackMismatch,
                severity: Severity::Hint,
                span: occurrence.span.clone(),
                message: format!("{variable} is {defined} in `.ports.env`; without it, this is {port}"),
                port: Some(port),
                variable: Some(variable),
            })
        })
        .collect()
}
