//! Java.

use std::collections::HashSet;

use super::lookup::Lookup;
use super::place::Place;
use crate::pattern::{Pattern, regex};

/// `case PORT:`, `case API_PORT, WEB_PORT ->`
static LABEL: Pattern = regex!(r"(?-u:\b)case\s[^:;{}\n]*(?::|->)");

/// `@Settings(`
static ANNOTATION: Pattern = regex!(r"@[\w.]+\s*\(");

/// A name, and the `=` behind the name of an annotation's element.
static WORD: Pattern = regex!(r"[A-Za-z_]\w*(?:\s*=)?");

/// How far an annotation is read, in bytes.
const REACH: usize = 4000;

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

/// The names in a text whose values the compiler has to know: those in labels and in annotations.
pub(super) fn compiled_names(text: &str) -> HashSet<String> {
    let labels = LABEL.find_iter(text).map(|label| label.as_str());
    let annotations =
        ANNOTATION.find_iter(text).filter(|found| found.as_str() != "@interface(").map(|found| {
            let end = text.floor_char_boundary(found.end() + REACH);
            let arguments = &text[found.end()..end];
            let mut open = 1;
            let length = arguments.bytes().position(|byte| {
                open += match byte {
                    b'(' => 1,
                    b')' => -1,
                    _ => 0,
                };
                open == 0
            });
            &arguments[..length.unwrap_or(arguments.len())]
        });
    labels
        .chain(annotations)
        .flat_map(|part| WORD.find_iter(part))
        .filter(|word| !word.as_str().ends_with('='))
        .map(|word| word.as_str().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_annotations_use_constants() {
        let names = |text: &str| compiled_names(text).contains("MOCK_PORT");
        assert!(names("switch (a) { case MOCK_PORT: }"));
        assert!(names("switch (a) { case WEB_PORT, MOCK_PORT -> 1; }"));
        assert!(names("@Mock(\n    port = Foo.MOCK_PORT)\nclass A {}"));
        assert!(names("@Mocks({@Mock(port = 1), @Mock(port = MOCK_PORT)})\nclass A {}"));
        assert!(!names("@Mock(port = 1)\nvoid f() { g(MOCK_PORT); }"));
        assert!(!names("@Mock(MOCK_PORT = 1)\nclass A {}"));
    }
}
