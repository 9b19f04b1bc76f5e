//! Python.

use super::place::Place;
use crate::variable::Variable;

/// What reads a variable, with the quotes that the text prefers.
fn reading(place: &Place<'_>, variable: &Variable) -> String {
    let quote = place.site.preferred_quote('"');
    format!("os.environ[{quote}{variable}{quote}]")
}

/// Whether a declared type is one value.
fn has_literal_type(place: &Place<'_>) -> bool {
    place.type_behind_name().is_some_and(|kind| kind.contains("Literal["))
}

/// A number.
pub(super) fn number(place: &Place<'_>, variable: &Variable) -> Option<String> {
    (!has_literal_type(place)).then(|| format!("int({})", reading(place, variable)))
}

/// A string that is the number.
pub(super) fn text(place: &Place<'_>, variable: &Variable) -> Option<String> {
    (!has_literal_type(place)).then(|| reading(place, variable))
}

/// A string as an f-string.
pub(super) fn f_string(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let literal = place.literal();
    let open = literal.find(['"', '\''])?;
    let prefix = literal[..open].to_ascii_lowercase();
    if prefix.contains('b') || prefix.contains('t') || has_literal_type(place) {
        return None;
    }
    let quote = literal[open..].chars().next()?;
    let other = if quote == '"' { '\'' } else { '"' };
    let reading = format!("{{os.environ[{other}{variable}{other}]}}");
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
