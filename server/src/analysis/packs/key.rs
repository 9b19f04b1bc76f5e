//! Rows about keys of formats.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::row::{Example, Expected, Row, Text, example_of_each, examples};
use crate::analysis::decided_by::DecidedBy;

/// What a key says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(in crate::analysis) enum KeyDoes {
    /// A number in it is a port.
    Port,
    /// Its number or address is listened on.
    Listen,
    /// Its number or address is connected to, or requests are passed there.
    Connect,
    /// It is a command line.
    Command,
    /// Nothing in it is a port of ours.
    NoPort,
    /// It names a variable of the environment, of which a `default` beside it is the default.
    NamesVariable,
}

/// A format with keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum Format {
    /// JSON, JSON with comments, JSON5.
    Json,
    /// YAML, but for compose files.
    Yaml,
    /// TOML, INI, properties, HOCON, and the directives of nginx, HAProxy, Apache and Redis.
    Conf,
    /// Terraform, OpenTofu, Nomad and Packer.
    Hcl,
    /// XML.
    Xml,
    /// Compose files.
    Compose,
    /// `devcontainer.json`.
    Devcontainer,
    /// The directives of Caddyfiles.
    Caddyfile,
    /// Units of systemd and of Podman's Quadlet.
    Systemd,
    /// Named arguments and entries of programs.
    Program,
}

/// What stands for the name of a reader where programs are read.
const PROGRAM: &str = "program";

impl Format {
    /// Those of settings. In programs, other rows say what a number is.
    const SETTINGS: [Self; 9] = [
        Self::Json,
        Self::Yaml,
        Self::Conf,
        Self::Hcl,
        Self::Xml,
        Self::Compose,
        Self::Devcontainer,
        Self::Caddyfile,
        Self::Systemd,
    ];

    /// The name of its reader.
    fn reader(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Conf => "conf",
            Self::Hcl => "hcl",
            Self::Xml => "xml",
            Self::Compose => "compose",
            Self::Devcontainer => "devcontainer",
            Self::Caddyfile => "caddyfile",
            Self::Systemd => "systemd",
            Self::Program => PROGRAM,
        }
    }
}

/// A row about keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct KeyRow {
    /// What decisions by this row are explained with.
    pub(super) id: String,
    /// What the row says, in one sentence.
    pub(super) means: String,
    /// What the keys say of their values.
    does: KeyDoes,
    /// The keys, however they are spelled: the last name of a path, `port` of `server.port` in YAML.
    names: Vec<String>,
    /// The formats in which it holds; all of settings without any.
    #[serde(default)]
    formats: Vec<Format>,
    /// An example with `{}` for each of the keys, by the ending of a file in its format.
    #[serde(default)]
    each: Text,
    /// Examples in which a port is found.
    #[serde(default)]
    found: Vec<Text>,
    /// Examples in which no port is found.
    #[serde(default)]
    not: Vec<Text>,
}

impl Row for KeyRow {
    fn id(&self) -> &str {
        &self.id
    }

    fn means(&self) -> &str {
        &self.means
    }

    fn fault(&self) -> Option<&'static str> {
        let is_key = |name: &String| !name.is_empty() && !name.contains(char::is_whitespace);
        let names_variable = self.does == KeyDoes::NamesVariable;
        if self.names.is_empty() || !self.names.iter().all(is_key) {
            Some("is about no key: `names` are the keys, without blanks in them")
        } else if names_variable != self.formats.contains(&Format::Program)
            || names_variable && self.formats.len() > 1
        {
            Some("has one of `names-variable` and `formats = [\"program\"]` without the other: say both")
        } else {
            None
        }
    }

    fn examples(&self) -> Vec<Example> {
        let each = example_of_each(&self.each, self.names.iter().cloned());
        examples(&self.found, Expected::Found)
            .chain(examples(&self.not, Expected::None))
            .chain(each)
            .collect()
    }
}

/// What a key says, and the row that says it.
#[derive(Debug, Clone)]
pub(in crate::analysis) struct KeySays {
    pub(in crate::analysis) does: KeyDoes,
    pub(in crate::analysis) by: DecidedBy,
}

/// Rows about keys, in the order in which they count.
#[derive(Debug, Default)]
pub(in crate::analysis) struct KeyTable {
    /// What keys in lower case say, by the name of a format's reader.
    by_reader: HashMap<&'static str, HashMap<String, KeySays>>,
}

impl KeyTable {
    pub(super) fn of(rows: impl IntoIterator<Item = KeyRow>) -> Self {
        let mut table = Self::default();
        for row in rows {
            let says = KeySays { does: row.does, by: DecidedBy::of_row(Arc::from(row.id.as_str())) };
            let formats = if row.formats.is_empty() { &Format::SETTINGS[..] } else { &row.formats };
            for format in formats {
                let keys = table.by_reader.entry(format.reader()).or_default();
                for name in &row.names {
                    keys.entry(name.to_ascii_lowercase()).or_insert_with(|| says.clone());
                }
            }
        }
        table
    }

    /// What a key says to a format's reader, by the first row about it.
    pub(in crate::analysis) fn says(&self, reader: &str, key: &str) -> Option<&KeySays> {
        let keys = self.by_reader.get(reader)?;
        match key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => keys.get(&key.to_ascii_lowercase()),
            false => keys.get(key),
        }
    }

    /// Whether a named argument or an entry of a program names a variable.
    pub(in crate::analysis) fn names_variable(&self, key: &str) -> bool {
        self.says(PROGRAM, key).is_some()
    }

    /// Whether a text has a key whose row makes a port of a number: then it is not passed over, whatever else is in it.
    pub(in crate::analysis) fn may_decide_in(&self, reader: &str, text: &str) -> bool {
        let decides =
            |says: &KeySays| matches!(says.does, KeyDoes::Port | KeyDoes::Listen | KeyDoes::Connect);
        let has = |key: &str| {
            text.as_bytes().windows(key.len()).any(|window| window.eq_ignore_ascii_case(key.as_bytes()))
        };
        self.by_reader
            .get(reader)
            .is_some_and(|keys| keys.iter().any(|(key, says)| decides(says) && has(key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::packs::{Packs, Rows};
    use crate::analysis::{Language, SyntaxCache, analyze_by};

    /// What decided about the numbers of a text that is read by a project's row about a key.
    fn decided(language: Language, text: &str, does: &str) -> Vec<String> {
        let row = format!(
            "[[key]]\nid = 'our.key'\nmeans = 'Ours.'\ndoes = '{does}'\nnames = ['gateway', 'shopPort']\n"
        );
        let own = Packs::with(toml::from_str::<Rows>(&row).unwrap());
        let analysis = analyze_by(text, language, &own, &mut SyntaxCache::default());
        analysis.occurrences.iter().map(|occurrence| occurrence.decided_by.as_str().to_owned()).collect()
    }

    #[test]
    fn a_key_of_ones_own_holds_a_port_in_every_format() {
        for (language, text) in [
            (Language::Yaml, "gateway: 8080\n"),
            (Language::Json, r#"{"gateway": 8080}"#),
            (Language::Json, r#"{"gateway": "8080"}"#),
            (Language::Conf, "gateway = 8080\n"),
            (Language::Hcl, "gateway = 8080\n"),
            (Language::Xml, "<a><gateway>8080</gateway></a>"),
            (Language::Compose, "services:\n  web:\n    x-a:\n      gateway: 8080\n"),
            (Language::Systemd, "[Service]\ngateway=8080\n"),
            (Language::Caddyfile, "a.example {\n  gateway localhost:8080\n}\n"),
        ] {
            assert_eq!(decided(language, text, "listen"), ["our.key"], "{text}");
        }
    }

    #[test]
    fn an_argument_of_ones_own_names_a_variable() {
        let row = "[[key]]\nid = 'our.argument'\nmeans = 'Ours.'\ndoes = 'names-variable'\nformats = ['program']\nnames = ['fromEnv']\n";
        let own = Packs::with(toml::from_str::<Rows>(row).unwrap());
        let text = "option({ fromEnv: 'LIMIT', default: 'http://localhost:8080' })";
        let decided = |packs: &Packs| {
            let analysis = analyze_by(text, Language::JavaScript, packs, &mut SyntaxCache::default());
            analysis.occurrences.iter().map(|it| it.decided_by.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(decided(&own), ["binding.default-beside-variable"]);
        assert_ne!(decided(Packs::built_in()), decided(&own));
    }

    #[test]
    fn a_row_about_no_key_or_half_of_a_variable_is_refused() {
        let fault = |says: &str| {
            toml::from_str::<KeyRow>(&format!("id = 'a'\nmeans = 'b'\n{says}")).unwrap().fault().is_some()
        };
        assert!(!fault("does = 'port'\nnames = ['gateway']"));
        assert!(!fault("does = 'names-variable'\nnames = ['fromEnv']\nformats = ['program']"));
        for says in [
            "does = 'port'\nnames = []",
            "does = 'port'\nnames = ['a b']",
            "does = 'port'\nnames = ['gateway']\nformats = ['program']",
            "does = 'names-variable'\nnames = ['fromEnv']",
            "does = 'names-variable'\nnames = ['fromEnv']\nformats = ['program', 'json']",
        ] {
            assert!(fault(says), "{says}");
        }
    }

    #[test]
    fn a_key_of_ones_own_holds_no_port_whatever_its_name() {
        for (language, text) in [
            (Language::Yaml, "shopPort: 8080\n"),
            (Language::Json, r#"{"shopPort": 8080}"#),
            (Language::Conf, "shopPort = 8080\n"),
            (Language::Hcl, "shopPort = 8080\n"),
            (Language::Yaml, "gateway: http://localhost:8080\n"),
            (Language::Compose, "services:\n  web:\n    x-a:\n      shopPort: 8080\n"),
            (Language::Caddyfile, "a.example {\n  gateway localhost:8080\n}\n"),
        ] {
            assert_eq!(decided(language, text, "no-port"), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_row_about_no_key_is_refused() {
        let fault = |names: &str| {
            let row = format!("id = 'a'\nmeans = 'b'\ndoes = 'port'\nnames = {names}");
            toml::from_str::<KeyRow>(&row).unwrap().fault()
        };
        assert_eq!(fault("['gateway']"), None);
        for names in ["[]", "['']", "['a b']"] {
            assert!(fault(names).is_some(), "{names}");
        }
    }
}
