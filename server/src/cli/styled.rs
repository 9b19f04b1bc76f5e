//! Text for people. Only this file writes escape sequences, so text of others cannot bring its own.

use std::fmt::{self, Write as _};

use crate::text::{is_hidden, printable};

/// A text for people, in which everything hidden has been made visible, and whose escape sequences are our own.
///
/// Whatever has `Display` becomes one by [`printable`]: a line break in it is shown as `\n`. So neither a message nor a
/// name in it needs any care. Styles come from [`Style::of`](super::style::Style::of), lines from [`Styled::lines`],
/// and `styled!` joins parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Styled(String);

/// Like `format!`, of parts that are each a [`Styled`] or have `Display`: `styled![STRONG.of(name), " is gone"]`.
macro_rules! styled {
    [$($part:expr),* $(,)?] => { $crate::cli::styled::Styled::default()$(.and($part))* };
}
pub(super) use styled;

// `Styled` has no `Display` itself, and must not: one that went through `format!` would be foreign text again.
impl<T: fmt::Display> From<T> for Styled {
    fn from(text: T) -> Self {
        Self(printable(&text.to_string()))
    }
}

impl Styled {
    /// A text in one style.
    pub(super) fn in_style(style: anstyle::Style, text: impl fmt::Display) -> Self {
        let mut styled = String::new();
        // Writing to a string cannot fail.
        let _ = write!(styled, "{style}{}{style:#}", printable(&text.to_string()));
        Self(styled)
    }

    /// A text of several lines, such as a page. Its line breaks and tabs stay.
    pub(super) fn lines(text: impl fmt::Display) -> Self {
        let is_kept = |character| matches!(character, '\n' | '\t');
        let mut styled = String::new();
        for piece in text.to_string().split_inclusive(is_kept) {
            let line = piece.strip_suffix(is_kept).unwrap_or(piece);
            styled.push_str(&printable(line));
            styled.push_str(&piece[line.len()..]);
        }
        Self(styled)
    }

    /// What a library has rendered from printable text: its line breaks and colours stay.
    pub(super) fn rendered(text: &str) -> Self {
        let mut styled = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(is_hidden) {
            styled.push_str(&rest[..at]);
            rest = &rest[at..];
            let length =
                color_sequence(rest).unwrap_or_else(|| rest.chars().next().map_or(0, char::len_utf8));
            let (hidden, behind) = rest.split_at(length);
            if hidden.len() > 1 && hidden.starts_with('\u{1b}') || hidden == "\n" {
                styled.push_str(hidden);
            } else {
                styled.push_str(&printable(hidden));
            }
            rest = behind;
        }
        styled.push_str(rest);
        Self(styled)
    }

    /// This text, and that one behind it.
    pub(super) fn and(mut self, more: impl Into<Self>) -> Self {
        self.0.push_str(&more.into().0);
        self
    }

    /// This text, and an end of the line.
    pub(super) fn end_of_line(mut self) -> Self {
        self.0.push('\n');
        self
    }

    /// As it is sent to a terminal, which may show colours.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The length of the colours' escape sequence that the text starts with (ECMA-48, SGR): `ESC [ 1 ; 31 m`.
fn color_sequence(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let end = parameters.find(|character: char| !character.is_ascii_digit() && character != ';')?;
    parameters[end..].starts_with('m').then_some("\u{1b}[".len() + end + 1)
}

#[cfg(test)]
mod tests {
    use super::super::style::STRONG;
    use super::*;

    #[test]
    fn text_of_others_brings_no_sequence_and_no_line() {
        let hostile = "\u{1b}[1mbold\n";
        assert_eq!(Styled::from(hostile).as_str(), r"\x1b[1mbold\n");
        assert_eq!(styled![STRONG.of(hostile), "."].as_str(), "\u{1b}[1m\\x1b[1mbold\\n\u{1b}[0m.");
        assert_eq!(Styled::lines("a\u{7}\n\tb\r\n").as_str(), "a\\x07\n\tb\\r\n");
    }

    #[test]
    fn of_what_a_library_rendered_only_colours_and_lines_stay() {
        let colored = "\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m\n";
        assert_eq!(Styled::rendered(colored).as_str(), colored);
        assert_eq!(Styled::rendered("\u{1b}]0;x\u{7}\u{1b}[2J\u{1b}").as_str(), r"\x1b]0;x\x07\x1b[2J\x1b");
    }
}
