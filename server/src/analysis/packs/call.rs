//! Rows about calls: what a call makes of a number among its arguments.

mod table;

use serde::Deserialize;

use super::super::decided_by::DecidedBy;
use super::names::Names;
use super::row::{Example, Expected, Row, Text, example_of_each, examples, id};
use crate::pattern::is_like;
use crate::service::words;

pub(in crate::analysis) use table::{CallTable, Called};

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
    /// A flag of the command line is declared by its name, with its default: `DEFINE_int32(port, 8080, "")`.
    Flag,
    /// A value is looked for by its name, with another for the case that there is none: `settings.get("url", "...")`.
    Lookup,
    /// What counts where there is no value: `z.string().default("...")`.
    DefaultValue,
    /// Something that holds a value is made: `new AtomicInteger(8080)`, `useState(8080)`.
    Wrapper,
    /// Something is made, and what is made says what the arguments are: `TCPServer.new(8080)`.
    Make,
    /// A word is added to a command line: `command.arg("--port").arg("8080")`.
    Word,
    /// Nothing is known of it.
    #[default]
    Other,
}

impl Callee {
    /// Whether it makes a port of a number, wherever the call is.
    fn decides(self) -> bool {
        matches!(self, Self::Listen | Self::Connect | Self::Server | Self::Engine | Self::Setter)
    }

    /// Whether an argument behind a lookup may be what counts where the lookup finds nothing.
    pub(in crate::analysis) fn may_take_default(self) -> bool {
        matches!(
            self,
            Self::Other
                | Self::Word
                | Self::Lookup
                | Self::DefaultValue
                | Self::Conversion
                | Self::Option
                | Self::Wrapper
        )
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
    each: Text,
    /// Examples in which this row finds a port.
    #[serde(default)]
    found: Vec<Text>,
    /// Examples in which no port is found, for this row or for what it excludes.
    #[serde(default)]
    not: Vec<Text>,
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
        let names = if self.names.is_empty() { &self.roots } else { &self.names };
        let as_spelled = |name: &String| {
            let spelled = self.spelled.iter().find(|spelled| spelled.eq_ignore_ascii_case(name));
            spelled.unwrap_or(name).replace('*', "It")
        };
        examples(&self.found, Expected::Found)
            .chain(examples(&self.not, Expected::None))
            .chain(example_of_each(&self.each, names.iter().map(as_spelled)))
            .collect()
    }
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

    fn holds(&self, call: &Call<'_>, names: &Names) -> bool {
        let last = call.last;
        (self.names.is_empty() || self.names.iter().any(|name| is_like(&call.lower, name)))
            && (self.spelled.is_empty() || self.spelled.iter().any(|name| name == last))
            && self.holds_before(call)
            && self.holds_words(last)
            && !self.not_endings.iter().any(|end| call.lower.ends_with(end))
            && (self.text.is_empty() || self.text.iter().any(|part| call.text.contains(part)))
            && !self.not_text.iter().any(|part| call.text.contains(part))
            && self.is_port_name.is_none_or(|is| is == names.is_port(last))
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

    fn row(says: &str) -> CallRow {
        toml::from_str(&format!("id = 'a'\nmeans = 'b'\n{says}")).unwrap()
    }

    /// Whether a row that says so is about what is called.
    fn holds(says: &str, callee: &str) -> bool {
        row(&format!("does = 'prose'\n{says}")).holds(&Call::of(callee), Names::built_in())
    }

    #[test]
    fn the_last_name_is_compared_in_any_spelling_or_as_it_is() {
        assert!(holds("names = ['listen']", "app.Listen") && !holds("names = ['listen']", "listen.app"));
        assert!(holds("names = ['listen*']", "app.listenAndServe"));
        assert!(holds("spelled = ['Listen']", "app.Listen") && !holds("spelled = ['Listen']", "app.listen"));
        assert!(!holds("names = ['listen']\nnot-endings = ['en']", "app.listen"));
    }

    #[test]
    fn what_is_before_the_last_name_may_be_said_too() {
        assert!(holds("roots = ['console']", "console.log") && !holds("roots = ['console']", "log.console"));
        assert!(holds("receivers = ['List']", "java.util.List.of"));
        assert!(holds("receivers = ['']", "of") && !holds("receivers = ['']", "List.of"));
        assert!(holds("receiver-words = ['server']", "httpServer.start"));
        assert!(holds("receiver-words = ['server']", "httpServer.build().start"));
        assert!(!holds("receiver-words = ['server']", "serverSide.start"));
    }

    #[test]
    fn words_are_parts_of_the_last_name() {
        assert!(holds("words = ['port']", "setPortNumber") && !holds("words = ['port']", "setReport"));
        assert!(holds("first-words = ['set']", "setPort") && !holds("first-words = ['port']", "setPort"));
        for not in ["not-words = ['port']", "not-first-words = ['set']", "not-last-words = ['number']"] {
            assert!(!holds(not, "setPortNumber") && holds(not, "getName"), "{not}");
        }
    }

    #[test]
    fn all_that_a_row_says_has_to_hold() {
        let says = "names = ['listen']\ntext = ['http']\nnot-text = ['test']";
        assert!(holds(says, "http.listen"));
        assert!(!holds(says, "tcp.listen") && !holds(says, "http.test.listen"));
        assert!(holds("is-port-name = true", "setPort") && !holds("is-port-name = true", "setLimit"));
        assert!(holds("is-constant = true", "HTTP_PORT") && !holds("is-constant = true", "httpPort"));
    }

    #[test]
    fn a_row_that_holds_for_every_call_is_refused() {
        let fault = |says: &str| row(says).fault().is_some();
        assert!(!fault("does = 'listen'\nnames = ['start']"));
        assert!(!fault("does = 'prose'\nroots = ['console']"));
        for says in [
            "does = 'prose'",
            "does = 'listen'\nnames = ['*']",
            "does = 'listen'\nroots = ['app']",
            "does = 'listen'\nnames = ['app.start']",
        ] {
            assert!(fault(says), "{says}");
        }
    }
}
