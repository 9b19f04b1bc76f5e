//! Where a diagnostic stands, as people count, and the line it stands in.

use std::ops::Range;

/// How many bytes of a line are kept on either side of what it is about. Nobody's terminal shows
/// more, and a thousand findings in lines of a megabyte must not take a gigabyte.
const CONTEXT: usize = 160;

/// A line, or the part of a long one that is worth showing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, without the line's end.
    pub text: String,
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
}

impl Excerpt {
    fn cut(line: &str, kept: Range<usize>, span: Range<usize>) -> Self {
        let before = if kept.start > 0 { "…" } else { "" };
        let after = if kept.end < line.len() { "…" } else { "" };
        let shift = |offset: usize| offset - kept.start + before.len();
        let span = shift(span.start)..shift(span.end);
        Self { text: format!("{before}{}{after}", &line[kept]), span }
    }

    /// The same of a line `KEY=value` with nothing of the value but what it is about: a password may stand in it.
    pub(super) fn without_value(self) -> Self {
        let value = self.text.find('=').map_or(0, |equals| equals + 1);
        let mark = |part: &str| if part.is_empty() { "" } else { "…" };
        if self.span.start < value {
            let text = format!("{}{}", &self.text[..value], mark(&self.text[value..]));
            return Self { text, span: self.span.start..self.span.end.min(value) };
        }
        let before = format!("{}{}", &self.text[..value], mark(&self.text[value..self.span.start]));
        let about = &self.text[self.span.clone()];
        let span = before.len()..before.len() + about.len();
        Self { text: format!("{before}{about}{}", mark(&self.text[self.span.end..])), span }
    }
}

/// A place in a text.
pub(in crate::operations) struct Place {
    /// From 1.
    pub(in crate::operations) line: usize,
    /// From 1, in characters.
    pub(in crate::operations) column: usize,
    /// The column behind the last character; on the same line.
    pub(in crate::operations) end_column: usize,
    /// What is there.
    pub(in crate::operations) excerpt: Excerpt,
}

/// A text, and where its lines start.
pub(in crate::operations) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(in crate::operations) fn of(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1));
        Self { text, starts: starts.collect() }
    }

    /// The place of a span. One that runs over several lines is cut at the end of the first.
    pub(in crate::operations) fn place(&self, span: &Range<usize>) -> Place {
        let text = self.text;
        let start = floor(text, span.start);
        let number = self.starts.partition_point(|line_start| *line_start <= start);
        let line_start = self.starts[number - 1];
        let line = self.line(number);
        let start = (start - line_start).min(line.len());
        let end = floor(line, span.end.saturating_sub(line_start)).max(start);
        let column = line[..start].chars().count() + 1;
        let from = if start <= CONTEXT { 0 } else { floor(line, start - CONTEXT) };
        let to = floor(line, end.saturating_add(CONTEXT));
        Place {
            line: number,
            column,
            end_column: column + line[start..end].chars().count(),
            excerpt: Excerpt::cut(line, from..to, start..end),
        }
    }

    /// The text of a line, of which there are as many as the text has, counted from 1, without its end.
    pub(in crate::operations) fn line(&self, number: usize) -> &'a str {
        let end = self.starts.get(number).map_or(self.text.len(), |next| next - 1);
        let line = &self.text[self.starts[number - 1]..end];
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// The line and the column of an offset, both from 1, the column in characters.
    pub(in crate::operations) fn position(&self, offset: usize) -> (usize, usize) {
        let offset = floor(self.text, offset);
        let number = self.starts.partition_point(|line_start| *line_start <= offset);
        (number, self.text[self.starts[number - 1]..offset].chars().count() + 1)
    }
}

/// The nearest boundary of a character at or before the offset, within the text.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let text = "first\r\n\tgrüße 🚢 = 8080; // x\r\nlast 1";
        let start = text.find("8080").unwrap();
        let place = Lines::of(text).place(&(start..start + 4));
        assert_eq!((place.line, place.column, place.end_column), (2, 12, 16));
        assert_eq!(place.excerpt.text, "\tgrüße 🚢 = 8080; // x");
        assert_eq!(&place.excerpt.text[place.excerpt.span], "8080");
    }

    #[test]
    fn a_span_is_cut_at_the_end_of_its_line() {
        let place = Lines::of("one\ntwo\n").place(&(1..6));
        assert_eq!((place.line, place.column, place.end_column), (1, 2, 4));
        let place = Lines::of("one\n").place(&(4..4));
        assert_eq!((place.line, place.column, place.end_column), (2, 1, 1));
        let place = Lines::of("").place(&(0..0));
        assert_eq!((place.line, place.column, place.excerpt.text.as_str()), (1, 1, ""));
    }

    #[test]
    fn of_a_value_only_what_it_is_about_is_kept() {
        for (line, about, shown) in [
            ("DB_URL=postgres://shop:secret@localhost:5432/shop", "5432", "DB_URL=…5432…"),
            ("WEB_PORT=8080", "8080", "WEB_PORT=8080"),
            ("DB_URL=postgres://shop:secret@db", "DB_URL", "DB_URL=…"),
            ("secret", "secret", "secret"),
        ] {
            let start = line.find(about).unwrap();
            let excerpt = Lines::of(line).place(&(start..start + about.len())).excerpt.without_value();
            assert_eq!((excerpt.text.as_str(), &excerpt.text[excerpt.span.clone()]), (shown, about));
        }
    }

    #[test]
    fn of_a_long_line_only_the_surroundings_are_kept() {
        let text = format!("{}8080{}", "ä".repeat(10_000), "ö".repeat(10_000));
        let start = text.find("8080").unwrap();
        let place = Lines::of(&text).place(&(start..start + 4));
        assert_eq!((place.column, place.end_column), (10_001, 10_005));
        assert!(place.excerpt.text.len() <= 2 * CONTEXT + 4 + 2 * "…".len());
        assert_eq!(&place.excerpt.text[place.excerpt.span], "8080");
    }
}
