//! `port-manager.toml`: what a project wants to hear. Everything that can be set is a field of
//! [`Settings`]; `docs/configuration.md` is held to it by a test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

use super::computed::{self, ComputedValues};
use super::run_tables::RunTables;
use super::settings_file::{FILE_NAME, error};
use super::severities::Severities;
use super::{Diagnostic, Severity};
use crate::analysis::{Failed, Packs, Rows};
use crate::error::{Error, Result};
use crate::files;
use crate::port::Port;
use crate::project::ProjectRoot;
use crate::project::map::Renamed;
use crate::rewrite::Fallback;
use crate::text::At;
use crate::variable::Variable;

/// The JSON Schema of the file. A test holds it to the types.
pub const SCHEMA: &str = include_str!("../../schemas/port-manager.schema.json");

/// What a project has set.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    file: File,
    /// `None` where the project has no rows of its own.
    own_rows: Option<Arc<OwnRows>>,
    /// The directory of the file.
    directory: PathBuf,
    /// The file's text.
    text: Arc<str>,
    ignored: Option<Gitignore>,
    computed: ComputedValues,
    /// What the user wants to hear besides, in this editor.
    editor: Severities,
    /// Whether what the rules call a note is a hint here.
    notes_are_hints: bool,
}

/// A project's own rows.
#[derive(Debug)]
struct OwnRows {
    /// They, and those that come with the program.
    packs: Arc<Packs>,
    /// The file's text, which says where each of them is.
    text: String,
}

/// The file as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    /// Paths that are not looked at, as patterns of a `.gitignore` at the project's root.
    ignore: Vec<String>,
    /// Ports that may be hardcoded in this project.
    #[cfg_attr(test, schemars(with = "Vec<std::num::NonZeroU16>"))]
    allowed_ports: Vec<Port>,
    /// How serious each rule's diagnostics are: `off`, `hint`, `note` or `warning`.
    severity: Severities,
    /// What fixes write.
    fixes: Fixes,
    /// Which variable a component reads under another name.
    #[cfg_attr(
        test,
        schemars(with = "std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>")
    )]
    run: RunTables,
    /// Values that `port-manager run` and `port-manager env` compute from the project's ports:
    /// `API_URL = "http://localhost:${API_PORT}"`. A dollar sign is written `$$`.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, String>"))]
    env: computed::Written,
    /// What commands in several copies of this project share, or do not.
    compose: Compose,
}

/// The table `[compose]`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Compose {
    /// Whether `port-manager run` and `port-manager env` set `COMPOSE_PROJECT_NAME`, so that two copies of this project
    /// have containers, networks and volumes of their own.
    project_name: bool,
}

impl Default for Compose {
    fn default() -> Self {
        Self { project_name: true }
    }
}

impl File {
    /// What can be set besides rows.
    const KEYS: [&str; 7] = ["ignore", "allowed-ports", "severity", "fixes", "run", "env", "compose"];
}

/// The table `[fixes]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Fixes {
    /// What stays for the case that the variable is not set: `number` or `none`.
    default: Fallback,
}

impl Settings {
    /// The settings of the project; the defaults where it has no such file.
    ///
    /// # Errors
    /// When the file cannot be read, is no TOML, or sets something that cannot be set.
    pub fn load(root: &Path) -> Result<Self> {
        match files::read_within(root, FILE_NAME)? {
            Some(text) => Self::parse(&text, root),
            None => Ok(Self::default()),
        }
    }

    /// The settings that a text of the file says, in the directory that it lies in.
    ///
    /// # Errors
    /// When the text is no TOML, or sets something that cannot be set.
    pub(crate) fn parse(text: &str, root: &Path) -> Result<Self> {
        Self::parse_without(text, root, &[])
    }

    /// The same without the entries at these byte offsets, which are known to be wrong.
    pub(super) fn parse_without(text: &str, root: &Path, wrong: &[usize]) -> Result<Self> {
        let error = |at: At, message: String| error(root, at, message);
        let syntax =
            |source: toml::de::Error| error(At::of(text, source.span()), source.message().to_owned());
        let mut table = DeTable::parse(text).map_err(syntax)?;
        for at in wrong {
            remove_entry(table.get_mut(), *at);
        }
        let rows = Rows::take(&mut table).map_err(|fault| error(At::of(text, fault.span), fault.message))?;
        if let Some(name) = table.get_ref().keys().find(|name| !File::KEYS.contains(&name.get_ref().as_ref()))
        {
            let known: Vec<String> =
                File::KEYS.iter().chain(Rows::KINDS).map(|key| format!("`{key}`")).collect();
            let message = format!("unknown field `{}`, expected one of {}", name.get_ref(), known.join(", "));
            return Err(error(At::of(text, Some(name.span())), message));
        }
        let file = File::deserialize(Deserializer::from(table)).map_err(syntax)?;
        let own_rows =
            (!rows.is_empty()).then(|| Arc::new(OwnRows { packs: Packs::with(rows), text: text.to_owned() }));
        let ignored = match file.ignore.is_empty() {
            true => None,
            false => {
                let mut builder = GitignoreBuilder::new(root);
                for pattern in &file.ignore {
                    builder.add_line(None, pattern).map_err(|source| error(At::START, source.to_string()))?;
                }
                Some(builder.build().map_err(|source| error(At::START, source.to_string()))?)
            }
        };
        let computed = ComputedValues::parse(&file.env, text, root)?;
        Ok(Self {
            file,
            own_rows,
            directory: root.to_owned(),
            text: Arc::from(text),
            ignored,
            computed,
            editor: Severities::default(),
            notes_are_hints: false,
        })
    }

    /// The file and its text; `None` where there is no file.
    #[must_use]
    pub fn source(&self) -> Option<(PathBuf, &str)> {
        let is_there = !self.directory.as_os_str().is_empty();
        is_there.then(|| (self.directory.join(FILE_NAME), &*self.text))
    }

    /// The rows by which the project's files are read: its own, and those that come with the program.
    #[must_use]
    pub fn packs(&self) -> &Arc<Packs> {
        self.own_rows.as_ref().map_or_else(|| Packs::built_in(), |own| &own.packs)
    }

    /// The examples of the project's own rows that do not hold, each as an error with the row's place.
    #[must_use]
    pub fn failed_examples(&self) -> Vec<Error> {
        let Some(own) = &self.own_rows else { return Vec::new() };
        let failed = own.packs.failed_examples().into_iter();
        let fault = |Failed { id, span, message }| {
            error(
                &self.directory,
                At::of(&own.text, Some(span)),
                format!("an example of the row `{id}` does not hold: {message}"),
            )
        };
        failed.map(fault).collect()
    }

    /// Whether the file at `path` is not to be looked at.
    #[must_use]
    pub fn ignores(&self, path: &Path) -> bool {
        self.ignored.as_ref().is_some_and(|patterns| {
            path.starts_with(patterns.path())
                && patterns.matched_path_or_any_parents(path, path.is_dir()).is_ignore()
        })
    }

    /// What a fix leaves for the case that the variable is not set.
    #[must_use]
    pub fn fallback(&self) -> Fallback {
        self.file.fixes.default
    }

    /// Which variable a component reads under another name.
    #[must_use]
    pub fn run_tables(&self) -> &RunTables {
        &self.file.run
    }

    /// The values that are computed from the project's ports.
    #[must_use]
    pub fn computed_values(&self) -> &ComputedValues {
        &self.computed
    }

    /// Whether commands get a name for Docker Compose's project that is the worktree's own.
    #[must_use]
    pub fn names_compose_project(&self) -> bool {
        self.file.compose.project_name
    }

    /// Which variables the components of a project, which lies at or below the file, read under another name.
    #[must_use]
    pub fn renamed_in(&self, root: &ProjectRoot) -> Vec<Renamed> {
        let within = root.as_path().strip_prefix(&self.directory).unwrap_or(Path::new(""));
        self.run_tables().entries_within(within).collect()
    }

    /// The variable that a file of a project reads under that name, by its path relative to the project's root.
    pub(super) fn variable_read_as(
        &self,
        name: &Variable,
        root: &ProjectRoot,
        path: &Path,
    ) -> Option<Variable> {
        let within = root.as_path().strip_prefix(&self.directory).unwrap_or(Path::new(""));
        let directory = within.join(path.parent()?);
        let entries = self.run_tables().entries_at(&directory);
        entries.into_iter().find(|entry| entry.name == *name).map(|entry| entry.variable)
    }

    /// Limits the severities to what a user wants to hear in an editor.
    pub fn limit(&mut self, severities: &Severities) {
        self.editor = severities.clone();
    }

    /// Makes hints of the rules' notes. A warning that people limit to a note stays a note.
    pub fn notes_are_hints(&mut self) {
        self.notes_are_hints = true;
    }

    /// The diagnostic as the project wants to hear it; `None` where it does not.
    pub(super) fn apply(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        let is_allowed = diagnostic.port.is_some_and(|port| self.file.allowed_ports.contains(&port));
        if diagnostic.rule.is_about_a_number() && is_allowed {
            return None;
        }
        if self.notes_are_hints && diagnostic.severity == Severity::Information {
            diagnostic.severity = Severity::Hint;
        }
        for severities in [&self.file.severity, &self.editor] {
            diagnostic.severity = severities.limit(diagnostic.rule, diagnostic.severity)?;
        }
        Some(diagnostic)
    }
}

/// Removes the entry at a byte offset, the innermost; of a list of tables the whole table, as the rest of a row means something
/// else. Returns whether there was one.
fn remove_entry(table: &mut DeTable<'_>, at: usize) -> bool {
    if table.iter_mut().any(|(_, value)| remove_within(value, at)) {
        return true;
    }
    let is_there = |(key, value): &(&Spanned<_>, &Spanned<DeValue<'_>>)| {
        key.span().contains(&at) || value.span().contains(&at)
    };
    let key = table.iter().find(is_there).map(|(key, _)| key.clone());
    key.is_some_and(|key| table.remove(&key).is_some())
}

fn remove_within(value: &mut Spanned<DeValue<'_>>, at: usize) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => remove_entry(table, at),
        DeValue::Array(list) => {
            let before = list.len();
            let mut kept = Vec::with_capacity(before);
            for mut element in std::mem::replace(list, DeArray::new()) {
                if !element.span().contains(&at) && !remove_within(&mut element, at) {
                    kept.push(element);
                }
            }
            *list = kept.into_iter().collect();
            list.len() < before
        }
        _ => false,
    }
}

#[cfg(test)]
mod schema;

#[cfg(test)]
mod tests {
    use super::super::Rule;
    use super::*;
    use crate::error::Error;

    fn diagnostic(rule: Rule, severity: Severity, port: u16) -> Diagnostic {
        Diagnostic {
            rule,
            severity,
            span: 0..1,
            message: String::new(),
            port: Port::new(port),
            variable: None,
        }
    }

    fn heard(settings: &str, diagnostic: Diagnostic) -> Option<Severity> {
        let settings = Settings::parse(settings, Path::new("/project")).unwrap();
        settings.apply(diagnostic).map(|diagnostic| diagnostic.severity)
    }

    #[test]
    fn the_user_and_the_project_each_set_a_limit() {
        let mut settings =
            Settings::parse("[severity]\nhardcoded-port = \"information\"\n", Path::new("/project")).unwrap();
        let warning = || diagnostic(Rule::HardcodedPort, Severity::Warning, 8080);
        let mut heard = |editor: &str| {
            settings.limit(&serde_json::from_value(serde_json::json!({"hardcoded-port": editor})).unwrap());
            settings.apply(warning()).map(|diagnostic| diagnostic.severity)
        };
        assert_eq!(heard("warning"), Some(Severity::Information));
        assert_eq!(heard("hint"), Some(Severity::Hint));
        assert_eq!(heard("off"), None);
    }

    #[test]
    fn notes_of_rules_become_hints_where_that_is_wanted() {
        let heard = |settings: &str, severity| {
            let mut settings = Settings::parse(settings, Path::new("/project")).unwrap();
            settings.notes_are_hints();
            settings.apply(diagnostic(Rule::HardcodedPort, severity, 8080)).map(|it| it.severity)
        };
        assert_eq!(heard("", Severity::Information), Some(Severity::Hint));
        assert_eq!(heard("", Severity::Warning), Some(Severity::Warning));
        let limited = "[severity]\nhardcoded-port = \"note\"\n";
        assert_eq!(heard(limited, Severity::Warning), Some(Severity::Information));
    }

    #[test]
    fn an_allowed_port_may_be_hardcoded() {
        let settings = "allowed-ports = [5432]\n";
        assert_eq!(heard(settings, diagnostic(Rule::HardcodedPort, Severity::Warning, 5432)), None);
        assert!(heard(settings, diagnostic(Rule::HardcodedPort, Severity::Warning, 5433)).is_some());
        assert!(heard(settings, diagnostic(Rule::PortConflict, Severity::Warning, 5432)).is_some());
    }

    #[test]
    fn ignored_paths_are_patterns_from_the_root() {
        let settings =
            Settings::parse("ignore = [\"legacy/\", \"*.gen.js\"]\n", Path::new("/project")).unwrap();
        assert!(settings.ignores(Path::new("/project/legacy/a.js")));
        assert!(settings.ignores(Path::new("/project/src/b.gen.js")));
        assert!(!settings.ignores(Path::new("/project/src/b.js")));
        assert!(!settings.ignores(Path::new("/elsewhere/legacy/a.js")));
    }

    #[test]
    fn a_fix_keeps_the_number_unless_the_project_wants_none() {
        let fallback = |text| Settings::parse(text, Path::new("/project")).unwrap().fallback();
        assert_eq!(fallback(""), Fallback::Number);
        assert_eq!(fallback("[fixes]\ndefault = \"number\"\n"), Fallback::Number);
        assert_eq!(fallback("[fixes]\ndefault = \"none\"\n"), Fallback::None);
    }

    #[test]
    fn what_cannot_be_set_is_an_error_with_its_line() {
        let cases = [
            ("ignore = [\n", 1),
            ("\nunknown = 1\n", 2),
            ("allowed-ports = [99999]\n", 1),
            ("[severity]\nhardcoded-port = \"loud\"\n", 2),
            ("[severity]\nno-such-rule = \"off\"\n", 2),
            ("[fixes]\ndefault = \"8080\"\n", 2),
        ];
        for (text, expected) in cases {
            match Settings::parse(text, Path::new("/project")) {
                Err(Error::Settings { line, .. }) => assert_eq!(line, expected, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_row_that_cannot_be_obeyed_is_an_error_with_its_place() {
        let listens = "means = 'x'\ndoes = 'listen'\n";
        let rows = |rest: &str| format!("\n[[call]]\n{rest}");
        let cases = [
            (rows("id = 'our.x'\ndoes = 'listen'\n"), (2, 1), "missing field `means`"),
            (rows("id = 'our.x'\nname = ['x']\n"), (4, 1), "unknown field `name`"),
            (rows("id = 'our.x'\nmeans = 'x'\ndoes = 'run'\n"), (5, 8), "unknown variant `run`"),
            (rows(&format!("id = 'our x'\n{listens}names = ['x']\n")), (2, 1), "an id has letters"),
            (rows(&format!("id = 'call.listen'\n{listens}names = ['x']\n")), (2, 1), "that port-manager has"),
            (
                rows(&format!("id = 'lookup.default'\n{listens}names = ['x']\n")),
                (2, 1),
                "that port-manager has",
            ),
            (rows(&format!("id = 'our.x'\n{listens}")), (2, 1), "holds for every call"),
            (rows(&format!("id = 'our.x'\n{listens}names = ['*']\n")), (2, 1), "holds for every call"),
            (rows(&format!("id = 'our.x'\n{listens}roots = ['app']\n")), (2, 1), "has no `names`"),
            (rows(&format!("id = 'our.x'\n{listens}names = ['app.x']\n")), (2, 1), "other characters"),
            (
                format!("[[call]]\nid = 'our.x'\n{listens}names = ['x']\n").repeat(2),
                (6, 1),
                "two rows have the id `our.x`",
            ),
            ("[call]\nid = 'our.x'\n".to_owned(), (1, 1), "expected a sequence"),
            ("[[cal]]\nid = 'our.x'\n".to_owned(), (1, 3), "`compose`, `call`"),
        ];
        for (text, place, expected) in cases {
            match Settings::parse(&text, Path::new("/project")) {
                Err(Error::Settings { line, column, message, .. }) => {
                    assert_eq!((line, column), place, "{text}{message}");
                    assert!(message.contains(expected), "{text}{message}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn the_documentation_names_everything_that_can_be_set() {
        let page = include_str!("../../../docs/configuration.md");
        for word in [
            "ignore",
            "allowed-ports",
            "severity",
            "off",
            "hint",
            "note",
            "information",
            "warning",
            "fixes",
            "number",
            "none",
            "run",
            "env",
            "compose",
            "call",
        ] {
            assert!(page.contains(&format!("`{word}`")), "{word}");
        }
        for rule in Rule::ALL {
            assert!(page.contains(rule.name()), "{}", rule.name());
        }
        let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        Settings::parse(example, Path::new("/project")).unwrap();
    }
}
