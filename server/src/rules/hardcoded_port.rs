//! `hardcoded-port`: a literal decides where a service binds or a client connects.

use std::path::Path;

use super::{About, Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::{Grade, Kind, Literal, Meaning, Occurrence};
use crate::exchange::{Site, by_hand};

pub(super) const DESCRIPTION: Description = Description {
    name: "hardcoded-port",
    summary: "A number in the code decides where a service listens or a client connects.",
    severity: Severity::Warning,
    about: About::Files,
    check,
    page: "\
## Why

Two projects that both say `8080` cannot run at the same time, and the second one fails with \"Address
already in use\". Where the number stands in an environment variable, each project on each machine gets
a port of its own, and nothing has to be edited to move it.

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

A *warning* where code or the host side of a mapping decides a port. A *note* where the number lives
inside a container or is meant to be overridden: `EXPOSE`, health checks, addresses inside a container
network, `.env`, `ENV` and `ARG`, command lines, defaults of options, tests.

Not reported: comments and prose, the default of an environment lookup (`process.env.PORT || 3000`), the
container side of a mapping, port 0, public hosts.

## To silence it

`port-manager: ignore` or `port-manager: ignore[hardcoded-port]` in a comment on the line, or on a line of
its own above.
",
};

fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    // A program that tests read is a project of its own only once somebody has set it up.
    let root = if facts.ports_env.is_some() { facts.root.as_path() } else { facts.root.repository() };
    let is_test = is_test(document.path.strip_prefix(root).unwrap_or(document.path));
    let site = document.site(facts).asking();
    document
        .analysis
        .occurrences
        .iter()
        .filter_map(|occurrence| match &occurrence.meaning {
            Meaning::Literal(literal) => Some((occurrence, literal)),
            _ => None,
        })
        .map(|(occurrence, literal)| Diagnostic {
            rule: Rule::HardcodedPort,
            severity: severity(literal, is_test),
            span: occurrence.span.clone(),
            message: message(occurrence, literal, &site),
            port: Some(literal.port),
            variable: facts.variable(literal.port).cloned(),
        })
        .collect()
}

fn severity(literal: &Literal, is_test: bool) -> Severity {
    match literal.grade {
        Grade::Warning if !is_test => Severity::Warning,
        _ => Severity::Information,
    }
}

/// Whether a file tests something: it is called or kept like a test.
fn is_test(path: &Path) -> bool {
    let in_directory = path.parent().is_some_and(|parent| {
        parent.components().any(|component| {
            let name = component.as_os_str();
            ["test", "tests", "__tests__", "spec", "specs", "e2e", "testdata", "fixtures", "cypress"]
                .iter()
                .any(|directory| name == *directory)
        })
    });
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return in_directory };
    let stem = name.split('.').next().unwrap_or(name);
    in_directory
        || name.contains(".test.")
        || name.contains(".spec.")
        || name.contains(".cy.")
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem == "conftest"
}

fn message(occurrence: &Occurrence, literal: &Literal, site: &Site<'_>) -> String {
    let port = literal.port;
    let what = match literal.kind {
        Kind::Listen => format!("port {port} is hardcoded where the service listens"),
        Kind::Connect => format!("port {port} is hardcoded where a client connects"),
        Kind::Setting => format!("port {port} is hardcoded"),
        Kind::Published => format!("host port {port} is hardcoded: one project at a time can publish it"),
        Kind::InNetwork => format!("port {port} is hardcoded in an address inside the network"),
        Kind::CommandFlag => format!("port {port} is hardcoded in a command line"),
        Kind::OptionDefault => format!("port {port} is hardcoded as the default of an option"),
        Kind::Exposed => format!("port {port} is exposed by the image"),
        Kind::ContainerEnvironment => format!("port {port} is set inside the container"),
        Kind::Healthcheck => format!("port {port} is hardcoded in a health check"),
        Kind::EnvironmentFile => format!("port {port} is set in an environment file"),
    };
    match by_hand(site, literal, &occurrence.span) {
        Some(advice) => format!("{what}; {advice}"),
        None => what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_called_or_kept_like_one() {
        for path in [
            "test/app.js",
            "src/app.test.ts",
            "pkg/server_test.go",
            "tests/test_api.py",
            "cypress/e2e/a.cy.ts",
        ] {
            assert!(is_test(Path::new(path)), "{path}");
        }
        for path in ["src/app.js", "latest/app.js", "contest.py", "testing.go"] {
            assert!(!is_test(Path::new(path)), "{path}");
        }
    }
}
