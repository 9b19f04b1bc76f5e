//! Rows about files: what their names, places and headers say about where their code runs.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::decided_by::DecidedBy;
use super::Packs;
use super::row::id;
use super::row::{Example, Row};
use crate::pattern::is_like;

/// Where the code of a file runs. It decides whether a literal matters to this machine and how it can be repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Runtime {
    /// A process of this machine.
    Host,
    /// A page that a browser loads, which has no environment.
    Browser,
    /// A page or a process of this machine: nothing tells which.
    Unclear,
    /// A container: its ports are its own.
    Container,
    /// A CI job, a cluster, a cloud, or production.
    Elsewhere,
    /// A test, an example, or generated code.
    Aside,
}

impl Runtime {
    /// Whether a port that such code decides is decided on this machine.
    #[must_use]
    pub fn is_here(self) -> bool {
        matches!(self, Self::Host | Self::Browser | Self::Unclear)
    }
}

/// What a directory holds beside the project itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Aside {
    /// Programs that show how the project is used, or that others start from.
    Samples,
    /// What tests read.
    TestData,
    /// Tests.
    Tests,
}

impl Aside {
    /// What a directory of that name holds beside the project; `None` for a part of the project.
    pub(crate) fn of_name(name: &OsStr) -> Option<Self> {
        Packs::built_in().files.held(name.to_str()?)
    }

    /// Whether what is read there says nothing about the ports of the project. Tests run the project.
    pub(crate) fn is_foreign(self) -> bool {
        matches!(self, Self::Samples | Self::TestData)
    }
}

/// What a file is by its name alone, whatever is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum Named {
    /// A program writes it and nobody edits it, so that it is not read.
    Generated,
    /// A program makes another file of it, whose name is that without the ending.
    Template,
    /// People make another file of it, whose name is that without the ending.
    Example,
}

/// A row about files. All that it lists has to hold; of the texts in one list, any.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct FileRow {
    /// What decisions by this row are explained with.
    #[serde(deserialize_with = "id")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) id: DecidedBy,
    /// What the row says, in one sentence.
    pub(super) means: String,
    /// Where the code runs; a row without it only says what a directory holds.
    runtime: Option<Runtime>,
    /// Whether something on this machine reads the file, or runs its commands, wherever else it is used: what it says is a
    /// warning by itself. `runtime = "host"` says so too.
    #[serde(default)]
    read_here: bool,
    /// What directories of these names hold beside the project itself. Only the rows of port-manager have it.
    holds: Option<Aside>,
    /// What a file with one of the `names` is, whatever is in it. Only the rows of port-manager have it.
    named: Option<Named>,
    /// A directory between the project's root and the file has one of these names, however they are spelled.
    #[serde(default)]
    directories: Vec<String>,
    /// A directory between the project's root and the file is like one of these, as they are spelled.
    #[serde(default)]
    directories_like: Vec<String>,
    /// The file's name is like one of these.
    #[serde(default)]
    names: Vec<String>,
    /// The path relative to the project's root is like one of these.
    #[serde(default)]
    places: Vec<String>,
    /// A comment in one of the first lines has one of these texts in it, however it is spelled.
    #[serde(default)]
    headers: Vec<String>,
    /// One of the first lines is like one of these.
    #[serde(default)]
    lines: Vec<String>,
    /// One of these files is in the same directory. A project's own rows can name those that the rows here do.
    #[serde(default)]
    beside: Vec<String>,
    /// The file is in one of these languages.
    #[serde(default)]
    languages: Vec<String>,
    /// Files that the row applies to, before any other.
    found: Vec<FileExample>,
    /// Files that it does not apply to.
    #[serde(default)]
    not: Vec<FileExample>,
}

/// A file that shows what a row says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
enum FileExample {
    /// Its path says it all.
    Path(String),
    /// Its text, or the name of a file beside it, too.
    File {
        /// The path relative to the project's root.
        path: String,
        /// The text.
        #[serde(default)]
        text: String,
        /// The name of a file in the same directory.
        #[serde(default)]
        beside: Option<String>,
    },
}

/// A file as the rows see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileAt<'a> {
    /// The path relative to the project's root.
    pub(crate) path: &'a Path,
    /// The text.
    pub(crate) text: &'a str,
    /// The name of its language.
    pub(crate) language: &'a str,
    /// Which of the [`FileTable::neighbours`] are in the same directory.
    pub(crate) beside: &'a [&'a str],
}

/// The rows about files. The first that applies decides.
#[derive(Debug, Default)]
pub(crate) struct FileTable {
    rows: Arc<[FileRow]>,
    /// What rows say of a name alone, which is asked of each file of a tree and of each place of a text: whole names, and names by
    /// what is before and behind their `*`, which are looked up by what they say and their last byte.
    whole: HashMap<String, Named>,
    parts: HashMap<(Named, Option<u8>), Vec<Part>>,
}

/// What a name is before and behind its `*`.
#[derive(Debug)]
struct Part {
    start: String,
    end: String,
}

impl FileTable {
    pub(super) fn of(rows: impl IntoIterator<Item = FileRow>) -> Self {
        let mut table = Self { rows: rows.into_iter().collect(), ..Self::default() };
        for row in table.rows.iter() {
            let Some(named) = row.named else { continue };
            for name in &row.names {
                match name.split_once('*') {
                    Some((start, end)) => {
                        let parts = table.parts.entry((named, end.bytes().last())).or_default();
                        parts.push(Part { start: start.to_owned(), end: end.to_owned() });
                    }
                    None => drop(table.whole.insert(name.clone(), named)),
                }
            }
        }
        table
    }

    /// Whether a program writes the file of that name, so that it is not read.
    pub(in crate::analysis) fn is_generated(&self, name: &str) -> bool {
        self.whole.get(name) == Some(&Named::Generated) || self.end(name, Named::Generated).is_some()
    }

    /// Whether a program makes another file of the one of that name.
    pub(in crate::analysis) fn is_template(&self, name: &str) -> bool {
        self.end(name, Named::Template).is_some()
    }

    /// The name of what a template or an example makes, `config.yml` of `config.yml.j2`.
    pub(in crate::analysis) fn made_of<'n>(&self, name: &'n str) -> Option<&'n str> {
        let end = self.end(name, Named::Template).or_else(|| self.end(name, Named::Example))?;
        name.strip_suffix(end).filter(|made| !made.is_empty())
    }

    /// What the name ends with that says so.
    fn end(&self, name: &str, says: Named) -> Option<&str> {
        let is_like = |part: &Part| {
            name.strip_prefix(part.start.as_str()).is_some_and(|rest| rest.ends_with(part.end.as_str()))
        };
        let ends = [name.bytes().last(), None];
        let mut parts = ends.iter().filter_map(|end| self.parts.get(&(says, *end))).flatten();
        parts.find(|part| is_like(part)).map(|part| part.end.as_str())
    }

    /// Where the code of a file runs, if a row says it.
    pub(crate) fn runtime(&self, file: FileAt<'_>) -> Option<Runtime> {
        self.decided(file).map(|(runtime, _)| runtime)
    }

    /// Where the code of a file runs, and the row that says it.
    pub(crate) fn decided(&self, file: FileAt<'_>) -> Option<(Runtime, &DecidedBy)> {
        let says = |row: &'_ FileRow| row.runtime.filter(|_| row.applies(file));
        self.rows.iter().find_map(|row| Some((says(row)?, &row.id)))
    }

    /// Whether a row says that something on this machine reads the file.
    pub(crate) fn is_read_here(&self, file: FileAt<'_>) -> bool {
        let says_so = |row: &&FileRow| row.read_here || row.runtime == Some(Runtime::Host);
        self.rows.iter().filter(says_so).any(|row| row.applies(file))
    }

    fn held(&self, name: &str) -> Option<Aside> {
        self.rows.iter().filter(|row| row.is_named(name)).find_map(|row| row.holds)
    }

    /// Whether a row says that the code in a directory of that name is aside of the project, and is no program that shows
    /// how the project is used.
    pub(crate) fn sets_aside(&self, name: &str) -> bool {
        let says_so =
            |row: &&FileRow| row.runtime == Some(Runtime::Aside) && row.holds != Some(Aside::Samples);
        let is_any = |patterns: &[String]| patterns.iter().any(|pattern| is_like(name, pattern));
        self.rows.iter().filter(says_so).any(|row| row.is_named(name) || is_any(&row.directories_like))
    }

    /// The names of the files that say something about those beside them.
    pub(crate) fn neighbours(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().flat_map(|row| &row.beside).map(String::as_str)
    }
}

impl Row for FileRow {
    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn means(&self) -> &str {
        &self.means
    }

    fn fault(&self) -> Option<&'static str> {
        let conditions = [
            &self.directories,
            &self.directories_like,
            &self.names,
            &self.places,
            &self.headers,
            &self.lines,
            &self.beside,
            &self.languages,
        ];
        let is_known = |name: &String| Packs::built_in().files.neighbours().any(|known| known == name);
        let is_any = |name: &String| name.chars().all(|character| character == '*');
        let is_open = |list: &&Vec<String>| list.is_empty() || list.iter().any(is_any);
        if conditions.iter().all(is_open) {
            Some("holds for every file: add `names`, `directories` or `places` of the files that it is about")
        } else if self.holds.is_some() || self.named.is_some() {
            Some("has `holds` or `named`, which only the rows of port-manager can have: leave it out")
        } else if self.runtime.is_none() && !self.read_here {
            Some(
                "says nothing: add `runtime`, one of `host`, `browser`, `container`, `elsewhere` and `aside`, or `read-here = true`",
            )
        } else if !self.beside.iter().all(is_known) {
            Some(
                "has a file in `beside` that port-manager does not look for: name `kustomization.yaml` or `Pulumi.yaml`, or use `directories`",
            )
        } else {
            None
        }
    }

    /// None: its examples are files, not texts in a language.
    fn examples(&self) -> Vec<Example> {
        Vec::new()
    }

    fn misjudged(&self, packs: &Packs, _: &Packs, language: &dyn Fn(&Path) -> &'static str) -> Vec<String> {
        let table = &packs.files;
        let decides = |example: &FileExample| {
            let path = Path::new(example.path());
            let (text, neighbour) = match example {
                FileExample::Path(_) => ("", None),
                FileExample::File { text, beside, .. } => (text.as_str(), beside.as_deref()),
            };
            let beside: Vec<&str> = table.neighbours().filter(|name| Some(*name) == neighbour).collect();
            let file = FileAt { path, text, language: language(path), beside: &beside };
            table.rows.iter().find(|row| row.applies(file)).is_some_and(|row| row.id == self.id)
        };
        let missed = self.found.iter().filter(|example| !decides(example));
        let missed = missed.map(|example| format!("`{}` is not decided by this row", example.path()));
        let wrong = self.not.iter().filter(|example| decides(example));
        let wrong = wrong.map(|example| format!("`{}` is decided by this row", example.path()));
        missed.chain(wrong).collect()
    }
}

impl FileExample {
    fn path(&self) -> &str {
        match self {
            Self::Path(path) | Self::File { path, .. } => path,
        }
    }
}

/// How many lines a header has at most.
const HEADER_LINES: usize = 12;

impl FileRow {
    /// Whether the row speaks of the file.
    fn applies(&self, file: FileAt<'_>) -> bool {
        let FileAt { path, text, language, beside } = file;
        let is_any = |text: &str, patterns: &[String]| patterns.iter().any(|pattern| is_like(text, pattern));
        let name = || path.file_name().map(OsStr::to_string_lossy);
        let place = || path.to_string_lossy().replace('\\', "/");
        let first_lines = || text.lines().take(HEADER_LINES);
        let is_header = |line: &str| {
            let lower = line.to_ascii_lowercase();
            self.headers.iter().any(|header| lower.contains(&header.to_ascii_lowercase()))
        };
        (self.languages.is_empty() || self.languages.iter().any(|known| known == language))
            && (self.names.is_empty() || name().is_some_and(|name| is_any(&name, &self.names)))
            && (self.directories.is_empty() || directories(path).any(|directory| self.is_named(directory)))
            && (self.directories_like.is_empty()
                || directories(path).any(|directory| is_any(directory, &self.directories_like)))
            && (self.beside.is_empty() || self.beside.iter().any(|name| beside.contains(&name.as_str())))
            && (self.places.is_empty() || is_any(&place(), &self.places))
            && (self.lines.is_empty() || first_lines().any(|line| is_any(line.trim_end(), &self.lines)))
            && (self.headers.is_empty() || first_lines().filter(|line| is_remark(line)).any(is_header))
    }

    /// Whether the row is about directories of that name.
    fn is_named(&self, directory: &str) -> bool {
        self.directories.iter().any(|name| directory.eq_ignore_ascii_case(name))
    }
}

/// The directories above a file. Those below `src/main` are packages, whose names are the author's: `com.example`.
fn directories(path: &Path) -> impl Iterator<Item = &str> {
    let mut previous = "";
    let parts = path.parent().into_iter().flat_map(Path::iter).filter_map(|part| part.to_str());
    parts.take_while(move |part| std::mem::replace(&mut previous, part) != "src" || *part != "main")
}

/// Whether a line is a comment in one of the usual notations: a string of a program may say anything.
fn is_remark(line: &str) -> bool {
    ["#", "//", "/*", "*", "--", ";", "<!--", "\"\"\"", "%"]
        .iter()
        .any(|mark| line.trim_start().starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::super::BUILT_IN_ROWS;
    use super::*;

    #[test]
    fn every_row_has_an_example() {
        for row in BUILT_IN_ROWS.file.iter().map(|row| row.get_ref()) {
            assert!(!row.found.is_empty(), "{:?}: no example", row.id);
        }
    }

    #[test]
    fn what_a_program_writes_is_known_by_its_name() {
        let is_generated = |name| Packs::built_in().files.is_generated(name);
        for name in
            ["package-lock.json", "tsconfig.json", "tsconfig.app.json", "a.min.js", "a.pb.go", "a.d.ts"]
        {
            assert!(is_generated(name), "{name}");
        }
        assert!(!is_generated("package.json") && !is_generated("a.ts") && !is_generated("min.js"));
    }

    #[test]
    fn the_file_of_a_template_is_the_one_that_it_makes() {
        let files = &Packs::built_in().files;
        assert_eq!(files.made_of("config.yml.j2"), Some("config.yml"));
        assert_eq!(files.made_of("config.yml.example"), Some("config.yml"));
        assert_eq!(files.made_of("config.yml"), None);
        assert_eq!(files.made_of(".example"), None);
        assert!(files.is_template("config.yml.j2") && !files.is_template("config.yml.example"));
    }

    #[test]
    fn a_project_cannot_say_what_a_name_is() {
        let row = "id = 'a'\nmeans = 'b'\nnamed = 'generated'\nnames = ['a.ts']\nfound = ['a.ts']\n";
        let fault = toml::from_str::<FileRow>(row).unwrap().fault();
        assert!(fault.is_some_and(|fault| fault.starts_with("has `holds` or `named`")));
    }

    #[test]
    fn a_directory_is_known_by_its_name_however_it_is_spelled() {
        for (name, expected) in [
            ("examples", Some(Aside::Samples)),
            ("Examples", Some(Aside::Samples)),
            ("testdata", Some(Aside::TestData)),
            ("tests", Some(Aside::Tests)),
            ("templates", Some(Aside::Samples)),
            ("src", None),
            ("contest", None),
        ] {
            assert_eq!(Packs::built_in().files.held(name), expected, "{name}");
        }
    }
}
