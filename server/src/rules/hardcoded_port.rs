//! `hardcoded-port`: a literal decides where a service binds or a client connects.

use std::path::Path;

use super::{Description, Diagnostic, Document, Facts, Rule, Severity};
use crate::analysis::{Grade, Kind, Language, Literal, Meaning, Shape};

pub(super) const DESCRIPTION: Description = Description {
    name: "hardcoded-port",
    summary: "A number in the code decides where a service listens or a client connects.",
    severity: Severity::Warning,
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
app.listen(process.env.WEB_PORT)
```

with `WEB_PORT=8080` in `.ports.env`, which `port-manager init` writes and the quick fix fills.

## What is reported how

A *warning* where code or the host side of a mapping decides a port. *Information* where the number lives
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
    let is_test = is_test(document.path.strip_prefix(facts.root.as_path()).unwrap_or(document.path));
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
            message: message(literal, document.language),
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

fn message(literal: &Literal, language: Language) -> String {
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
    match by_hand(literal, language) {
        Some(advice) => format!("{what}; {advice}"),
        None => what,
    }
}

/// How to solve by hand what no fix can be made for, in that very format.
fn by_hand(literal: &Literal, language: Language) -> Option<String> {
    if matches!((&literal.shape, language), (Shape::Number { .. }, Language::Go)) {
        return Some("convert `os.Getenv(...)` with `strconv.Atoi`".to_owned());
    }
    if language == Language::Rust && matches!(literal.shape, Shape::Within { .. }) {
        return Some("build the string with `format!` and `std::env::var`".to_owned());
    }
    if matches!(language, Language::Vue | Language::Svelte) {
        return Some(
            "a browser has no environment; Vite puts `import.meta.env.VITE_WEB_PORT` into what it builds"
                .to_owned(),
        );
    }
    if language == Language::Cpp && matches!(literal.shape, Shape::Within { .. }) {
        return Some("build the string with `snprintf` or `std::string` and `getenv`".to_owned());
    }
    if literal.shape != Shape::Fixed {
        return None;
    }
    let port = literal.port;
    Some(match (language, literal.kind) {
        (Language::Compose, Kind::Published) => {
            "publish each port of the range on a line of its own".to_owned()
        }
        (Language::Dockerfile, Kind::Exposed) => {
            format!("choose the host side when it is run: `-p $WEB_PORT:{port}`")
        }
        (Language::Dockerfile | Language::Compose, _) => {
            "it conflicts with nobody there; to move it, move what listens, too".to_owned()
        }
        (Language::Json, _) => "JSON reads no variables; let what reads this file prefer one".to_owned(),
        (Language::Yaml, _) => "if what reads this file expands variables, read one here".to_owned(),
        (Language::Conf, _) => {
            "fill it in from a variable when the service is started (`envsubst`), or override it there"
                .to_owned()
        }
        (Language::Xml | Language::Html | Language::Http | Language::Properties, _) => {
            "this format reads no variables; let what reads this file prefer one".to_owned()
        }
        (Language::PowerShell, _) => "read `$env:WEB_PORT` instead".to_owned(),
        (Language::Shell, _) => {
            "single quotes keep `$` as it is; use double quotes and a variable".to_owned()
        }
        (Language::Env, _) => "`.ports.env` keeps ports free of conflicts".to_owned(),
        (Language::Php, _) => "a constant expression calls nothing; use `define` or `getenv` where it is used".to_owned(),
        (Language::Java, _) => {
            "an annotation takes a constant; Spring reads a placeholder there, `${WEB_PORT}`".to_owned()
        }
        (Language::Kotlin, _) => {
            "a constant is made by the compiler; leave `const` out and read `System.getenv`".to_owned()
        }
        (Language::CSharp, _) => {
            "a constant is made by the compiler; use `static readonly` and read `Environment.GetEnvironmentVariable`"
                .to_owned()
        }
        (Language::Cpp, _) => {
            "a constant is made by the compiler; call `getenv` in the function that uses it".to_owned()
        }
        (Language::Rust, _) => {
            "a constant is made before the program runs; read `std::env::var` where it is used".to_owned()
        }
        (Language::Go, _) => {
            "a constant cannot read a variable; use `var`, or `os.Getenv` where it is needed".to_owned()
        }
        _ => "only a constant may stand here; read a variable where the value is used".to_owned(),
    })
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
