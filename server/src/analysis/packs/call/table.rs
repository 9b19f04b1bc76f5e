//! The rows about calls as they are asked: before a text is parsed, and of what is called.

use std::collections::HashMap;
use std::sync::Arc;

use memchr::memchr_iter;

use super::{Call, CallRow, Callee};
use crate::analysis::decided_by::DecidedBy;
use crate::analysis::packs::names::Names;
use crate::pattern::is_like;

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
    names: Arc<Names>,
}

/// What is known of a call.
#[derive(Debug, Clone)]
pub(in crate::analysis) struct Called<'a> {
    pub(in crate::analysis) does: Callee,
    /// The row that says so.
    row: Option<&'a CallRow>,
}

/// How many bytes of what is called are looked at.
const LONGEST_CALL: usize = 2000;

impl Called<'_> {
    /// Nothing is known of the call.
    const OTHER: Self = Self { does: Callee::Other, row: None };

    /// What decides about a number among the arguments.
    pub(in crate::analysis) fn by(&self) -> DecidedBy {
        self.row.map_or_else(|| "call.behind-host".into(), |row| row.id.clone())
    }
}

impl CallTable {
    pub(in crate::analysis::packs) fn of(rows: impl IntoIterator<Item = CallRow>, names: Arc<Names>) -> Self {
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
        Self { rows, by_name, others, deciding, commands, names }
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
        // The end says most: a chain of calls may be as long as the text.
        let mut text = &text[text.ceil_char_boundary(text.len().saturating_sub(LONGEST_CALL))..];
        loop {
            let call = Call::of(text);
            match self.row_of(&call) {
                // `List.new`, `Server::new`: what is made says what the call does.
                Some(row) if row.does == Callee::Make => match call.receiver {
                    made if made.is_empty() || made.ends_with(')') => return Called::OTHER,
                    made => text = made,
                },
                Some(row) => return Called { does: row.does, row: Some(row) },
                None => return Called::OTHER,
            }
        }
    }

    /// The first row that the call meets.
    fn row_of(&self, call: &Call<'_>) -> Option<&CallRow> {
        let holds = |index: &usize| self.rows[*index].holds(call, &self.names);
        let first = |indices: &[usize]| indices.iter().copied().find(holds);
        let named = self.by_name.get(&call.lower).and_then(|indices| first(indices));
        let other = first(&self.others);
        named.into_iter().chain(other).min().map(|index| &self.rows[index])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::packs::Packs;

    #[test]
    fn the_name_before_a_parenthesis_decides() {
        let row = "means = 'x'\ndoes = 'listen'\nnames = ['run', 'serve*now']\nid = 'x'";
        let table = CallTable::of([toml::from_str(row).unwrap()], Arc::default());
        let ends = |text: &str| table.ends_in(text).collect::<Vec<_>>();
        assert_eq!(ends("app.RUN \n (80)"), [11]);
        assert_eq!(ends("serve_it_now(80); serve(80)"), [13]);
        for text in ["rerun(80)", "run_(80)", "(80)", "run 80", "\u{fc}(80)"] {
            assert_eq!(ends(text), [0; 0], "{text}");
        }
    }

    #[test]
    fn a_long_chain_of_constructors_needs_no_stack() {
        let chain = format!("server{}", ".new".repeat(1_000_000));
        assert!(matches!(Packs::built_in().calls.called(&chain).does, Callee::Other));
    }
}
