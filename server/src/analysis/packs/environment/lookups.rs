//! How programs in each language read the environment, as the rows say.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

use regex::{Captures, Regex, RegexBuilder};

use super::name::Name;
use super::{EnvironmentRow, VariableName};
use crate::analysis::decided_by::DecidedBy;
use crate::grammar::Grammar;

/// How large the expression of a language may become, in bytes: ten times that of the rows here.
const MOST_COMPILED: usize = 10 << 20;

/// Rows about the environment, in the order in which they count.
#[derive(Debug, Default)]
pub(in crate::analysis) struct EnvironmentTable {
    rows: Vec<EnvironmentRow>,
    /// The lookups of each language that a row names, compiled when they are first asked for.
    by_language: HashMap<Grammar, OnceLock<Lookups>>,
    /// Those of every other language.
    others: OnceLock<Lookups>,
}

impl EnvironmentTable {
    pub(in crate::analysis::packs) fn of(rows: impl IntoIterator<Item = EnvironmentRow>) -> Self {
        let rows: Vec<EnvironmentRow> = rows.into_iter().collect();
        let named = rows.iter().flat_map(|row| &row.languages);
        let by_language = named.map(|language| (*language, OnceLock::new())).collect();
        Self { rows, by_language, others: OnceLock::new() }
    }

    /// How programs in a language read the environment.
    pub(in crate::analysis) fn lookups(&self, grammar: Grammar) -> &Lookups {
        let lookups = self.by_language.get(&grammar).unwrap_or(&self.others);
        lookups.get_or_init(|| Lookups::of(self.rows.iter().filter(|row| row.holds_in(grammar))))
    }
}

/// How programs in one language read the environment.
#[derive(Debug, Default)]
pub(in crate::analysis) struct Lookups {
    /// A part of every lookup; most texts have none.
    parts: Option<Regex>,
    /// Every lookup. Each group is the name of the variable by the row of its place in `rows`.
    lookup: Option<Regex>,
    rows: Vec<DecidedBy>,
    /// A map of members that is taken apart, `{ A, B = 1 } = process.env`: a group is the text in the braces, and
    /// each other is there by the row of its place in `taken_apart_rows`.
    taken_apart: Option<Regex>,
    taken_apart_rows: Vec<(DecidedBy, VariableName)>,
    /// What holds the variables, and nothing else does: who looks into it reads one.
    holders: Vec<String>,
}

/// A lookup in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::analysis) struct Lookup {
    /// Its bytes.
    pub(in crate::analysis) whole: Range<usize>,
    /// The bytes of the variable's name.
    pub(in crate::analysis) name: Range<usize>,
    /// The row that says so.
    pub(in crate::analysis) by: DecidedBy,
}

/// Where variables are taken from what holds them.
#[derive(Debug)]
pub(in crate::analysis) struct TakenApart<'a> {
    /// The bytes between the braces.
    pub(in crate::analysis) names: Range<usize>,
    /// The row that says so.
    pub(in crate::analysis) by: &'a DecidedBy,
    variable: VariableName,
}

impl TakenApart<'_> {
    /// Whether what is taken by that name is a variable of the environment.
    pub(in crate::analysis) fn has(&self, name: &str) -> bool {
        self.variable.may_be(name)
    }
}

/// The expression that finds any of these; `None` without any.
fn any_of(patterns: &[String]) -> Option<Regex> {
    if patterns.is_empty() { None } else { compiled(&patterns.join("|")) }
}

/// What the rows make is an expression by what [`Name`] allows; one that is too large finds nothing.
fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).unicode(false).size_limit(MOST_COMPILED).build().ok()
}

impl Lookups {
    fn of<'a>(rows: impl Iterator<Item = &'a EnvironmentRow> + Clone) -> Self {
        let patterns: Vec<_> = rows
            .clone()
            .flat_map(|row| row.patterns().into_iter().map(|pattern| (pattern, row.id.clone())))
            .collect();
        let parts: BTreeSet<&str> = rows.clone().flat_map(EnvironmentRow::names).map(Name::fixed).collect();
        // A search for `env` finds `process.env` too.
        let is_least = |part: &&&str| !parts.iter().any(|other| other != *part && part.contains(other));
        let parts: Vec<_> = parts.iter().filter(is_least).map(|part| regex::escape(part)).collect();
        let members: Vec<_> = rows
            .filter(|row| !row.members.is_empty())
            .map(|row| {
                let names: Vec<_> = row.members.iter().map(Name::pattern).collect();
                (format!(r"({})\b", names.join("|")), row)
            })
            .collect();
        let holders = members.iter().filter(|(_, row)| row.variable != VariableName::Capitals);
        let holders = holders.flat_map(|(_, row)| &row.members).map(|name| name.as_str().to_owned());
        Self {
            parts: any_of(&parts),
            lookup: any_of(&patterns.iter().map(|(pattern, _)| pattern.clone()).collect::<Vec<_>>()),
            rows: patterns.into_iter().map(|(_, id)| id).collect(),
            holders: holders.filter(|name| !name.contains(['*', '['])).collect(),
            taken_apart: any_of(&members.iter().map(|(pattern, _)| pattern.clone()).collect::<Vec<_>>())
                .and_then(|holders| {
                    // A member of the holder is a value: `{ port } = new URL(process.env.API_URL)`.
                    let no_member = r"\s*(?:(?u:[^\s.\[?])|\?(?u:[^.])|$)";
                    compiled(&format!(
                        r"\{{((?u:[^{{}}])*)\}}\s*(?::(?u:[^=\n])*)?=\s*(?u:[^;\n])*?(?:{holders}){no_member}"
                    ))
                }),
            taken_apart_rows: members.iter().map(|(_, row)| (row.id.clone(), row.variable)).collect(),
        }
    }

    /// Whether a text may read the environment at all.
    pub(in crate::analysis) fn may_be_in(&self, text: &str) -> bool {
        self.parts.as_ref().is_some_and(|parts| parts.is_match(text))
    }

    /// Every lookup in a text, in its order.
    pub(in crate::analysis) fn all_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Lookup> + 'a {
        let found = self.lookup.iter().flat_map(|lookup| lookup.captures_iter(text));
        found.filter_map(|captures| self.lookup_of(&captures))
    }

    /// The first lookup in a text.
    pub(in crate::analysis) fn first_in(&self, text: &str) -> Option<Lookup> {
        self.lookup_of(&self.lookup.as_ref()?.captures(text)?)
    }

    /// Whether a text has a lookup in it.
    pub(in crate::analysis) fn is_in(&self, text: &str) -> bool {
        self.lookup.as_ref().is_some_and(|lookup| lookup.is_match(text))
    }

    fn lookup_of(&self, captures: &Captures<'_>) -> Option<Lookup> {
        let rows = captures.iter().skip(1).zip(&self.rows);
        let (name, by) = rows.into_iter().find_map(|(group, row)| Some((group?, row)))?;
        Some(Lookup { whole: captures.get(0)?.range(), name: name.range(), by: by.clone() })
    }

    /// Every place of a text that takes the variables apart: `{ A, B = 1 } = process.env`.
    pub(in crate::analysis) fn taken_apart_in<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = TakenApart<'a>> + 'a {
        let found = self.taken_apart.iter().flat_map(|pattern| pattern.captures_iter(text));
        found.filter_map(|captures| {
            let rows = captures.iter().skip(2).zip(&self.taken_apart_rows);
            let (by, variable) = rows.into_iter().find_map(|(group, row)| group.and(Some(row)))?;
            Some(TakenApart { names: captures.get(1)?.range(), by, variable: *variable })
        })
    }

    /// Whether a text names what holds the variables, whichever it is that is read.
    pub(in crate::analysis) fn is_held_in(&self, text: &str) -> bool {
        self.holders.iter().any(|holder| text.contains(holder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookups(rows: &str) -> Lookups {
        Lookups::of(
            [toml::from_str::<EnvironmentRow>(&format!("id = 'x'\nmeans = 'x'\n{rows}")).unwrap()].iter(),
        )
    }

    fn found<'a>(lookups: &Lookups, text: &'a str) -> Vec<&'a str> {
        lookups.all_in(text).map(|lookup| &text[lookup.name]).collect()
    }

    #[test]
    fn a_star_and_a_class_stand_for_parts_of_a_word() {
        let lookups = lookups("calls = ['*env', '*env[A-Z_]*', 'a.env']");
        for text in ["env('A')", "getenv (\"A\")", "env_int(`A`)", "envInt<int>('A', 1)", "a.env('A')"] {
            assert_eq!(found(&lookups, text), ["A"], "{text}");
        }
        for text in ["envy('A')", "env(A)", "env", "env['A']"] {
            assert_eq!(found(&lookups, text), [""; 0], "{text}");
        }
    }

    #[test]
    fn maps_are_indexed_and_members_are_also_taken_apart() {
        assert_eq!(found(&lookups("maps = ['ENV']"), "ENV['A'] ENV {B} ENV.C"), ["A", "B"]);
        let lookups = lookups("members = ['process.env']");
        assert_eq!(found(&lookups, "process.env.A process.env?.['B']"), ["A", "B"]);
        let text = "const { A, B: b = 1 } = process.env";
        let names: Vec<_> = lookups.taken_apart_in(text).map(|found| &text[found.names]).collect();
        assert_eq!(names, [" A, B: b = 1 "]);
        for (text, is_apart) in [
            ("const { port } = new URL(process.env.API_URL)", false),
            ("const { port } = new URL(process.env?.API_URL)", false),
            ("const { port } = new URL(process.env['API_URL'])", false),
            ("const { PORT } = schema.parse(process.env)", true),
            ("const { PORT } = process.env ?? {}", true),
            ("const { PORT } = process.env as Env", true),
        ] {
            assert_eq!(lookups.taken_apart_in(text).count() > 0, is_apart, "{text}");
        }
    }

    #[test]
    fn a_text_without_a_fixed_part_of_a_name_is_passed_over() {
        let lookups = lookups("calls = ['*env*', 'getProperty']");
        assert!(lookups.may_be_in("getProperty(") && lookups.may_be_in("environment"));
        assert!(!lookups.may_be_in("propertyOf('A')"));
    }
}
