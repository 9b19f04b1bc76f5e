//! A document's text: positions as the client counts them, and the client's edits.

use std::ops::Range;

use ropey::Rope;
use tower_lsp::gen_lsp_types as lsp;
use tree_sitter::{InputEdit, Point};

/// How the client counts the characters of a line (LSP 3.17, `PositionEncodingKind`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// In bytes.
    Utf8,
    /// In UTF-16 code units: what every client understands.
    #[default]
    Utf16,
}

/// What an edit means for a syntax tree of the text before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SyntaxChange {
    /// Some bytes became others.
    Edit(InputEdit),
    /// Nothing of the tree can be kept.
    Reset,
}

/// The text of a document. Cloning it is cheap.
#[derive(Debug, Clone)]
pub(super) struct Text {
    rope: Rope,
    /// Whether a line may end with a lone CR: a line break for LSP, but none for tree-sitter.
    has_lone_cr: bool,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self { rope: Rope::from_str(text), has_lone_cr: has_lone_cr(text) }
    }

    /// The number of bytes.
    pub(super) fn len(&self) -> usize {
        self.rope.len_bytes()
    }

    /// The byte offset of a position. A character beyond the line is the end of the line (LSP
    /// 3.17, `Position`), a line beyond the text the end of the text, and a place within a
    /// character the beginning of the character.
    pub(super) fn offset(&self, position: lsp::Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        if line >= self.rope.len_lines() {
            return self.len();
        }
        let start = self.rope.line_to_byte(line);
        let end = self.end_of_line(line);
        let character = position.character as usize;
        let char_index = match encoding {
            Encoding::Utf8 => self.rope.byte_to_char(start.saturating_add(character).min(end)),
            Encoding::Utf16 => {
                let units = |byte| self.rope.char_to_utf16_cu(self.rope.byte_to_char(byte));
                let unit = units(start).saturating_add(character).min(units(end));
                self.rope.utf16_cu_to_char(unit)
            }
        };
        self.rope.char_to_byte(char_index)
    }

    /// The position of a byte offset; an offset within a character means its beginning.
    pub(super) fn position(&self, offset: usize, encoding: Encoding) -> lsp::Position {
        let number = |value| u32::try_from(value).unwrap_or(u32::MAX);
        // In ASCII all encodings are one; a document may have thousands of positions.
        if self.rope.len_chars() == self.rope.len_bytes() {
            let offset = offset.min(self.len());
            let line = self.rope.byte_to_line(offset);
            let character = offset - self.rope.line_to_byte(line);
            return lsp::Position { line: number(line), character: number(character) };
        }
        let char_index = self.rope.byte_to_char(offset.min(self.len()));
        let line = self.rope.char_to_line(char_index);
        let line_start = self.rope.line_to_char(line);
        let character = match encoding {
            Encoding::Utf8 => self.rope.char_to_byte(char_index) - self.rope.char_to_byte(line_start),
            Encoding::Utf16 => {
                self.rope.char_to_utf16_cu(char_index) - self.rope.char_to_utf16_cu(line_start)
            }
        };
        lsp::Position { line: number(line), character: number(character) }
    }

    /// The range of some bytes.
    pub(super) fn range(&self, span: &Range<usize>, encoding: Encoding) -> lsp::Range {
        lsp::Range { start: self.position(span.start, encoding), end: self.position(span.end, encoding) }
    }

    /// The text of some bytes.
    pub(super) fn slice(&self, span: Range<usize>) -> String {
        self.rope.byte_slice(span).to_string()
    }

    /// The bytes of a range; one whose end stands before its start is taken the other way round.
    pub(super) fn span(&self, range: lsp::Range, encoding: Encoding) -> Range<usize> {
        let (start, end) = (self.offset(range.start, encoding), self.offset(range.end, encoding));
        start.min(end)..start.max(end)
    }

    /// Replaces the bytes of `span`, which lie on characters' borders.
    pub(super) fn replace(&mut self, span: Range<usize>, text: &str) -> SyntaxChange {
        let start_position = self.point(span.start);
        let old_end_position = self.point(span.end);
        let first = self.rope.byte_to_char(span.start);
        let last = self.rope.byte_to_char(span.end);
        self.rope.remove(first..last);
        self.rope.insert(first, text);
        let new_end_byte = span.start + text.len();

        let had_lone_cr = self.has_lone_cr;
        self.has_lone_cr |=
            has_lone_cr(text) || self.is_lone_cr_at(span.start) || self.is_lone_cr_at(new_end_byte);
        if had_lone_cr || self.has_lone_cr {
            return SyntaxChange::Reset;
        }
        SyntaxChange::Edit(InputEdit {
            start_byte: span.start,
            old_end_byte: span.end,
            new_end_byte,
            start_position,
            old_end_position,
            new_end_position: self.point(new_end_byte),
        })
    }

    /// The end of a line without its line break.
    fn end_of_line(&self, line: usize) -> usize {
        let start = self.rope.line_to_byte(line);
        let mut end = self.rope.line_to_byte(line + 1);
        if line + 1 == self.rope.len_lines() {
            return end;
        }
        // Every line but the last ends with LF, CRLF or CR.
        end -= 1;
        if self.rope.byte(end) == b'\n' && end > start && self.rope.byte(end - 1) == b'\r' {
            end -= 1;
        }
        end
    }

    /// The row and the column in bytes, as tree-sitter counts them.
    fn point(&self, offset: usize) -> Point {
        let row = self.rope.byte_to_line(offset);
        Point { row, column: offset - self.rope.line_to_byte(row) }
    }

    /// Whether the byte before the offset is a CR that no LF follows.
    fn is_lone_cr_at(&self, offset: usize) -> bool {
        offset > 0
            && self.rope.byte(offset - 1) == b'\r'
            && (offset == self.len() || self.rope.byte(offset) != b'\n')
    }
}

impl From<&Text> for String {
    fn from(text: &Text) -> Self {
        Self::from(&text.rope)
    }
}

fn has_lone_cr(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, &byte)| byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(line: u32, character: u32) -> lsp::Position {
        lsp::Position { line, character }
    }

    #[test]
    fn a_ship_is_two_units_and_four_bytes() {
        let text = Text::new("a\nb🚢c\n");
        let c = "a\nb🚢".len();
        assert_eq!(text.position(c, Encoding::Utf16), at(1, 3));
        assert_eq!(text.position(c, Encoding::Utf8), at(1, 5));
        assert_eq!(text.offset(at(1, 3), Encoding::Utf16), c);
        assert_eq!(text.offset(at(1, 5), Encoding::Utf8), c);
    }

    #[test]
    fn a_place_within_a_character_is_its_beginning() {
        let text = Text::new("b🚢c");
        assert_eq!(text.offset(at(0, 2), Encoding::Utf16), 1);
        assert_eq!(text.offset(at(0, 3), Encoding::Utf8), 1);
    }

    #[test]
    fn positions_beyond_the_text_are_clamped() {
        for (text, end_of_first) in [("ab\ncd", 2), ("ab\r\ncd", 2), ("ab\rcd", 2), ("\u{2028}\x0b\ncd", 4)] {
            let text = Text::new(text);
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                assert_eq!(text.offset(at(0, 99), encoding), end_of_first, "{text:?}");
                assert_eq!(text.offset(at(1, u32::MAX), encoding), text.len(), "{text:?}");
                assert_eq!(text.offset(at(u32::MAX, 0), encoding), text.len(), "{text:?}");
            }
        }
    }

    #[test]
    fn a_lone_cr_resets_the_tree() {
        let mut text = Text::new("a\r\nb");
        assert_eq!(text.replace(2..3, ""), SyntaxChange::Reset);
        let mut text = Text::new("ab");
        assert_eq!(text.replace(1..1, "\r"), SyntaxChange::Reset);
        assert!(matches!(Text::new("a\r\nb").replace(0..1, "c"), SyntaxChange::Edit(_)));
    }

    proptest! {
        #[test]
        fn offsets_survive_the_round_trip(text in "[aä🚢\r\n\u{2028}]{0,40}") {
            let rope = Text::new(&text);
            let boundaries = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            // Between CR and LF there is no position.
            for offset in boundaries.filter(|&at| !(at > 0 && text[..at].ends_with('\r') && text[at..].starts_with('\n'))) {
                for encoding in [Encoding::Utf8, Encoding::Utf16] {
                    let position = rope.position(offset, encoding);
                    prop_assert_eq!(rope.offset(position, encoding), offset);
                }
            }
        }

        #[test]
        fn edits_and_their_points_agree_with_the_text(
            before in "[aä🚢\n]{0,30}", insert in "[bö\n]{0,6}", from in 0usize..40, to in 0usize..40,
        ) {
            let floor = |mut at: usize| { at = at.min(before.len()); while !before.is_char_boundary(at) { at -= 1; } at };
            let (from, to) = (floor(from.min(to)), floor(from.max(to)));
            let mut text = Text::new(&before);
            let change = text.replace(from..to, &insert);
            let after = format!("{}{insert}{}", &before[..from], &before[to..]);
            prop_assert_eq!(String::from(&text), after.clone());
            let point = |text: &str, at: usize| Point {
                row: text[..at].matches('\n').count(),
                column: at - text[..at].rfind('\n').map_or(0, |newline| newline + 1),
            };
            prop_assert_eq!(change, SyntaxChange::Edit(InputEdit {
                start_byte: from, old_end_byte: to, new_end_byte: from + insert.len(),
                start_position: point(&before, from),
                old_end_position: point(&before, to),
                new_end_position: point(&after, from + insert.len()),
            }));
        }
    }
}
