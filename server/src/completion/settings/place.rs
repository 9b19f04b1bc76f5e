//! Where in `port-manager.toml` a byte offset is: in which table, and whether in a header, a key or a value.
//!
//! What is above the line is read by the events of `toml_parser`, which goes on behind an error; the line itself is being typed.

use toml_parser::Source;
use toml_parser::decoder::Encoding;
use toml_parser::lexer::{Token, TokenKind};
use toml_parser::parser::{Event, EventKind, RecursionGuard, parse_document};

use crate::completion::line_around;

/// How many lists and tables deep a value is looked into.
const DEEPEST: u32 = 80;

/// A place of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The names of the table that it is in.
    pub(super) table: Vec<String>,
    /// The keys that the table has.
    pub(super) keys: Vec<String>,
    /// What is there.
    pub(super) position: Position,
}

/// What is written at a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// The header of a table, which begins at that byte.
    Header { start: usize },
    /// The name of a key.
    Key,
    /// The value of a key, or one of its values; the text that it is begins with a quote at that byte.
    Value { key: Vec<String>, quote: Option<usize> },
}

impl Place {
    /// The place of a byte offset; `None` in a comment, and in a table within a line.
    pub(super) fn at(text: &str, offset: usize) -> Option<Self> {
        let line = line_around(text, offset);
        let above = Reading::of(&text[..line.start]);
        let before = &text[line.start..offset];
        let position = if above.is_in_value {
            Position::Value { key: above.key.clone(), quote: open_quote(before)?.map(|at| line.start + at) }
        } else {
            in_line(before, line.start)?
        };
        let keys = Reading::of(text).keys_of(above.header);
        Some(Self { table: above.table, keys, position })
    }
}

fn in_line(before: &str, line_start: usize) -> Option<Position> {
    let start = before.len() - before.trim_start().len();
    let typed = &before[start..];
    let quote = open_quote(typed)?;
    if typed.starts_with('[') {
        let is_closed = quote.is_none() && typed.contains(']');
        return (!is_closed).then_some(Position::Header { start: line_start + start });
    }
    let Some((key, value)) = typed.split_once('=') else { return Some(Position::Key) };
    let key = key.split('.').map(|name| name.trim().trim_matches(['"', '\'']).to_owned()).collect();
    // Tables within a line have keys of their own.
    let is_plain = quote.is_some() || !value.contains('{');
    is_plain.then_some(Position::Value { key, quote: quote.map(|at| line_start + start + at) })
}

/// Where the quote is whose text goes on at the end of a line; an outer `None` where that is a comment.
fn open_quote(line: &str) -> Option<Option<usize>> {
    let mut open: Option<(usize, char)> = None;
    let mut is_escaped = false;
    for (at, character) in line.char_indices() {
        match open {
            Some(_) if is_escaped => is_escaped = false,
            Some((_, '"')) if character == '\\' => is_escaped = true,
            Some((_, quote)) if character == quote => open = None,
            Some(_) => {}
            None if character == '#' => return None,
            None if matches!(character, '"' | '\'') => open = Some((at, character)),
            None => {}
        }
    }
    Some(open.map(|(at, _)| at))
}

/// What is read of a text.
#[derive(Default)]
struct Reading<'a> {
    text: &'a str,
    /// The names of the table whose keys follow.
    table: Vec<String>,
    /// The names of the key that is read.
    key: Vec<String>,
    /// How many headers there were.
    header: usize,
    /// How many lists and tables of a value are open; the parser closes those that the text leaves open.
    depth: usize,
    /// Whether the text ends in a list or table of a value.
    is_in_value: bool,
    is_header: bool,
    /// Every key with the number of headers before it.
    keys: Vec<(usize, String)>,
}

impl<'a> Reading<'a> {
    fn of(text: &'a str) -> Self {
        let mut reading = Self { text, ..Self::default() };
        let tokens = Source::new(text).lex().into_vec();
        reading.is_in_value = ends_in_value(&tokens);
        let mut receiver = |event: Event| reading.event(&event);
        parse_document(&tokens, &mut RecursionGuard::new(&mut receiver, DEEPEST), &mut ());
        reading
    }

    fn event(&mut self, event: &Event) {
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                (self.is_header, self.depth) = (true, 0);
                self.header += 1;
                self.key.clear();
                self.table.clear();
            }
            EventKind::StdTableClose | EventKind::ArrayTableClose => {
                self.is_header = false;
                self.table = std::mem::take(&mut self.key);
            }
            EventKind::SimpleKey if self.depth == 0 => {
                let span = event.span().start()..event.span().end();
                let name = name(self.text.get(span).unwrap_or_default(), event.encoding());
                self.key.push(name);
            }
            EventKind::KeyValSep if self.depth == 0 => {
                let name = self.key.first().cloned().unwrap_or_default();
                self.keys.push((self.header, name));
            }
            EventKind::ArrayOpen | EventKind::InlineTableOpen => self.depth += 1,
            EventKind::ArrayClose | EventKind::InlineTableClose => self.depth = self.depth.saturating_sub(1),
            EventKind::Newline if self.depth == 0 && !self.is_header => self.key.clear(),
            EventKind::Newline => self.is_header = false,
            _ => {}
        }
    }

    fn keys_of(&self, header: usize) -> Vec<String> {
        let keys = self.keys.iter().filter(|(at, _)| *at == header);
        keys.map(|(_, name)| name.clone()).collect()
    }
}

/// Whether a list or table of a value is left open.
fn ends_in_value(tokens: &[Token]) -> bool {
    let (mut is_value, mut depth) = (false, 0_usize);
    for token in tokens {
        match token.kind() {
            TokenKind::Equals => is_value = true,
            TokenKind::Newline if depth == 0 => is_value = false,
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket if is_value => depth += 1,
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth > 0
}

/// A name without its quotes.
fn name(written: &str, encoding: Option<Encoding>) -> String {
    if encoding.is_some() { written.trim_matches(['"', '\'']).to_owned() } else { written.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(marked: &str) -> Option<(String, Position)> {
        let offset = marked.find('‸').unwrap();
        let place = Place::at(&marked.replace('‸', ""), offset)?;
        Some((place.table.join("/"), place.position))
    }

    fn key(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_place_is_in_a_header_a_key_or_a_value() {
        let value = |names: &[&str], quote| Position::Value { key: key(names), quote };
        for (marked, table, position) in [
            ("‸", "", Position::Key),
            ("[sev‸", "", Position::Header { start: 0 }),
            ("a = 1\n[[‸]]\n", "", Position::Header { start: 6 }),
            ("[severity]\n‸", "severity", Position::Key),
            ("[severity]\nhard‸\n", "severity", Position::Key),
            ("[severity]\r\na = \"\r\nhard‸\r\n", "severity", Position::Key),
            ("[run.\"packages/web\"]\nPORT = \"‸", "run/packages/web", value(&["PORT"], Some(28))),
            ("fixes.default = ‸", "", value(&["fixes", "default"], None)),
            ("ignore = [\"a\", \"‸\"]\n", "", value(&["ignore"], Some(15))),
            ("ignore = [\n  \"a\",\n  \"‸\n", "", value(&["ignore"], Some(20))),
            ("[[call]]\nnames = ['‸']\n", "call", value(&["names"], Some(18))),
        ] {
            assert_eq!(at(marked), Some((table.to_owned(), position)), "{marked}");
        }
        for marked in ["# ‸", "a = 1 # ‸", "[severity] ‸", "a = { ‸"] {
            assert_eq!(at(marked), None, "{marked}");
        }
    }

    #[test]
    fn the_keys_of_the_same_table_are_known() {
        let text = "[fixes]\nb = 1\n[severity]\nc = 1\n\nd = 2\n[compose]\ne = 1\n";
        let place = Place::at(text, text.find("\n\nd").unwrap() + 1).unwrap();
        assert_eq!(place.keys, ["c", "d"]);
    }
}
