//! A literal in a program taken apart, so that a variable can stand where the number stood.

use std::ops::Range;

use crate::variable::Variable;

/// A literal and what stands around it.
pub(super) struct Place<'a> {
    text: &'a str,
    /// The bytes of the whole literal.
    expression: Range<usize>,
    /// The bytes of the number, counted from the literal's begin.
    inner: Range<usize>,
}

impl<'a> Place<'a> {
    /// The literal of the text with the number in it; `None` where the one is not part of the other.
    pub(super) fn of(text: &'a str, expression: &Range<usize>, number: &Range<usize>) -> Option<Self> {
        text.get(expression.clone())?;
        let inner = number.start.checked_sub(expression.start)?..number.end.checked_sub(expression.start)?;
        Some(Self { text, expression: expression.clone(), inner })
    }

    /// The literal as written.
    fn literal(&self) -> &'a str {
        &self.text[self.expression.clone()]
    }

    /// What stands before the literal, without the white space between.
    fn before(&self) -> &'a str {
        self.text[..self.expression.start].trim_end()
    }

    /// What stands before the literal on its line.
    fn line_before(&self) -> &'a str {
        let before = &self.text[..self.expression.start];
        before.rsplit('\n').next().unwrap_or(before)
    }

    /// What stands behind the literal, without the white space between.
    fn after(&self) -> &'a str {
        self.text[self.expression.end..].trim_start()
    }

    /// The literal with other text for the number.
    pub(super) fn with(&self, text: &str) -> String {
        let literal = self.literal();
        format!("{}{text}{}", &literal[..self.inner.start], &literal[self.inner.end..])
    }

    /// What stands in the literal before and behind the number, without its quotes; `None` for a
    /// literal that is not between two of these quotes and nothing else.
    fn parts(&self, quotes: &[char]) -> Option<(&'a str, &'a str)> {
        let literal = self.literal();
        let quote = literal.chars().next().filter(|character| quotes.contains(character))?;
        let is_long =
            literal.len() >= 6 && literal[1..].starts_with(quote) && literal[2..].starts_with(quote);
        if is_long {
            return None;
        }
        let before = literal.get(1..self.inner.start)?;
        Some((before, literal.get(self.inner.end..)?.strip_suffix(quote)?))
    }
}

/// A string as a concatenation with what is read.
pub(super) fn joined(place: &Place<'_>, reading: &str, operator: &str, quotes: &[char]) -> Option<String> {
    let (before, after) = place.parts(quotes)?;
    let quote = place.literal().chars().next()?;
    let mut parts = Vec::new();
    if !before.is_empty() {
        parts.push(format!("{quote}{before}{quote}"));
    }
    parts.push(reading.to_owned());
    if !after.is_empty() {
        parts.push(format!("{quote}{after}{quote}"));
    }
    let text = parts.join(&format!(" {operator} "));
    // What is called on the string is called on all of it.
    let is_receiver = place.after().starts_with(['.', '-', '?', '[', ':']) && parts.len() > 1;
    Some(if is_receiver { format!("({text})") } else { text })
}

/// A string of C#: one that has expressions in it gets one more.
pub(super) fn in_csharp(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let reading = format!("System.Environment.GetEnvironmentVariable(\"{variable}\")");
    let literal = place.literal();
    if literal.starts_with("$\"") && !literal.starts_with("$\"\"\"") {
        return Some(place.with(&format!("{{{reading}}}")));
    }
    joined(place, &reading, "+", &['"'])
}

/// A string between single quotes as one between double quotes, with an expression for the number;
/// `None` where something in it would mean something else there.
fn as_double_quoted(place: &Place<'_>, expression: &str) -> Option<String> {
    let (before, after) = place.parts(&['\''])?;
    let is_plain = |part: &str| !part.contains(['"', '\\', '#', '$', '@']);
    (is_plain(before) && is_plain(after)).then(|| format!("\"{before}{expression}{after}\""))
}

/// A string of Ruby, interpolated.
pub(super) fn in_ruby(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let expression = format!("#{{ENV.fetch(\"{variable}\")}}");
    match place.literal().starts_with('"') {
        true => Some(place.with(&expression)),
        false => as_double_quoted(place, &expression),
    }
}

/// A string of Elixir, interpolated.
pub(super) fn in_elixir(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let expression = format!("#{{System.fetch_env!(\"{variable}\")}}");
    place.literal().starts_with('"').then(|| place.with(&expression))
}

/// A string of Perl, interpolated. What follows must not be read as an index of the variable.
pub(super) fn in_perl(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let expression = format!("$ENV{{{variable}}}");
    if place.literal()[place.inner.end..].starts_with(['[', '{', '-']) {
        return None;
    }
    match place.literal().starts_with('"') {
        true => Some(place.with(&expression)),
        false => as_double_quoted(place, &expression),
    }
}

/// Whether a string of Lua is the argument of a call without parentheses: `require "x"`.
fn is_bare_argument(place: &Place<'_>) -> bool {
    let before = place.before();
    before.ends_with(|character: char| character.is_alphanumeric() || matches!(character, '_' | ')' | ']'))
        && !["return", "and", "or", "not", "then", "in"].iter().any(|word| before.ends_with(word))
}

/// A string of Lua that is the number.
pub(super) fn lua_text(place: &Place<'_>, variable: &Variable) -> Option<String> {
    (!is_bare_argument(place)).then(|| format!("os.getenv(\"{variable}\")"))
}

/// A string of Lua as a concatenation.
pub(super) fn in_lua(place: &Place<'_>, variable: &Variable) -> Option<String> {
    if is_bare_argument(place) {
        return None;
    }
    joined(place, &format!("os.getenv(\"{variable}\")"), "..", &['"', '\''])
}

/// A string of C that is the number. An array of characters takes a literal only.
pub(super) fn cpp_text(place: &Place<'_>, variable: &Variable) -> Option<String> {
    (!place.line_before().contains('[')).then(|| format!("getenv(\"{variable}\")"))
}

/// How Rust reads a variable, as a `String`.
fn rust_reading(variable: &Variable) -> String {
    format!("std::env::var(\"{variable}\").expect(\"{variable}\")")
}

/// A number of Rust. Ports are `u16`; where the text says another type, no guess is made.
pub(super) fn rust_number(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let suffix = &place.literal()[place.inner.end..];
    let line = place.line_before();
    let annotated = line
        .split_once("let ")
        .and_then(|(_, declared)| declared.split_once(':'))
        .and_then(|(_, declared)| declared.split_once('='))
        .map(|(kind, _)| kind.trim());
    let is_port_type = suffix.trim_start_matches('_').is_empty() || suffix.ends_with("u16");
    if !is_port_type || annotated.is_some_and(|kind| !kind.contains(':') && kind != "u16") {
        return None;
    }
    Some(format!("{}.parse::<u16>().expect(\"{variable} is a port\")", rust_reading(variable)))
}

/// A string of Rust that is the number: a `&str`, which is borrowed from what is read.
pub(super) fn rust_text(place: &Place<'_>, variable: &Variable) -> Option<String> {
    rust_borrowed(place, rust_reading(variable))
}

/// A string of Rust as a `format!`.
pub(super) fn rust_format(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let (before, after) = place.parts(&['"'])?;
    let escape = |part: &str| part.replace('{', "{{").replace('}', "}}");
    let text = format!("\"{}{{}}{}\"", escape(before), escape(after));
    rust_borrowed(place, format!("format!({text}, {})", rust_reading(variable)))
}

/// A `String` where a `&str` stood: borrowed, as an argument and as the value of a `let`, where it
/// lives long enough; as it is, where a method is called on it.
fn rust_borrowed(place: &Place<'_>, owned: String) -> Option<String> {
    if place.after().starts_with('.') {
        return Some(owned);
    }
    let before = place.before();
    let is_macro = before.ends_with("!(") || before.ends_with("![");
    let is_argument = before.ends_with('(') && !is_macro && !before.ends_with("((");
    let is_let = before.ends_with('=') && place.line_before().trim_start().starts_with("let ");
    (is_argument || is_let).then(|| format!("&{owned}"))
}

/// A string of JavaScript as a template literal.
pub(super) fn in_template(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let (literal, inner) = (place.literal(), place.inner.clone());
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
pub(super) fn in_f_string(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let (literal, inner) = (place.literal(), place.inner.clone());
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
pub(super) fn joined_in_go(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let (literal, inner) = (place.literal(), place.inner.clone());
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
