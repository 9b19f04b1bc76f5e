//! Rows about the environment: how a program reads a variable of it.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

use regex::{Captures, Regex, RegexBuilder};
use serde::Deserialize;

use super::super::decided_by::DecidedBy;
use super::row::id;
use super::row::{Example, Expected, Row};
use crate::grammar::Grammar;

/// A row about lookups: any of the forms that it lists reads a variable, whose name is written there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct EnvironmentRow {
    /// What decisions by this row are explained with.
    #[serde(deserialize_with = "id")]
    #[cfg_attr(test, schemars(with = "String"))]
    id: DecidedBy,
    /// What the row says, in one sentence.
    means: String,
    /// The languages in which it holds; all without any.
    #[serde(default)]
    languages: Vec<Grammar>,
    /// What is called with the name of the variable: `os.getenv` of `os.getenv("NAME")`.
    #[serde(default)]
    calls: Vec<Name>,
    /// What is called so that the parentheses may be left out: `System.get_env "NAME"`.
    #[serde(default)]
    commands: Vec<Name>,
    /// What holds the variables by their names: `os.environ` of `os.environ["NAME"]`, `$ENV` of `$ENV{NAME}`.
    #[serde(default)]
    maps: Vec<Name>,
    /// What holds the variables as its members: `process.env` of `process.env.NAME` and `{ NAME } = process.env`.
    #[serde(default)]
    members: Vec<Name>,
    /// The named argument that names the variable: `env` of `#[arg(env = "NAME")]`.
    #[serde(default)]
    arguments: Vec<Name>,
    /// What the name of the variable may be.
    #[serde(default)]
    variable: VariableName,
    /// Examples in which this row finds a variable, by the ending of a file in the language.
    #[serde(default)]
    found: Vec<HashMap<String, String>>,
    /// Examples in which no variable is found.
    #[serde(default)]
    not: Vec<HashMap<String, String>>,
}

/// What the name of a variable may be in a lookup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum VariableName {
    /// Any name.
    #[default]
    Any,
    /// A name in capitals, where others mean something else: `config("PORT")`, not `config("port")`.
    Capitals,
    /// A name, or a key of settings that an environment is one source of: `server.port`.
    Key,
    /// A name in a placeholder: `${NAME}`.
    Placeholder,
}

impl VariableName {
    /// The pattern of the name, in a group.
    fn pattern(self) -> &'static str {
        match self {
            Self::Any => "([0-9A-Za-z_]+)",
            Self::Capitals => "([A-Z_][A-Z0-9_]*)",
            Self::Key => "([0-9A-Za-z_.:-]+)",
            Self::Placeholder => r"\\?\$\{([0-9A-Za-z_]+)\}",
        }
    }

    /// Whether it may be that name, which is an identifier.
    fn may_be(self, name: &str) -> bool {
        match self {
            Self::Any | Self::Key => true,
            Self::Capitals => !name.bytes().any(|byte| byte.is_ascii_lowercase()),
            Self::Placeholder => false,
        }
    }
}

/// What is called or looked into, as it is written; `*` stands for letters, digits and underscores, and `[A-Z_]` for one
/// of these.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(try_from = "String")]
pub(super) struct Name(String);

/// How much of a name has to be fixed: a search for it decides whether a text is looked at.
const LEAST_FIXED: usize = 3;

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if fixed(&name).len() < LEAST_FIXED {
            return Err(format!(
                "`{name}` needs {LEAST_FIXED} characters in a row that are not `*` or in `[...]`"
            ));
        }
        let mut rest = name.as_str();
        while let Some((_, class)) = rest.split_once('[') {
            let is_class = |class: &&str| {
                let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
                !class.is_empty()
                    && class.bytes().all(is_allowed)
                    && !class.starts_with('-')
                    && !class.ends_with('-')
                    && Regex::new(&format!("[{class}]")).is_ok()
            };
            let Some((_, behind)) = class.split_once(']').filter(|(class, _)| is_class(class)) else {
                return Err(format!(
                    "`{name}` has a `[` without letters, digits, `_` or ranges of these, and a `]`"
                ));
            };
            rest = behind;
        }
        Ok(Self(name))
    }
}

/// The longest part of a name that is fixed.
fn fixed(name: &str) -> &str {
    let parts =
        name.split(']').flat_map(|part| part.split_once('[').map_or(part, |(fixed, _)| fixed).split('*'));
    parts.max_by_key(|part| part.len()).unwrap_or_default()
}

impl Name {
    /// The pattern of the name.
    fn pattern(&self) -> String {
        let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let mut pattern = String::new();
        if self.0.starts_with(|first: char| is_word(first) || matches!(first, '*' | '[')) {
            pattern.push_str(r"\b");
        }
        let mut rest = self.0.as_str();
        while let Some(character) = rest.chars().next() {
            rest = &rest[character.len_utf8()..];
            match character {
                '*' => pattern.push_str("[0-9A-Za-z_]*"),
                '[' => {
                    let (class, behind) = rest.split_once(']').unwrap_or((rest, ""));
                    pattern.push_str(&format!("[{class}]"));
                    rest = behind;
                }
                // `System.getenv() . get`
                '(' => pattern.push_str(r"\(\s*"),
                ')' if rest.is_empty() => pattern.push_str(r"\)"),
                ')' => pattern.push_str(r"\)\s*"),
                '.' if pattern.ends_with(r"\s*") => pattern.push_str(r"\.\s*"),
                other => pattern.push_str(&regex::escape(&other.to_string())),
            }
        }
        pattern
    }
}

/// Quotes around the name of a variable.
const QUOTE: &str = r#"["'`]"#;

/// How large the expression of a language may become, in bytes: ten times that of the rows here.
const MOST_COMPILED: usize = 10 << 20;

/// Type arguments of a call.
const TYPES: &str = r"(?:<[0-9A-Za-z_?.,|&\x20\[\]]*>)?";

impl Row for EnvironmentRow {
    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn means(&self) -> &str {
        &self.means
    }

    fn fault(&self) -> Option<&'static str> {
        let is_empty = self.names().next().is_none();
        is_empty.then_some("reads nothing: add `calls`, `commands`, `maps`, `members` or `arguments`")
    }

    fn examples(&self) -> Vec<Example> {
        let examples = |texts: &[HashMap<String, String>], expected| {
            let example = |(ending, text): (&String, &String)| Example {
                expected,
                ending: ending.clone(),
                text: text.clone(),
            };
            texts.iter().flatten().map(example).collect::<Vec<_>>()
        };
        [examples(&self.found, Expected::Read), examples(&self.not, Expected::NotRead)].concat()
    }
}

impl EnvironmentRow {
    /// The patterns of the lookups, each with one group, the variable's name.
    fn patterns(&self) -> Vec<String> {
        let variable = self.variable.pattern();
        let quoted = format!("{QUOTE}{variable}{QUOTE}");
        // A placeholder may be followed by others in the same text.
        let first = if self.variable == VariableName::Placeholder {
            format!("{QUOTE}{variable}")
        } else {
            quoted.clone()
        };
        let member = if self.variable == VariableName::Any { "([A-Za-z_][0-9A-Za-z_]*)" } else { variable };
        let one_of = |names: &[Name], behind: String| {
            let names: Vec<_> = names.iter().map(Name::pattern).collect();
            (!names.is_empty()).then(|| format!("(?:{}){behind}", names.join("|")))
        };
        let indexed = format!(r"\s*(?:\?\.)?\[\s*{quoted}(?:\s*\])?");
        [
            one_of(&self.calls, format!(r"{TYPES}\s*\(\s*&?{first}")),
            one_of(&self.commands, format!(r"\s*\(?\s*{quoted}")),
            one_of(&self.maps, indexed.clone()),
            one_of(&self.maps, format!(r#"\s*\{{\s*["']?{variable}["']?\s*\}}"#)),
            one_of(&self.members, format!(r"\??\.{member}")),
            one_of(&self.members, indexed),
            one_of(&self.arguments, format!(r"\s*=\s*{quoted}")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The names in all forms.
    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        [&self.calls, &self.commands, &self.maps, &self.members, &self.arguments].into_iter().flatten()
    }

    /// The row without a name.
    #[cfg(test)]
    pub(super) fn forget(&mut self, name: &Name) {
        for names in
            [&mut self.calls, &mut self.commands, &mut self.maps, &mut self.members, &mut self.arguments]
        {
            names.retain(|other| other != name);
        }
    }

    fn holds_in(&self, grammar: Grammar) -> bool {
        self.languages.is_empty() || self.languages.contains(&grammar)
    }
}

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
    pub(super) fn of(rows: impl IntoIterator<Item = EnvironmentRow>) -> Self {
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
        let parts: BTreeSet<&str> =
            rows.clone().flat_map(EnvironmentRow::names).map(|name| fixed(&name.0)).collect();
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
        let holders = holders.flat_map(|(_, row)| &row.members).map(|name| name.0.clone());
        Self {
            parts: any_of(&parts),
            lookup: any_of(&patterns.iter().map(|(pattern, _)| pattern.clone()).collect::<Vec<_>>()),
            rows: patterns.into_iter().map(|(_, id)| id).collect(),
            holders: holders.filter(|name| !name.contains(['*', '['])).collect(),
            taken_apart: any_of(&members.iter().map(|(pattern, _)| pattern.clone()).collect::<Vec<_>>())
                .and_then(|holders| {
                    compiled(&format!(
                        r"\{{((?u:[^{{}}])*)\}}\s*(?::(?u:[^=\n])*)?=\s*(?u:[^;\n])*?(?:{holders})"
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
    }

    #[test]
    fn a_text_without_a_fixed_part_of_a_name_is_passed_over() {
        let lookups = lookups("calls = ['*env*', 'getProperty']");
        assert!(lookups.may_be_in("getProperty(") && lookups.may_be_in("environment"));
        assert!(!lookups.may_be_in("propertyOf('A')"));
    }

    #[test]
    fn a_name_needs_a_part_to_search_for() {
        for (name, expected) in [
            ("env", None),
            ("[eE]nviron", None),
            ("*", Some("`*` needs 3 characters in a row")),
            ("[eE]nv", Some("`[eE]nv` needs 3 characters in a row")),
            ("env[", Some("`env[` has a `[` without")),
            ("env[^a]", Some("`env[^a]` has a `[` without")),
        ] {
            let error = Name::try_from(name.to_owned()).err();
            assert!(
                expected.map_or(error.is_none(), |start| error
                    .as_ref()
                    .is_some_and(|error| error.starts_with(start))),
                "{name}: {error:?}"
            );
        }
    }
}
