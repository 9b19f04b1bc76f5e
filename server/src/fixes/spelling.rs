//! How each language reads an environment variable, as a table, and how a literal is exchanged for
//! that.

use std::ops::Range;

use super::edit::Edit;
use super::imports;
use crate::analysis::{Kind, Language, Literal, Shape};
use crate::variable::Variable;

/// How a programming language reads a variable. `{}` stands for its name.
struct Reading {
    /// As an expression that yields a number; `None` where no expression does.
    number: Option<&'static str>,
    /// Where the number is part of an arithmetic expression.
    arithmetic: Option<&'static str>,
    /// As an expression that yields a string.
    text: &'static str,
    /// Inside a string.
    within: fn(&str, Range<usize>, &Variable) -> Option<String>,
    /// Adds what has to be imported.
    import: fn(&str) -> Option<Edit>,
    /// As it is named in menus.
    title: &'static str,
}

/// The rows; `None` for formats that expand variables in their text.
const fn reading(language: Language) -> Option<Reading> {
    match language {
        Language::JavaScript => Some(Reading {
            number: Some("process.env.{}"),
            arithmetic: Some("Number(process.env.{})"),
            text: "process.env.{}",
            within: in_template,
            import: |_| None,
            title: "process.env.{}",
        }),
        Language::TypeScript | Language::Tsx => Some(Reading {
            number: Some("Number(process.env.{})"),
            arithmetic: Some("Number(process.env.{})"),
            // A template is a string, where the variable alone may be undefined.
            text: "`${process.env.{}}`",
            within: in_template,
            import: |_| None,
            title: "process.env.{}",
        }),
        Language::Python => Some(Reading {
            number: Some("int(os.environ[\"{}\"])"),
            arithmetic: Some("int(os.environ[\"{}\"])"),
            text: "os.environ[\"{}\"]",
            within: in_f_string,
            import: imports::python,
            title: "os.environ[\"{}\"]",
        }),
        Language::Go => Some(Reading {
            // Atoi returns an error too, so that no expression will do.
            number: None,
            arithmetic: None,
            text: "os.Getenv(\"{}\")",
            within: joined_in_go,
            import: imports::go,
            title: "os.Getenv(\"{}\")",
        }),
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
        Language::Compose => "${{}}",
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
            let pattern = if is_arithmetic(text, expression) { reading.arithmetic } else { reading.number };
            Edit::replace(expression.clone(), fill(pattern?, variable))
        }
        Shape::Text { expression } => Edit::replace(expression.clone(), fill(reading.text, variable)),
        Shape::Within { expression } => {
            let literal_text = text.get(expression.clone())?;
            let inner = span.start - expression.start..span.end - expression.start;
            Edit::replace(expression.clone(), (reading.within)(literal_text, inner, variable)?)
        }
        Shape::Expanded | Shape::Fixed => return None,
    };
    Some((reading.import)(text).into_iter().chain([edit]).collect())
}

fn fill(pattern: &str, variable: &Variable) -> String {
    pattern.replacen("{}", variable.as_str(), 1)
}

/// Whether the number is added to something: a string would be joined to it instead.
fn is_arithmetic(text: &str, expression: &Range<usize>) -> bool {
    let before = text[..expression.start].trim_end();
    let after = text[expression.end..].trim_start();
    before.ends_with('+') || (after.starts_with('+') && !after.starts_with("++"))
}

/// A string of JavaScript as a template literal.
fn in_template(literal: &str, inner: Range<usize>, variable: &Variable) -> Option<String> {
    let reading = format!("${{process.env.{variable}}}");
    let (before, after) = (literal.get(..inner.start)?, literal.get(inner.end..)?);
    if literal.starts_with('`') {
        return Some(format!("{before}{reading}{after}"));
    }
    let quote = literal.chars().next()?;
    let escape = |part: &str| part.replace('`', "\\`").replace("${", "\\${");
    let before = escape(before.strip_prefix(quote)?);
    let after = escape(after.strip_suffix(quote)?);
    // An octal escape is an error in a template.
    let has_octal = literal.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit());
    (!has_octal).then(|| format!("`{before}{reading}{after}`"))
}

/// A string of Python as an f-string.
fn in_f_string(literal: &str, inner: Range<usize>, variable: &Variable) -> Option<String> {
    let open = literal.find(['"', '\''])?;
    let prefix = literal[..open].to_ascii_lowercase();
    if prefix.contains('b') || prefix.contains('t') {
        return None;
    }
    let quote = literal[open..].chars().next()?;
    let width = if literal[open..].starts_with(&quote.to_string().repeat(3)) { 3 } else { 1 };
    let other = if quote == '"' { '\'' } else { '"' };
    let reading = format!("{{os.environ[{other}{variable}{other}]}}");
    let content = open + width..literal.len().checked_sub(width)?;
    let (before, after) = (literal.get(content.start..inner.start)?, literal.get(inner.end..content.end)?);
    let quotes = &literal[open..open + width];
    if prefix.contains('f') {
        return Some(format!("{}{quotes}{before}{reading}{after}{quotes}", &literal[..open]));
    }
    let escape = |part: &str| part.replace('{', "{{").replace('}', "}}");
    let prefix = if prefix.contains('r') { "rf" } else { "f" };
    Some(format!("{prefix}{quotes}{}{reading}{}{quotes}", escape(before), escape(after)))
}

/// A string of Go as a concatenation.
fn joined_in_go(literal: &str, inner: Range<usize>, variable: &Variable) -> Option<String> {
    let quote = literal.chars().next()?;
    let before = literal.get(..inner.start)?;
    let after = literal.get(inner.end..)?;
    let mut parts = Vec::new();
    if before.len() > 1 {
        parts.push(format!("{before}{quote}"));
    }
    parts.push(format!("os.Getenv(\"{variable}\")"));
    if after.len() > 1 {
        parts.push(format!("{quote}{after}"));
    }
    Some(parts.join(" + "))
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
