//! A part of a text that knows where it begins, so that nobody adds offsets by hand.

use std::ops::Range;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analysis) struct Slice<'a> {
    text: &'a str,
    base: usize,
}

impl<'a> Slice<'a> {
    /// A whole text.
    pub(in crate::analysis) fn of(text: &'a str) -> Self {
        Self { text, base: 0 }
    }

    /// The text.
    pub(in crate::analysis) fn text(self) -> &'a str {
        self.text
    }

    /// Where it lies in the whole text.
    pub(in crate::analysis) fn span(self) -> Range<usize> {
        self.base..self.base + self.text.len()
    }

    /// The part between two offsets in this one; an empty part where there is no such.
    pub(in crate::analysis) fn part(self, span: Range<usize>) -> Self {
        let start = span.start.min(self.text.len());
        Self { text: self.text.get(span).unwrap_or_default(), base: self.base + start }
    }

    /// The part from an offset on.
    pub(in crate::analysis) fn from(self, start: usize) -> Self {
        self.part(start..self.text.len())
    }

    /// The part without these characters at its ends.
    pub(in crate::analysis) fn trim(self, is_around: impl Fn(char) -> bool) -> Self {
        let start = self.text.len() - self.text.trim_start_matches(&is_around).len();
        let end = self.text.trim_end_matches(&is_around).len();
        self.part(start.min(end)..end)
    }

    /// The part without quotes and white space at its ends.
    pub(in crate::analysis) fn bare(self) -> Self {
        self.trim(|character| character.is_whitespace() || matches!(character, '"' | '\'' | '\\'))
    }

    /// What follows the text that it begins with, if it does.
    pub(in crate::analysis) fn behind(self, start: &str) -> Option<Self> {
        self.text.starts_with(start).then(|| self.from(start.len()))
    }

    /// What is before a character and what is behind it, where there is one.
    pub(in crate::analysis) fn split_once(self, character: char) -> Option<(Self, Self)> {
        let at = self.text.find(character)?;
        Some((self.part(0..at), self.from(at + character.len_utf8())))
    }

    /// The digits that it begins with.
    pub(in crate::analysis) fn digits(self) -> Self {
        let end = self.text.bytes().take_while(u8::is_ascii_digit).count();
        self.part(0..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_knows_where_it_lies() {
        let text = "a --port=\"8080\" b";
        let flag = Slice::of(text).part(2..15);
        assert_eq!(flag.text(), "--port=\"8080\"");
        let (name, value) = flag.split_once('=').unwrap();
        assert_eq!((name.text(), name.span()), ("--port", 2..8));
        assert_eq!(&text[value.bare().span()], "8080");
        assert_eq!(value.bare().from(2).digits().span(), 12..14);
        assert_eq!(flag.behind("--port="), Some(value));
    }

    #[test]
    fn no_part_is_beyond_the_text() {
        let part = Slice::of("\u{fc}8").part(1..9);
        assert_eq!((part.text(), part.span()), ("", 1..1));
        assert_eq!(Slice::of("\"").bare().text(), "");
    }
}
