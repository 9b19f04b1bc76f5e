//! The ways in which a project is started.

mod read;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files by which a project is started, by path relative to its root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Starts(BTreeMap<PathBuf, Arc<StartFile>>);

/// A file by which programs are started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartFile {
    /// What kind it is.
    pub kind: StartKind,
    /// What can be started by it.
    pub starts: Vec<Start>,
    /// Whether all of these get what `.ports.env` says.
    pub loads: bool,
    /// Of `turbo.json`, the patterns of the variables that it passes on to tasks; `None` where it passes on all of them.
    pub passes: Option<Vec<String>>,
}

/// One way of starting something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The name that people type: of a script, a target, a process, a configuration.
    pub name: String,
    /// What it runs.
    pub command: String,
    /// Where the name is written.
    pub span: Range<usize>,
    /// Whether it gets what `.ports.env` says by its own command.
    pub loads: bool,
    /// Whether it runs in a terminal of VS Code, to which the extension gives the ports.
    pub in_terminal: bool,
}

/// The kinds of files by which programs are started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StartKind {
    /// A Makefile.
    Makefile,
    /// A justfile.
    Justfile,
    /// The scripts of `package.json`.
    Package,
    /// A Procfile.
    Procfile,
    /// A compose file.
    Compose,
    /// `.vscode/launch.json`.
    Launch,
    /// `.vscode/tasks.json`.
    Tasks,
    /// `turbo.json`, which decides what reaches the scripts of packages.
    Turbo,
    /// What loads variables into the shells of a directory: `.envrc`, `mise.toml`.
    Shell,
    /// A program that loads files itself.
    Program,
    /// What starts the processes of a Procfile: a script of [`MANAGER_SCRIPTS`], and the options of overmind.
    Manager,
    /// `.env`, which docker compose reads.
    EnvFile,
}

/// Where projects keep the script that starts the processes of their Procfile.
pub const MANAGER_SCRIPTS: &[&str] = &["bin/dev", "script/server", "script/dev", "bin/server", "scripts/dev"];

/// The options of overmind.
pub const OVERMIND: &str = ".overmind.env";

impl StartKind {
    /// What a file of that name is; `None` for one that starts nothing.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let is_in = |directory: &str| path.parent().is_some_and(|parent| parent.ends_with(directory));
        Some(match name {
            "Makefile" | "makefile" | "GNUmakefile" => Self::Makefile,
            "justfile" | "Justfile" | ".justfile" => Self::Justfile,
            "package.json" => Self::Package,
            "turbo.json" => Self::Turbo,
            ".envrc" | "mise.toml" | ".mise.toml" => Self::Shell,
            "launch.json" if is_in(".vscode") => Self::Launch,
            "tasks.json" if is_in(".vscode") => Self::Tasks,
            "manage.py" | "main.py" | "app.py" | "wsgi.py" | "main.go" | "Program.cs" => Self::Program,
            "application.properties" | "application.yml" | "application.yaml" => Self::Program,
            "application.rb" if is_in("config") => Self::Program,
            "Procfile" => Self::Procfile,
            _ if name.starts_with("Procfile.") => Self::Procfile,
            ".env" => Self::EnvFile,
            OVERMIND => Self::Manager,
            _ if MANAGER_SCRIPTS.iter().any(|script| path.ends_with(script)) => Self::Manager,
            _ if super::marks::is_compose_file(name) => Self::Compose,
            _ => return None,
        })
    }

    /// The directory in which the file at a path starts things.
    #[must_use]
    pub fn directory(self, path: &Path) -> &Path {
        let above = match self {
            // Those of `.vscode` start in the folder that has it.
            Self::Launch | Self::Tasks => 2,
            Self::Manager if !path.ends_with(OVERMIND) => 2,
            _ => 1,
        };
        path.ancestors().nth(above).unwrap_or(Path::new(""))
    }

    /// What a start of the file is called in a sentence.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Makefile => "target",
            Self::Justfile => "recipe",
            Self::Package => "script",
            Self::Procfile => "process",
            Self::Launch => "configuration",
            Self::Tasks => "task",
            Self::Compose | Self::Turbo | Self::Shell | Self::Program | Self::EnvFile => "file",
            Self::Manager => "script",
        }
    }

    /// What several starts of it are called.
    #[must_use]
    pub fn nouns(self) -> String {
        let noun = self.noun();
        format!("{noun}{}", if noun.ends_with('s') { "es" } else { "s" })
    }

    /// The name of the target of `port-manager integrate` that wires it.
    #[must_use]
    pub fn target(self) -> Option<&'static str> {
        Some(match self {
            Self::Makefile => "makefile",
            Self::Justfile => "just",
            Self::Package => "package-json",
            Self::Procfile => "procfile",
            Self::Compose | Self::EnvFile => "compose",
            Self::Launch | Self::Tasks => "vscode",
            Self::Turbo => "turbo",
            Self::Shell | Self::Program | Self::Manager => return None,
        })
    }
}

impl Starts {
    /// Adds what the file at the path, relative to the root, starts.
    pub fn add(&mut self, path: &Path, text: &str) {
        if let Some(file) = StartFile::read(path, text) {
            self.0.insert(path.to_owned(), Arc::new(file));
        }
    }

    /// Adds what others start.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(path, file)| (path.clone(), Arc::clone(file))));
    }

    /// The files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &StartFile)> {
        self.0.iter().map(|(path, file)| (path.as_path(), &**file))
    }

    /// The file at that path.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<(&Path, &StartFile)> {
        self.0.get_key_value(path).map(|(path, file)| (path.as_path(), &**file))
    }

    /// The files of a kind.
    pub fn of_kind(&self, kind: StartKind) -> impl Iterator<Item = (&Path, &StartFile)> {
        self.files().filter(move |(_, file)| file.kind == kind)
    }
}

#[cfg(test)]
mod tests;
