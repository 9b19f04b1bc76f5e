//! Java.

use super::lookup::Lookup;
use super::place::Place;

/// A number.
pub(super) fn number(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let convert = match place.type_before_name() {
        Some("short" | "Short") => "Short.parseShort",
        Some("byte" | "Byte" | "char" | "Character") => return None,
        _ if place.literal().ends_with(['l', 'L']) => "Long.parseLong",
        _ => "Integer.parseInt",
    };
    // `short[] ports = {8080}`
    let is_narrow = |word: &str| ["short[]", "byte[]", "char[]"].iter().any(|kind| word.contains(kind));
    (!is_constant(place) && !place.line_before().split_whitespace().any(is_narrow))
        .then(|| format!("{convert}({})", lookup.enclosed()))
}

/// A string that is the number.
pub(super) fn text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    (!is_constant(place)).then(|| lookup.at(place))
}

/// Whether the compiler has to know the value that the literal is a part of: it is that of a constant which an annotation
/// or a label uses, or which another file may use so.
pub(super) fn is_constant(place: &Place<'_>) -> bool {
    let before = place.before();
    let statement = before.rsplit([';', '{', '}']).next().unwrap_or_default();
    let is_of_interface = || {
        place.enclosing().is_some_and(|(open, header)| {
            let header = header.rsplit([';', '{', '}']).next().unwrap_or_default();
            open == '{' && header.split_whitespace().any(|word| word == "interface")
        })
    };
    let Some((modifiers, declaration)) = statement.split_once("final ") else {
        return statement.contains('=') && is_of_interface();
    };
    let Some((declared, value)) = declaration.split_once('=') else { return false };
    let mut words = declared.split_whitespace();
    let is_constant_type =
        matches!(words.next(), Some("int" | "long" | "short" | "byte" | "char" | "String"));
    // `final int port = choose(8080)`
    if !is_constant_type || value.contains('(') {
        return false;
    }
    let says = |word: &str| modifiers.split_whitespace().any(|other| other == word);
    let is_seen_elsewhere = says("static") && !says("private");
    is_seen_elsewhere || is_of_interface() || words.last().is_some_and(|name| place.site.is_compiled(name))
}
