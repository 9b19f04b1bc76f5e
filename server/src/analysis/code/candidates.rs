//! The numbers of a program that may be ports, found without parsing it. How precise this is
//! decides how many files are parsed for nothing, and that decides the speed.

use std::ops::Range;

use crate::analysis::packs::Packs;
use crate::pattern::{Pattern, regex};

/// Numbers that may be ports: decimal with separators (`8_080`, `8'080`), hexadecimal.
static NUMBER: Pattern = regex!(
    r"(?-u:\b)(?:0[xX][0-9A-Fa-f_]{2,5}|[1-9][0-9]?'[0-9]{3}|[1-9][0-9_]{1,6})(?:[ui](?:16|32|64|size)|[uUlL]{1,2})?(?-u:\b)"
);

/// Words that stand near a number that is a port; the names of known calls are found besides. `port` is one of them where it is a word of its
/// own (`port`, `httpPort`, `HTTP_PORT`, `httpport`), not in `import`, `support` and `viewport`.
static NEAR: Pattern = regex!(
    r"(?x)
        (?: ^ | [^A-Za-z] ) (?: [Pp]ort | PORT ) | [A-Za-z]Port
      | (?: api|app|db|debug|grpc|host|http|https|listen|proxy|rpc|server|ssl|tcp|udp|web|ws ) port
      | [Ll]isten | LISTEN | (?-u:\b)[Bb]ind | BIND | [Cc]onnect | (?-u:\b)[Dd]ial
      | (?: ^ | [^A-Za-z] ) serve | Serve | SERVE | [Ss]ocket | httpd
      | (?: ^ | [^A-Za-z] ) [Hh]ost | localhost | Host | HOST | (?: ^ | [^A-Za-z] ) addr | Addr | ADDR
      | [a-z]Server (?: (?: \. | :: | -> ) (?: new | create ) )? \s* [(\x20] | sockaddr | htons | [Ee]nd[Pp]oint [({\x20]
      | getaddrinfo | [Aa]cceptor | (?: tcp | udp ) ::v[46] | default_value | (?-u:\b) let \(
      | (?: [Ss]erver | (?-u:\b) [Dd]ata\ [Ss]ource ) \s* = | [\x22']-p[\x22'], | (?-u:\b) (?: Redis | createClient ) \(
      | 127\.0\.0\.1 | 0\.0\.0\.0 | socket\.io
        "
);

/// How far before a number a word still says something about it.
pub(super) const WINDOW: usize = 120;

/// The numbers of a text and the words that speak of ports, each found in one pass.
pub(super) struct Scan<'a> {
    text: &'a str,
    /// The digits of the numbers, in the order of the text.
    pub(super) numbers: Vec<Range<usize>>,
    /// Where the words end.
    words: Vec<usize>,
}

impl<'a> Scan<'a> {
    pub(super) fn of(text: &'a str, packs: &Packs) -> Self {
        let numbers: Vec<_> = NUMBER.find_iter(text).map(|found| digits(text, found.range())).collect();
        // Without a number no word says anything.
        let words = if numbers.is_empty() { Vec::new() } else { words(text, packs) };
        Self { text, numbers, words }
    }

    /// The same of a part of a text, where a word may speak of a number in another.
    pub(super) fn of_part(text: &'a str, packs: &Packs) -> Self {
        Self { words: words(text, packs), ..Self::of(text, packs) }
    }

    /// Where the words end that speak of ports.
    pub(super) fn words(&self) -> &[usize] {
        &self.words
    }

    /// Whether a word of the text speaks of ports.
    pub(super) fn has_words(&self) -> bool {
        !self.words.is_empty()
    }

    /// The numbers that stand behind a host, or near a word that speaks of ports and that counts. Comment lines are
    /// passed over.
    pub(super) fn candidates(&self, mut counts: impl FnMut(usize) -> bool) -> Vec<Range<usize>> {
        let numbers = self.numbers.iter();
        numbers.filter(|span| self.is_candidate(span, &mut counts)).cloned().collect()
    }

    /// Whether a number is one of these.
    pub(super) fn is_candidate(&self, span: &Range<usize>, counts: impl FnMut(usize) -> bool) -> bool {
        (follows_host(self.text.as_bytes(), span)
            || precedes_host(&self.text[span.end..])
            || self.is_spoken_of(span, counts))
            && !is_comment_line(self.text, span.start)
    }

    /// Whether a word before a place speaks of ports, and counts, by where it ends.
    pub(super) fn is_spoken_of(&self, span: &Range<usize>, mut counts: impl FnMut(usize) -> bool) -> bool {
        let before = self.words.partition_point(|end| *end <= span.start);
        let near = self.words[..before].iter().rev().take_while(|end| is_near(self.text, **end, span));
        near.into_iter().any(|end| counts(*end))
    }

    /// How far the words that speak of ports reach, each to the end of its statement at most.
    pub(super) fn reaches(&self) -> impl Iterator<Item = Range<usize>> {
        self.words.iter().map(|word| reach(self.text, *word))
    }
}

fn words(text: &str, packs: &Packs) -> Vec<usize> {
    let words = NEAR.find_iter(text).map(|word| word.end());
    let mut words: Vec<_> = words.chain(packs.calls.ends_in(text)).collect();
    words.sort_unstable();
    words
}

/// How far a word that ends at `end` reaches, to the end of its statement at most.
pub(super) fn reach(text: &str, end: usize) -> Range<usize> {
    let farthest = text.floor_char_boundary(end + WINDOW);
    end..end_of_statement(text, end..farthest).unwrap_or(farthest)
}

/// The first place in a span where a statement has certainly ended: at a semicolon at the end of its line, at a blank line before a line
/// that begins something without an indent.
fn end_of_statement(text: &str, span: Range<usize>) -> Option<usize> {
    let bytes = text.as_bytes();
    let within = bytes.get(span.clone())?;
    let begins_something = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b')' | b']' | b'}');
    memchr::memchr_iter(b'\n', within).find_map(|newline| {
        if within[..newline].ends_with(b";") {
            return Some(span.start + newline - 1);
        }
        let is_blank_line = within.get(newline + 1) == Some(&b'\n');
        let next = bytes.get(span.start + newline + 2);
        (is_blank_line && next.is_some_and(begins_something)).then_some(span.start + newline)
    })
}

/// The number without the suffix that tells its type: `8080u16`, `8080L`.
fn digits(text: &str, span: Range<usize>) -> Range<usize> {
    let number = &text[span.clone()];
    if number.starts_with("0x") || number.starts_with("0X") {
        return span;
    }
    let digits = number.find(|character: char| character.is_ascii_alphabetic()).unwrap_or(number.len());
    let digits = number[..digits].trim_end_matches('_').len();
    span.start..span.start + digits
}

/// Whether a word that ends at `end` still says something about the number.
fn is_near(text: &str, end: usize, span: &Range<usize>) -> bool {
    // A small number is a port only where that is said right before it.
    let is_small = span.len() <= 2 && &text[span.clone()] < "80";
    let window = if is_small { 24 } else { WINDOW };
    // A word of the statement before says nothing.
    span.start - end <= window && end_of_statement(text, end..span.start).is_none()
}

/// Whether the number stands behind what may be a host and a colon: `localhost:8080`, `":8080"`,
/// `${host}:8080`; not the entry of an object (`{a:10}`) nor the end of a conditional (`a?b:10`).
fn follows_host(text: &[u8], span: &Range<usize>) -> bool {
    let Some((b':', before)) = text[..span.start].split_last() else { return false };
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let host = before.iter().rev().take_while(|byte| is_host(byte)).count();
    match before[..before.len() - host].last() {
        None => false,
        // `":8080"`, not `"key":8080`.
        Some(b'"' | b'\'' | b'`') if host == 0 => {
            matches!(text.get(span.end), Some(b'"' | b'\'' | b'`' | b'/' | b',' | b'\\'))
        }
        Some(b'"' | b'\'' | b'`' | b'/' | b'@' | b'}' | b']' | b')' | b'(' | b'*' | b'+' | b'=') => true,
        Some(b' ' | b',') => span.len() >= 4,
        // `%s:8080`, of which `s` was taken for a host.
        Some(b'%') => true,
        Some(_) => false,
    }
}

/// Whether behind a number stands the host that it is the port of: `get(8080, "localhost", "/")`.
fn precedes_host(behind: &str) -> bool {
    behind
        .strip_prefix(", ")
        .and_then(|argument| argument.strip_prefix(['"', '\'']))
        .is_some_and(|host| ["localhost", "127.0.0.1", "0.0.0.0"].iter().any(|name| host.starts_with(name)))
}

/// Whether nothing but a comment stands on the line.
fn is_comment_line(text: &str, offset: usize) -> bool {
    let line = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line..offset].trim_start();
    line.starts_with("//") || line.starts_with("* ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        Scan::of(text, Packs::built_in()).candidates(|_| true).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn numbers_behind_a_host_or_near_a_word() {
        assert_eq!(found("get('http://localhost:8080/')"), ["8080"]);
        assert_eq!(found("Run(\":80\")"), ["80"]);
        assert_eq!(found("`${host}:8080`"), ["8080"]);
        assert_eq!(found("app.listen(\n    8_080\n)"), ["8_080"]);
        assert_eq!(found("const httpPort = 0x1F90"), ["0x1F90"]);
        assert_eq!(found("connect('x', 5432)"), ["5432"]);
    }

    #[test]
    fn a_word_says_nothing_behind_the_end_of_its_statement() {
        assert_eq!(found("listen(a);\nf(1000)"), [""; 0]);
        assert_eq!(found("listen(a)\n\n\ndef f(limit=1000):"), [""; 0]);
        assert_eq!(found("listen(a)\n\n8080"), [""; 0]);
        assert_eq!(found("listen(\n\n    8080"), ["8080"]);
        assert_eq!(found("listen(a)\nf(1000)"), ["1000"]);
    }

    #[test]
    fn other_numbers_are_not_looked_at() {
        for text in
            ["a={b:10,c:200}", "a?b:100", "import a from 'x'; f(1000)", "// listen(8080)", "\"timeout\":3000"]
        {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
