//! Rows about the environment: how a program reads a variable of it.

mod lookups;
mod name;

use serde::Deserialize;

use super::super::decided_by::DecidedBy;
use super::row::{Example, Expected, Row, Text, examples, id};
use crate::grammar::Grammar;

pub(in crate::analysis) use lookups::{EnvironmentTable, Lookup, Lookups};
use name::Name;

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
    found: Vec<Text>,
    /// Examples in which no variable is found.
    #[serde(default)]
    not: Vec<Text>,
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

/// Quotes around the name of a variable.
const QUOTE: &str = r#"["'`]"#;

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
        examples(&self.found, Expected::Read).chain(examples(&self.not, Expected::NotRead)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(says: &str) -> EnvironmentRow {
        toml::from_str(&format!("id = 'a'\nmeans = 'b'\n{says}")).unwrap()
    }

    /// The variable that the row reads in a text.
    fn read<'a>(says: &str, text: &'a str) -> Option<&'a str> {
        let patterns = row(says).patterns();
        let read =
            |pattern: &String| Some(regex::Regex::new(pattern).unwrap().captures(text)?.get(1)?.as_str());
        patterns.iter().find_map(read)
    }

    #[test]
    fn each_form_of_a_lookup_names_the_variable_in_its_own_way() {
        assert_eq!(read("calls = ['getenv']", "getenv(\"A\")"), Some("A"));
        assert_eq!(read("calls = ['getenv']", "getenv \"A\""), None);
        assert_eq!(read("commands = ['getenv']", "getenv \"A\""), Some("A"));
        assert_eq!(read("maps = ['ENV']", "ENV['A']"), Some("A"));
        assert_eq!(read("maps = ['ENV']", "ENV.A"), None);
        assert_eq!(read("members = ['ENV']", "ENV.A"), Some("A"));
        assert_eq!(read("arguments = ['env']", "env = 'A'"), Some("A"));
        assert_eq!(read("arguments = ['env']", "env = A"), None);
    }

    #[test]
    fn what_the_name_of_a_variable_may_be_is_said_by_the_row() {
        let read = |variable: &str, text| read(&format!("calls = ['config']\nvariable = '{variable}'"), text);
        assert_eq!(read("any", "config('port')"), Some("port"));
        assert_eq!(read("capitals", "config('port')"), None);
        assert_eq!(read("any", "config('server.port')"), None);
        assert_eq!(read("key", "config('server.port')"), Some("server.port"));
        assert_eq!(read("placeholder", "config('${PORT}')"), Some("PORT"));
    }

    #[test]
    fn a_row_without_a_form_is_refused() {
        assert!(row("").fault().is_some_and(|fault| fault.starts_with("reads nothing")));
        assert_eq!(row("maps = ['ENV']").fault(), None);
    }

    #[test]
    fn a_row_holds_in_its_languages_or_in_all() {
        assert!(row("maps = ['ENV']").holds_in(Grammar::Ruby));
        let ruby = row("maps = ['ENV']\nlanguages = ['ruby']");
        assert!(ruby.holds_in(Grammar::Ruby) && !ruby.holds_in(Grammar::Python));
    }
}
