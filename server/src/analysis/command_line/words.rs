//! A script as commands, and a command as words. It reads whatever it is given, prose and templates too, and a part that
//! no shell would take is a word like any other.

use std::collections::HashMap;
use std::ops::Range;

use super::slice::Slice;

/// How deep commands in words of commands are read: `sh -c "ssh host 'serve'"`.
const DEEPEST: usize = 6;

/// The longest `$(...)`, `${...}` or `{{...}}` that is one word. An opening one may be text.
const LONGEST_GROUP: usize = 4_096;

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// The word as written, with its quotes.
    pub(super) whole: Slice<'a>,
    /// The word without the quotes around it.
    pub(super) content: Slice<'a>,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command<'a> {
    pub(super) words: Vec<Word<'a>>,
    /// Where it begins and ends.
    pub(super) span: Range<usize>,
    /// The command in a word of which it is written.
    pub(super) parent: Option<usize>,
    /// The command whose output it reads.
    pub(super) source: Option<usize>,
}

/// The commands of a script in the order in which they begin, each before those in its words.
#[derive(Debug, Default)]
pub(super) struct Script<'a> {
    pub(super) commands: Vec<Command<'a>>,
}

impl<'a> Script<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut script = Self::default();
        script.read(Slice::of(text), None, 0);
        script
    }

    /// A command of these words, which are of a list of words.
    pub(super) fn of_list(words: &[&'a str]) -> Self {
        let words: Vec<_> = words
            .iter()
            .map(|word| Word { whole: Slice::of(word), content: Slice::of(word).bare() })
            .collect();
        Self { commands: vec![Command { words, span: 0..0, parent: None, source: None }] }
    }

    /// The innermost command around an offset, and the index of its word there.
    pub(super) fn word_at(&self, offset: usize) -> Option<(usize, usize)> {
        let behind = self.commands.partition_point(|command| command.span.start <= offset);
        let mut index = behind.checked_sub(1)?;
        loop {
            let command = &self.commands[index];
            let behind = command.words.partition_point(|word| word.whole.span().start <= offset);
            let word = behind.checked_sub(1).filter(|word| offset < command.words[*word].whole.span().end);
            match (word, command.parent) {
                (Some(word), _) => return Some((index, word)),
                (None, parent) => index = parent?,
            }
        }
    }

    fn read(&mut self, text: Slice<'a>, parent: Option<usize>, depth: usize) {
        let mut lexer = Lexer::of(text);
        let mut source = None;
        while let Some(read) = lexer.next() {
            let (Some(first), Some(last)) = (read.words.first(), read.words.last()) else {
                source = None;
                continue;
            };
            let span = first.whole.span().start..last.whole.span().end;
            let index = self.commands.len();
            self.commands.push(Command { words: read.words, span, parent, source });
            source = read.is_piped.then_some(index);
            if depth < DEEPEST {
                for script in read.scripts {
                    self.read(script, Some(index), depth + 1);
                }
            }
        }
    }
}

/// A command with what is read from it next.
#[derive(Default)]
struct Read<'a> {
    words: Vec<Word<'a>>,
    /// The parts of words that are scripts themselves.
    scripts: Vec<Slice<'a>>,
    /// Whether its output goes into the next command.
    is_piped: bool,
}

struct Lexer<'a> {
    text: Slice<'a>,
    bytes: &'a [u8],
    at: usize,
    /// Where the word begins that is read.
    start: Option<usize>,
    /// Where the comment ends that is read; its quotes do not go beyond.
    comment: usize,
    /// Where each parenthesis and brace is closed.
    groups: HashMap<usize, usize>,
}

impl<'a> Lexer<'a> {
    fn of(text: Slice<'a>) -> Self {
        Self {
            text,
            bytes: text.text().as_bytes(),
            at: 0,
            start: None,
            comment: 0,
            groups: groups(text.text()),
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    /// The next command, which may have no word.
    fn next(&mut self) -> Option<Read<'a>> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let mut read = Read::default();
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            match byte {
                b'\\' | b'`' | b'^' if let Some(length) = self.continuation() => {
                    self.end_word(&mut read);
                    self.at += length;
                }
                b'^' if matches!(self.byte(self.at + 1), b'|' | b'&') => {
                    self.end_word(&mut read);
                    self.at += 1;
                }
                b'\\' if matches!(self.byte(self.at + 1), b'"' | b'\'') => self.escaped_quote(&mut read),
                b'\n' | b'\r' | b';' | b'|' | b'&' | b'`' | b'(' | b')' => {
                    if byte == b'(' && self.is_group() && self.group(&mut read) {
                        continue;
                    }
                    // `2>&1`, `&>file`
                    if byte == b'&' && (self.is_behind(b'>') || self.byte(self.at + 1) == b'>') {
                        self.ordinary();
                        continue;
                    }
                    self.end_word(&mut read);
                    self.at += 1;
                    let is_double = self.byte(self.at) == byte;
                    read.is_piped = byte == b'|' && !is_double;
                    if matches!(byte, b'|' | b'&' | b';') && is_double {
                        self.at += 1;
                    }
                    return Some(read);
                }
                b'{' if (self.is_group() || self.byte(self.at + 1) == b'{') && self.group(&mut read) => {}
                b'"' => self.quote(byte, &mut read),
                // `don't`
                b'\'' if !self.is_behind_letter() => self.quote(byte, &mut read),
                b'[' if self.start.is_none() && self.is_before_quote() => self.at += 1,
                b',' if self.start.is_none() => self.at += 1,
                b'#' if self.start.is_none() && self.byte(self.at + 1).is_ascii_whitespace() => {
                    let end = self.bytes[self.at..].iter().position(|byte| *byte == b'\n');
                    self.comment = end.map_or(self.bytes.len(), |end| self.at + end);
                    self.ordinary();
                }
                _ if byte.is_ascii_whitespace() => {
                    self.end_word(&mut read);
                    self.at += 1;
                }
                _ => self.ordinary(),
            }
        }
        self.end_word(&mut read);
        Some(read)
    }

    /// Takes the byte for a part of a word.
    fn ordinary(&mut self) {
        self.start.get_or_insert(self.at);
        self.at += 1;
    }

    fn end_word(&mut self, read: &mut Read<'a>) {
        if let Some(start) = self.start.take() {
            let whole = self.text.part(start..self.at);
            let text = whole.text();
            let quotes = ["\\\"", "\\'", "\"", "'"];
            let is_quoted = |quote: &&&str| {
                text.len() > quote.len() && text.starts_with(**quote) && text.ends_with(**quote)
            };
            let width = quotes.iter().find(is_quoted).map_or(0, |quote| quote.len());
            let content = whole.part(width.min(text.len() - width)..text.len() - width);
            read.words.push(Word { whole, content });
        }
    }

    /// The length of what continues a line: the mark of a shell, of PowerShell or of a batch file, and the end of the line.
    fn continuation(&self) -> Option<usize> {
        match (self.byte(self.at + 1), self.byte(self.at + 2)) {
            (b'\n', _) => Some(2),
            (b'\r', b'\n') => Some(3),
            _ => None,
        }
    }

    fn is_behind(&self, byte: u8) -> bool {
        self.at > 0 && self.bytes[self.at - 1] == byte
    }

    fn is_behind_letter(&self) -> bool {
        self.start.is_some() && self.at > 0 && self.bytes[self.at - 1].is_ascii_alphanumeric()
    }

    /// Whether a parenthesis or brace is that of `$(` or `${`.
    fn is_group(&self) -> bool {
        self.start.is_some() && self.is_behind(b'$')
    }

    /// Whether a quote follows the bracket, as in a list of words.
    fn is_before_quote(&self) -> bool {
        let mut rest = self.bytes[self.at + 1..].iter().skip_while(|byte| matches!(byte, b' ' | b'\t'));
        matches!(rest.next(), Some(b'"' | b'\''))
    }

    /// Reads up to the closing quote, if there is one.
    fn quote(&mut self, quote: u8, read: &mut Read<'a>) {
        let end = if self.at < self.comment { self.comment } else { self.bytes.len() };
        let is_closing = |at: &usize| {
            self.bytes[*at] == quote && (quote == b'\'' || self.bytes[*at - 1] != b'\\' || *at == self.at + 1)
        };
        match (self.at + 1..end).find(is_closing) {
            Some(close) => self.quoted(1, close, read),
            None => self.ordinary(),
        }
    }

    /// The same where the quotes are those of a text in quotes: `\"`.
    fn escaped_quote(&mut self, read: &mut Read<'a>) {
        let open = self.at;
        let mark = &self.bytes[open..open + 2];
        let close =
            (open + 2..self.bytes.len().saturating_sub(1)).find(|at| &self.bytes[*at..*at + 2] == mark);
        match close {
            Some(close) => self.quoted(2, close, read),
            None => {
                self.ordinary();
                self.ordinary();
            }
        }
    }

    /// Takes a part between quotes of that width, which ends before `close`.
    fn quoted(&mut self, width: usize, close: usize, read: &mut Read<'a>) {
        let open = self.at;
        let is_whole = self.start.is_none();
        self.start.get_or_insert(open);
        self.at = close + width;
        self.script(open + width..close, !is_whole, read);
        // `"a", "b"]`
        if is_whole && matches!(self.byte(self.at), b',' | b']') {
            self.end_word(read);
            self.at += 1;
        }
    }

    /// Takes `$(...)`, `${...}` or `{{...}}` for a part of a word, if its end is not far.
    fn group(&mut self, read: &mut Read<'a>) -> bool {
        let is_near = |close: &&usize| **close - self.at <= LONGEST_GROUP;
        let Some(close) = self.groups.get(&self.at).filter(is_near).copied() else { return false };
        self.start.get_or_insert(self.at);
        if self.byte(self.at + 1) != b'{' {
            self.script(self.at + 1..close, false, read);
        }
        self.at = close + 1;
        true
    }

    /// Keeps a part of a word, which is read as a script where it is more than one word, or a flag behind something else:
    /// `OPTIONS="--port=8080"`.
    fn script(&self, span: Range<usize>, is_behind: bool, read: &mut Read<'a>) {
        let part = self.text.part(span);
        let text = part.text().trim();
        if is_behind && text.starts_with('-') || text.bytes().any(|byte| byte.is_ascii_whitespace()) {
            read.scripts.push(part);
        }
    }
}

/// Where each parenthesis and brace of a text is closed, if anything is put into words there.
fn groups(text: &str) -> HashMap<usize, usize> {
    let mut groups = HashMap::new();
    if !["$(", "${", "{{"].iter().any(|open| text.contains(open)) {
        return groups;
    }
    let (mut parentheses, mut braces) = (Vec::new(), Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => parentheses.push(at),
            b'{' => braces.push(at),
            b')' => groups.extend(parentheses.pop().map(|open| (open, at))),
            b'}' => groups.extend(braces.pop().map(|open| (open, at))),
            _ => {}
        }
    }
    groups
}

#[cfg(test)]
mod tests;
