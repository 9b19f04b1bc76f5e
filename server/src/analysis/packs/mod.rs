//! What is known about the world, as rows: which calls listen, which only print. A row has an id, what it
//! means, and examples that are run as its tests. The rows are those of `*.toml` here, which are compiled in.

mod call;
#[cfg(test)]
mod tests;
mod word;

use std::sync::LazyLock;

use serde::Deserialize;

use super::decided_by::DecidedBy;
use call::CallRow;
pub(super) use call::{CallTable, Called, Callee, last_name};
pub(super) use word::{Role, WordRow, Words};

/// The rows that a text is read by.
#[derive(Debug, Default)]
pub struct Packs {
    pub(super) calls: CallTable,
}

/// The rows about words of names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordRows {
    word: Vec<WordRow>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::of(&word_rows()));

pub(super) fn word_rows() -> Vec<WordRow> {
    #[expect(clippy::expect_used)] // a constant, which the tests parse
    toml::from_str::<WordRows>(include_str!("names.toml")).expect("the rows are constant").word
}

/// The words of names.
pub(super) fn words_of_names() -> &'static Words {
    &WORDS
}

/// The rows about calls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CallRows {
    call: Vec<CallRow>,
}

static BUILT_IN: LazyLock<Packs> = LazyLock::new(|| Packs::of(call_rows()));

fn call_rows() -> Vec<CallRow> {
    #[expect(clippy::expect_used)] // a constant, which the tests parse
    toml::from_str::<CallRows>(include_str!("calls.toml")).expect("the rows are constant").call
}

impl Packs {
    /// The rows that come with the program.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// What a row or rule says in one sentence.
    #[must_use]
    pub fn meaning_of(&self, decided_by: &DecidedBy) -> Option<&str> {
        self.calls.meaning_of(decided_by).or_else(|| decided_by.meaning_of_rule())
    }

    fn of(calls: Vec<CallRow>) -> Self {
        Self { calls: CallTable::of(calls) }
    }
}
