//! How each language reads an environment variable, with a default and without, as a table.

use super::imports::Imports;
use super::lookup::{Form, Lookup};
use super::place::Place;
use super::site::Reader;
use super::{Site, imports, interpolated, java, javascript, joined, python, rust, typed};
use crate::analysis::Language;
use crate::project::bundler::Object;
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
    /// As a part of a string or of a conversion.
    pub(super) part: Form,
    /// Whether a fix may be applied without a look at it. Of the languages where it may not, no compiler has proven the fixes.
    pub(super) is_certain: bool,
    /// What has to be imported for it.
    pub(super) import: fn(&Site<'_>) -> Imports,
    /// As it is named in menus and documentation. `{}` stands for the variable's name.
    title: &'static str,
}

/// An expression that reads a variable.
#[derive(Clone, Copy)]
pub(super) enum Spelling {
    /// No expression does.
    Never,
    /// The same everywhere.
    Always(Form),
    /// The language's `part`.
    Part,
    /// What it is depends on the place.
    Here(fn(&Place<'_>, &Lookup<'_>) -> Option<String>),
}

impl Spelling {
    pub(super) fn at(self, place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
        match self {
            Self::Never => None,
            Self::Always(form) => Some(form.at(place, lookup)),
            Self::Part => Some(lookup.at(place)),
            Self::Here(spell) => spell(place, lookup),
        }
    }
}

use Spelling::{Always, Here, Never, Part};

/// How a text reads variables; `None` where its format expands them in the text, or reads none.
pub(super) fn reading(site: &Site<'_>) -> Option<Reading> {
    match site.reader() {
        Reader::Process => of_language(site.language),
        Reader::Page(bundled) => of_page(site.language, bundled?.bundler.lookup?.object),
        Reader::Unclear(_) => None,
    }
}

/// How the code of a page reads variables: as its language does, from what its bundler replaces.
fn of_page(language: Language, object: Object) -> Option<Reading> {
    let language = match language {
        // Their scripts are programs, in one of the two.
        Language::Vue | Language::Svelte => Language::TypeScript,
        language => language,
    };
    let reading = of_language(language)?;
    Some(match object {
        Object::ProcessEnv => reading,
        Object::ImportMetaEnv => Reading {
            part: Form::operation("import.meta.env.{} || {default}", "import.meta.env.{}"),
            ..reading.titled("import.meta.env.{}")
        },
    })
}

/// The rows; `None` for formats that expand variables in their text.
const fn of_language(language: Language) -> Option<Reading> {
    let row = match language {
        Language::JavaScript => Reading {
            number: Here(javascript::number),
            text: Part,
            within: Here(javascript::template),
            attribute: Here(javascript::attribute),
            part: Form::operation("process.env.{} || {default}", "process.env.{}"),
            ..NOTHING.titled("process.env.{}")
        },
        Language::TypeScript | Language::Tsx => Reading {
            number: Here(javascript::typed_number),
            text: Here(javascript::typed_text),
            within: Here(javascript::typed_template),
            attribute: Here(javascript::attribute),
            part: Form::operation("process.env.{} || {default}", "process.env.{}"),
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
            text: Here(joined::go_text),
            within: Here(joined::go),
            part: Form::call("cmp.Or(os.Getenv(\"{}\"), \"{port}\")", "os.Getenv(\"{}\")"),
            import: imports::go,
            ..NOTHING.titled("os.Getenv(\"{}\")")
        },
        Language::Rust => Reading {
            number: Here(rust::number),
            text: Here(rust::text),
            within: Here(rust::format),
            part: Form::call(
                "std::env::var(\"{}\").unwrap_or_else(|_| \"{port}\".to_owned())",
                "std::env::var(\"{}\").expect(\"{}\")",
            ),
            ..NOTHING.titled("std::env::var(\"{}\")")
        },
        Language::Php => Reading {
            number: Always(Form::call("(int) (getenv('{}') ?: {default})", "(int) getenv('{}')")),
            text: Part,
            within: Here(joined::php),
            part: Form::operation("getenv('{}') ?: {default}", "getenv('{}')"),
            ..NOTHING.titled("getenv('{}')")
        },
        Language::Kotlin => Reading {
            number: Here(typed::kotlin),
            text: Part,
            within: Here(interpolated::kotlin),
            part: Form::operation("System.getenv(\"{}\") ?: {default}", "System.getenv(\"{}\")"),
            ..NOTHING.titled("System.getenv(\"{}\")")
        },
        Language::CSharp => Reading {
            number: Here(typed::csharp),
            text: Part,
            within: Here(joined::csharp),
            part: Form::operation(
                "System.Environment.GetEnvironmentVariable(\"{}\") ?? \"{port}\"",
                "System.Environment.GetEnvironmentVariable(\"{}\")",
            ),
            ..NOTHING.titled("Environment.GetEnvironmentVariable(\"{}\")")
        },
        Language::Java => Reading {
            number: Here(java::number),
            text: Here(java::text),
            within: Here(joined::java),
            part: Form::call("System.getenv().getOrDefault(\"{}\", \"{port}\")", "System.getenv(\"{}\")"),
            ..NOTHING.titled("System.getenv(\"{}\")")
        },
        Language::Ruby => Reading {
            number: Here(typed::ruby),
            text: Here(typed::ruby_text),
            within: Here(interpolated::ruby),
            part: Form::call("ENV.fetch(\"{}\", {default})", "ENV.fetch(\"{}\")"),
            ..NOTHING.titled("ENV.fetch(\"{}\")")
        },
        Language::Perl => Reading {
            number: Part,
            text: Part,
            within: Here(interpolated::perl),
            part: Form::operation("$ENV{{}} || {default}", "$ENV{{}}"),
            ..NOTHING.titled("$ENV{{}}")
        },
        Language::Elixir => Reading {
            number: Here(interpolated::elixir_number),
            text: Here(interpolated::elixir_text),
            within: Here(interpolated::elixir),
            part: Form::call("System.get_env(\"{}\", \"{port}\")", "System.fetch_env!(\"{}\")"),
            ..NOTHING.titled("System.fetch_env!(\"{}\")")
        },
        Language::Cpp => Reading {
            number: Here(typed::cpp),
            text: Here(typed::cpp_text),
            within: Here(joined::cpp),
            part: Form::operation("getenv(\"{}\") ? getenv(\"{}\") : \"{port}\"", "getenv(\"{}\")"),
            import: imports::stdlib,
            ..NOTHING.titled("getenv(\"{}\")")
        },
        Language::Lua => Reading {
            number: Always(Form::operation(
                "tonumber(os.getenv(\"{}\")) or {default}",
                "tonumber(os.getenv(\"{}\"))",
            )),
            text: Here(joined::lua_text),
            within: Here(joined::lua),
            part: Form::operation("os.getenv(\"{}\") or {default}", "os.getenv(\"{}\")"),
            ..NOTHING.titled("os.getenv(\"{}\")")
        },
        Language::Scala => Reading {
            number: Here(typed::scala),
            text: Part,
            within: Here(joined::scala),
            part: Form::call("sys.env.getOrElse(\"{}\", \"{port}\")", "sys.env(\"{}\")"),
            ..NOTHING.titled("sys.env(\"{}\")")
        },
        Language::Dart => Reading {
            number: Here(interpolated::dart_number),
            text: Here(interpolated::dart_text),
            within: Here(interpolated::dart),
            part: Form::operation("Platform.environment['{}'] ?? '{port}'", "Platform.environment['{}']!"),
            is_certain: false,
            import: imports::dart_io,
            ..NOTHING.titled("Platform.environment['{}']")
        },
        Language::Swift => Reading {
            number: Here(typed::swift),
            text: Here(interpolated::swift_text),
            within: Here(interpolated::swift),
            part: Form::operation(
                "ProcessInfo.processInfo.environment[\"{}\"] ?? \"{port}\"",
                "ProcessInfo.processInfo.environment[\"{}\"]!",
            ),
            is_certain: false,
            import: imports::swift_foundation,
            ..NOTHING.titled("ProcessInfo.processInfo.environment[\"{}\"]")
        },
        Language::Zig => Reading {
            number: Here(typed::zig),
            // A text that is put together needs an allocator.
            text: Here(typed::zig_text),
            is_certain: false,
            part: Form::operation("std.posix.getenv(\"{}\") orelse \"{port}\"", "std.posix.getenv(\"{}\").?"),
            ..NOTHING.titled("std.posix.getenv(\"{}\")")
        },
        Language::R => Reading {
            number: Here(typed::r),
            text: Part,
            within: Here(joined::r),
            part: Form::call("Sys.getenv(\"{}\", \"{port}\")", "Sys.getenv(\"{}\")"),
            ..NOTHING.titled("Sys.getenv(\"{}\")")
        },
        Language::Erlang => Reading {
            number: Here(typed::erlang),
            text: Here(joined::erlang_text),
            within: Here(joined::erlang),
            part: Form::call("os:getenv(\"{}\", \"{port}\")", "os:getenv(\"{}\")"),
            ..NOTHING.titled("os:getenv(\"{}\")")
        },
        Language::Groovy => Reading {
            number: Here(typed::groovy),
            text: Here(joined::groovy_text),
            within: Here(joined::groovy),
            // The grammar has no `?:`, and a fix has to be read again.
            part: Form::call("System.getenv().getOrDefault(\"{}\", \"{port}\")", "System.getenv(\"{}\")"),
            ..NOTHING.titled("System.getenv(\"{}\")")
        },
        Language::Clojure => Reading {
            number: Here(typed::clojure),
            text: Here(joined::clojure_text),
            within: Here(joined::clojure),
            part: Form::call("(or (System/getenv \"{}\") \"{port}\")", "(System/getenv \"{}\")"),
            ..NOTHING.titled("(System/getenv \"{}\")")
        },
        // A configuration is evaluated without the environment: a flake always, and a system for another machine.
        Language::Nix => return None,
        // Starlark has neither imports of modules nor f-strings.
        Language::Tiltfile => Reading {
            number: Always(Form::call("int(os.getenv(\"{}\", \"{port}\"))", "int(os.getenv(\"{}\"))")),
            text: Part,
            within: Here(joined::tiltfile),
            part: Form::call("os.getenv(\"{}\", \"{port}\")", "os.getenv(\"{}\")"),
            ..NOTHING.titled("os.getenv(\"{}\")")
        },
        // Bazel hides the environment from what it evaluates.
        Language::Starlark => return None,
        // What runs in a page has no environment.
        Language::Vue | Language::Svelte => return None,
        Language::Compose
        | Language::Dockerfile
        | Language::Json
        | Language::Shell
        | Language::Makefile
        | Language::Env
        | Language::PortsEnv
        | Language::Yaml
        | Language::Toml
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

/// How a format that expands variables in its text spells one.
pub(super) const fn expansion(language: Language) -> Form {
    match language {
        Language::Compose => Form::call("${{}:-{port}}", "${{}}"),
        // As Spring fills it in.
        Language::Properties | Language::Yaml => Form::call("${{}:{port}}", "${{}}"),
        Language::Systemd => Form::call("${{}}", "${{}}"),
        Language::Makefile => Form::call("$(or $({}),{port})", "$({})"),
        // What Windows brings has no `??`.
        Language::PowerShell => Form::call("$(if ($env:{}) { [int]$env:{} } else { {port} })", "$env:{}"),
        Language::Batch => Form::call("%{}%", "%{}%"),
        Language::Caddyfile => Form::call("{${}:{port}}", "{${}}"),
        _ => Form::call("${{}:-{port}}", "${}"),
    }
}

/// What a row has that says nothing else.
const NOTHING: Reading = Reading {
    number: Never,
    text: Never,
    within: Never,
    attribute: Never,
    part: Form::call("", ""),
    is_certain: true,
    import: |_| Imports::default(),
    title: "",
};

impl Reading {
    const fn titled(self, title: &'static str) -> Self {
        Self { title, ..self }
    }
}

/// Whether fix-all may have a text read a variable.
pub(crate) fn is_certain(site: &Site<'_>) -> bool {
    reading(site).is_none_or(|reading| reading.is_certain)
}

/// How a text names the reading of a variable: `process.env.WEB_PORT`.
pub(crate) fn title(site: &Site<'_>, variable: &Variable) -> String {
    let name = site.name_of(variable);
    let variable = name.as_ref().unwrap_or(variable);
    match reading(site) {
        Some(reading) => reading.title.replace("{}", variable.as_str()),
        None => expansion(site.language).bare(variable),
    }
}
