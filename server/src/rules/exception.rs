//! An entry that is added to a project's `port-manager.toml`: what rules are to be quiet about, or a computed value.

use std::path::Path;

use serde::{Deserialize, Serialize};
use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::settings_file::{document, error};
use super::{Rule, Settings};
use crate::error::Result;
use crate::port::Port;
use crate::text::At;
use crate::variable::Variable;

/// One entry of `port-manager.toml` that makes rules quiet, or takes the place of what they find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exception {
    /// The port may be hardcoded everywhere in the project.
    AllowedPort(Port),
    /// The file is not looked at: its path from the project's root, with slashes.
    Ignore(String),
    /// The rule says nothing.
    Off(Rule),
    /// The value of a variable is computed from ports.
    Computed {
        /// The variable: `API_URL`.
        name: Variable,
        /// Its value: `http://localhost:${API_PORT}`.
        value: String,
    },
}

impl Exception {
    /// The text of a `port-manager.toml` with the entry; comments and order stay as they are. A text that has the entry
    /// already comes back unchanged.
    ///
    /// # Errors
    /// When the text is no TOML, or has something else where the entry belongs.
    pub fn add_to(&self, text: &str, root: &Path) -> Result<String> {
        let mut document = document(text, root)?;
        let is_added = match self {
            Self::AllowedPort(port) => add(&mut document, "allowed-ports", i64::from(port.get())),
            Self::Ignore(path) => add(&mut document, "ignore", pattern(path)),
            Self::Off(rule) => turn_off(&mut document, *rule),
            Self::Computed { name, value } => compute(&mut document, name, value),
        };
        match is_added {
            Some(()) => {
                let text = document.to_string();
                // A value is text of anybody, which the file may not have.
                if matches!(self, Self::Computed { .. }) {
                    Settings::parse(&text, root)?;
                }
                Ok(text)
            }
            None => Err(error(
                root,
                At::START,
                format!("{self} cannot be added: its key has a value of another kind"),
            )),
        }
    }
}

/// Adds a value to the list that is called so, unless it is in it.
fn add(document: &mut DocumentMut, name: &str, item: impl Into<toml_edit::Value>) -> Option<()> {
    let list = document.entry(name).or_insert_with(|| value(Array::new())).as_array_mut()?;
    let item = item.into();
    let is_same = |other: &toml_edit::Value| match (other.as_integer(), other.as_str()) {
        (Some(number), _) => item.as_integer() == Some(number),
        (None, text) => text.is_some() && item.as_str() == text,
    };
    if !list.iter().any(is_same) {
        list.push(item);
    }
    Some(())
}

/// Sets the rule's severity. What people wrote beside the one before stays there.
fn turn_off(document: &mut DocumentMut, rule: Rule) -> Option<()> {
    let severity = document.entry("severity").or_insert_with(|| Item::Table(Table::new()));
    let severity = severity.as_table_like_mut()?;
    match severity.get_mut(rule.name()).and_then(Item::as_value_mut) {
        Some(former) => {
            let mut off = toml_edit::Value::from("off");
            *off.decor_mut() = former.decor().clone();
            *former = off;
        }
        None => drop(severity.insert(rule.name(), value("off"))),
    }
    Some(())
}

/// Adds a computed value. One that people wrote stays.
fn compute(document: &mut DocumentMut, name: &Variable, text: &str) -> Option<()> {
    let table = document.entry("env").or_insert_with(|| Item::Table(Table::new())).as_table_like_mut()?;
    if !table.contains_key(name.as_str()) {
        table.insert(name.as_str(), value(text));
    }
    Some(())
}

/// The pattern of a `.gitignore` that matches the path and nothing else.
fn pattern(path: &str) -> String {
    let mut pattern = String::from("/");
    for character in path.chars() {
        if matches!(character, '*' | '?' | '[' | ']' | '\\' | '!' | '#' | ' ') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

impl std::fmt::Display for Exception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AllowedPort(port) => write!(f, "allowed-ports = [{port}]"),
            Self::Ignore(path) => write!(f, "ignore = [\"{path}\"]"),
            Self::Off(rule) => write!(f, "{} = \"off\"", rule.name()),
            Self::Computed { name, .. } => write!(f, "{name} of [env]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Diagnostic, SETTINGS_FILE_NAME as FILE_NAME, Settings, Severity};
    use super::*;

    fn port(number: u16) -> Exception {
        Exception::AllowedPort(Port::new(number).unwrap())
    }

    fn added(exception: &Exception, text: &str) -> String {
        exception.add_to(text, Path::new("/project")).unwrap()
    }

    #[test]
    fn a_computed_value_is_added_and_checked() {
        let computed = |name: &str, value: &str| Exception::Computed {
            name: name.parse().unwrap(),
            value: value.to_owned(),
        };
        let url = computed("API_URL", "http://localhost:${API_PORT}");
        let line = "API_URL = \"http://localhost:${API_PORT}\"\n";
        assert_eq!(added(&url, ""), format!("[env]\n{line}"));
        assert_eq!(
            added(&url, "[env] # ours\nA = \"${API_PORT}\"\n"),
            format!("[env] # ours\nA = \"${{API_PORT}}\"\n{line}")
        );
        let chosen = "[env]\nAPI_URL = \"http://127.0.0.1:${API_PORT}\"\n";
        assert_eq!(added(&url, chosen), chosen);
        for wrong in [computed("PATH", "${API_PORT}"), computed("API_URL", "http://localhost")] {
            assert!(wrong.add_to("", Path::new("/project")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_project_without_settings_gets_them() {
        assert_eq!(added(&port(5432), ""), "allowed-ports = [5432]\n");
        assert_eq!(added(&Exception::Ignore("legacy/a.js".into()), ""), "ignore = [\"/legacy/a.js\"]\n");
        assert_eq!(added(&Exception::Off(Rule::PortConflict), ""), "[severity]\nport-conflict = \"off\"\n");
    }

    #[test]
    fn what_stands_there_stays() {
        let text = "# Ours.\nallowed-ports = [ 5432 ] # the database\n\n[severity]\n# Never.\nport-conflict = \"hint\"\n";
        assert_eq!(
            added(&port(6379), text),
            "# Ours.\nallowed-ports = [ 5432 , 6379] # the database\n\n[severity]\n# Never.\nport-conflict = \"hint\"\n"
        );
        assert_eq!(
            added(&Exception::Off(Rule::PortConflict), text),
            "# Ours.\nallowed-ports = [ 5432 ] # the database\n\n[severity]\n# Never.\nport-conflict = \"off\"\n"
        );
        assert_eq!(added(&port(5432), text), text);
        // A key of its own comes before the tables.
        assert_eq!(
            added(&port(1), "[severity]\nport-conflict = \"off\"\n"),
            "allowed-ports = [1]\n[severity]\nport-conflict = \"off\"\n"
        );
    }

    #[test]
    fn what_is_no_settings_is_an_error_with_its_line_and_is_not_written_over() {
        let broken = port(1).add_to("ignore = []\nallowed-ports = [\n", Path::new("/project")).unwrap_err();
        assert!(broken.to_string().starts_with("/project/port-manager.toml:2:"), "{broken}");
        let other = port(1).add_to("allowed-ports = 5\n", Path::new("/project")).unwrap_err();
        assert!(other.to_string().contains("allowed-ports = [1]"), "{other}");
    }

    #[test]
    fn what_is_added_is_heard() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let settings = |exception: &Exception| {
            std::fs::write(root.join(FILE_NAME), exception.add_to("", root).unwrap()).unwrap();
            Settings::load(root).unwrap()
        };
        let odd = "app/[id]/a b!.js";
        assert!(settings(&Exception::Ignore(odd.into())).ignores(&root.join(odd)));
        assert!(!settings(&Exception::Ignore(odd.into())).ignores(&root.join("app/i/a b!.js")));
        assert!(!settings(&Exception::Ignore("a.js".into())).ignores(&root.join("src/a.js")));
        let diagnostic = Diagnostic {
            rule: Rule::HardcodedPort,
            severity: Severity::Warning,
            span: 0..1,
            message: String::new(),
            port: Port::new(5432),
            variable: None,
        };
        assert!(settings(&port(5433)).apply(diagnostic.clone()).is_some());
        assert!(settings(&port(5432)).apply(diagnostic.clone()).is_none());
        assert!(settings(&Exception::Off(Rule::HardcodedPort)).apply(diagnostic).is_none());
    }
}
