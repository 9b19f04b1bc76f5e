//! What the scanners of grammars have no room for, measured in the text before it is parsed.
//!
//! A measure counts at least as much as the scanner can come to keep, whatever the text is and whatever the
//! parser makes of it; so it also refuses some texts that would have been fine, none of which a person writes.

mod ruby;

use super::Grammar;

/// Whether a scanner has room for what it would keep of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// Whatever the parser makes of the text.
    Enough,
    /// As long as the parser makes sense of the text.
    UnlessErrors,
    /// Not to be relied on.
    Lacking,
}

/// A scanner that does not look whether what it keeps has room.
pub(super) struct Limit {
    grammar: Grammar,
    pub(super) room: fn(&str) -> Room,
    /// Whether a text has room if each part at its top has.
    pub(super) is_of_parts: bool,
    /// What is said of a text that has too much of it.
    pub(super) refusal: &'static str,
    /// The text with nothing of it, at the same places, where that says enough.
    pub(super) without: Option<fn(&str) -> String>,
}

/// Read from the scanners (`src/scanner.c` of each crate), and tried with inputs that are bred for it. The other
/// grammars' scanners keep nothing, or keep less when there is no room.
static LIMITS: [Limit; 3] = [
    // tree-sitter-yaml 0.7.2: 10 bytes, and 4 for each block that is open: 253 of them.
    Limit {
        grammar: Grammar::Yaml,
        room: |text| if open_blocks(text) > 240 { Room::Lacking } else { Room::Enough },
        is_of_parts: true,
        refusal: "its blocks are nested more than 240 deep",
        without: None,
    },
    // tree-sitter-python 0.25.0: 2 bytes, up to 255 for strings that are open, and 2 for each indentation.
    Limit {
        grammar: Grammar::Python,
        room: |text| if indentations(text) > 380 { Room::Lacking } else { Room::Enough },
        is_of_parts: false,
        refusal: "it has more than 380 different indentations",
        without: None,
    },
    Limit {
        grammar: Grammar::Ruby,
        room: ruby::room,
        is_of_parts: false,
        refusal: "it has too many here-documents for its grammar",
        without: Some(ruby::without_here_documents),
    },
];

/// The limit of a grammar's scanner, if it has one.
pub(super) fn of(grammar: Grammar) -> Option<&'static Limit> {
    LIMITS.iter().find(|limit| limit.grammar == grammar)
}

/// How many blocks of a YAML text may be open at once: those of each line and of the lines above it that are
/// indented less. Every block begins with `-`, `?` or `:` before a space or the line's end, or with `|` or `>`.
fn open_blocks(text: &str) -> usize {
    /// A line whose blocks are open, and how many those and the ones before are.
    struct Open {
        indentation: usize,
        blocks: usize,
    }
    let mut open: Vec<Open> = Vec::new();
    let mut most = 0;
    for line in text.split(['\n', '\r']) {
        let content = line.trim_start_matches([' ', '\t']);
        // A comment ends no block.
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        // Nor does a line that tabs indent.
        let spaces = line.len() - content.len();
        let indentation = if line[..spaces].contains('\t') { usize::MAX } else { spaces };
        while open.last().is_some_and(|above| above.indentation >= indentation) {
            open.pop();
        }
        let bytes = content.as_bytes();
        let behind = bytes[1..].iter().chain([&b' ']);
        let begins = |(byte, next): &(&u8, &u8)| {
            matches!(byte, b'|' | b'>')
                || (matches!(byte, b'-' | b'?' | b':') && matches!(next, b' ' | b'\t'))
        };
        // A list may be indented as little as the key before it: that one's map is open still.
        let blocks = bytes.iter().zip(behind).filter(begins).count() + 1;
        let blocks = open.last().map_or(0, |above| above.blocks) + blocks;
        most = most.max(blocks);
        open.push(Open { indentation, blocks });
    }
    most
}

/// How many different indentations the lines of a Python text have: each that is open is deeper than the one
/// before.
fn indentations(text: &str) -> usize {
    let mut widths = std::collections::HashSet::new();
    let mut last = None;
    let bytes = text.as_bytes();
    let (mut at, mut width) = (0, 0_u32);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\n' | b'\r' | b'\x0c' => width = 0,
            b' ' => width += 1,
            b'\t' => width += 8,
            // The indentation goes on in the next line.
            b'\\' if bytes[at..].starts_with(b"\n") => at += 1,
            b'\\' if bytes[at..].starts_with(b"\r\n") => at += 2,
            _ => {
                // Most lines have the one of the line before. A backslash before something else is of no indentation.
                if *byte != b'\\' && last.replace(width) != Some(width) {
                    widths.insert(width);
                }
                at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline);
            }
        }
    }
    widths.len()
}

#[cfg(test)]
mod tests {
    use super::super::Refused;
    use super::*;

    #[test]
    fn what_people_write_is_far_from_every_limit() {
        let yaml =
            "services:\n  web:\n    ports:\n    - \"8080:80\"\n    - target: 80\n      published: 8080\n";
        assert_eq!(open_blocks(yaml), 9);
        assert_eq!(indentations("def f():\n    if x:\n        return 1\n\n    return 2\n"), 3);
    }

    #[test]
    fn a_text_beyond_a_limit_is_refused_and_one_at_it_is_parsed() {
        let maps =
            |depth: usize| -> String { (0..depth).map(|at| format!("{}a:\n", " ".repeat(at))).collect() };
        let blocks = |depth: usize| -> String {
            (0..depth).map(|at| format!("{}if x:\n", " ".repeat(at))).collect::<String>()
                + &format!("{}y = f\"{{1}}\"\n", " ".repeat(depth))
        };
        let cases = [
            (Grammar::Yaml, maps(120), maps(300)),
            (Grammar::Yaml, "- ".repeat(239), "- ".repeat(300)),
            (Grammar::Python, blocks(379), blocks(600)),
        ];
        for (grammar, fine, refused) in cases {
            assert!(grammar.parse(&fine, None).is_ok(), "{grammar:?}");
            assert!(matches!(grammar.parse(&refused, None), Err(Refused::TooMuch(_))), "{grammar:?}");
        }
    }
}
