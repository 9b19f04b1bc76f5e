//! Rows about the words of names.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::Packs;
use super::row::{Example, Expected, Row, Text, examples};

/// What a word in a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// What is called returns another value if there is none: `unwrap_or`, `getOrElse`.
    OrElse,
    /// With others of these only: the value is a default.
    Default,
    /// As the first word of what is called: it looks a value up by its name.
    LooksUp,
    /// What is called so makes or holds defaults of settings.
    Defaults,
    /// Before a word for defaults, in the name of a function: it makes them.
    Makes,
    /// As the last of two words: settings.
    Settings,
    /// As the last word: the value is the name of an option.
    Label,
    /// As the last word: the value is a host.
    Host,
    /// As the last word: the value is a socket.
    Socket,
    /// At the end of the last word: the name is that of what listens.
    Listener,
    /// As the last word of an expression, also with 4 or 6 behind it: it yields a host.
    HostValue,
    /// As the last word of what is called: it gives its receiver or argument in another type, and a host stays one.
    Keeps,
    /// In place of `port`: the name is that of the port's host.
    PortHost,
    /// As the last word: the name is that of the project's own server, which may be given its public name.
    Own,
    /// As the last word: the name is that of a server that a project seldom runs itself.
    Others,
}

/// A row about words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::analysis) struct WordRow {
    /// The id, by which the row is named where it is wrong.
    pub(in crate::analysis) id: String,
    /// What the words say, in one sentence.
    pub(in crate::analysis) means: String,
    /// What the words say.
    pub(in crate::analysis) role: Role,
    /// The words, in lower case.
    pub(in crate::analysis) words: Vec<String>,
    /// A name with `{}` for each of the words, which says something else without the word.
    pub(in crate::analysis) each: Option<String>,
    /// Examples in which a port is found, by the ending of a file in its language.
    #[serde(default)]
    found: Vec<Text>,
    /// Examples in which no port is found.
    #[serde(default)]
    not: Vec<Text>,
}

impl Row for WordRow {
    fn id(&self) -> &str {
        &self.id
    }

    fn means(&self) -> &str {
        &self.means
    }

    fn fault(&self) -> Option<&'static str> {
        let is_word = |word: &String| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        if self.words.is_empty() || !self.words.iter().all(is_word) {
            Some("is about no word: `words` are words of names, each in lower case and without digits")
        } else if self.each.as_ref().is_some_and(|name| !name.contains("{}")) {
            Some("has a name in `each` without `{}`, which stands for each of the words")
        } else {
            None
        }
    }

    fn examples(&self) -> Vec<Example> {
        examples(&self.found, Expected::Found).chain(examples(&self.not, Expected::None)).collect()
    }

    fn misjudged(&self, packs: &Packs, without: &Packs, _: &dyn Fn(&Path) -> &'static str) -> Vec<String> {
        let names = self.each.iter().flat_map(|name| self.words.iter().map(|word| name.replace("{}", word)));
        let fault = |name: String| match packs.names.is_as_said(self.role, &name) {
            false => Some(format!("`{name}` is not read as the row says")),
            true if without.names.is_as_said(self.role, &name) => {
                Some(format!("`{name}` says the same without the row"))
            }
            true => None,
        };
        names.filter_map(fault).collect()
    }
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

    /// The words that say that.
    pub(in crate::analysis) fn of_role(&self, role: Role) -> &[String] {
        self.0.get(&role).map_or(&[], Vec::as_slice)
    }

    /// Whether the word, in lower case, says that.
    pub(in crate::analysis) fn say(&self, role: Role, word: &str) -> bool {
        self.of_role(role).iter().any(|known| known == word)
    }

    /// Whether the word, in lower case, ends with one that says that.
    pub(in crate::analysis) fn end(&self, role: Role, word: &str) -> bool {
        self.of_role(role).iter().any(|known| word.ends_with(known))
    }

    /// Whether a word that says that is a part of the name, however it is spelled.
    pub(in crate::analysis) fn is_in(&self, role: Role, name: &str) -> bool {
        let name = name.as_bytes();
        let is_part =
            |word: &String| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()));
        self.of_role(role).iter().any(is_part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(says: &str) -> WordRow {
        toml::from_str(&format!("id = 'a'\nmeans = 'b'\nrole = 'quantity'\n{says}")).unwrap()
    }

    #[test]
    fn a_row_is_about_words_in_lower_case() {
        assert_eq!(row("words = ['size', 'limit']").fault(), None);
        assert_eq!(row("words = ['size']\neach = '{}'").fault(), None);
        for says in ["words = []", "words = ['Size']", "words = ['size2']", "words = ['size']\neach = 'size'"]
        {
            assert!(row(says).fault().is_some(), "{says}");
        }
    }

    #[test]
    fn a_word_that_says_nothing_new_is_named() {
        let packs = Packs::built_in();
        let misjudged = |row: WordRow| row.misjudged(packs, packs, &|_| "");
        assert_eq!(
            misjudged(row("words = ['colour']\neach = '{}'")),
            ["`colour` is not read as the row says"]
        );
        assert_eq!(
            misjudged(row("words = ['timeout']\neach = '{}'")),
            ["`timeout` says the same without the row"]
        );
        assert_eq!(misjudged(row("words = ['colour']")), [""; 0]);
    }

    #[test]
    fn a_word_is_looked_for_whole_at_the_end_or_anywhere() {
        let words = Words::of([&row("words = ['size']")]);
        assert!(words.say(Role::Quantity, "size") && !words.say(Role::Quantity, "sizes"));
        assert!(words.end(Role::Quantity, "poolsize") && !words.end(Role::Quantity, "sizes"));
        assert!(words.is_in(Role::Quantity, "maxSizes") && !words.is_in(Role::Quantity, "max"));
        assert!(!words.say(Role::Help, "size"));
    }
}
