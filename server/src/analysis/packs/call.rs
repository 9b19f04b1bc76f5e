//! Rows about calls: what a call makes of a number among its arguments.

use std::collections::HashMap;

use memchr::memchr_iter;
use serde::Deserialize;

use super::super::decided_by::DecidedBy;
use super::names::{PortName, port_name};
use super::row::{Example, Expected, Row, id};
use crate::pattern::is_like;
use crate::service::words;

/// What a call makes of its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(in crate::analysis) enum Callee {
    /// The port of a container, of which the call returns this machine's side, `getMappedPort(8080)`, or the tag
    /// of its image.
    Container,
    /// Room is made for that many: `make(MatchHost, 10000)`.
    Capacity,
    /// A text is looked for, or cut off: `TrimSuffix(host, ":443")`.
    Search,
    /// Text for people, or a test's expectation: nothing in it is a port that decides anything.
    Prose,
    /// The value in another type: `Number(...)`, `int(...)`.
    Conversion,
    /// A list or map of the arguments: `listOf(...)`, `vec![...]`.
    Collection,
    /// Something listens.
    Listen,
    /// Something connects.
    Connect,
    /// A server is made or started, if its first argument looks like a port.
    Server,
    /// A server is made with an engine and a port: `embeddedServer(Netty, 8080)`.
    Engine,
    /// The call is named like a port: `setPort(8080)`.
    Setter,
    /// The call gives a value to a name: `set :port, 4567`.
    Setting,
    /// An option of the command line is declared, with its default: `flag.String("addr", ":8080", "")`.
    Option,
    /// Something that holds a value is made: `new AtomicInteger(8080)`, `useState(8080)`.
    Wrapper,
    /// Something is made, and what is made says what the arguments are: `TCPServer.new(8080)`.
    Make,
    /// Nothing is known of it.
    #[default]
    Other,
}

impl Callee {
    /// Whether it makes a port of a number, wherever the call is.
    fn decides(self) -> bool {
        matches!(self, Self::Listen | Self::Connect | Self::Server | Self::Engine | Self::Setter)
    }
}

/// A row about calls. All that it says has to hold; of the texts in one list, any.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct CallRow {
    /// What decisions by this row are explained with.
    #[serde(deserialize_with = "id")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) id: DecidedBy,
    /// What the row says, in one sentence.
    pub(super) means: String,
    /// What the call makes of its arguments.
    does: Callee,
    /// The last name of what is called, however it is spelled; `*` stands for any text.
    #[serde(default, deserialize_with = "lower")]
    names: Vec<String>,
    /// The last name as it is spelled.
    #[serde(default)]
    spelled: Vec<String>,
    /// The first name of what is called, however it is spelled: `console` of `console.log`.
    #[serde(default, deserialize_with = "lower")]
    roots: Vec<String>,
    /// The name before the last one, as it is spelled: `List` of `java.util.List.of`; empty where the call has one name only.
    #[serde(default)]
    receivers: Vec<String>,
    /// The last word of the first name, or of the name before the last one.
    #[serde(default, deserialize_with = "lower")]
    receiver_words: Vec<String>,
    /// A word of the last name.
    #[serde(default, deserialize_with = "lower")]
    words: Vec<String>,
    /// The first word of the last name.
    #[serde(default, deserialize_with = "lower")]
    first_words: Vec<String>,
    /// No word of the last name.
    #[serde(default, deserialize_with = "lower")]
    not_words: Vec<String>,
    /// Not the first word of the last name.
    #[serde(default, deserialize_with = "lower")]
    not_first_words: Vec<String>,
    /// Not the last word of the last name.
    #[serde(default, deserialize_with = "lower")]
    not_last_words: Vec<String>,
    /// Not the end of the last name, however it is spelled.
    #[serde(default, deserialize_with = "lower")]
    not_endings: Vec<String>,
    /// A part of what is called, as written.
    #[serde(default)]
    text: Vec<String>,
    /// No part of what is called, as written.
    #[serde(default)]
    not_text: Vec<String>,
    /// Whether the last name speaks of a port.
    is_port_name: Option<bool>,
    /// Whether the last name is spelled in capitals.
    is_constant: Option<bool>,
    /// An example with `{}` for each of the names, by the ending of a file in its language.
    #[serde(default)]
    each: HashMap<String, String>,
    /// Examples in which this row finds a port.
    #[serde(default)]
    found: Vec<HashMap<String, String>>,
    /// Examples in which no port is found, for this row or for what it excludes.
    #[serde(default)]
    not: Vec<HashMap<String, String>>,
    /// Whether the row is a project's own.
    #[serde(skip)]
    pub(super) is_own: bool,
}

/// Texts that are compared in lower case, however somebody wrote them.
fn lower<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    Ok(texts.into_iter().map(|text| text.to_ascii_lowercase()).collect())
}

impl Row for CallRow {
    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn means(&self) -> &str {
        &self.means
    }

    fn fault(&self) -> Option<&'static str> {
        let conditions = [
            &self.names,
            &self.spelled,
            &self.roots,
            &self.receiver_words,
            &self.words,
            &self.first_words,
            &self.text,
        ];
        let is_any = |name: &String| name.chars().all(|character| character == '*');
        let says_nothing = |list: &&Vec<String>| list.is_empty() || list.iter().any(is_any);
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let mut names = self.names.iter().chain(&self.spelled);
        // `""` in `receivers` is a call that has one name only.
        let is_open = self.is_port_name.is_none()
            && self.is_constant.is_none()
            && self.receivers.is_empty()
            && conditions.iter().all(says_nothing);
        if is_open {
            Some("holds for every call: add `names` with the names of the calls that it is about")
        } else if self.does.decides() && !self.has_name() {
            Some(
                "listens or connects, and has no `names`: add them, with `*` for any text, so that the calls are found",
            )
        } else if names.any(|name| !name.bytes().all(|byte| is_word(byte) || byte == b'*')) {
            Some(
                "has a name with other characters than letters, digits, `_` and `*`: `names` are the last names of calls, `listen` of `app.listen`",
            )
        } else {
            None
        }
    }

    fn examples(&self) -> Vec<Example> {
        let example = |expected, (ending, text): (&String, &String)| Example {
            expected,
            ending: ending.clone(),
            text: text.clone(),
        };
        let found = self.found.iter().flatten().map(|pair| example(Expected::Found, pair));
        let not = self.not.iter().flatten().map(|pair| example(Expected::None, pair));
        let names = if self.names.is_empty() { &self.roots } else { &self.names };
        let each = self.each.iter().flat_map(|pair| {
            let changed = example(Expected::Changed, pair);
            names.iter().map(move |name| {
                let spelled = self.spelled.iter().find(|spelled| spelled.eq_ignore_ascii_case(name));
                let name = spelled.unwrap_or(name).replace('*', "It");
                Example { text: changed.text.replace("{}", &name), ..changed.clone() }
            })
        });
        found.chain(not).chain(each).collect()
    }
}

/// Rows about calls, in the order in which they count.
#[derive(Debug, Default)]
pub(in crate::analysis) struct CallTable {
    rows: Vec<CallRow>,
    /// The rows that a last name in lower case belongs to.
    by_name: HashMap<String, Vec<usize>>,
    /// The rows that a last name alone does not lead to.
    others: Vec<usize>,
    /// The last names of calls that may make a port of a number.
    deciding: Deciding,
    /// Those of a project's own rows, which count without a parenthesis too: `boot_shop 8080`. The words of the scan have
    /// those that come with the program.
    commands: Deciding,
}

/// What is known of a call.
#[derive(Debug, Clone)]
pub(in crate::analysis) struct Called<'a> {
    pub(in crate::analysis) does: Callee,
    /// The row that says so.
    row: Option<&'a CallRow>,
}

impl Called<'_> {
    /// What decides about a number among the arguments.
    pub(in crate::analysis) fn by(&self) -> DecidedBy {
        self.row.map_or_else(|| "call.behind-host".into(), |row| row.id.clone())
    }
}

impl CallTable {
    pub(super) fn of(rows: impl IntoIterator<Item = CallRow>) -> Self {
        let rows: Vec<CallRow> = rows.into_iter().collect();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut others = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            if row.names.is_empty() || row.names.iter().any(|name| name.contains('*')) {
                others.push(index);
            } else {
                for name in &row.names {
                    by_name.entry(name.clone()).or_default().push(index);
                }
            }
        }
        let deciding = Deciding::of(rows.iter());
        let commands = Deciding::of(rows.iter().filter(|row| row.is_own));
        Self { rows, by_name, others, deciding, commands }
    }

    /// Where the names of calls end that may make a port of a number. It is asked before a text is parsed, so
    /// that no row is lost.
    pub(in crate::analysis) fn ends_in(&self, text: &str) -> impl Iterator<Item = usize> {
        let bytes = text.as_bytes();
        // Most parentheses stand behind a name that no row has, which is known sooner than where a pattern would match.
        memchr_iter(b'(', bytes)
            .filter(|open| self.deciding.has(name_before(&bytes[..*open])))
            .map(|open| open + 1)
            .chain(self.commands_in(bytes))
    }

    /// Where the names of calls without a parenthesis end.
    fn commands_in(&self, bytes: &[u8]) -> impl Iterator<Item = usize> {
        let spaces = (!self.commands.is_empty()).then(|| memchr_iter(b' ', bytes));
        let is_named = |space: &usize| self.commands.has(name_before(&bytes[..*space]));
        spaces.into_iter().flatten().filter(is_named).map(|space| space + 1)
    }

    /// What is known of what is called, as written.
    pub(in crate::analysis) fn called(&self, text: &str) -> Called<'_> {
        let call = Call::of(text);
        let first = |indices: &[usize]| indices.iter().copied().find(|index| self.rows[*index].holds(&call));
        let named = self.by_name.get(&call.lower).and_then(|indices| first(indices));
        let other = first(&self.others);
        let row = named.into_iter().chain(other).min().map(|index| &self.rows[index]);
        match row {
            Some(row) if row.does == Callee::Make => {
                let made = call.receiver;
                match made.is_empty() || made.ends_with(')') {
                    true => Called { does: Callee::Other, row: None },
                    false => self.called(made),
                }
            }
            Some(row) => Called { does: row.does, row: Some(row) },
            None => Called { does: Callee::Other, row: None },
        }
    }
}

/// The last names of calls that may make a port of a number.
#[derive(Debug, Default)]
struct Deciding {
    /// Those without `*`, by their length.
    plain: Vec<Vec<String>>,
    patterns: Vec<String>,
}

impl Deciding {
    fn of<'r>(rows: impl Iterator<Item = &'r CallRow>) -> Self {
        let mut deciding = Self::default();
        let rows = rows.filter(|row| row.does.decides());
        let names = rows.flat_map(|row| if row.names.is_empty() { &row.spelled } else { &row.names });
        for name in names {
            if name.contains('*') {
                deciding.patterns.push(name.clone());
                continue;
            }
            if deciding.plain.len() <= name.len() {
                deciding.plain.resize(name.len() + 1, Vec::new());
            }
            deciding.plain[name.len()].push(name.clone());
        }
        deciding
    }

    fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.patterns.is_empty()
    }

    /// Whether a row has the name, however it is spelled.
    fn has(&self, name: &[u8]) -> bool {
        let is_plain = |known: &String| known.as_bytes().eq_ignore_ascii_case(name);
        let is_pattern = || {
            let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
            self.patterns.iter().any(|pattern| is_like(&lower, pattern))
        };
        !name.is_empty()
            && (self.plain.get(name.len()).is_some_and(|names| names.iter().any(is_plain))
                || !self.patterns.is_empty() && is_pattern())
    }
}

/// The name before a parenthesis.
fn name_before(bytes: &[u8]) -> &[u8] {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let bytes = bytes.trim_ascii_end();
    let length = bytes.iter().rev().take_while(|byte| is_word(byte)).count();
    &bytes[bytes.len() - length..]
}

/// What is called, as written, and its parts.
struct Call<'a> {
    text: &'a str,
    last: &'a str,
    lower: String,
    /// The text before the last name.
    receiver: &'a str,
}

impl<'a> Call<'a> {
    fn of(text: &'a str) -> Self {
        let last = last_name(text);
        let receiver = text.strip_suffix(last).unwrap_or_default().trim_end_matches(['.', ':', '>', '-']);
        Self { text, last, lower: last.to_ascii_lowercase(), receiver }
    }

    /// The last words of the first name, and of the name before the last one.
    fn receiver_words(&self) -> impl Iterator<Item = String> {
        // `warp::serve(routes).run`
        let receiver = self
            .receiver
            .strip_suffix(')')
            .and_then(|_| self.receiver.rsplit_once('('))
            .map_or(self.receiver, |(called, _)| called);
        // `Javalin.create().start(7070)`
        let first = receiver.split(['.', '(', ':', '-']).next().unwrap_or_default();
        [words(last_name(receiver)).pop(), words(first).pop()].into_iter().flatten()
    }
}

impl CallRow {
    /// Whether a call of the row is found before a text is parsed: by its own name, or as one that is named like a port.
    fn has_name(&self) -> bool {
        !self.names.is_empty() || !self.spelled.is_empty() || self.is_port_name == Some(true)
    }

    fn holds(&self, call: &Call<'_>) -> bool {
        let last = call.last;
        (self.names.is_empty() || self.names.iter().any(|name| is_like(&call.lower, name)))
            && (self.spelled.is_empty() || self.spelled.iter().any(|name| name == last))
            && self.holds_before(call)
            && self.holds_words(last)
            && !self.not_endings.iter().any(|end| call.lower.ends_with(end))
            && (self.text.is_empty() || self.text.iter().any(|part| call.text.contains(part)))
            && !self.not_text.iter().any(|part| call.text.contains(part))
            && self.is_port_name.is_none_or(|is| is == (port_name(last) == Some(PortName::One)))
            && self.is_constant.is_none_or(|is| is == is_constant(last))
    }

    /// Whether the text before the last name is as the row says.
    fn holds_before(&self, call: &Call<'_>) -> bool {
        let is_root = || {
            let root = call.text.split(['.', '(', ' ']).next().unwrap_or_default();
            self.roots.iter().any(|name| root.eq_ignore_ascii_case(name))
        };
        let is_receiver = || {
            let name = if call.receiver.is_empty() { "" } else { last_name(call.receiver) };
            self.receivers.iter().any(|receiver| receiver == name)
        };
        (self.roots.is_empty() || is_root())
            && (self.receivers.is_empty() || is_receiver())
            && (self.receiver_words.is_empty()
                || call.receiver_words().any(|word| self.receiver_words.contains(&word)))
    }

    /// Whether the words of the last name are as the row says.
    fn holds_words(&self, last: &str) -> bool {
        let lists =
            [&self.words, &self.first_words, &self.not_words, &self.not_first_words, &self.not_last_words];
        if lists.iter().all(|list| list.is_empty()) {
            return true;
        }
        let words = words(last);
        (self.words.is_empty() || words.iter().any(|word| self.words.contains(word)))
            && (self.first_words.is_empty()
                || words.first().is_some_and(|word| self.first_words.contains(word)))
            && !words.iter().any(|word| self.not_words.contains(word))
            && !words.first().is_some_and(|word| self.not_first_words.contains(word))
            && !words.last().is_some_and(|word| self.not_last_words.contains(word))
    }
}

/// The last name of a dotted callee: `net.createServer` gives `createServer`.
pub(in crate::analysis) fn last_name(text: &str) -> &str {
    text.trim_end()
        .rsplit(['.', ':', ' ', ')', '>', '!', '?', '/', '$'])
        .find(|name| !name.is_empty())
        .unwrap_or(text)
}

fn is_constant(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_before_a_parenthesis_decides() {
        let row = "means = 'x'\ndoes = 'listen'\nnames = ['run', 'serve*now']\nid = 'x'";
        let table = CallTable::of([toml::from_str(row).unwrap()]);
        let ends = |text: &str| table.ends_in(text).collect::<Vec<_>>();
        assert_eq!(ends("app.RUN \n (80)"), [11]);
        assert_eq!(ends("serve_it_now(80); serve(80)"), [13]);
        for text in ["rerun(80)", "run_(80)", "(80)", "run 80", "\u{fc}(80)"] {
            assert_eq!(ends(text), [0; 0], "{text}");
        }
    }
}
