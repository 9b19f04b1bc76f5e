//! How each language reads an environment variable, as a table.

use std::ops::Range;

use super::edit::Edit;
use super::place::Place;
use super::{Site, imports, interpolated, javascript, joined, python, rust, typed};
use crate::analysis::Language;
use crate::variable::Variable;

/// How a programming language reads a variable.
pub(super) struct Reading {
    /// As an expression that yields a number.
    pub(super) number: Spelling,
    /// As an expression that yields a string.
    pub(super) text: Spelling,
    /// Inside a string.
    pub(super) within: Spelling,
    /// In place of the string that an attribute of an element has.
    pub(super) attribute: Spelling,
    /// Adds what has to be imported for a place.
    pub(super) import: fn(&Site<'_>, &Range<usize>) -> Option<Edit>,
    /// As it is named in menus and documentation. `{}` stands for the variable's name.
    title: &'static str,
}

/// An expression that reads a variable.
#[derive(Clone, Copy)]
pub(super) enum Spelling {
    /// No expression does.
    Never,
    /// The same everywhere. `{}` stands for the variable's name.
    Always(&'static str),
    /// What it is depends on the place.
    Here(fn(&Place<'_>, &Variable) -> Option<String>),
}

impl Spelling {
    pub(super) fn at(self, place: &Place<'_>, variable: &Variable) -> Option<String> {
        match self {
            Self::Never => None,
            Self::Always(pattern) => Some(fill(pattern, variable)),
            Self::Here(spell) => spell(place, variable),
        }
    }
}

use Spelling::{Always, Here, Never};

/// The rows; `None` for formats that expand variables in their text.
pub(super) const fn reading(language: Language) -> Option<Reading> {
    let row = match language {
        Language::JavaScript => Reading {
            number: Here(javascript::number),
            text: Always("process.env.{}"),
            within: Here(javascript::template),
            attribute: Here(javascript::attribute),
            ..NOTHING.titled("process.env.{}")
        },
        Language::TypeScript | Language::Tsx => Reading {
            number: Here(javascript::typed_number),
            text: Here(javascript::typed_text),
            within: Here(javascript::typed_template),
            attribute: Here(javascript::attribute),
            ..NOTHING.titled("process.env.{}")
        },
        Language::Python => Reading {
            number: Here(python::number),
            text: Here(python::text),
            within: Here(python::f_string),
            import: imports::python,
            ..NOTHING.titled("os.environ[\"{}\"]")
        },
        Language::Go => Reading {
            // Atoi returns an error too, so that no expression yields a number.
            text: Always("os.Getenv(\"{}\")"),
            within: Here(joined::go),
            import: imports::go,
            ..NOTHING.titled("os.Getenv(\"{}\")")
        },
        Language::Rust => Reading {
            number: Here(rust::number),
            text: Here(rust::text),
            within: Here(rust::format),
            ..NOTHING.titled("std::env::var(\"{}\")")
        },
        Language::Php => Reading {
            number: Always("(int) getenv('{}')"),
            text: Always("getenv('{}')"),
            within: Here(joined::php),
            ..NOTHING.titled("getenv('{}')")
        },
        Language::Kotlin => Reading {
            number: Here(typed::kotlin),
            text: Always("System.getenv(\"{}\")"),
            within: Here(interpolated::kotlin),
            ..NOTHING.titled("System.getenv(\"{}\")")
        },
        Language::CSharp => Reading {
            number: Here(typed::csharp),
            text: Always("System.Environment.GetEnvironmentVariable(\"{}\")"),
            within: Here(joined::csharp),
            ..NOTHING.titled("Environment.GetEnvironmentVariable(\"{}\")")
        },
        Language::Java => Reading {
            number: Here(typed::java),
            text: Here(typed::java_text),
            within: Here(joined::java),
            ..NOTHING.titled("System.getenv(\"{}\")")
        },
        Language::Ruby => Reading {
            number: Here(typed::ruby),
            text: Here(typed::ruby_text),
            within: Here(interpolated::ruby),
            ..NOTHING.titled("ENV.fetch(\"{}\")")
        },
        Language::Perl => Reading {
            number: Always("$ENV{{}}"),
            text: Always("$ENV{{}}"),
            within: Here(interpolated::perl),
            ..NOTHING.titled("$ENV{{}}")
        },
        Language::Elixir => Reading {
            number: Here(interpolated::elixir_number),
            text: Here(interpolated::elixir_text),
            within: Here(interpolated::elixir),
            ..NOTHING.titled("System.fetch_env!(\"{}\")")
        },
        Language::Cpp => Reading {
            number: Here(typed::cpp),
            text: Here(typed::cpp_text),
            within: Here(joined::cpp),
            import: imports::stdlib,
            ..NOTHING.titled("getenv(\"{}\")")
        },
        Language::Lua => Reading {
            number: Always("tonumber(os.getenv(\"{}\"))"),
            text: Here(joined::lua_text),
            within: Here(joined::lua),
            ..NOTHING.titled("os.getenv(\"{}\")")
        },
        Language::Scala => Reading {
            number: Here(typed::scala),
            text: Always("sys.env(\"{}\")"),
            within: Here(joined::scala),
            ..NOTHING.titled("sys.env(\"{}\")")
        },
        // Starlark has neither imports of modules nor f-strings.
        Language::Tiltfile => Reading {
            number: Always("int(os.getenv(\"{}\"))"),
            text: Always("os.getenv(\"{}\")"),
            within: Here(joined::tiltfile),
            ..NOTHING.titled("os.getenv(\"{}\")")
        },
        // What runs in a browser has no environment.
        Language::Vue | Language::Svelte => return None,
        Language::Compose
        | Language::Dockerfile
        | Language::Json
        | Language::Shell
        | Language::Makefile
        | Language::Env
        | Language::PortsEnv
        | Language::Yaml
        | Language::Conf
        | Language::Properties
        | Language::Xml
        | Language::Html
        | Language::Http
        | Language::Procfile
        | Language::PowerShell
        | Language::Batch
        | Language::Hcl
        | Language::Systemd
        | Language::Caddyfile => return None,
    };
    Some(row)
}

/// What a row has that says nothing else.
const NOTHING: Reading =
    Reading { number: Never, text: Never, within: Never, attribute: Never, import: |_, _| None, title: "" };

impl Reading {
    const fn titled(self, title: &'static str) -> Self {
        Self { title, ..self }
    }
}

/// How the language names the reading of a variable: `process.env.WEB_PORT`.
pub(crate) fn title(language: Language, variable: &Variable) -> String {
    let pattern = match language {
        Language::Compose | Language::Properties | Language::Yaml | Language::Systemd => "${{}}",
        Language::Makefile => "$({})",
        Language::PowerShell => "$env:{}",
        Language::Batch => "%{}%",
        Language::Caddyfile => "{${}}",
        _ => reading(language).map_or("${}", |reading| reading.title),
    };
    fill(pattern, variable)
}

fn fill(pattern: &str, variable: &Variable) -> String {
    pattern.replace("{}", variable.as_str())
}
