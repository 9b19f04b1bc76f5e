//! `unwired-ports-env`: a way of starting the project never sees `.ports.env`.

use std::path::Path;

use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::ports_env::{self, Definition, PortsEnv, block};
use crate::project::starts::{StartFile, StartKind};
use crate::project::wiring::{self, Unwired};

pub(super) const DESCRIPTION: Description = Description {
    name: "unwired-ports-env",
    summary: "A way of starting the project never sees `.ports.env`.",
    severity: Severity::Information,
    about: About::Machine,
    check,
    page: "\
## Why

Code that reads `WEB_PORT` uses its default as long as nobody sets the variable. `port-manager run`, the hook of a shell and the
terminals of VS Code set it. A script, a Makefile or a debugger that is started without them does not, and two checkouts of the
project then meet on the default.

It is a *warning* where the variable is lost even though the environment has it: Turborepo drops every variable that
`turbo.json` does not name. So it is where `port-manager integrate compose` wrote a number into `.env`, and `.ports.env` has
another one by now.

## What to do

`port-manager integrate` adds the standard pattern of the tool, and so does the quick fix. A teammate without `.ports.env` notices
nothing:

| file | target | what it adds |
|---|---|---|
| `Makefile` | `makefile` | `-include .ports.env`, and `export` of its ports |
| `package.json` | `package-json` | `node --env-file-if-exists=.ports.env`, where every Node of the project knows that |
| a compose file | `compose` | the numbers in your own `.env`, which docker compose reads |
| `justfile` | `just` | `set dotenv-filename := \".ports.env\"` |
| `Procfile` | `procfile` | a line in the script that starts foreman or its like |
| `.vscode/launch.json` | `vscode` | `envFile`, or a flag of Node |
| `.vscode/tasks.json` | `vscode` | a flag of Node; a task runs in a terminal, which has the ports by the extension, so none is reported |
| `turbo.json` | `turbo` | `globalPassThroughEnv` |

Where `.envrc` or `mise.toml` loads `.ports.env`, or the program itself does, nothing is reported. Where no pattern fits, start the
command with `port-manager run`.

It is reported once a file, at the first start that runs code which reads a port variable, and only once the project has a
`.ports.env`.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    let path = facts.within(document.path);
    let Some(kind) = StartKind::of(path).filter(|_| facts.ports_env.is_some()) else { return Vec::new() };
    if kind == StartKind::EnvFile {
        return outdated(document, facts).into_iter().collect();
    }
    // `.env` beside a compose file at the root, and its like, may set the variable.
    let is_set =
        |found: &Unwired<'_>| kind == StartKind::Compose && facts.defined_elsewhere.contains(found.variable);
    let unwired = wiring::unwired_in(&facts.map, path).into_iter().find(|found| !is_set(found));
    unwired.map(|found| diagnostic(&found, document)).into_iter().collect()
}

/// The first number in our block of a `.env` that is not the one of `.ports.env`.
fn outdated(document: &Document<'_>, facts: &Facts) -> Option<Diagnostic> {
    let ours = block::span(document.text)?;
    let is_read = |(path, file): (&Path, &StartFile)| {
        file.kind == StartKind::Compose && path.parent() == facts.within(document.path).parent()
    };
    if !facts.map.starts().files().any(is_read) {
        return None;
    }
    let copied = PortsEnv::parse(&document.text[ours.clone()]);
    let now = |variable| facts.ports_env.as_ref().and_then(|ports_env| ports_env.get(variable));
    let old = copied.definitions().iter().find(|copy| now(&copy.variable) != Some(copy.port))?;
    let Definition { variable, port, port_span, .. } = old;
    let file = ports_env::FILE_NAME;
    let what = match now(variable) {
        Some(number) => format!("{variable} is {number} in `{file}`, and docker compose reads {port} here"),
        None => format!("`{file}` has no {variable} any more, and docker compose reads {port} here"),
    };
    Some(Diagnostic {
        rule: Rule::UnwiredPortsEnv,
        severity: Severity::Warning,
        span: ours.start + port_span.start..ours.start + port_span.end,
        message: format!("{what}: run `port-manager integrate compose`"),
        port: None,
        variable: Some(variable.clone()),
    })
}

fn diagnostic(found: &Unwired<'_>, document: &Document<'_>) -> Diagnostic {
    let variable = found.variable;
    let file = ports_env::FILE_NAME;
    let what = match (found.kind, found.start) {
        (StartKind::Turbo, _) => format!("Turborepo drops {variable}, which this file does not name"),
        (StartKind::Compose, _) => {
            format!("docker compose does not read `{file}`, and this file fills in {variable}")
        }
        (kind, Some(start)) => {
            format!(
                "the {} {} does not load `{file}`, and what it starts reads {variable}",
                kind.noun(),
                start.name
            )
        }
        (kind, None) => {
            format!("this {} does not load `{file}`, and what it starts reads {variable}", kind.noun())
        }
    };
    let way_out = match found.kind.target() {
        Some(target) if found.is_certain => format!("run `port-manager integrate {target}`"),
        // Whether the plain target can do it is known to `integrate` alone.
        Some("package-json") => "start it with `port-manager run`, or run `port-manager integrate package-json`, with `--with-run` \
                                 where not every Node is 22.9 or newer"
            .to_owned(),
        Some("compose") => "start it with `port-manager run`, or run `port-manager integrate compose` where git ignores `.env` and no \
                            container gets it"
            .to_owned(),
        Some("procfile") => "start it with `port-manager run`, or run `port-manager integrate procfile` where a script such as \
                             `bin/dev` starts the processes"
            .to_owned(),
        Some("vscode") => "set `\"console\": \"integratedTerminal\"`, where the extension sets the ports, or run `port-manager \
                           integrate vscode`"
            .to_owned(),
        Some(target) => format!("run `port-manager integrate {target}`, or start it with `port-manager run`"),
        None => "start it with `port-manager run`".to_owned(),
    };
    let severity = if found.is_certain { Severity::Warning } else { Severity::Information };
    Diagnostic {
        rule: Rule::UnwiredPortsEnv,
        severity,
        span: span(found, document),
        message: format!("{what}: {way_out}"),
        // It is about a start, not about a place of the port.
        port: None,
        variable: Some(variable.clone()),
    }
}

/// Where the start is named in the text as it is now, which may be newer than what the map was made of.
fn span(found: &Unwired<'_>, document: &Document<'_>) -> std::ops::Range<usize> {
    let text = document.text;
    if let Some(start) = found.start {
        if text.get(start.span.clone()) == Some(start.name.as_str()) {
            return start.span.clone();
        }
        if let Some(at) = text.find(start.name.as_str()) {
            return at..at + start.name.len();
        }
    }
    let name = found.variable.as_str();
    let first = text.find(name).map(|at| at..at + name.len());
    first.unwrap_or_else(|| 0..text.chars().next().map_or(0, char::len_utf8))
}
