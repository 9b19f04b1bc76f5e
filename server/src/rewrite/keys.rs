//! The keys that lead to a place of a settings file.

use std::ops::Range;

use crate::analysis::Language;
use crate::grammar::Grammar;
use crate::pattern::is_like;

/// The keys and items of a settings file, in the order in which their values begin.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    entries: Vec<Entry>,
}

/// A value and what it is the value of.
#[derive(Debug, Clone)]
struct Entry {
    value: Range<usize>,
    name: Name,
    /// The entry whose value this one is in.
    above: Option<usize>,
}

#[derive(Debug, Clone)]
enum Name {
    /// The bytes of a key.
    Key(Range<usize>),
    /// The place in a list.
    Item(usize),
}

/// A step on the way from the top of a file to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// To the value of a key.
    Key(&'a str),
    /// To an item of a list, counted from 0.
    Item(usize),
}

/// How many steps a path may have. What lies deeper was made by a program.
const LONGEST: usize = 32;

impl Keys {
    /// The keys of a text. A language that has none, or whose keys decide nothing here, gives none.
    pub(super) fn of(text: &str, language: Language) -> Self {
        match language {
            Language::Json => Self::of_tree(text, Grammar::Json),
            Language::Yaml | Language::Compose => Self::of_tree(text, Grammar::Yaml),
            Language::Conf | Language::Toml | Language::Hcl => Statements::read(text),
            Language::Properties => Self::of_lines(text),
            _ => Self::default(),
        }
    }

    /// The way to the innermost value around a place, from the top.
    pub(super) fn path<'a>(&self, text: &'a str, at: usize) -> Vec<Step<'a>> {
        let mut next = self.around(at);
        let mut steps = Vec::new();
        while let Some(entry) = next.and_then(|index| self.entries.get(index)) {
            if steps.len() == LONGEST {
                return Vec::new();
            }
            steps.push(match &entry.name {
                Name::Key(span) => Step::Key(text.get(span.clone()).unwrap_or_default()),
                Name::Item(index) => Step::Item(*index),
            });
            next = entry.above;
        }
        steps.reverse();
        steps
    }

    /// Whether the digits are a whole value, without quotes around them.
    pub(super) fn is_number(&self, span: &Range<usize>) -> bool {
        self.around(span.start).is_some_and(|index| self.entries[index].value == *span)
    }

    /// The innermost entry around a place.
    fn around(&self, at: usize) -> Option<usize> {
        let mut next = self.entries.partition_point(|entry| entry.value.start <= at).checked_sub(1);
        while let Some(index) = next
            && at >= self.entries[index].value.end
        {
            next = self.entries[index].above;
        }
        next
    }

    /// Adds an entry and returns its index.
    fn push(&mut self, value: Range<usize>, name: Name, above: Option<usize>) -> usize {
        self.entries.push(Entry { value, name, above });
        self.entries.len() - 1
    }

    /// The pairs and items of a syntax tree.
    fn of_tree(text: &str, grammar: Grammar) -> Self {
        let mut keys = Self::default();
        let Ok(parsed) = grammar.parse(text, None) else { return keys };
        let mut cursor = parsed.tree.walk();
        // For each node on the way: its kind, and how many items it has had so far.
        let mut way: Vec<(&str, usize)> = Vec::new();
        let mut around: Vec<usize> = Vec::new();
        loop {
            let node = cursor.node();
            while around.last().is_some_and(|index| keys.entries[*index].value.end <= node.start_byte()) {
                around.pop();
            }
            let item = match (way.last_mut(), node.kind()) {
                (_, "comment") => None,
                (Some((kind, count)), _)
                    if node.is_named() && matches!(*kind, "array" | "flow_sequence" | "block_sequence") =>
                {
                    *count += 1;
                    Some((node, Name::Item(*count - 1)))
                }
                (_, "pair" | "block_mapping_pair" | "flow_pair") => node
                    .child_by_field_name("key")
                    .zip(node.child_by_field_name("value"))
                    .map(|(key, value)| (value, Name::Key(without_quotes(text, key.byte_range())))),
                _ => None,
            };
            // A key that is a mapping itself has entries of its own, which lead to no value.
            let last = keys.entries.last().map_or(0, |entry| entry.value.start);
            if let Some((value, name)) = item.filter(|(value, _)| value.start_byte() >= last) {
                let above = around.last().copied();
                around.push(keys.push(value.byte_range(), name, above));
            }
            if cursor.goto_first_child() {
                way.push((node.kind(), 0));
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return keys;
                }
                way.pop();
            }
        }
    }

    /// The keys of lines such as `server.port=8080`, each with its dots.
    fn of_lines(text: &str) -> Self {
        let mut keys = Self::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let key = word(text, start + line.len() - line.trim_start().len()..start + line.len());
            if !key.is_empty() && !line.trim_start().starts_with(['#', '!']) {
                keys.push(key.start..start + line.len(), Name::Key(key), None);
            }
            start += line.len();
        }
        keys
    }
}

/// The bytes of a key without its quotes.
fn without_quotes(text: &str, span: Range<usize>) -> Range<usize> {
    let key = &text[span.clone()];
    let inner = key.trim_matches(['"', '\'']);
    let start = span.start + (key.len() - key.trim_start_matches(['"', '\'']).len());
    start..start + inner.len()
}

/// The first word of a statement, without quotes: the text before a space, `=`, `:` or `{`.
fn word(text: &str, span: Range<usize>) -> Range<usize> {
    let statement = &text[span.clone()];
    if let Some(quote) = statement.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let end = statement[1..].find(quote).map_or(statement.len(), |end| end + 1);
        return span.start + 1..span.start + end;
    }
    let ends = |character: char| character.is_whitespace() || "=:{;,(".contains(character);
    span.start..span.start + statement.find(ends).unwrap_or(statement.len())
}

/// Reads what consists of sections, blocks in braces, and statements of a key and a value: TOML, INI, HCL, HOCON, and the
/// directives of servers.
struct Statements<'a> {
    text: &'a str,
    keys: Keys,
    /// The entries of `[section]`.
    section: Option<usize>,
    /// The first and last entry of each block that is open.
    blocks: Vec<Option<(usize, usize)>>,
    /// The first and last entry of the statement that is being read.
    current: Option<(usize, usize)>,
    /// How many brackets of lists are open.
    lists: usize,
}

impl<'a> Statements<'a> {
    fn read(text: &'a str) -> Keys {
        let (keys, section, blocks, current) = (Keys::default(), None, Vec::new(), None);
        let mut statements = Self { text, keys, section, blocks, current, lists: 0 };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            statements.line(start, line);
            start += line.len();
        }
        statements.keys
    }

    fn line(&mut self, start: usize, line: &str) {
        let trimmed = line.trim_start();
        if self.lists == 0 {
            self.end(start);
            if let Some(name) = trimmed.strip_prefix('[').filter(|_| self.blocks.is_empty()) {
                let name = name.trim_start_matches('[').split(']').next().unwrap_or_default();
                let from = start + (name.as_ptr() as usize - line.as_ptr() as usize);
                self.section = None;
                self.section = self.chain(from..from + name.len(), start).map(|(_, last)| last);
                return;
            }
        }
        if trimmed.starts_with(['#', ';']) || trimmed.starts_with("//") {
            return;
        }
        let mut quote = None;
        let mut before = '\n';
        for (at, character) in line.char_indices() {
            let place = start + at;
            match (quote, character) {
                (Some(open), _) if character == open && before != '\\' => quote = None,
                (Some(_), _) => {}
                (None, '#') if before.is_whitespace() => break,
                (None, '/') if before == '/' => break,
                (None, _) => {
                    self.mark(place, character, start + line.len());
                    quote = matches!(character, '"' | '\'').then_some(character);
                }
            }
            before = character;
        }
    }

    /// A character outside of quotes.
    fn mark(&mut self, place: usize, character: char, end_of_line: usize) {
        match character {
            '{' => {
                let names = self.current.take();
                let labels = names.and_then(|names| self.labels(names, place));
                self.blocks.push(labels.or(names));
            }
            '}' => {
                self.end(place);
                if let Some(Some((first, last))) = self.blocks.pop() {
                    self.keys.entries[first..=last].iter_mut().for_each(|entry| entry.value.end = place);
                }
            }
            '[' => self.lists += 1,
            ']' => self.lists = self.lists.saturating_sub(1),
            ';' | ',' if self.lists == 0 => self.end(place),
            _ if character.is_whitespace() || self.current.is_some() || self.lists > 0 => {}
            _ => {
                let name = word(self.text, place..end_of_line);
                // A quoted key keeps its dots.
                self.current = match character {
                    '"' | '\'' => {
                        let above = self.above();
                        let index = self.keys.push(place..usize::MAX, Name::Key(name), above);
                        Some((index, index))
                    }
                    _ => self.chain(name, place),
                };
            }
        }
    }

    /// The statement ends.
    fn end(&mut self, place: usize) {
        if let Some((first, last)) = self.current.take() {
            self.keys.entries[first..=last].iter_mut().for_each(|entry| entry.value.end = place);
        }
    }

    fn above(&self) -> Option<usize> {
        self.blocks.iter().rev().find_map(|block| block.map(|(_, last)| last)).or(self.section)
    }

    /// An entry for each part of a name with dots.
    fn chain(&mut self, name: Range<usize>, place: usize) -> Option<(usize, usize)> {
        let mut above = self.above();
        let mut first = None;
        let mut start = name.start;
        for part in self.text[name].split('.') {
            let key = without_quotes(self.text, start..start + part.len());
            let index = self.keys.push(place..usize::MAX, Name::Key(key), above);
            first.get_or_insert(index);
            above = Some(index);
            start += part.len() + 1;
        }
        first.zip(above)
    }

    /// Entries for the labels of a block: `port "http" {`.
    fn labels(&mut self, (first, last): (usize, usize), brace: usize) -> Option<(usize, usize)> {
        let Name::Key(name) = &self.keys.entries[last].name else { return None };
        let mut from = name.end;
        let mut above = last;
        let mut rest = self.text.get(from..brace)?.trim_start_matches(['"', '\'']);
        while let Some(open) = rest.find('"') {
            let start = brace - rest.len() + open + 1;
            let Some(length) = self.text[start..brace].find('"') else { break };
            above = self.keys.push(start..usize::MAX, Name::Key(start..start + length), Some(above));
            from = start + length + 1;
            rest = &self.text[from..brace];
        }
        Some((first, above))
    }
}

/// Whether a path is like a pattern such as `emulators/*/port`, in which `*` stands for any text and `**` for any steps.
pub(super) fn is_at(path: &[Step<'_>], pattern: &str) -> bool {
    fn rest(path: &[Step<'_>], pattern: &[&str]) -> bool {
        match (pattern, path) {
            ([], path) => path.is_empty(),
            (["**", more @ ..], path) => (0..=path.len()).any(|skipped| rest(&path[skipped..], more)),
            (_, []) => false,
            ([name, more @ ..], [Step::Key(key), path @ ..]) => is_like(key, name) && rest(path, more),
            ([name, more @ ..], [Step::Item(_), path @ ..]) => *name == "*" && rest(path, more),
        }
    }
    rest(path, &pattern.split('/').collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The steps to the first `8080` of a text, as in a pattern.
    fn path(file_name: &str, text: &str) -> String {
        let language = Language::of_path(Path::new(file_name)).unwrap();
        let keys = Keys::of(text, language);
        let steps = keys.path(text, text.find("8080").unwrap());
        let words = steps.iter().map(|step| match step {
            Step::Key(key) => (*key).to_owned(),
            Step::Item(index) => index.to_string(),
        });
        words.collect::<Vec<_>>().join("/")
    }

    #[test]
    fn keys_lead_to_a_place_in_every_format() {
        for (file_name, text, expected) in [
            (
                "a.json",
                "{\"A\": {\"B\": 1}, // {\n\"X\": {\"Y\": \"a\", \"Url\": \"http://a:8080\"}}",
                "X/Url",
            ),
            ("a.json", "{\"Hosts\": [\"a:1\", [], {\"a\": 1}, \"localhost:8080\"]}", "Hosts/3"),
            ("a.json", "{\"a.b\": {\"port\": 8080}}", "a.b/port"),
            ("a.json", "[8080]", "0"),
            (
                "a.yaml",
                "a:\n  b: 1\nservice:\n  - x: 1\n  - ports:\n      - name: web\n        port: 8080\n",
                "service/1/ports/0/port",
            ),
            ("a.yaml", "a: {b: 1, \"c\": [1, 8080]}\n", "a/c/1"),
            (
                "a.yaml",
                "jobs:\n  a:\n    steps:\n      - run: |\n          curl localhost:8080\n",
                "jobs/a/steps/0/run",
            ),
            (
                "a.toml",
                "[default]\na = 1\n[env.dev.vars]\n# {\nb = [\n  1,\n  2,\n]\nurl = \"http://a:8080\"\n",
                "env/dev/vars/url",
            ),
            ("a.toml", "a.\"b.c\".port = 8080\n", "a/b/c/port"),
            ("a.toml", "[dev]\nports = [\n  1,\n  8080,\n]\n", "dev/ports"),
            ("a.toml", "dev = { ip = \"a\", port = 8080 }\n", "dev/port"),
            ("redis.conf", "bind 127.0.0.1\nport 8080\n", "port"),
            ("a.ini", "; don't {\n[server]\nhttp_port = 8080\n", "server/http_port"),
            (
                "application.conf",
                "a { b = 1 }\nshop.web {\n  host = \"a\"\n  port = 8080\n}\n",
                "shop/web/port",
            ),
            ("nginx.conf", "http { server { listen 80; } server { listen 8080; } }\n", "http/server/listen"),
            (
                "a.hcl",
                "x {}\njob \"web\" {\n  network {\n    port \"http\" {\n      static = 8080\n    }\n  }\n}\n",
                "job/web/network/port/http/static",
            ),
            (
                "a.tf",
                "variable \"web_port\" {\n  type = number\n  default = 8080\n}\n",
                "variable/web_port/default",
            ),
            ("a.properties", "# a\nbroker.id=0\nserver.port = 8080\n", "server.port"),
        ] {
            assert_eq!(path(file_name, text), expected, "{text}");
        }
    }

    #[test]
    fn a_pattern_stands_for_paths() {
        use Step::{Item, Key};
        let path = [Key("jobs"), Key("web"), Key("steps"), Item(0), Key("run")];
        for (pattern, expected) in [
            ("jobs/*/steps/**", true),
            ("**/run", true),
            ("jobs/*/steps/*/run", true),
            ("jobs/w*/**/r*", true),
            ("jobs/*/run", false),
            ("jobs", false),
            ("**", true),
        ] {
            assert_eq!(is_at(&path, pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn a_number_is_a_whole_value_without_quotes() {
        let text = "{\"a\": 8080, \"b\": \"8081\", \"c\": \"localhost:8082\"}";
        let keys = Keys::of(text, Language::Json);
        let is_number = |digits: &str| {
            let start = text.find(digits).unwrap();
            keys.is_number(&(start..start + 4))
        };
        assert_eq!(["8080", "8081", "8082"].map(is_number), [true, false, false]);
    }
}
