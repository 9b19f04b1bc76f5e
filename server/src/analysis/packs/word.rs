//! Rows about the words of names.

use std::collections::HashMap;

use serde::Deserialize;

/// What a word in a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::analysis) enum Role {
    /// Behind `port`: the name is about something else.
    NoNumber,
    /// Before `port`: no network port is meant.
    NoNetwork,
    /// Alone before `port`: the side that follows what listens.
    Follows,
    /// As the first word: the value is yes or no.
    Switch,
    /// Before `port` without a boundary.
    Glued,
    /// The value has an address in it.
    Address,
    /// The value is somebody who is spoken to.
    Peer,
    /// The value is an image.
    Image,
    /// The value is text for people.
    Help,
    /// The value says where to listen.
    Listen,
    /// The value is a command line.
    Command,
    /// The value is counted or measured.
    Quantity,
    /// The name counts ports.
    Amount,
    /// The value is a bound.
    Bound,
    /// The port is decided elsewhere.
    Foreign,
    /// The value is a map of environment variables.
    Environment,
    /// The variables are those of production.
    Production,
    /// What is called reaches something by its address.
    Reaches,
    /// What is called gives a value where there is none.
    OrElse,
    /// With others of these only: the value is a default.
    Default,
    /// As the last word: the value is the name of an option.
    Label,
    /// As the last word: the value is a host.
    Host,
    /// As the last word: the value is a socket.
    Socket,
}

/// A row about words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::analysis) struct WordRow {
    /// What the row is called.
    pub(in crate::analysis) id: String,
    /// What the words say, in one sentence.
    pub(in crate::analysis) means: String,
    /// What the words say.
    pub(in crate::analysis) role: Role,
    /// The words, in lower case.
    pub(in crate::analysis) words: Vec<String>,
    /// A name with `{}` for each of the words, which says something else without the word.
    pub(in crate::analysis) each: String,
}

/// The words by what they say.
#[derive(Debug, Default)]
pub(in crate::analysis) struct Words(HashMap<Role, Vec<String>>);

impl Words {
    pub(in crate::analysis) fn of<'r>(rows: impl IntoIterator<Item = &'r WordRow>) -> Self {
        let mut words: HashMap<Role, Vec<String>> = HashMap::new();
        for row in rows {
            words.entry(row.role).or_default().extend(row.words.iter().cloned());
        }
        Self(words)
    }

    /// Whether the word, in lower case, says that.
    pub(in crate::analysis) fn say(&self, role: Role, word: &str) -> bool {
        self.0.get(&role).is_some_and(|words| words.iter().any(|known| known == word))
    }
}
