//! What a target works with: the planned files, and what is known of the project.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::super::ProjectPort;
use super::super::plan::Plan;
use crate::error::{Error, PlanError, Result};
use crate::port::Port;
use crate::ports_env::{self, Example, FILE_NAME, PortsEnv};
use crate::project::ProjectRoot;
use crate::project::map::PortMap;
use crate::project::starts::{StartFile, StartKind};
use crate::project::wiring;
use crate::variable::Variable;

/// A port of the project with its numbers.
#[derive(Debug, Clone)]
pub(super) struct KnownPort {
    pub(super) variable: Variable,
    /// The number that the team knows it by.
    pub(super) default: Option<Port>,
    /// The number that it has here.
    pub(super) assigned: Option<Port>,
}

/// What a target works with.
pub(super) struct Work<'a> {
    plan: &'a mut Plan,
    map: &'a PortMap,
    ports: &'a [KnownPort],
    /// Whether somebody asked for this very target, so that a file of its own is made for it.
    pub(super) is_asked: bool,
    /// Whether `port-manager run` may be put before commands, so that everybody needs it.
    pub(super) with_run: bool,
    /// The files that were changed since this was last emptied.
    pub(super) changed: BTreeSet<PathBuf>,
}

/// What somebody asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    pub(super) is_asked: bool,
    pub(super) with_run: bool,
}

impl KnownPort {
    pub(super) fn of(port: &ProjectPort) -> Self {
        Self { variable: port.variable.clone(), default: port.default, assigned: Some(port.port) }
    }
}

/// The ports that the project's files list, or that its code decides where there are none yet.
pub(super) fn known_ports(root: &ProjectRoot, map: &PortMap) -> Result<Vec<KnownPort>> {
    let env = PortsEnv::load(root)?;
    let example = Example::load(root)?;
    let mut seen = BTreeSet::new();
    let listed = env.iter().flat_map(PortsEnv::variables).chain(example.variables().map(|(it, _)| it));
    let decided = map.ports().iter().filter(|port| port.is_decided_here()).map(|port| &port.variable);
    let variables = listed.chain(decided).filter(|variable| seen.insert((*variable).clone()));
    let known = |variable: &Variable| KnownPort {
        variable: variable.clone(),
        default: example.get(variable).or_else(|| map.of_variable(variable)?.default),
        assigned: env.as_ref().and_then(|env| env.get(variable)),
    };
    Ok(variables.map(known).collect())
}

impl<'a> Work<'a> {
    pub(super) fn new(plan: &'a mut Plan, map: &'a PortMap, ports: &'a [KnownPort], asked: Asked) -> Self {
        let Asked { is_asked, with_run } = asked;
        Self { plan, map, ports, is_asked, with_run, changed: BTreeSet::new() }
    }

    pub(super) fn root(&self) -> &ProjectRoot {
        self.plan.root()
    }

    pub(super) fn map(&self) -> &'a PortMap {
        self.map
    }

    pub(super) fn ports(&self) -> &'a [KnownPort] {
        self.ports
    }

    /// The planned text of a file; `None` where there is no such file.
    pub(super) fn text(&self, path: impl AsRef<Path>) -> Result<Option<String>> {
        self.plan.text(path.as_ref())
    }

    /// The first of these files that there is, with its text.
    pub(super) fn first(&self, names: &[&str]) -> Result<Option<(PathBuf, String)>> {
        for name in names {
            if let Some(text) = self.text(name)? {
                return Ok(Some((PathBuf::from(name), text)));
            }
        }
        Ok(None)
    }

    /// The YAML files in a directory, relative to the root; none where there is no such directory.
    pub(super) fn yaml_in(&self, directory: &Path) -> Result<BTreeSet<PathBuf>> {
        let full = self.root().as_path().join(directory);
        let entries = match fs::read_dir(&full) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(BTreeSet::new());
            }
            entries => entries.map_err(Error::reading(&full))?,
        };
        let names = entries.flatten().map(|entry| PathBuf::from(entry.file_name()));
        let is_yaml = |name: &PathBuf| name.extension().is_some_and(|it| it == "yml" || it == "yaml");
        Ok(names.filter(is_yaml).map(|name| directory.join(name)).collect())
    }

    /// Gives a file another text. One that it has already is no change.
    pub(super) fn set(&mut self, path: impl AsRef<Path>, text: String) -> Result<()> {
        let path = path.as_ref();
        if self.text(path)?.as_deref() == Some(&text) {
            return Ok(());
        }
        self.plan.set(path, text)?;
        self.changed.insert(path.to_owned());
        Ok(())
    }

    /// Makes a hook of git, or gives it another text.
    pub(super) fn set_hook(&mut self, shown: &Path, real: PathBuf, text: String) -> Result<()> {
        self.plan.set_executable(shown, real, text)?;
        self.changed.insert(shown.to_owned());
        Ok(())
    }

    /// Adds what people should know.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.plan.note(note);
    }

    /// The files of a kind that the project has.
    pub(super) fn starts(&self, kind: StartKind) -> Vec<PathBuf> {
        self.map.starts().of_kind(kind).map(|(path, _): (&Path, &StartFile)| path.to_owned()).collect()
    }

    /// The files of a kind with a start that `.ports.env` does not reach.
    pub(super) fn unwired(&self, kind: StartKind) -> BTreeSet<PathBuf> {
        let unwired = wiring::unwired(self.map).into_iter().filter(|unwired| unwired.kind == kind);
        unwired.map(|unwired| unwired.path.to_owned()).collect()
    }

    /// Whether something of the project reads a port variable, once the plan is made.
    pub(super) fn reads_ports(&self) -> bool {
        wiring::read_below(self.map, Path::new("")).next().is_some()
    }

    /// Whether git ignores a file that is or will be there.
    pub(super) fn is_ignored(&self, path: &Path) -> bool {
        ports_env::is_file_ignored(&self.root().as_path().join(path))
    }
}

/// The path of `.ports.env` as a file in that directory of the project names it: `../../.ports.env`.
pub(super) fn ports_env_from(directory: &Path) -> String {
    let up = directory.components().count();
    format!("{}{FILE_NAME}", "../".repeat(up))
}

/// The end of lines that a text has.
pub(super) fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The text with lines behind it, and a blank line between them where there was text.
pub(super) fn with_lines_behind(text: &str, lines: &str) -> String {
    let newline = newline(text);
    let mut text = text.to_owned();
    if !text.is_empty() {
        if !text.ends_with('\n') {
            text.push_str(newline);
        }
        if !text.ends_with(&newline.repeat(2)) {
            text.push_str(newline);
        }
    }
    text + &lines.replace('\n', newline)
}

/// Why a file cannot be edited, at a byte of its text.
pub(super) fn not_understood(path: &Path, text: &str, at: usize, message: impl Into<String>) -> Error {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    Error::Plan(PlanError::NotUnderstood {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
        message: message.into(),
    })
}
