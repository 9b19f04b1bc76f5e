//! `unset-port-variable`: a variable is read, but `.ports.env` does not define it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use strsim::osa_distance;

use super::computed::without_number;
use super::duplicate_port_variable::kept_variable;
use super::{
    About, Description, Diagnostic, Document, Facts, Rule, SETTINGS_FILE_NAME, Scene, Settings, Severity,
};
use crate::analysis::{Language, Meaning, Occurrence};
use crate::ports_env::{EXAMPLE_FILE_NAME, FILE_NAME};
use crate::project::runtime::Runtime;
use crate::variable::Variable;

pub(super) const DESCRIPTION: Description = Description {
    name: "unset-port-variable",
    summary: "A port variable is read, but `.ports.env` does not define it.",
    severity: Severity::Warning,
    about: About::Files,
    check,
    page: "\
## Why

A variable that is not set is `undefined`, empty or an error at run time, and with a default in the code the
project silently shares that default's port with every other project.

## Example

```js
app.listen(process.env.ADMIN_PORT)
```

where `.ports.env` has no line `ADMIN_PORT=...`. The quick fix allocates a port and writes the line; where
`.ports.env` has a name that differs by a letter or two, it offers that name. A slip in `PORT` itself is reported where the
project has the variable that was meant: `WEB_PROT`, `WEB_PORTT` or `WEBPORT` beside `WEB_PORT`.

```js
fetch(`http://localhost:${import.meta.env.VITE_API_PORT || 5000}/`)
```

The code of a page reads a variable under the name that its bundler wants. `VITE_API_PORT` is `API_PORT` where the table
`[run.\".\"]` of `port-manager.toml` says so, and the quick fix writes that entry.

```toml
[env]
API_URL = \"http://localhost:${API_PROT}\"
```

A variable in a computed value of `port-manager.toml` needs a number in `.ports.env`, as `port-manager run` starts nothing without it.

## What is not reported

`PORT` itself, which platforms set, unless this project's `.ports.env` should have it: a server reads it with a default, and
`port-manager init` has not given it a number. Also not: a variable that another `.env` file of the project defines, or that the
same compose file, script or makefile sets; a variable in a project without `.ports.env`, which
`missing-ports-env` reports instead.

In a build, where there is no registry or the environment variable `CI` is set, it is enough that the committed
`.ports.env.example` lists the variable.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    // On a build machine, the list that is committed for the whole team stands for the file that each machine has.
    let listed = facts.listed.as_ref().filter(|_| facts.scene == Scene::Build);
    if facts.ports_env.is_none() && listed.is_none() || document.language == Language::PortsEnv {
        return Vec::new();
    }
    let defined_here: BTreeSet<&Variable> = document
        .analysis
        .occurrences
        .iter()
        .filter_map(|occurrence| match &occurrence.meaning {
            Meaning::Definition { variable, .. } => Some(variable),
            _ => None,
        })
        .collect();
    let path = facts.within(document.path);
    let is_set = |occurrence: &Occurrence, name: &Variable, has_default: bool| {
        let variable = &facts.variable_read_as(name, path);
        let is_bare = variable.service_name().is_none();
        is_bare && !(has_default && is_missing_bare(facts, path, occurrence))
            || !is_bare && kept_variable(variable, facts).is_some()
            || facts.port(variable).is_some()
            || listed.is_some_and(|listed| listed.iter().any(|(listed, _)| listed == variable))
            || facts.defined_elsewhere.contains(variable)
            || defined_here.contains(variable)
    };
    let of_code = document
        .analysis
        .occurrences
        .iter()
        .filter_map(|occurrence| match &occurrence.meaning {
            Meaning::Reference { variable, has_default, .. }
                if !is_set(occurrence, variable, *has_default)
                    && !holds_address(facts, path, occurrence, variable) =>
            {
                Some((occurrence, variable, *has_default))
            }
            _ => None,
        })
        .map(|(occurrence, variable, has_default)| Diagnostic {
            rule: Rule::UnsetPortVariable,
            severity: if has_default { Severity::Information } else { Severity::Warning },
            span: occurrence.span.clone(),
            message: {
                let file = facts.list_of_variables();
                match near_miss(variable, facts) {
                    _ if facts.unnamed(variable, path).is_some() => {
                        format!("{variable} has no entry in `{SETTINGS_FILE_NAME}`, so pages get no value for it: add one, or take the quick fix")
                    }
                    Some(other) => format!("{variable} is not defined in `{file}`; did you mean {other}?"),
                    None if has_default => {
                        format!("{variable} is not defined in `{file}`: the default is used")
                    }
                    None => format!("{variable} is not defined in `{file}`"),
                }
            },
            port: None,
            variable: Some(variable.clone()),
        });
    of_code.chain(slips(document, facts)).chain(in_computed_values(document, facts)).collect()
}

/// Whether the map knows the variable as one that holds an address: `${BIND_PORT:-127.0.0.1:8000}`.
fn holds_address(facts: &Facts, path: &Path, occurrence: &Occurrence, variable: &Variable) -> bool {
    let place = facts.map.place(path, &occurrence.span);
    let names_port = || facts.settings.packs().names.is_port_variable(variable);
    place.is_some_and(|place| !place.is_port_variable && names_port())
}

/// The names with a slip of the keyboard where `PORT` should be, where the project has the variable that was meant.
fn slips<'a>(document: &'a Document<'_>, facts: &'a Facts) -> impl Iterator<Item = Diagnostic> + use<'a> {
    document.analysis.slips.iter().filter_map(|slip| {
        let Meaning::Reference { variable, has_default, .. } = &slip.meaning else { return None };
        let meant = near_miss(variable, facts)?;
        let is_set = facts.defined_elsewhere.contains(variable) || is_given_value(variable, document.text);
        (!is_set).then(|| Diagnostic {
            rule: Rule::UnsetPortVariable,
            severity: if *has_default { Severity::Information } else { Severity::Warning },
            span: slip.span.clone(),
            message: format!(
                "{variable} is not defined in `{}`; did you mean {meant}?",
                facts.list_of_variables()
            ),
            port: None,
            variable: Some(variable.clone()),
        })
    })
}

/// Whether a text itself gives the variable a value, in whatever language: `WEBPORT=1`, `WEBPORT ?= 1`, `WEBPORT: 1`.
fn is_given_value(variable: &Variable, text: &str) -> bool {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.match_indices(variable.as_str()).any(|(at, name)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].trim_start_matches([' ', '\t']);
        let operator = after.trim_start_matches(['?', ':', '+']);
        !before.is_some_and(|before| is_word(before) || matches!(before, '{' | '$'))
            && (operator.starts_with('=') && !operator.starts_with("==") || after.starts_with(": "))
    })
}

/// The variables that the table `[env]` of the project's `port-manager.toml` uses and that have no number, so that
/// `port-manager run` refuses to start anything.
fn in_computed_values(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    let path = facts.within(document.path);
    if path != Path::new(SETTINGS_FILE_NAME) {
        return Vec::new();
    }
    // What is open in an editor counts. A text with an error is reported as one.
    let Ok(settings) = Settings::parse(document.text, facts.root.as_path()) else { return Vec::new() };
    // Only numbers of this machine are used, or of the list that stands for them on a build machine.
    let (known, file): (BTreeSet<&Variable>, _) = match &facts.ports_env {
        Some(env) => (env.definitions().iter().map(|it| &it.variable).collect(), FILE_NAME),
        None => (facts.listed.iter().flatten().map(|(listed, _)| listed).collect(), EXAMPLE_FILE_NAME),
    };
    let entries = settings.run_tables().entries_at(Path::new(""));
    // A component that reads PORT in a directory of its own may be meant.
    let is_known = |variable: &Variable| {
        known.contains(variable)
            || variable.service_name().is_none()
            || entries.iter().any(|entry| entry.name == *variable && known.contains(&entry.variable))
    };
    let unknown = settings.computed_values().references().filter(|(variable, _)| !is_known(variable));
    let diagnostic = |(variable, span): (&Variable, &Range<usize>)| Diagnostic {
        rule: Rule::UnsetPortVariable,
        severity: Severity::Warning,
        span: span.clone(),
        message: without_number(variable, known.iter().copied(), file),
        port: None,
        variable: Some(variable.clone()),
    };
    unknown.map(diagnostic).collect()
}

/// Whether the `PORT` that is read at a place is one that `init` would give a number, and has none: the port's variable is
/// not in `.ports.env`, or `port-manager.toml` does not say that it is the `PORT` of the directory.
fn is_missing_bare(facts: &Facts, path: &Path, occurrence: &Occurrence) -> bool {
    let Some((port, place)) = facts.map.at(path, &occurrence.span) else { return false };
    let has_number = facts.port(&port.variable).is_some();
    let is_renamed = port.reads_bare_port.is_none() || facts.is_renamed(port);
    place.runtime == Runtime::Host
        && !port.listeners.is_empty()
        && port.is_decided_here()
        && !(has_number && is_renamed)
}

/// The defined variable whose name differs by a slip of the keyboard: at most two letters changed, added, left out or
/// swapped, and no more than a third of what tells the name from others. Where the slip is in `PORT` itself, so that the
/// name is not one of a port, all the rest has to be the same.
pub(crate) fn near_miss<'a>(variable: &Variable, facts: &'a Facts) -> Option<&'a Variable> {
    // Before `init` has made the file, the team's list says which variables there are.
    let names: Vec<&Variable> = match &facts.ports_env {
        Some(file) => file.definitions().iter().map(|definition| &definition.variable).collect(),
        None => facts.listed.iter().flatten().map(|(listed, _)| listed).collect(),
    };
    names
        .into_iter()
        .map(|other| (osa_distance(variable.as_str(), other.as_str()), other))
        .filter(|(distance, other)| match variable.may_be_slip() {
            true => *distance == 1,
            false => *distance > 0 && *distance <= 2 && distance * 3 <= stem_length(other),
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

/// The length of what tells a name from others: `WEB` of `WEB_PORT`.
fn stem_length(variable: &Variable) -> usize {
    variable.service_name().map_or(0, |name| name.len())
}
