//! `fallback-mismatch`: the default of a lookup is not the variable's default number.

use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::{Meaning, Occurrence};

pub(super) const DESCRIPTION: Description = Description {
    name: "fallback-mismatch",
    summary: "The default of a variable is not its default number.",
    severity: Severity::Hint,
    about: About::Files,
    check,
    page: "\
## Why

`process.env.WEB_PORT || 8080` is fine: the variable decides. Where it is not set, all of the project's code should agree on one
number, its default number: the one in `.ports.env.example`, else the one that most of the code falls back to. Where two
places disagree, a server comes up on one number and its client looks for it on another.

The number that this machine gives the variable does not matter here: a default is for machines without `.ports.env`.

## Example

```js
app.listen(process.env.WEB_PORT || 3000) // .ports.env.example: WEB_PORT=8080
```

## What to do

The quick fix writes the default number. A hint does not make `port-manager check` fail.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    let path = facts.within(document.path);
    let mismatch = |occurrence: &Occurrence| {
        let Meaning::Fallback { port, variable: Some(variable), address: None } = &occurrence.meaning else {
            return None;
        };
        let (mapped, _) = facts.map.at(path, &occurrence.span)?;
        let default = mapped.default.filter(|default| default != port)?;
        Some(Diagnostic {
            rule: Rule::FallbackMismatch,
            severity: Severity::Hint,
            span: occurrence.span.clone(),
            message: format!(
                "the default number of {variable} is {default}, but this place falls back to {port}: write {default}"
            ),
            port: Some(*port),
            variable: Some(variable.clone()),
        })
    };
    document.analysis.occurrences.iter().filter_map(mismatch).collect()
}
