//! `duplicate-port-variable`: two variables are read for one port.

use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::{Meaning, Occurrence};
use crate::project::map::Twins;
use crate::variable::Variable;

pub(super) const DESCRIPTION: Description = Description {
    name: "duplicate-port-variable",
    summary: "Two variables with one default number are read for a port on which one service listens.",
    severity: Severity::Warning,
    about: About::Files,
    check,
    page: "\
## Why

The server reads `API_PORT`, its client `SERVER_PORT`, and both fall back to 5000. Without variables they find each other. As
soon as the two variables have numbers of their own, they do not: nothing listens on `SERVER_PORT`.

## Example

```js
app.listen(process.env.API_PORT || 5000)                         // api/server.js
fetch(`http://localhost:${process.env.SERVER_PORT || 5000}/`)    // web/client.js
```

## What to do

Read one variable in both places. The quick fix takes the one that `.ports.env` has; where it has both or neither, the one that
the server reads. Remove the other one from `.ports.env` and `.ports.env.example`: `port-manager unset SERVER_PORT`.
`port-manager init` gives a number to the server's variable alone.

## What is reported how

A *warning* where the two variables lead to different numbers on this machine, so that the client does not find the server: a
variable that `.ports.env` does not have leads to its default. Else a *note*. Where two services listen on the number, they are two ports, and nothing is reported.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    let duplicate = |occurrence: &Occurrence| {
        let Meaning::Reference { variable, .. } = &occurrence.meaning else { return None };
        let (_, place) = facts.map.at(facts.within(document.path), &occurrence.span)?;
        let kept = kept_variable(variable, facts).filter(|_| place.runtime.is_here())?;
        let default = facts.map.of_variable(kept)?.default?;
        // A variable without a number falls back to its default.
        let number = facts.port(variable).unwrap_or(default);
        let other = facts.port(kept).unwrap_or(default);
        let both = format!("{variable} and {kept} both fall back to {default}, where one service listens");
        Some(Diagnostic {
            rule: Rule::DuplicatePortVariable,
            severity: if number == other { Severity::Information } else { Severity::Warning },
            span: occurrence.span.clone(),
            message: if number == other {
                format!("{both}: read {kept} here, too")
            } else {
                format!(
                    "{both}; on this machine they are {number} and {other}, so the client does not find it: read {kept} here, too"
                )
            },
            port: None,
            variable: Some(variable.clone()),
        })
    };
    document.analysis.occurrences.iter().filter_map(duplicate).collect()
}

/// The variable that stays where this one and another stand for one port: the one that `.ports.env` has, else the one that
/// what listens reads. `None` where this one is to stay, or is the only one.
pub(crate) fn kept_variable<'a>(variable: &Variable, facts: &'a Facts) -> Option<&'a Variable> {
    let Twins { listening, silent } = facts.map.twins(facts.map.of_variable(variable)?)?;
    let keeps_silent = facts.port(&silent.variable).is_some() && facts.port(&listening.variable).is_none();
    let kept = if keeps_silent { silent } else { listening };
    (kept.variable != *variable).then_some(&kept.variable)
}
