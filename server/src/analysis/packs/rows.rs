//! The rows of a TOML file: of one that is compiled in, or of a project's `port-manager.toml`.

use std::collections::HashMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

use super::super::decided_by::is_rule;
use super::BUILT_IN_ROWS;
use super::call::CallRow;
use super::environment::EnvironmentRow;
use super::file::FileRow;
use super::host::HostRow;
use super::key::KeyRow;
use super::program::ProgramRow;
use super::row::Row;
use super::word::WordRow;

/// Declares the kinds of rows, each once: the name of its table, its type, and that again for its schema.
macro_rules! kinds {
    ($($(#[doc = $doc:expr])+ $kind:ident: $row:ty, $schema:literal;)+) => {
        /// Rows by their kind, which is the name of their table: `[[call]]`.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(default, deny_unknown_fields)]
        pub struct Rows {
            $(
                $(#[doc = $doc])+
                #[cfg_attr(test, schemars(with = $schema))]
                pub(super) $kind: Vec<Spanned<$row>>,
            )+
        }

        /// The kinds of rows that a project can have of its own.
        pub(super) const KINDS: &[&str] = &[$(stringify!($kind)),+];

        impl Rows {
            /// These rows, and behind them those.
            pub(super) fn before(mut self, others: &Self) -> Self {
                $(self.$kind.extend_from_slice(&others.$kind);)+
                self
            }

            /// The same rows without that of the id.
            pub(super) fn without(&self, id: &str) -> Self {
                let mut rows = self.clone();
                $(rows.$kind.retain(|row| row.get_ref().id() != id);)+
                rows
            }

            /// The rows of all kinds that a project can have, and where each begins.
            pub(super) fn each(&self) -> impl Iterator<Item = (Range<usize>, &dyn Row)> {
                std::iter::empty()$(.chain(self.$kind.iter().map(|row| (row.span(), row.get_ref() as &dyn Row))))+
            }
        }
    };
}

kinds! {
    /// What calls make of a number among their arguments.
    call: CallRow, "Vec<CallRow>";
    /// How programs read a variable of the environment.
    environment: EnvironmentRow, "Vec<EnvironmentRow>";
    /// What files are, by their names, places and headers.
    file: FileRow, "Vec<FileRow>";
    /// Where hosts lead.
    host: HostRow, "Vec<HostRow>";
    /// What keys of formats say of their values.
    key: KeyRow, "Vec<KeyRow>";
    /// What programs do with the ports that a command line gives them.
    program: ProgramRow, "Vec<ProgramRow>";
    /// What words of names say.
    word: WordRow, "Vec<WordRow>";
}

/// What is wrong with rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The bytes that it is about; `None` where that is not known.
    pub span: Option<Range<usize>>,
    /// What is wrong, and what to do.
    pub message: String,
}

impl Rows {
    /// The kinds of rows that a project can have of its own.
    pub const KINDS: &[&str] = KINDS;

    /// Takes the rows out of a project's settings, and leaves the rest.
    ///
    /// # Errors
    /// When a row cannot be read or obeyed.
    pub fn take(settings: &mut Spanned<DeTable<'_>>) -> Result<Self, Fault> {
        let span = settings.span();
        let tables = std::mem::take(settings.get_mut());
        let is_own = |name: &str| KINDS.contains(&name);
        let (own, others) = tables.into_iter().partition(|(name, _)| is_own(name.get_ref()));
        *settings.get_mut() = others;
        let mut rows = Self::deserialize(Deserializer::from(Spanned::new(span, own)))
            .map_err(|error| Fault { span: error.span(), message: error.message().to_owned() })?;
        rows.call.iter_mut().for_each(|row| row.get_mut().is_own = true);
        match rows.fault() {
            Some(fault) => Err(fault),
            None => Ok(rows),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.each().next().is_none()
    }

    /// The first fault of a project's rows.
    fn fault(&self) -> Option<Fault> {
        let mut ids = HashMap::new();
        for (span, row) in self.each() {
            let id = row.id();
            let message = if id.is_empty() || !id.chars().all(is_of_id) {
                "an id has letters, digits, `.`, `-` and `_` only, as in `our.start-server`".to_owned()
            } else if is_rule(id) || is_built_in(id) {
                format!("`{id}` is the id of a row that port-manager has: give this one an id of its own")
            } else if ids.insert(id, ()).is_some() {
                format!("two rows have the id `{id}`: give each an id of its own")
            } else if let Some(fault) = row.fault() {
                format!("the row `{id}` {fault}")
            } else {
                continue;
            };
            return Some(Fault { span: Some(span), message });
        }
        None
    }
}

fn is_of_id(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_')
}

fn is_built_in(id: &str) -> bool {
    BUILT_IN_ROWS.each().any(|(_, row)| row.id() == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Packs;

    /// What is taken out of settings: the ids of the rows, or what is wrong with them.
    fn taken(settings: &str) -> Result<Vec<String>, String> {
        let mut table = DeTable::parse(settings).unwrap();
        let rows = Rows::take(&mut table).map_err(|fault| fault.message)?;
        Ok(rows.each().map(|(_, row)| row.id().to_owned()).collect())
    }

    fn row(id: &str) -> String {
        format!("[[host]]\nid = '{id}'\nmeans = 'Ours.'\nleads = 'local'\nnames = ['build.corp.example']\n")
    }

    #[test]
    fn rows_are_taken_out_of_settings_and_the_rest_stays() {
        let settings = format!("ignore = ['a']\n{}", row("our.host"));
        let mut table = DeTable::parse(&settings).unwrap();
        assert!(!Rows::take(&mut table).unwrap().is_empty());
        assert_eq!(table.get_ref().keys().map(Spanned::get_ref).collect::<Vec<_>>(), ["ignore"]);
    }

    #[test]
    fn an_id_is_a_name_that_no_other_row_has() {
        assert_eq!(taken(&row("our.host")), Ok(vec!["our.host".to_owned()]));
        for (settings, fault) in [
            (row(""), "an id has letters, digits"),
            (row("our host"), "an id has letters, digits"),
            (row("call.listen"), "`call.listen` is the id of a row that port-manager has"),
            (row("compose.service"), "`compose.service` is the id of a row that port-manager has"),
            (row("our.host").repeat(2), "two rows have the id `our.host`"),
            (row("our.host").replace("build.corp.example", "*"), "the row `our.host` "),
            (row("our.host").replace("means", "meaning"), "unknown field `meaning`"),
        ] {
            let message = taken(&settings).unwrap_err();
            assert!(message.starts_with(fault), "{message}");
        }
    }

    #[test]
    fn the_rows_of_a_project_come_first() {
        let own = toml::from_str::<Rows>(&row("our.host")).unwrap();
        let all = own.clone().before(&BUILT_IN_ROWS);
        assert_eq!(all.host[0].get_ref().id(), "our.host");
        assert_eq!(all.without("our.host"), *BUILT_IN_ROWS);
        assert_eq!(Packs::with(own).own_rows().count(), 1);
    }
}
