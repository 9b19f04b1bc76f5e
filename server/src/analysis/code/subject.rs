//! What a candidate is part of: a number, an address in a string, a flag in a command line.

use std::ops::Range;

use tree_sitter::Node;

use super::Source;
use crate::analysis::address::{Address, Place, addresses, decide};
use crate::analysis::occurrence::{Kind, Shape};
use crate::analysis::tree::Path;
use crate::analysis::{command_line, connection};
use crate::pattern::{Pattern, regex};
use crate::port::Port;
use crate::variable::Variable;

/// What a candidate is part of.
pub(super) enum Subject<'tree> {
    /// A number, or a string that is a number and nothing else.
    Number { node: Node<'tree>, is_text: bool },
    /// An address in a string.
    Address { node: Node<'tree>, address: Address },
    /// A flag or assignment in a string that is a command line or a list of settings.
    Command { node: Node<'tree>, kind: Kind },
    /// This machine's side of a mapping, alone in a string: `"8000:80"`. Only a name says that it is not a time of day.
    Mapping { node: Node<'tree> },
    /// The default of a placeholder that a framework fills: `"${server.port:8080}"`.
    Placeholder { node: Node<'tree>, variable: Option<Variable> },
}

/// `${server.port:8080`, `${WEB_PORT:-8080`, up to the number.
static PLACEHOLDER: Pattern = regex!(r"\$\{([0-9A-Za-z_.-]+):-?[^${}]*$");

/// `"port": `, before the number in a text that is JSON; its quotes may be escaped.
static JSON_KEY: Pattern = regex!(r#"\\?["']([0-9A-Za-z_.-]+)\\?["']\s*:\s*(?:\\?["'])?$"#);

/// `8000:80`, `127.0.0.1:8000:80/tcp`.
static MAPPING: Pattern =
    regex!(r"^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}:)?(?P<port>[0-9]{2,5}):[0-9]{2,5}(?:/(?:tcp|udp))?$");

/// A number as programming languages write it: `8080`, `8_080`, `8'080`, `0x1F90`.
pub(super) fn parse_number(text: &str) -> Option<Port> {
    let digits = text.replace(['_', '\''], "");
    match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hexadecimal) => u16::from_str_radix(hexadecimal, 16).ok().and_then(Port::new),
        None => digits.parse().ok(),
    }
}

/// The number or string that the candidate stands in.
pub(super) fn subject<'tree>(
    source: &Source<'_>,
    path: &Path<'tree>,
    span: &Range<usize>,
    port: Port,
) -> Option<Subject<'tree>> {
    for node in path.up() {
        if source.syntax.numbers.contains(&node.kind()) {
            let (before, behind) = (
                source.text.get(node.start_byte()..span.start)?,
                source.text.get(span.end..node.end_byte())?,
            );
            let suffix = behind.trim_end_matches([')', ' ']);
            let is_whole = before.trim_start_matches('(').is_empty()
                && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if is_whole {
                return Some(Subject::Number { node, is_text: false });
            }
            // A macro of C is a text until it is used: `#define PORT "8080"`.
            let is_string =
                before.starts_with('"') && behind.ends_with('"') && !behind[..behind.len() - 1].contains('"');
            return if is_string { in_string(source, path, node, span, port) } else { None };
        }
        if source.syntax.strings.contains(&node.kind()) {
            return in_string(source, path, node, span, port);
        }
        // Something larger, with more in it than the number, is no literal.
        if node.byte_range().len() > span.len()
            && node.named_child_count() > 1
            && !is_string_part(source, node)
        {
            return None;
        }
    }
    None
}

fn is_string_part(source: &Source<'_>, node: Node<'_>) -> bool {
    source.syntax.strings.contains(&node.kind()) || node.kind().contains("string")
}

fn in_string<'tree>(
    source: &Source<'_>,
    path: &Path<'tree>,
    node: Node<'tree>,
    span: &Range<usize>,
    port: Port,
) -> Option<Subject<'tree>> {
    if path.parent(node).is_some_and(|parent| source.syntax.docstrings.contains(&parent.kind())) {
        return None;
    }
    let content = content(source, node)?;
    let text = &source.text[content.clone()];
    // `"Usage: shop -a http://localhost:8080 " "to open the shop."`
    let joined = path.parent(node).filter(|parent| source.syntax.joined_strings.contains(&parent.kind()));
    if joined.is_some_and(|joined| is_prose(&source.text_of(joined).replace(['"', '\''], " "))) {
        return None;
    }
    if text == source.text[span.clone()].trim() {
        return text.parse::<Port>().ok().map(|_| Subject::Number { node, is_text: true });
    }
    let within = span.start - content.start;
    let around = line_around(text, within);
    let (line, within) = (&text[around.clone()], within - around.start..within - around.start + span.len());
    if let Some(name) = PLACEHOLDER.captures(&line[..within.start]).and_then(|captures| captures.get(1)) {
        return Some(Subject::Placeholder { node, variable: name.as_str().parse().ok() });
    }
    if let Some(captures) = MAPPING.captures(line) {
        let is_ours = captures.name("port").is_some_and(|port| port.range() == within);
        return is_ours.then_some(Subject::Mapping { node });
    }
    if let Some(mut address) =
        addresses(line, source.packs).into_iter().find(|address| address.span.start == within.start)
    {
        address.span = span.clone();
        let could_be_one =
            !is_prose(line) && decide(&address, Place::Literal { is_named: true }, source.packs).is_some();
        return (address.port == port && could_be_one).then_some(Subject::Address { node, address });
    }
    if let Some(key) = JSON_KEY.captures(&line[..within.start]).and_then(|captures| captures.get(1)) {
        return source
            .packs
            .names
            .is_port(key.as_str())
            .then_some(Subject::Command { node, kind: Kind::Setting });
    }
    let kind = match connection::keywords(line, source.packs).contains(&within) {
        true => Kind::Connect,
        false if connection::is_to_remote(line, source.packs) => return None,
        false => command_line::in_string(line, &within, source.packs)?.kind,
    };
    Some(Subject::Command { node, kind })
}

/// How far from a number its line is looked at, in bytes: a line may have thousands of numbers.
const REACH: usize = 2000;

/// The line around a place of a string, which may hold a whole program: no address goes beyond it. Of a long line it is the
/// entries of a list that are near.
fn line_around(text: &str, place: usize) -> Range<usize> {
    let is_between = |character: char| character.is_whitespace() || matches!(character, ',' | ';');
    let start = text.ceil_char_boundary(place.saturating_sub(REACH));
    let start = match text[start..place].rfind('\n') {
        Some(newline) => start + newline + 1,
        None if start == 0 => 0,
        None => text[start..place].find(is_between).map_or(start, |between| start + between),
    };
    let end = text.floor_char_boundary((place + REACH).min(text.len()));
    let end = match text[place..end].find('\n') {
        Some(newline) => place + newline,
        None if end == text.len() => end,
        None => text[place..end].rfind(is_between).map_or(end, |between| place + between),
    };
    start..end
}

/// The bytes between a string's quotes.
fn content(source: &Source<'_>, node: Node<'_>) -> Option<Range<usize>> {
    let text = source.text_of(node);
    let prefix = |character: char| character.is_ascii_alphabetic() || matches!(character, '@' | '$' | '#');
    let open = text.find(|character| !prefix(character))?;
    let quote = text.as_bytes()[open];
    if !matches!(quote, b'"' | b'\'' | b'`') {
        // A here-document, or quotes of another kind: `qq{...}`.
        return Some(node.byte_range());
    }
    let width =
        if text.as_bytes()[open..].starts_with(&[quote; 3]) && text.len() >= open + 6 { 3 } else { 1 };
    // `r#"..."#`
    let closing = text.len() - text.trim_end_matches('#').len();
    let width_behind = width + if text[..open].ends_with('#') { closing } else { 0 };
    let range = node.start_byte() + open + width..node.end_byte().checked_sub(width_behind)?;
    (range.start <= range.end && source.text.is_char_boundary(range.end)).then_some(range)
}

/// Whether a text is a sentence: three words or more, most of them letters only; or in a script that has no spaces between
/// words (Thai, Japanese, Chinese).
fn is_prose(text: &str) -> bool {
    let is_unspaced = |letter: char| matches!(letter, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
    if text.chars().any(is_unspaced) {
        return true;
    }
    let (mut letters, mut all) = (0, 0);
    for word in text.split_whitespace() {
        all += 1;
        let word = word.trim_end_matches(['.', ',', ':', '!', '?']);
        letters += usize::from(!word.is_empty() && word.chars().all(char::is_alphabetic));
    }
    all >= 3 && letters * 2 >= all
}

impl<'tree> Subject<'tree> {
    /// The number or string.
    pub(super) fn node(&self) -> Node<'tree> {
        match self {
            Self::Number { node, .. }
            | Self::Address { node, .. }
            | Self::Command { node, .. }
            | Self::Mapping { node }
            | Self::Placeholder { node, .. } => *node,
        }
    }

    /// What a fix has to replace.
    pub(super) fn shape(&self) -> Shape {
        let expression = self.node().byte_range();
        match self {
            Self::Number { is_text: false, .. } => Shape::Number { expression },
            Self::Number { is_text: true, .. } => Shape::Text { expression },
            Self::Address { .. } | Self::Command { .. } | Self::Mapping { .. } | Self::Placeholder { .. } => {
                Shape::Within { expression }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{REACH, line_around};
    use crate::analysis::tests::only_first;

    #[test]
    fn a_place_is_read_with_its_line_or_what_is_near() {
        assert_eq!(line_around("a\nbc d\ne", 3), 2..6);
        assert_eq!(line_around("", 0), 0..0);
        let list = "localhost:8080, ".repeat(5000);
        let place = list.len() / 2;
        let around = line_around(&list, place);
        assert!(around.len() <= 2 * REACH && around.contains(&place));
        assert!(list[around.clone()].starts_with([',', ' ']) && list[around.end..].starts_with([',', ' ']));
    }

    #[test]
    fn code_placeholder_needs_its_default() {
        only_first(
            "code.placeholder",
            "a.java",
            "class A { @Value(\"${server.port:8080}\") int port; }",
            &["class A { @Value(\"${server.port}:8080\") int port; }"],
        );
    }

    #[test]
    fn code_command_line_needs_a_flag_for_ports() {
        only_first(
            "code.command-line",
            "a.js",
            "const command = 'serve --port 8080'",
            &["const command = 'serve --limit 8080'"],
        );
    }
}
