//! Rust.

use super::lookup::Lookup;
use super::place::Place;
use crate::pattern::{Pattern, regex};

static INTEGER: Pattern = regex!(r"\b[iu](?:8|16|32|64|128|size)\b");

/// `let port: u16 =`, with whatever follows.
static ANNOTATION: Pattern = regex!(r"\blet\s+(?:mut\s+)?\w+\s*:\s*([^=]+)=");

/// `-> u16`, of the function around.
static RETURNED: Pattern = regex!(r"\bfn\s[^{;]*->\s*([^{;]+?)\s*\{");

/// Whether the compiler makes the value: the function around is `const`.
fn is_in_constant_function(place: &Place<'_>) -> bool {
    let before = place.before();
    before.rfind("fn ").is_some_and(|at| {
        let qualifiers = before[..at].rsplit(['\n', ';', '}', '{']).next().unwrap_or_default();
        qualifiers.split_whitespace().any(|word| word == "const")
    })
}

/// The type that a number is parsed into.
enum Target {
    /// As the text says, or as ports are.
    Named(String),
    /// As the field or the variable is declared elsewhere.
    Inferred,
    /// Unknown.
    Unknown,
}

fn target(place: &Place<'_>) -> Target {
    let integer = |text: &str| match INTEGER.find(text) {
        Some(found) => Target::Named(found.as_str().to_owned()),
        None => Target::Unknown,
    };
    let suffix = place.rest().trim_start_matches('_');
    if !suffix.is_empty() {
        return Target::Named(suffix.to_owned());
    }
    let before = place.before();
    let line = place.line_before();
    if before.ends_with('=') && !before.ends_with("==") {
        return match ANNOTATION.captures(line).and_then(|captures| captures.get(1)) {
            Some(kind) => integer(kind.as_str()),
            // Nothing else may say what it is.
            None if declares(line) => Target::Named("u16".to_owned()),
            None => Target::Inferred,
        };
    }
    if let Some(name) = before.strip_suffix(':').filter(|name| !name.ends_with(':'))
        && name.ends_with(|character: char| character.is_alphanumeric() || character == '_')
        && place.enclosing().is_some_and(|(open, _)| open == '{')
    {
        return Target::Inferred;
    }
    if before.ends_with("Some(")
        && let Some(kind) = ANNOTATION.captures(line).and_then(|captures| captures.get(1))
    {
        return integer(kind.as_str());
    }
    let is_returned = before.ends_with("return") || (before.ends_with('{') && place.after().starts_with('}'));
    if is_returned
        && let Some(kind) = RETURNED.captures_iter(before).last().and_then(|captures| captures.get(1))
    {
        return integer(kind.as_str());
    }
    Target::Named("u16".to_owned())
}

/// Whether the statement that a line ends with declares a variable.
fn declares(line: &str) -> bool {
    line.rsplit([';', '{']).next().is_some_and(|statement| statement.trim_start().starts_with("let "))
}

/// A number. What it is parsed into follows from its default, as the type of the literal did from what is around it.
pub(super) fn number(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    if is_in_constant_function(place) {
        return None;
    }
    let variable = lookup.variable;
    if lookup.keeps_default() {
        let number = place.literal();
        return Some(format!(
            "std::env::var(\"{variable}\").ok().and_then(|it| it.parse().ok()).unwrap_or({number})"
        ));
    }
    let parse = match target(place) {
        Target::Named(kind) => format!("parse::<{kind}>()"),
        Target::Inferred => "parse()".to_owned(),
        Target::Unknown => return None,
    };
    Some(format!("{}.{parse}.expect(\"{variable} is a port\")", lookup.enclosed()))
}

/// A string that is the number: a `&str`, which is borrowed from what is read.
pub(super) fn text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    borrowed(place, lookup.enclosed())
}

/// A string as a `format!`.
pub(super) fn format(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let literal = place.literal();
    let open = literal.find('"')? + 1;
    let prefix = &literal[..open - 1];
    if !prefix.is_empty() && !prefix.starts_with('r') {
        return None;
    }
    // The mark is no text that a string could hold.
    const MARK: &str = "\u{0}";
    let template = place.with(MARK).replace('{', "{{").replace('}', "}}").replace(MARK, "{}");
    borrowed(place, format!("format!({template}, {})", lookup.enclosed()))
}

/// A `String` in place of a `&str`: borrowed, as an argument and as the value of a `let`, where it
/// lives long enough; as it is, where a method is called on it.
fn borrowed(place: &Place<'_>, owned: String) -> Option<String> {
    if is_in_constant_function(place) {
        return None;
    }
    if place.after().starts_with('.') {
        return Some(owned);
    }
    let before = place.before();
    let is_argument = (before.ends_with('(') || before.ends_with(','))
        && place.enclosing().is_some_and(|(open, called)| {
            open == '('
                && called.ends_with(|character: char| {
                    character.is_alphanumeric() || matches!(character, '_' | '>')
                })
        });
    // A `'static` value cannot be borrowed from one that ends with the block.
    let is_static = place.line_before().contains("'static");
    let is_let = before.ends_with('=') && declares(place.line_before()) && !is_static;
    (is_argument || is_let).then(|| format!("&{owned}"))
}
