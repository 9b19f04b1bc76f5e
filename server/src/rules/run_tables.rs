//! The tables `[run."packages/web"]` of `port-manager.toml`: which variable of the project a component reads under another
//! name, mostly `PORT`. Several components of a project may read `PORT`; each has a variable of its own.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use toml_edit::{Item, Table, TableLike, value};

use super::settings_file::{document, error};
use crate::error::Result;
use crate::project::map::Renamed;
use crate::text::At;
use crate::variable::Variable;

/// The comment above the first table that is added to a file.
const COMMENT: &str =
    "# `port-manager run` gives a command in this directory the variable's number under that name.\n";

/// Every table of a file, by its directory.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct RunTables(BTreeMap<Directory, BTreeMap<Name, Name>>);

/// A directory of the project in the one way in which it is written: relative, with slashes, `.` for the file's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Directory(PathBuf);

/// A variable that holds a port. A loader, shell or runtime obeys none of them, so a clone's file may name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Name(Variable);

impl RunTables {
    /// What the tables say in a directory, which is relative to the file's and holds no link: for each name the variable that
    /// the innermost table with it names.
    #[must_use]
    pub fn entries_at(&self, directory: &Path) -> Vec<Renamed> {
        let mut entries: BTreeMap<&Name, (&Directory, &Name)> = BTreeMap::new();
        for (at, table) in &self.0 {
            // In ascending order the inner of two directories comes later.
            if directory.starts_with(&at.0) {
                entries.extend(table.iter().map(|(name, variable)| (name, (at, variable))));
            }
        }
        let entries = entries.into_iter().map(|(Name(name), (Directory(directory), Name(variable)))| {
            Renamed { directory: directory.clone(), name: name.clone(), variable: variable.clone() }
        });
        entries.collect()
    }

    /// The directory of every table.
    pub fn directories(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(|Directory(path)| path.as_path())
    }

    /// Every entry that holds in `within`, a directory relative to the file's, with its directory relative to `within`.
    pub fn entries_within(&self, within: &Path) -> impl Iterator<Item = Renamed> {
        self.0.iter().flat_map(move |(Directory(path), table)| {
            let directory = match path.strip_prefix(within) {
                Ok(below) => Some(below.to_owned()),
                Err(_) => within.starts_with(path).then(PathBuf::new),
            };
            directory.into_iter().flat_map(move |directory| {
                table.iter().map(move |(Name(name), Name(variable))| Renamed {
                    directory: directory.clone(),
                    name: name.clone(),
                    variable: variable.clone(),
                })
            })
        })
    }
}

/// The text of a `port-manager.toml` with those entries. What people wrote stays as it is, also where they chose another
/// variable for the same name; a text that has every entry comes back unchanged.
///
/// # Errors
/// When the text is not TOML, has something else where a table belongs, or an entry is not one that the file may have.
pub fn add_run_entries(entries: &[Renamed], text: &str, root: &Path) -> Result<String> {
    let refused = |message: String| error(root, At::START, message);
    let mut document = document(text, root)?;
    for entry in entries {
        let directory = Directory::written(&entry.directory).map_err(refused)?;
        let name = Name::try_from(entry.name.clone()).map_err(refused)?;
        let variable = Name::try_from(entry.variable.clone()).map_err(refused)?;
        let Some(table) = table_of(document.as_table_mut(), &directory) else {
            return Err(refused(format!("`run` has to hold tables, such as [run.\"{directory}\"]")));
        };
        if !table.contains_key(name.0.as_str()) {
            table.insert(name.0.as_str(), value(variable.0.as_str()));
        }
    }
    Ok(document.to_string())
}

/// The table of a directory, which is added where it is missing; `None` where something else is in its place.
fn table_of<'a>(document: &'a mut Table, directory: &str) -> Option<&'a mut dyn TableLike> {
    let mut header = Table::new();
    if !document.contains_key("run") {
        let blank_line = if document.is_empty() { "" } else { "\n" };
        header.decor_mut().set_prefix(format!("{blank_line}{COMMENT}"));
    }
    let run = document.entry("run").or_insert_with(|| {
        let mut run = Table::new();
        // It has no header of its own.
        run.set_implicit(true);
        Item::Table(run)
    });
    let run = run.as_table_like_mut()?;
    if !run.contains_key(directory) {
        run.insert(directory, Item::Table(header));
    }
    run.get_mut(directory)?.as_table_like_mut()
}

impl Directory {
    /// A directory as the file names it.
    fn written(path: &Path) -> Result<String, String> {
        let names: Option<Vec<&str>> = path.iter().map(|name| name.to_str()).collect();
        let text = match names {
            Some(names) if names.is_empty() => ".".to_owned(),
            Some(names) => names.join("/"),
            None => return Err(format!("{} is not valid Unicode, so no table can name it", path.display())),
        };
        Self::try_from(text.clone()).map(|_| text)
    }
}

impl TryFrom<String> for Directory {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let refused = |reason: &str| {
            Err(format!(
                "{text:?} {reason}: name a directory below this file, such as \"packages/web\", or \".\""
            ))
        };
        let path = Path::new(&text);
        if text == "." {
            return Ok(Self(PathBuf::new()));
        }
        if path.has_root() || path.components().any(|part| matches!(part, Component::Prefix(_))) {
            return refused("is an absolute path");
        }
        if text.contains('\\') {
            return refused("has a backslash");
        }
        // One directory has one spelling, so that it has one table.
        match text.split('/').find(|name| matches!(*name, "" | "." | "..")) {
            Some("..") => refused("leads out of the project"),
            Some(_) => refused("is not a plain path"),
            None => Ok(Self(path.to_owned())),
        }
    }
}

impl TryFrom<Variable> for Name {
    type Error = String;

    fn try_from(variable: Variable) -> Result<Self, String> {
        match variable.ensure_holds_port() {
            Ok(()) => Ok(Self(variable)),
            Err(reason) => Err(format!("{variable} {reason}")),
        }
    }
}

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let variable: Variable = text.parse().map_err(|reason| format!("{text:?} is {reason}"))?;
        Self::try_from(variable)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;
    use crate::error::Error;

    fn tables(text: &str) -> Result<RunTables> {
        Settings::parse(text, Path::new("/project")).map(|settings| settings.run_tables().clone())
    }

    fn entry(directory: &str, name: &str, variable: &str) -> Renamed {
        Renamed {
            directory: directory.into(),
            name: name.parse().unwrap(),
            variable: variable.parse().unwrap(),
        }
    }

    fn added(entries: &[Renamed], text: &str) -> String {
        let added = add_run_entries(entries, text, Path::new("/project")).unwrap();
        assert_eq!(add_run_entries(entries, &added, Path::new("/project")).unwrap(), added, "a second time");
        added
    }

    const TWO: &str = "[run.\"packages/web\"]\nPORT = \"WEB_PORT\"\n\n[run.\"packages/web/admin\"]\nPORT = \"ADMIN_PORT\"\n";

    #[test]
    fn the_innermost_directory_decides() {
        let tables = tables(TWO).unwrap();
        let port = |directory: &str| {
            tables.entries_at(Path::new(directory)).first().map(|entry| entry.variable.to_string())
        };
        assert_eq!(port("packages/web").as_deref(), Some("WEB_PORT"));
        assert_eq!(port("packages/web/src").as_deref(), Some("WEB_PORT"));
        assert_eq!(port("packages/web/admin/src").as_deref(), Some("ADMIN_PORT"));
        for outside in ["", "packages", "packages/website", "web"] {
            assert_eq!(port(outside), None, "{outside}");
        }
    }

    #[test]
    fn the_root_is_a_dot() {
        let tables = tables("[run.\".\"]\nPORT = \"WEB_PORT\"\n").unwrap();
        for directory in ["", "src"] {
            assert_eq!(tables.entries_at(Path::new(directory)), [entry("", "PORT", "WEB_PORT")]);
        }
    }

    #[test]
    fn an_outer_table_holds_for_the_names_that_no_inner_one_has() {
        let outer = "[run.\".\"]\nPORT = \"WEB_PORT\"\nVITE_API_PORT = \"API_PORT\"\n";
        let tables = tables(&format!("{outer}\n[run.\"api\"]\nPORT = \"API_PORT\"\n")).unwrap();
        assert_eq!(
            tables.entries_at(Path::new("api/src")),
            [entry("api", "PORT", "API_PORT"), entry("", "VITE_API_PORT", "API_PORT")]
        );
    }

    #[test]
    fn a_project_below_the_file_has_the_tables_around_and_in_it() {
        let tables = tables(TWO).unwrap();
        let within = |directory: &str| tables.entries_within(Path::new(directory)).collect::<Vec<_>>();
        let (web, admin) = ("packages/web", "packages/web/admin");
        assert_eq!(within(""), [entry(web, "PORT", "WEB_PORT"), entry(admin, "PORT", "ADMIN_PORT")]);
        assert_eq!(within(web), [entry("", "PORT", "WEB_PORT"), entry("admin", "PORT", "ADMIN_PORT")]);
        assert_eq!(within("packages/api"), []);
    }

    #[test]
    fn hostile_tables_are_errors_with_their_line() {
        let cases = [
            ("[run.\"a\"]\nLD_PRELOAD = \"WEB_PORT\"\n", 2, "a setting of the dynamic loader"),
            ("[run.\"a\"]\nPATH = \"WEB_PORT\"\n", 2, "a setting of the shell"),
            ("[run.\"a\"]\nSECRET = \"WEB_PORT\"\n", 2, "not the name of a port variable"),
            ("[run.\"a\"]\nPORT = \"LD_PRELOAD\"\n", 2, "a setting of the dynamic loader"),
            ("[run.\"a\"]\nPORT = \"WEB PORT\"\n", 2, "not a variable name"),
            ("[run.\"a\"]\nPORT = 8000\n", 2, "expected a string"),
            ("[run]\na = \"WEB_PORT\"\n", 2, "expected a map"),
            ("run = 1\n", 1, "expected a map"),
            ("\n[run.\"../../x\"]\nPORT = \"WEB_PORT\"\n", 2, "leads out of the project"),
            ("\n[run.\"a/../../x\"]\nPORT = \"WEB_PORT\"\n", 2, "leads out of the project"),
            ("\n[run.\"/etc\"]\nPORT = \"WEB_PORT\"\n", 2, "an absolute path"),
            ("\n[run.'a\\b']\nPORT = \"WEB_PORT\"\n", 2, "a backslash"),
            ("\n[run.\"./a\"]\nPORT = \"WEB_PORT\"\n", 2, "not a plain path"),
            ("\n[run.\"a/\"]\nPORT = \"WEB_PORT\"\n", 2, "not a plain path"),
            ("\n[run.\"\"]\nPORT = \"WEB_PORT\"\n", 2, "not a plain path"),
        ];
        for (text, expected, reason) in cases {
            match tables(text) {
                Err(Error::Settings { line, message, .. }) => {
                    assert!(message.contains(reason), "{text}: {message}");
                    assert_eq!(line, expected, "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn tables_are_added_behind_what_people_wrote() {
        let entries = [entry("packages/web", "PORT", "WEB_PORT"), entry("", "PORT", "API_PORT")];
        let new = format!(
            "{COMMENT}[run.\"packages/web\"]\nPORT = \"WEB_PORT\"\n\n[run.\".\"]\nPORT = \"API_PORT\"\n"
        );
        assert_eq!(added(&entries, ""), new);
        let ours = "# Ours.\nallowed-ports = [ 5432 ] # the database\n";
        assert_eq!(added(&entries, ours), format!("{ours}\n{new}"));
        assert_eq!(tables(&added(&entries, ours)).unwrap().entries_within(Path::new("")).count(), 2);
    }

    #[test]
    fn what_people_chose_stays() {
        let chosen = "[run.\"packages/web\"] # the shop\nPORT = \"SHOP_PORT\" # since May\n";
        assert_eq!(added(&[entry("packages/web", "PORT", "WEB_PORT")], chosen), chosen);
        assert_eq!(
            added(&[entry("packages/api", "PORT", "API_PORT")], chosen),
            format!("{chosen}\n[run.\"packages/api\"]\nPORT = \"API_PORT\"\n")
        );
        let inline = "run = { \"packages/web\" = { PORT = \"SHOP_PORT\" } }\n";
        let both = added(&[entry("packages/api", "PORT", "API_PORT")], inline);
        assert_eq!(tables(&both).unwrap().directories().count(), 2, "{both}");
    }

    #[test]
    fn what_the_file_may_not_have_is_not_written() {
        let refused = |entry: Renamed, text: &str| {
            add_run_entries(&[entry], text, Path::new("/project")).unwrap_err().to_string()
        };
        assert!(refused(entry("a", "LD_PRELOAD", "WEB_PORT"), "").contains("LD_PRELOAD is a setting"));
        assert!(refused(entry("../x", "PORT", "WEB_PORT"), "").contains("leads out of the project"));
        assert!(refused(entry("a", "PORT", "WEB_PORT"), "run = 1\n").contains("has to hold tables"));
        assert!(refused(entry("a", "PORT", "WEB_PORT"), "a = [\n").contains("port-manager.toml:1:"));
    }
}
