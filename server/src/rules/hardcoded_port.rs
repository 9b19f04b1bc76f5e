//! `hardcoded-port`: a literal decides where a service binds or a client connects.

use std::cell::LazyCell;
use std::path::Path;

use super::others::Others;
use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::{FileAt, Grade, Kind, Literal, Meaning, Occurrence, Packs};
use crate::port::Port;
use crate::ports_env;
use crate::project::map::{MappedPort, Place};
use crate::project::marks::exemplified;
use crate::project::runtime::{Reader, Runtime, runtime};
use crate::rewrite::{Site, by_hand};
use crate::variable::Variable;

pub(super) const DESCRIPTION: Description = Description {
    name: "hardcoded-port",
    summary: "A number in the code decides where a service listens or a client connects.",
    severity: Severity::Warning,
    about: About::Files,
    check,
    page: "\
## Why

Two projects that both say `8080` cannot run at the same time, and the second one fails with \"Address
already in use\". With the number in an environment variable, each project on each machine has a port of
its own, and no code has to be edited to move it.

## Example

```js
app.listen(8080)
```

Instead:

```js
app.listen(process.env.WEB_PORT || 8080)
```

with `WEB_PORT=8080` in `.ports.env`, which `port-manager init` writes and the quick fix fills. The number stays as the
default: without the variable the program does what it did before. `[fixes] default = \"none\"` in `port-manager.toml` leaves
it out.

## What is reported how

A *warning* where code of this machine or the host side of a mapping decides a port. A *note* where the number lives
inside a container or is meant to be overridden: `EXPOSE`, health checks, addresses inside a container
network, `.env`, `ENV` and `ARG`, command lines but for scripts of a package that listen, defaults of options and of
settings (`DefaultConfig`, `config/default.js`); in tests, examples and generated code; and in what runs elsewhere: CI,
clusters, clouds, production profiles.

Where nothing shows that this machine decides the port, the number is a note, too. A warning needs one of these:

- a program that listens, or a mapping of a container's port;
- a file that something on this machine reads, as `vite.config.ts`, `application.yml`, `launchSettings.json`, scripts and
  compose files are ([the list](../knowledge.md), `read-here`); a project adds its own with `[[file]]` in `port-manager.toml`;
- settings of the program itself, `config.js` or a constant in the file that starts the server;
- a client in a program, where another place of the project decides the same number, or a call is given the address.

So settings in a format of data that any program may read (`loki.yaml`, `nginx.conf`), a page's form with `port: 3306`, and a client of
a database that the project does not start are notes.

An address in `.env` or `.env.local` that still says the default number of a variable which has another number on this
machine is a warning: what reads the file does not find the port. `check` reads these two files also where git ignores
them, and shows nothing of their values but the number.

Not reported: comments and prose, the default of an environment lookup (`process.env.PORT || 3000`), the
container side of a mapping, port 0, public hosts. An address that is the default of a variable
(`process.env.API_URL || \"http://localhost:5000\"`) is reported once `.ports.env` has the port: no line of that file can set
`API_URL`, and the server at 5000 has another number now.

A text that a program prints is prose, too: after a fix, `console.log(\"on http://localhost:8080\")` still says 8080 where the
server listens on another number. Print the variable there, or the number that the server reports
(`server.address().port`).

## What the other places say

The finding names what the rest of the project knows about the number:

- *Another place reads the variable.* `port 5000 is hardcoded where a client connects, but api/app.py:3 reads API_PORT for it` is a
  number that was left behind. It is wrong as soon as `API_PORT` is not 5000.
- *Another component listens on the same number.* The two are two ports, of which only one can run at a time until each has a
  variable of its own.
- *The number may be that of several ports.* The quick fixes offer each; choose one.

## To silence it

`port-manager: ignore` or `port-manager: ignore[hardcoded-port]` in a comment on the line, or on a line of
its own above.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    if document.analysis.occurrences.is_empty() {
        return Vec::new();
    }
    let path = facts.within(document.path);
    let is_test_data = is_test_data(facts);
    let (packs, around) = (facts.settings.packs(), facts.map.around(path));
    // Asked for what is in no port of the map alone: both look at the whole text.
    let usual = LazyCell::new(|| runtime(path, document.text, document.language, packs, &around));
    let is_aside = LazyCell::new(|| is_test_data || facts.is_tests && !is_row_of_host(path, document, packs));
    let reader = LazyCell::new(|| Reader::of(path, document.text, document.language, packs, &around));
    let site = document.site(facts).asking();
    let mut others = Others::of(facts, path);
    let mut diagnostic = |occurrence: &Occurrence, literal: &Literal| {
        let known = facts.map.at(path, &occurrence.span);
        let left = moved_from(occurrence, literal, known, document, facts);
        let runtime = match known {
            _ if *is_aside => Runtime::Aside,
            // A part of the file may run elsewhere than the rest: what compose publishes, an address of this machine.
            Some((_, place)) => place.runtime,
            None => facts.map.place(path, &occurrence.span).map_or_else(|| *usual, |place| place.runtime),
        };
        let remark = match known {
            Some((port, place)) => others.remark(port, place),
            None if runtime.is_here() => others.choice(literal.port),
            None => None,
        }
        // That says already that the number is the wrong one.
        .filter(|_| left.is_none());
        Diagnostic {
            rule: Rule::HardcodedPort,
            severity: match left {
                Some(_) if runtime.is_here() => Severity::Warning,
                _ => severity(literal, runtime, known, &reader),
            },
            span: occurrence.span.clone(),
            message: defined_twice(literal, facts).unwrap_or_else(|| {
                message(occurrence, literal, runtime, known, left, &site, remark.as_deref())
            }),
            port: Some(literal.port),
            variable: known.map(|(port, _)| &port.variable).or(left.map(|(variable, _)| variable)).cloned(),
        }
    };
    let literals = document.analysis.occurrences.iter().filter_map(|occurrence| match &occurrence.meaning {
        Meaning::Literal(literal) => {
            (!facts.settings.computed_values().has_default(literal)).then(|| diagnostic(occurrence, literal))
        }
        Meaning::Fallback { address: Some(literal), .. } => {
            let (port, _) = facts.map.at(path, &occurrence.span)?;
            is_left_behind(literal, port, facts).then(|| diagnostic(occurrence, literal))
        }
        _ => None,
    });
    literals.collect()
}

/// Whether the port has a number of its own on this machine, so that a default with its default number leads elsewhere.
fn is_left_behind(literal: &Literal, port: &MappedPort, facts: &Facts) -> bool {
    let listed = facts.listed.iter().flatten().find(|(variable, _)| *variable == port.variable);
    let default = listed.and_then(|(_, default)| *default);
    facts.port(&port.variable).is_some() && default.is_none_or(|default| default == literal.port)
}

/// The variable whose default number an address in an environment file still says, and the number that it has here: what
/// reads the file would not find the port. A file that git ignores is not on the map, so the number alone tells which it is.
fn moved_from<'a>(
    occurrence: &Occurrence,
    literal: &Literal,
    known: Option<(&'a MappedPort, &Place)>,
    document: &Document<'_>,
    facts: &'a Facts,
) -> Option<(&'a Variable, Port)> {
    let name = document.path.file_name().and_then(|name| name.to_str());
    let is_example = name.and_then(exemplified).is_some();
    let is_address = || document.text[..occurrence.span.start].ends_with(':');
    if literal.kind != Kind::EnvironmentFile || is_example || !is_address() {
        return None;
    }
    let variable = match known {
        Some((port, _)) => &port.variable,
        None => {
            let mut ports = facts.map.with_default(literal.port);
            &ports.next().filter(|_| ports.next().is_none())?.variable
        }
    };
    let moved = facts.port(variable)?;
    (moved != literal.port).then_some((variable, moved))
}

/// A warning is a promise that this machine decides something there.
fn severity(
    literal: &Literal,
    runtime: Runtime,
    known: Option<(&MappedPort, &Place)>,
    reader: &LazyCell<Reader, impl FnOnce() -> Reader>,
) -> Severity {
    // It may be one of several ports, each of which has evidence.
    let promises = || known.map_or_else(|| **reader != Reader::Unknown, |(port, place)| port.promises(place));
    match literal.grade {
        Grade::Warning if runtime.is_here() && promises() => Severity::Warning,
        _ => Severity::Information,
    }
}

/// Whether the project is a program that tests of its repository read. It is one of its own once somebody has set it up.
fn is_test_data(facts: &Facts) -> bool {
    facts.ports_env.is_none() && facts.is_among_tests
}

/// Whether a row says that the file runs on this machine, as the configuration of what runs tests does.
fn is_row_of_host(path: &Path, document: &Document<'_>, packs: &Packs) -> bool {
    let language = document.language.name();
    packs.files.runtime(FileAt { path, text: document.text, language, beside: &[] }) == Some(Runtime::Host)
}

/// The message about a line of an environment file whose variable `.ports.env` defines as well.
fn defined_twice(literal: &Literal, facts: &Facts) -> Option<String> {
    let variable: Variable = literal.hint.as_deref()?.parse().ok()?;
    let is_twice = literal.kind == Kind::EnvironmentFile && facts.ports_env.as_ref()?.lists(&variable);
    let (port, file) = (literal.port, ports_env::FILE_NAME);
    is_twice.then(|| {
        format!(
            "port {port} is set in an environment file, and `{file}` defines {variable} as well; remove this line where git \
             ignores the file"
        )
    })
}

fn message(
    occurrence: &Occurrence,
    literal: &Literal,
    runtime: Runtime,
    known: Option<(&MappedPort, &Place)>,
    left: Option<(&Variable, Port)>,
    site: &Site<'_>,
    remark: Option<&str>,
) -> String {
    let port = literal.port;
    let what = match literal.kind {
        _ if let Meaning::Fallback { variable: Some(variable), .. } = &occurrence.meaning => {
            format!("port {port} is hardcoded in the default of {variable}")
        }
        Kind::Listen if runtime != Runtime::Browser => {
            format!("port {port} is hardcoded where the service listens")
        }
        // A page never listens: `location.hostname + ":3001"`.
        Kind::Connect | Kind::Listen => format!("port {port} is hardcoded where a client connects"),
        Kind::Setting => format!("port {port} is hardcoded"),
        Kind::Published if !runtime.is_here() => {
            format!("port {port} is hardcoded where a container publishes it")
        }
        Kind::Published => {
            format!("host port {port} is hardcoded: only one project at a time can publish it")
        }
        Kind::InNetwork => format!("port {port} is hardcoded in an address of a container network"),
        Kind::CommandFlag => format!("port {port} is hardcoded where a command listens"),
        Kind::ClientFlag => format!("port {port} is hardcoded where a command connects"),
        Kind::OptionDefault => format!("port {port} is hardcoded as the default of an option"),
        Kind::Exposed => format!("port {port} is exposed by the image"),
        Kind::ContainerEnvironment => format!("port {port} is set inside the container"),
        Kind::Healthcheck => format!("port {port} is hardcoded in a health check"),
        Kind::EnvironmentFile => match left {
            Some((variable, moved)) => {
                format!(
                    "port {port} is set in an environment file, but {variable} is {moved} on this machine"
                )
            }
            None => format!("port {port} is set in an environment file"),
        },
    };
    let what = what + remark.unwrap_or_default();
    let variable = known.map(|(port, _)| &port.variable).or(left.map(|(variable, _)| variable));
    match by_hand(site, literal, &occurrence.span, variable) {
        Some(advice) => format!("{what}; {advice}"),
        None => what,
    }
}
