//! The names of a Java text whose values the compiler has to know.

use std::collections::HashSet;

use crate::pattern::{Pattern, regex};

/// `case PORT:`, `case API_PORT, WEB_PORT ->`
static LABEL: Pattern = regex!(r"(?-u:\b)case\s[^:;{}\n]*(?::|->)");

/// `@Settings(`
static ANNOTATION: Pattern = regex!(r"@[\w.]+\s*\(");

/// A name, and the `=` behind the name of an annotation's element.
static WORD: Pattern = regex!(r"[A-Za-z_]\w*(?:\s*=)?");

/// How far an annotation is read, in bytes.
const REACH: usize = 4000;

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
