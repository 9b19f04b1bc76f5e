//! What is known about the world, as rows: which calls listen, which only print. A row has an id, what it
//! means, and examples that are run as its tests. The rows are those of `*.toml` here, which are compiled in, and those of
//! a project's `port-manager.toml`, which come first.
//!
//! A new kind of row is a field of [`Rows`], its file in [`SOURCES`], and the table that [`Packs`] makes of it.

mod call;
mod environment;
mod file;
mod host;
mod key;
pub(super) mod names;
mod program;
mod row;
mod rows;
#[cfg(test)]
mod tests;
mod word;

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use toml::Spanned;

use super::decided_by::DecidedBy;
pub(super) use call::{CallTable, Called, Callee, last_name};
pub(super) use environment::{EnvironmentTable, Lookup, Lookups};
use file::FileTable;
pub use file::Runtime;
pub(crate) use file::{Aside, FileAt};
pub(super) use host::HostTable;
pub(super) use key::{KeyDoes, KeySays, KeyTable};
pub(crate) use names::Names;
pub(super) use program::{Does, Position, ProgramRow, ProgramTable};
pub(super) use row::{Example, Expected, Row};
pub use rows::{Fault, Rows};
use word::{Role, WordRow, Words};

/// The rows that come with the program, in the order in which they count.
const SOURCES: &[&str] = &[
    include_str!("calls.toml"),
    include_str!("environment.toml"),
    include_str!("files.toml"),
    include_str!("hosts.toml"),
    include_str!("keys.toml"),
    include_str!("names.toml"),
    include_str!("programs.toml"),
];

static BUILT_IN_ROWS: LazyLock<Rows> = LazyLock::new(|| {
    let parse = |source: &&str| -> Rows {
        #[expect(clippy::expect_used)] // a constant, which the tests parse
        toml::from_str(source).expect("the rows are constant")
    };
    SOURCES.iter().map(parse).fold(Rows::default(), |rows, more| rows.before(&more))
});

static BUILT_IN: LazyLock<Arc<Packs>> =
    LazyLock::new(|| Arc::new(Packs::of(Rows::default(), &BUILT_IN_ROWS)));

static BUILT_IN_NAMES: LazyLock<Arc<Names>> =
    LazyLock::new(|| Arc::new(Names::of(BUILT_IN_ROWS.word.iter().map(Spanned::get_ref))));

#[cfg(test)]
pub(super) fn word_rows() -> Vec<WordRow> {
    BUILT_IN_ROWS.word.iter().map(|row| row.get_ref().clone()).collect()
}

/// The rows that a text is read by.
#[derive(Debug)]
pub struct Packs {
    /// The project's own rows, which are all that two of these can differ in.
    own: Rows,
    pub(super) calls: CallTable,
    pub(super) environment: Arc<EnvironmentTable>,
    pub(crate) hosts: HostTable,
    pub(super) keys: KeyTable,
    pub(crate) names: Arc<Names>,
    pub(crate) files: FileTable,
    pub(super) programs: ProgramTable,
}

impl Packs {
    /// The rows that come with the program.
    #[must_use]
    pub fn built_in() -> &'static Arc<Self> {
        &BUILT_IN
    }

    /// A project's own rows, and behind them those that come with the program.
    #[must_use]
    pub fn with(own: Rows) -> Arc<Self> {
        match own.is_empty() {
            true => Arc::clone(Self::built_in()),
            false => Arc::new(Self::of(own, &BUILT_IN_ROWS).sharing(Self::built_in())),
        }
    }

    /// The same with the patterns that are compiled already, where the project has no row of the kind.
    fn sharing(self, built_in: &Self) -> Self {
        match self.own.environment.is_empty() {
            true => Self { environment: Arc::clone(&built_in.environment), ..self },
            false => self,
        }
    }

    /// The project's own rows.
    #[must_use]
    pub fn own(&self) -> &Rows {
        &self.own
    }

    /// What a row or rule says in one sentence.
    #[must_use]
    pub fn meaning_of(&self, decided_by: &DecidedBy) -> Option<&str> {
        let id = decided_by.as_str();
        let mut rows = self.own.each().chain(BUILT_IN_ROWS.each());
        let row = rows.find(|(_, row)| row.id() == id).map(|(_, row)| row.means());
        row.or_else(|| decided_by.meaning_of_rule())
    }

    /// The same where it is one of the project's own rows.
    #[must_use]
    pub fn own_meaning_of(&self, decided_by: &DecidedBy) -> Option<&str> {
        let id = decided_by.as_str();
        self.own.each().find(|(_, row)| row.id() == id).map(|(_, row)| row.means())
    }

    /// The project's own rows, and where each begins.
    pub(super) fn own_rows(&self) -> impl Iterator<Item = (Range<usize>, &dyn Row)> {
        self.own.each()
    }

    /// The same rows without the project's own row of that id.
    pub(super) fn without_own(&self, id: &str) -> Self {
        Self::of(self.own.without(id), &BUILT_IN_ROWS)
    }

    fn of(own: Rows, others: &Rows) -> Self {
        let Rows { call, environment, file, host, key, program, word } = own.clone().before(others);
        let names = Arc::new(Names::of(word.iter().map(Spanned::get_ref)));
        Self {
            own,
            calls: CallTable::of(call.into_iter().map(Spanned::into_inner), Arc::clone(&names)),
            environment: Arc::new(EnvironmentTable::of(environment.into_iter().map(Spanned::into_inner))),
            files: FileTable::of(file.into_iter().map(Spanned::into_inner)),
            hosts: HostTable::of(host.into_iter().map(Spanned::into_inner)),
            keys: KeyTable::of(key.into_iter().map(Spanned::into_inner)),
            names,
            programs: ProgramTable::of(program.into_iter().map(Spanned::into_inner).collect()),
        }
    }
}

impl PartialEq for Packs {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || self.own == other.own
    }
}

impl Eq for Packs {}
