//! Rows about programs: what a program does with a port that its command line gives it.

use std::collections::HashMap;

use serde::Deserialize;

use super::row::id;
use super::row::{Example, Expected, Row};
use crate::analysis::decided_by::DecidedBy;
use crate::pattern::is_like;

/// What a program does with what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(in crate::analysis) enum Does {
    /// It listens there.
    Listens,
    /// It connects there, looks who listens there, or stops who does.
    Connects,
    /// It maps a port of this machine to one of a container: `-p 8000:80`.
    Publishes,
    /// It starts what the following words say: `sudo`, `npx`.
    Runs,
    /// It passes it to a container; the port is the container's.
    Contains,
    /// It starts a container in the network of its host, whose ports are the host's.
    Joins,
    /// It sends it to another program as configuration.
    Sets,
    /// Nothing with a port of this machine.
    Nothing,
}

/// Which positional arguments of a program hold a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(in crate::analysis) enum Position {
    /// The first one.
    First,
    /// Each of them.
    All,
    /// All from the first on, whatever they are.
    Rest,
    /// A port, or a host and then a port.
    HostPort,
}

/// A row about programs. `names` and `words` say which command lines it is about, the other fields what of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::analysis) struct ProgramRow {
    /// What decisions by this row are explained with.
    #[serde(deserialize_with = "id")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub(in crate::analysis) id: DecidedBy,
    /// What the row says, in one sentence.
    pub(in crate::analysis) means: String,
    /// What the program does with what it is given.
    pub(in crate::analysis) does: Does,
    /// The names of the program's file; `*` stands for any text.
    names: Vec<String>,
    /// Words of which one has to follow the program: its sub-commands.
    #[serde(default)]
    pub(in crate::analysis) words: Vec<String>,
    /// Programs of which one has to write what the program reads: `netstat | grep`.
    #[serde(default)]
    pub(in crate::analysis) reads: Vec<String>,
    /// Flags that have the port, or an address with it, for their value.
    #[serde(default)]
    pub(in crate::analysis) flags: Vec<String>,
    /// Whether any flag counts that is named like a port.
    #[serde(default)]
    pub(in crate::analysis) is_named: bool,
    /// Whether the entries of JSON count that any flag has for its value.
    #[serde(default)]
    pub(in crate::analysis) is_body: bool,
    /// The words that count without a flag.
    pub(in crate::analysis) position: Option<Position>,
    /// What the value is like, in lower case; `*` stands for any text.
    #[serde(default)]
    value: Vec<String>,
    /// Flags that have the next word for their value, which then has no position.
    #[serde(default)]
    valued: Vec<String>,
    /// Flags without a value, where every other one has one.
    #[serde(default)]
    switches: Vec<String>,
    /// Command lines in which this row decides about the numbers between `«` and `»`, or about any.
    #[serde(default)]
    found: Vec<String>,
    /// Command lines in which no port is found.
    #[serde(default)]
    not: Vec<String>,
    /// A command line with `{}` for each of the names, which is read otherwise without the name.
    each: Option<String>,
    /// A command line with `{}` for each of the flags, which is read otherwise without the flag.
    each_flag: Option<String>,
    /// The same for each of `valued` and `switches`.
    each_option: Option<String>,
}

impl Row for ProgramRow {
    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn means(&self) -> &str {
        &self.means
    }

    fn fault(&self) -> Option<&'static str> {
        let says_nothing =
            self.flags.is_empty() && !self.is_named && !self.is_body && self.position.is_none();
        if self.names.is_empty() || self.names.iter().any(String::is_empty) {
            return Some("names no program: give it `names`");
        }
        if self.does != Does::Runs && says_nothing {
            return Some(
                "says of no word that it counts: give it `flags`, `is-named`, `is-body` or `position`",
            );
        }
        if self.found.is_empty() && self.not.is_empty() && self.each.is_none() && self.each_flag.is_none() {
            return Some("has no example: give it `found` or `not`");
        }
        None
    }

    fn examples(&self) -> Vec<Example> {
        let example = |expected, text: &String| {
            let text = text.replace(['«', '»'], "");
            Example { expected, ending: "sh".to_owned(), text }
        };
        let found = self.found.iter().map(|text| example(Expected::Found, text));
        let not = self.not.iter().map(|text| example(Expected::None, text));
        let each = self.each_examples().into_iter().map(|text| example(Expected::Changed, &text));
        found.chain(not).chain(each).collect()
    }
}

impl ProgramRow {
    /// The examples that are made for each of the names and flags.
    fn each_examples(&self) -> Vec<String> {
        let options = [self.valued.as_slice(), self.switches.as_slice()].concat();
        let mut examples = filled(self.each.as_ref(), &self.names);
        examples.extend(filled(self.each_flag.as_ref(), &self.flags));
        examples.extend(filled(self.each_option.as_ref(), &options));
        examples
    }

    /// Whether the row is about any program.
    pub(in crate::analysis) fn is_about_any(&self) -> bool {
        self.names.iter().any(|name| name == "*")
    }

    /// Whether a flag that it is about may stand for many things.
    pub(in crate::analysis) fn has_short_flag(&self) -> bool {
        self.flags.iter().any(|flag| flag.len() == 2)
    }

    /// Whether only numbers count, not addresses: what a flag holds that is named like a port.
    pub(in crate::analysis) fn takes_numbers(&self) -> bool {
        self.is_named && self.flags.is_empty()
    }

    /// Whether the row allows the value, as written.
    pub(in crate::analysis) fn allows(&self, value: &str) -> bool {
        let lower = value.to_ascii_lowercase();
        self.value.is_empty() || self.value.iter().any(|pattern| is_like(&lower, pattern))
    }

    /// Whether the next word is the value of a flag, which has none in its own word.
    pub(in crate::analysis) fn takes_next(&self, flag: &str) -> bool {
        let is_one = |flags: &[String]| flags.iter().any(|known| known == flag);
        if self.switches.is_empty() {
            return is_one(&self.valued) || is_one(&self.flags);
        }
        let letters = flag.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
        // `-it` are two flags, and `-p80:80` has its value.
        !flag.contains('=') && !is_one(&self.switches) && letters.is_none_or(|letters| letters.len() == 1)
    }
}

/// An example with each of the words in the place of its `{}`.
fn filled(example: Option<&String>, words: &[String]) -> Vec<String> {
    let filled =
        |example: &String| words.iter().map(|word| example.replace("{}", &word.replace('*', "1"))).collect();
    example.map_or_else(Vec::new, filled)
}

/// Rows about programs, in the order in which they count.
#[derive(Debug, Default)]
pub(in crate::analysis) struct ProgramTable {
    rows: Vec<ProgramRow>,
    /// The rows that have the name.
    by_name: HashMap<String, Vec<usize>>,
    /// The rows that have a pattern for a name.
    patterns: Vec<usize>,
}

impl ProgramTable {
    pub(super) fn of(rows: Vec<ProgramRow>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut patterns = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            if row.names.iter().any(|name| name.contains('*')) {
                patterns.push(index);
            } else {
                for name in &row.names {
                    by_name.entry(name.clone()).or_default().push(index);
                }
            }
        }
        Self { rows, by_name, patterns }
    }

    /// The row of that id.
    pub(in crate::analysis) fn row(&self, id: &DecidedBy) -> Option<&ProgramRow> {
        self.rows.iter().find(|row| row.id == *id)
    }

    /// Whether the first word behind a program of that name is where it listens: `python -m http.server 8080`.
    pub(in crate::analysis) fn listens_on_first(&self, name: &str) -> bool {
        let listens = |row: &ProgramRow| {
            row.does == Does::Listens && row.position == Some(Position::First) && row.words.is_empty()
        };
        !name.is_empty() && self.about(name).iter().any(|(_, row)| !row.is_about_any() && listens(row))
    }

    /// The rows about a program of that name, in their order, each with its place among all rows.
    pub(in crate::analysis) fn about(&self, name: &str) -> Vec<(usize, &ProgramRow)> {
        let named = self.by_name.get(name).into_iter().flatten().copied();
        let is_about = |index: &usize| self.rows[*index].names.iter().any(|pattern| is_like(name, pattern));
        let mut indices: Vec<usize> = named.chain(self.patterns.iter().copied().filter(is_about)).collect();
        indices.sort_unstable();
        indices.into_iter().map(|index| (index, &self.rows[index])).collect()
    }
}

#[cfg(test)]
mod tests;
