//! How each language reads an environment variable, as a table, and how a literal is exchanged for
//! that.

use std::ops::Range;

use super::edit::Edit;
use super::imports;
use super::strings::{self, Place};
use crate::analysis::{Kind, Language, Literal, Shape};
use crate::variable::Variable;

/// How a programming language reads a variable. `{}` stands for its name.
struct Reading {
    /// As an expression that yields a number.
    number: Spelling,
    /// Where the number is part of an arithmetic expression.
    arithmetic: Spelling,
    /// As an expression that yields a string.
    text: Spelling,
    /// Inside a string.
    within: fn(&Place<'_>, &Variable) -> Option<String>,
    /// Adds what has to be imported.
    import: fn(&str) -> Option<Edit>,
    /// As it is named in menus.
    title: &'static str,
}

/// An expression that reads a variable.
#[derive(Clone, Copy)]
enum Spelling {
    /// No expression does.
    Never,
    /// The same everywhere. `{}` stands for the variable's name.
    Always(&'static str),
    /// What it is depends on the place.
    Here(fn(&Place<'_>, &Variable) -> Option<String>),
}

impl Spelling {
    fn at(self, place: &Place<'_>, variable: &Variable) -> Option<String> {
        match self {
            Self::Never => None,
            Self::Always(pattern) => Some(fill(pattern, variable)),
            Self::Here(spell) => spell(place, variable),
        }
    }
}

/// The rows; `None` for formats that expand variables in their text.
const fn reading(language: Language) -> Option<Reading> {
    match language {
        Language::JavaScript => Some(Reading {
            number: Spelling::Always("process.env.{}"),
            arithmetic: Spelling::Always("Number(process.env.{})"),
            text: Spelling::Always("process.env.{}"),
            within: strings::in_template,
            import: |_| None,
            title: "process.env.{}",
        }),
        Language::TypeScript | Language::Tsx => Some(Reading {
            number: Spelling::Always("Number(process.env.{})"),
            arithmetic: Spelling::Always("Number(process.env.{})"),
            // A template is a string, where the variable alone may be undefined.
            text: Spelling::Always("`${process.env.{}}`"),
            within: strings::in_template,
            import: |_| None,
            title: "process.env.{}",
        }),
        Language::Python => Some(Reading {
            number: Spelling::Always("int(os.environ[\"{}\"])"),
            arithmetic: Spelling::Always("int(os.environ[\"{}\"])"),
            text: Spelling::Always("os.environ[\"{}\"]"),
            within: strings::in_f_string,
            import: imports::python,
            title: "os.environ[\"{}\"]",
        }),
        Language::Go => Some(Reading {
            // Atoi returns an error too, so that no expression will do.
            number: Spelling::Never,
            arithmetic: Spelling::Never,
            text: Spelling::Always("os.Getenv(\"{}\")"),
            within: strings::joined_in_go,
            import: imports::go,
            title: "os.Getenv(\"{}\")",
        }),
        Language::Rust => Some(Reading {
            number: Spelling::Here(strings::rust_number),
            arithmetic: Spelling::Here(strings::rust_number),
            text: Spelling::Here(strings::rust_text),
            within: strings::rust_format,
            import: |_| None,
            title: "std::env::var(\"{}\")",
        }),
        Language::Php => Some(Reading {
            number: Spelling::Always("(int) getenv('{}')"),
            arithmetic: Spelling::Always("(int) getenv('{}')"),
            text: Spelling::Always("getenv('{}')"),
            within: |place, variable| {
                strings::joined(place, &fill("getenv('{}')", variable), ".", &['"', '\''])
            },
            import: |_| None,
            title: "getenv('{}')",
        }),
        Language::Kotlin => Some(Reading {
            number: Spelling::Always("System.getenv(\"{}\").toInt()"),
            arithmetic: Spelling::Always("System.getenv(\"{}\").toInt()"),
            text: Spelling::Always("System.getenv(\"{}\")"),
            within: |place, variable| Some(place.with(&fill("${System.getenv(\"{}\")}", variable))),
            import: |_| None,
            title: "System.getenv(\"{}\")",
        }),
        Language::CSharp => Some(Reading {
            number: Spelling::Always("int.Parse(System.Environment.GetEnvironmentVariable(\"{}\"))"),
            arithmetic: Spelling::Always("int.Parse(System.Environment.GetEnvironmentVariable(\"{}\"))"),
            text: Spelling::Always("System.Environment.GetEnvironmentVariable(\"{}\")"),
            within: strings::in_csharp,
            import: |_| None,
            title: "Environment.GetEnvironmentVariable(\"{}\")",
        }),
        Language::Java => Some(Reading {
            number: Spelling::Always("Integer.parseInt(System.getenv(\"{}\"))"),
            arithmetic: Spelling::Always("Integer.parseInt(System.getenv(\"{}\"))"),
            text: Spelling::Always("System.getenv(\"{}\")"),
            within: |place, variable| {
                strings::joined(place, &fill("System.getenv(\"{}\")", variable), "+", &['"'])
            },
            import: |_| None,
            title: "System.getenv(\"{}\")",
        }),
        Language::Ruby => Some(Reading {
            number: Spelling::Always("Integer(ENV.fetch(\"{}\"))"),
            arithmetic: Spelling::Always("Integer(ENV.fetch(\"{}\"))"),
            text: Spelling::Always("ENV.fetch(\"{}\")"),
            within: strings::in_ruby,
            import: |_| None,
            title: "ENV.fetch(\"{}\")",
        }),
        Language::Perl => Some(Reading {
            number: Spelling::Always("$ENV{{}}"),
            arithmetic: Spelling::Always("$ENV{{}}"),
            text: Spelling::Always("$ENV{{}}"),
            within: strings::in_perl,
            import: |_| None,
            title: "$ENV{{}}",
        }),
        Language::Elixir => Some(Reading {
            number: Spelling::Always("String.to_integer(System.fetch_env!(\"{}\"))"),
            arithmetic: Spelling::Always("String.to_integer(System.fetch_env!(\"{}\"))"),
            text: Spelling::Always("System.fetch_env!(\"{}\")"),
            within: strings::in_elixir,
            import: |_| None,
            title: "System.fetch_env!(\"{}\")",
        }),
        Language::Cpp => Some(Reading {
            number: Spelling::Always("atoi(getenv(\"{}\"))"),
            arithmetic: Spelling::Always("atoi(getenv(\"{}\"))"),
            text: Spelling::Here(strings::cpp_text),
            within: |_, _| None,
            import: imports::stdlib,
            title: "getenv(\"{}\")",
        }),
        Language::Lua => Some(Reading {
            number: Spelling::Always("tonumber(os.getenv(\"{}\"))"),
            arithmetic: Spelling::Always("tonumber(os.getenv(\"{}\"))"),
            text: Spelling::Here(strings::lua_text),
            within: strings::in_lua,
            import: |_| None,
            title: "os.getenv(\"{}\")",
        }),
        Language::Scala => Some(Reading {
            number: Spelling::Always("sys.env(\"{}\").toInt"),
            arithmetic: Spelling::Always("sys.env(\"{}\").toInt"),
            text: Spelling::Always("sys.env(\"{}\")"),
            within: |place, variable| strings::joined(place, &fill("sys.env(\"{}\")", variable), "+", &['"']),
            import: |_| None,
            title: "sys.env(\"{}\")",
        }),
        // What runs in a browser has no environment.
        Language::Vue | Language::Svelte => None,
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
        | Language::PowerShell => None,
    }
}

/// How the language names the reading of a variable: `process.env.WEB_PORT`.
pub(super) fn title(language: Language, variable: &Variable) -> String {
    let pattern = match language {
        Language::Compose | Language::Properties => "${{}}",
        Language::Makefile => "$({})",
        _ => reading(language).map_or("${}", |reading| reading.title),
    };
    fill(pattern, variable)
}

/// The edits that exchange a literal for the variable; `None` where nothing can be put there that
/// means the same. `port` is what the variable holds, or will.
pub(super) fn exchange(
    text: &str,
    language: Language,
    literal: &Literal,
    span: &Range<usize>,
    variable: &Variable,
) -> Option<Vec<Edit>> {
    let Some(reading) = reading(language) else { return in_text(text, language, literal, span, variable) };
    let edit = match &literal.shape {
        Shape::Number { expression } => {
            let spelling = if is_arithmetic(text, expression) { reading.arithmetic } else { reading.number };
            let place = Place::of(text, expression, span)?;
            Edit::replace(expression.clone(), spelling.at(&place, variable)?)
        }
        Shape::Text { expression } => {
            let place = Place::of(text, expression, span)?;
            Edit::replace(expression.clone(), reading.text.at(&place, variable)?)
        }
        Shape::Within { expression } => {
            let place = Place::of(text, expression, span)?;
            Edit::replace(expression.clone(), (reading.within)(&place, variable)?)
        }
        Shape::Expanded | Shape::Fixed => return None,
    };
    Some((reading.import)(text).into_iter().chain([edit]).collect())
}

fn fill(pattern: &str, variable: &Variable) -> String {
    pattern.replace("{}", variable.as_str())
}

/// Whether the number is added to something: a string would be joined to it instead.
fn is_arithmetic(text: &str, expression: &Range<usize>) -> bool {
    let before = text[..expression.start].trim_end();
    let after = text[expression.end..].trim_start();
    before.ends_with('+') || (after.starts_with('+') && !after.starts_with("++"))
}

/// The exchange in a format that expands variables in its text.
fn in_text(
    text: &str,
    language: Language,
    literal: &Literal,
    span: &Range<usize>,
    variable: &Variable,
) -> Option<Vec<Edit>> {
    let digits = text.get(span.clone())?;
    let assigns_itself = literal.hint.as_deref() == Some(variable.as_str());
    match (&literal.shape, language) {
        (Shape::Within { expression }, Language::Compose) => {
            let expanded = format!("${{{variable}:-{digits}}}");
            let scalar = text.get(expression.clone())?;
            if scalar.starts_with(['"', '\'']) || scalar.contains(['\n', '"', '\\']) {
                return Some(vec![Edit::replace(span.clone(), expanded)]);
            }
            let before = &text[expression.start..span.start];
            let after = &text[span.end..expression.end];
            Some(vec![Edit::replace(expression.clone(), format!("\"{before}{expanded}{after}\""))])
        }
        // `WEB_PORT=8000` in the script itself: the environment's value, else this one.
        (Shape::Expanded, Language::Shell) if assigns_itself => {
            Some(vec![Edit::replace(span.clone(), format!("${{{variable}:-{digits}}}"))])
        }
        (Shape::Expanded, Language::Properties) => {
            Some(vec![Edit::replace(span.clone(), format!("${{{variable}:{digits}}}"))])
        }
        (Shape::Expanded, Language::Shell | Language::Json | Language::Procfile) => {
            let next = text[span.end..].chars().next();
            let is_joined = next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_');
            let expanded = if is_joined { format!("${{{variable}}}") } else { format!("${variable}") };
            Some(vec![Edit::replace(span.clone(), expanded)])
        }
        (Shape::Expanded, Language::Makefile) if assigns_itself => {
            let line = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
            let equals = line + text[line..span.start].find('=')?;
            let start = if text[..equals].ends_with(':') {
                equals - text[line..equals].len() + text[line..equals].trim_end_matches(':').len()
            } else {
                equals
            };
            (literal.kind == Kind::Setting).then(|| vec![Edit::replace(start..equals + 1, "?=")])
        }
        (Shape::Expanded, Language::Makefile) => {
            Some(vec![Edit::replace(span.clone(), format!("$({variable})"))])
        }
        _ => None,
    }
}
