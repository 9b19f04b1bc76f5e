//! Text that others wrote, made safe to show: file names, keys of a cloned `port-manager.toml`, command lines of
//! processes. A terminal obeys control characters, and an editor lets bidirectional overrides reorder its text.

use std::fmt::Write as _;
use std::ops::Range;

/// The text with every character that is not shown as itself replaced by its escape: `\n`, `\x1b`, `\u{202e}`.
///
/// The result is one line. A second pass changes nothing.
#[must_use]
pub fn printable(text: &str) -> String {
    escaped(text, |character, printed| {
        // Writing to a string cannot fail.
        let _ = match character {
            '\n' => write!(printed, "\\n"),
            '\r' => write!(printed, "\\r"),
            '\t' => write!(printed, "\\t"),
            '\0'..='\x7f' => write!(printed, "\\x{:02x}", u32::from(character)),
            _ => write!(printed, "\\u{{{:x}}}", u32::from(character)),
        };
    })
}

/// A JSON text with every character that is not shown as itself replaced by its escape: `\u202e`. Such a character
/// can only be within a string, except for the line breaks between the values, which stay.
#[must_use]
pub fn printable_json(json: &str) -> String {
    escaped(json, |character, printed| {
        if character == '\n' {
            printed.push(character);
            return;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(printed, "\\u{unit:04x}");
        }
    })
}

fn escaped(text: &str, mut escape: impl FnMut(char, &mut String)) -> String {
    // As nearly all are, and seen much quicker.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut printed = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            escape(character, &mut printed);
        } else {
            printed.push(character);
        }
    }
    printed
}

/// Whether a character is not shown as itself: it controls the terminal, breaks the line, changes the direction of
/// the text around it, or is invisible. The joiners U+200C and U+200D are none of these: emoji and several scripts
/// need them.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    // C0, DEL and C1.
    character.is_control()
        || matches!(
            character,
            '\u{ad}'                        // soft hyphen
                | '\u{61c}'                 // Arabic letter mark
                | '\u{180e}'                // Mongolian vowel separator
                | '\u{200b}'                // zero width space
                | '\u{200e}'..='\u{200f}'   // left-to-right and right-to-left mark
                | '\u{2028}'..='\u{2029}'   // line and paragraph separator
                | '\u{202a}'..='\u{202e}'   // bidirectional embeddings and overrides
                | '\u{2060}'..='\u{206f}'   // invisible operators, bidirectional isolates
                | '\u{feff}'                // byte order mark
                | '\u{fff9}'..='\u{fffb}'   // interlinear annotations
                | '\u{e0000}'..='\u{e007f}' // tags
        )
}

/// A place in a text: its line and its column in characters, each from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl At {
    /// The start of the text, for what is wrong with the whole of it.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// Where the bytes of a text begin.
    pub(crate) fn of(text: &str, span: Option<Range<usize>>) -> Self {
        let before = span.and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

/// The message of a JSON parser without the place at its end, for messages that name the place in front.
#[must_use]
pub(crate) fn without_position(message: &str) -> &str {
    message.rfind(" at line ").map_or(message, |end| &message[..end])
}

/// The candidate that somebody most likely meant: at most one letter in three differs (added, left out, changed, or
/// swapped with its neighbour).
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| distance * 3 <= candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Names, and code of others, in Markdown.
pub mod markdown {
    use super::printable;

    /// The text as a code span: whatever it says, it formats nothing and links nowhere.
    #[must_use]
    pub fn code_span(text: &str) -> String {
        let text = printable(text);
        // A code span ends with as many backticks as it begins with (CommonMark 0.31, 6.1).
        let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
        format!("{fence}{space}{text}{space}{fence}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_escaped_and_others_are_kept() {
        for (text, expected) in [
            ("grüße 漢字 🚢", "grüße 漢字 🚢"),
            ("\u{1b}]0;title\u{7}", r"\x1b]0;title\x07"),
            ("a\nb\r\tc\u{7f}", r"a\nb\r\tc\x7f"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("\u{202e}gpj.exe\u{2066}\u{200f}\u{61c}", r"\u{202e}gpj.exe\u{2066}\u{200f}\u{61c}"),
            ("a\u{2028}b\u{feff}", r"a\u{2028}b\u{feff}"),
            ("👩\u{200d}💻 می\u{200c}خواهم", "👩\u{200d}💻 می\u{200c}خواهم"),
            (r"C:\new", r"C:\new"),
        ] {
            assert_eq!(printable(text), expected);
            assert_eq!(printable(expected), expected);
        }
    }

    #[test]
    fn escaped_json_means_the_same() {
        let value = serde_json::json!({ "\u{202e}name": "\u{9b}31m \u{7f} \u{e0041} \u{1b} grüße" });
        for json in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let escaped = printable_json(&json);
            assert!(escaped.chars().all(|character| character == '\n' || !is_hidden(character)), "{escaped}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), value);
        }
    }

    #[test]
    fn the_nearest_word_is_one_that_is_nearly_the_same() {
        let known = ["shop", "blog", "warehouse"];
        for (word, expected) in [
            ("shopp", Some("shop")),
            ("shpo", Some("shop")),
            ("Blog", Some("blog")),
            ("wearhouses", Some("warehouse")),
            ("x", None),
            ("", None),
            ("stop-it", None),
        ] {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }

    #[test]
    fn a_code_span_formats_nothing() {
        for (text, expected) in [
            ("shop", "`shop`"),
            ("[x](command:evil)", "`[x](command:evil)`"),
            ("a`b", "``a`b``"),
            ("``", "``` `` ```"),
            ("a\nb", r"`a\nb`"),
        ] {
            assert_eq!(markdown::code_span(text), expected);
        }
    }
}
