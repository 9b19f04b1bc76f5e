//! Python.

use super::lookup::Lookup;
use super::place::Place;

/// What reads a variable, with the quotes that the text prefers.
fn reading(place: &Place<'_>, lookup: &Lookup<'_>) -> String {
    let quote = place.site.preferred_quote('"');
    let variable = lookup.variable;
    match lookup.default() {
        Some(port) => format!("os.environ.get({quote}{variable}{quote}, {quote}{port}{quote})"),
        None => format!("os.environ[{quote}{variable}{quote}]"),
    }
}

/// Whether a declared type is one value.
fn has_literal_type(place: &Place<'_>) -> bool {
    place.type_behind_name().is_some_and(|kind| kind.contains("Literal["))
}

/// A number.
pub(super) fn number(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    (!has_literal_type(place)).then(|| format!("int({})", reading(place, lookup)))
}

/// A string that is the number.
pub(super) fn text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    (!has_literal_type(place)).then(|| reading(place, lookup))
}

/// A string as an f-string.
pub(super) fn f_string(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let literal = place.literal();
    let open = literal.find(['"', '\''])?;
    let prefix = literal[..open].to_ascii_lowercase();
    if prefix.contains('b') || prefix.contains('t') || has_literal_type(place) {
        return None;
    }
    let quote = literal[open..].chars().next()?;
    let other = if quote == '"' { '\'' } else { '"' };
    let variable = lookup.variable;
    let reading = match lookup.default() {
        Some(port) => format!("{{os.environ.get({other}{variable}{other}, {port})}}"),
        None => format!("{{os.environ[{other}{variable}{other}]}}"),
    };
    if prefix.contains('f') {
        return Some(place.with(&reading));
    }
    // `\N{DEGREE SIGN}` is no brace of its own.
    if literal.contains("\\N{") && !prefix.contains('r') {
        return None;
    }
    let prefix = if prefix.contains('r') { "rf" } else { "f" };
    // The mark is no text that a string could hold.
    const MARK: &str = "\u{0}";
    let escaped = place.with(MARK)[open..].replace('{', "{{").replace('}', "}}").replace(MARK, &reading);
    Some(format!("{prefix}{escaped}"))
}
