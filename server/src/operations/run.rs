//! Runs a command with a project's ports in its environment.

mod taken;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use taken::Number;
pub use taken::{TakenBy, TakenPort};

use super::Root;
use super::run_tables;
use crate::error::{Error, Result};
use crate::port::Port;
use crate::ports_env::{Definition, PortsEnv, Problem, ProblemKind};
use crate::project::ProjectRoot;
use crate::project::map::Renamed;
use crate::registry::{Owner, Registry, Store};
use crate::variable::{NotAPortVariable, Variable};

/// Which number a command gets where `.ports.env` and the environment differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precedence {
    /// The project's: the environment may be that of a shell in another worktree.
    PortsEnv,
    /// The environment's.
    Environment,
}

/// A command that has its project's ports, not yet started.
#[derive(Debug)]
pub struct PortsCommand {
    command: Command,
    /// The variables that the environment has with another value.
    pub differing: Vec<InheritedVariable>,
    /// What the tables `[run."packages/web"]` of `port-manager.toml` give the command in the directory.
    pub renamed: Vec<RenamedVariable>,
    /// The directories of tables that are not obeyed, as a symbolic link leads there.
    pub linked: Vec<PathBuf>,
    /// The lines of `.ports.env` that give the command nothing, in their order.
    pub ignored: Vec<IgnoredLine>,
    /// The ports on which somebody listens already, ordered. It is empty where the system does not tell.
    pub taken: Vec<TakenPort>,
    /// Whether the registry has these numbers for this project; `None` where it cannot be read.
    pub is_registered: Option<bool>,
    /// Why the registry cannot be read: whether the numbers belong to another project is then unknown.
    pub registry_error: Option<Error>,
}

/// A variable that the command also gets under another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedVariable {
    /// The directory of the table that says so, relative to that of the file.
    pub directory: PathBuf,
    /// The name that the command reads: `PORT`.
    pub name: Variable,
    /// The variable of `.ports.env`: `WEB_PORT`.
    pub variable: Variable,
    /// What the command gets.
    pub value: OsString,
}

/// A variable that the environment has with another value than `.ports.env`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InheritedVariable {
    /// The variable.
    pub variable: Variable,
    /// What the environment says.
    pub value: OsString,
    /// What `.ports.env` says.
    pub port: Port,
}

/// A line of `.ports.env` that is not passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredLine {
    /// The line, from 1.
    pub line: usize,
    /// Why.
    pub reason: IgnoredReason,
}

/// Why a line of `.ports.env` is not passed on. The text follows the file and the line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IgnoredReason {
    /// The line is not `KEY=PORT`.
    #[error("the line is not KEY=PORT")]
    NotAnAssignment,
    /// The value is not a port.
    #[error("the value of {0} is not a port")]
    NotAPort(Variable),
    /// The variable is not one for ports.
    #[error("{0} {1}")]
    NotAPortVariable(Variable, NotAPortVariable),
}

/// Makes a command that gets what the `.ports.env` of the directory's project says, and what `port-manager.toml` makes of it
/// for the directory. `environment` is what variables are set to already. Only port variables are passed on, whatever else a
/// clone's file says. A registry that cannot be read does not prevent it.
///
/// # Errors
/// When the project has no `.ports.env`, or it or `port-manager.toml` cannot be read; [`Error::PortsOfAnotherProject`] when a
/// number of it belongs to another project whose directory exists, as after `cp -r`; [`Error::NoNumber`] when
/// `port-manager.toml` names a variable for the directory that has no number.
pub fn with_ports(
    store: Result<Store>,
    directory: &Path,
    program: &OsStr,
    arguments: &[OsString],
    precedence: Precedence,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<PortsCommand> {
    let root = ProjectRoot::of_directory(directory, None);
    let file = PortsEnv::load(&root)?.ok_or_else(|| Error::NoPortsEnv { root: root.as_path().to_owned() })?;
    let tables = run_tables::of_directory(&root, directory)?;
    let (registry, registry_error) = match store.and_then(|store| store.load()) {
        Ok(registry) => (Some(registry), None),
        Err(error) => (None, Some(error)),
    };
    let set = |name: &Variable| environment(name.as_str()).filter(|value| !value.is_empty());
    let defined = passed_on(&file);
    // What the command gets under each name: the line of the variable so called, or the one that the table names.
    let mut given = defined.clone();
    let mut directories = BTreeMap::new();
    for Renamed { directory, name, variable } in &tables.entries {
        directories.insert(name, directory);
        match defined.get(variable) {
            Some(definition) => drop(given.insert(name, definition)),
            None if precedence == Precedence::Environment && set(name).is_some() => {}
            None => return Err(Error::NoNumber { name: name.clone(), variable: variable.clone() }),
        }
    }
    let mut command = Command::new(program);
    command.args(arguments);
    let (mut differing, mut used, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
    let mut numbers = BTreeMap::new();
    for (name, definition) in given {
        let (variable, port) = (&definition.variable, definition.port);
        let inherited = set(name);
        let differs = |value: &OsString| *value != *port.to_string();
        let value = match precedence {
            Precedence::PortsEnv => None,
            Precedence::Environment => inherited.clone().or_else(|| set(variable)).filter(differs),
        };
        let number = match &value {
            None => Some(port),
            Some(value) => value.to_str().and_then(|text| text.parse().ok()),
        };
        if let Some(number) = number {
            numbers.entry(number).or_insert(Number { variable, is_of_file: value.is_none() });
        }
        if value.is_none() {
            used.push(definition);
        }
        let value = value.unwrap_or_else(|| port.to_string().into());
        if name != variable
            && let Some(directory) = directories.get(name)
        {
            renamed.push(RenamedVariable {
                directory: (*directory).clone(),
                name: name.clone(),
                variable: variable.clone(),
                value: value.clone(),
            });
        }
        command.env(name.as_str(), value);
        let inherited = inherited.filter(differs);
        differing.extend(inherited.map(|value| InheritedVariable { variable: name.clone(), value, port }));
    }
    if let Some(registry) = &registry {
        ensure_own(&root, registry, &used)?;
    }
    Ok(PortsCommand {
        command,
        differing,
        renamed,
        linked: tables.linked,
        ignored: ignored(&file),
        taken: taken::taken(&root, registry.as_ref().unwrap_or(&Registry::default()), &numbers)
            .unwrap_or_default(),
        is_registered: registry.map(|registry| is_registered(&root, &registry, &used)),
        registry_error,
    })
}

/// The lines that give a command a port: of several for one variable, the last. Only port variables are defined.
fn passed_on(file: &PortsEnv) -> BTreeMap<&Variable, &Definition> {
    file.definitions().iter().map(|definition| (&definition.variable, definition)).collect()
}

/// The lines that give a command nothing, though they look as if they did. A line that a later one overrides is not
/// one: the command gets what a shell would get.
fn ignored(file: &PortsEnv) -> Vec<IgnoredLine> {
    let of_problem = |Problem { span, kind }: &Problem| {
        let reason = match kind {
            ProblemKind::NotAnAssignment => IgnoredReason::NotAnAssignment,
            ProblemKind::NotAPort { variable, .. } => IgnoredReason::NotAPort(variable.clone()),
            ProblemKind::NotAPortVariable { variable, .. } => {
                let reason = variable.ensure_holds_port().err()?;
                IgnoredReason::NotAPortVariable(variable.clone(), reason)
            }
            ProblemKind::DuplicateVariable { .. } | ProblemKind::DuplicatePort { .. } => return None,
        };
        Some((span.start, reason))
    };
    let mut places: Vec<_> = file.problems().iter().filter_map(of_problem).collect();
    places.sort_by_key(|(place, _)| *place);
    let text = file.to_text();
    let newlines: Vec<usize> = text.match_indices('\n').map(|(newline, _)| newline).collect();
    let line_of = |place: usize| newlines.partition_point(|newline| *newline < place) + 1;
    places.into_iter().map(|(place, reason)| IgnoredLine { line: line_of(place), reason }).collect()
}

/// Checks that no number belongs to another project whose directory exists. The file was copied from there, or names a
/// number of that project: a server started with it would take that project's port.
fn ensure_own(root: &ProjectRoot, registry: &Registry, used: &[&Definition]) -> Result<()> {
    let own = root.key().ok();
    for definition in used {
        let Some(owner @ Owner::Project { key, .. }) = registry.owner(definition.port) else { continue };
        if Some(key) != own && Root::of(key) == Root::Present {
            return Err(Error::PortsOfAnotherProject {
                root: root.as_path().to_owned(),
                variable: definition.variable.clone(),
                port: definition.port,
                owner: owner.to_string(),
            });
        }
    }
    Ok(())
}

fn is_registered(root: &ProjectRoot, registry: &Registry, used: &[&Definition]) -> bool {
    let project = root.key().ok().and_then(|key| registry.project(key));
    let has = |definition: &&Definition| {
        let own = project.and_then(|project| project.get(&definition.variable));
        own.is_some_and(|own| own.port == definition.port)
    };
    used.iter().all(has)
}

impl PortsCommand {
    /// Becomes the command: it has this process's number, terminal and signals, and its exit code is this
    /// process's. It comes back only when the command cannot be started.
    #[cfg(unix)]
    pub fn run(mut self) -> Result<u8> {
        use std::os::unix::process::CommandExt;
        let source = self.command.exec();
        Err(self.not_started(source))
    }

    /// Runs the command to its end, and gives its exit code. The terminal sends Ctrl+C to both.
    #[cfg(not(unix))]
    pub fn run(mut self) -> Result<u8> {
        let status = self.command.status().map_err(|source| self.not_started(source))?;
        Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
    }

    fn not_started(&self, source: std::io::Error) -> Error {
        Error::Command { program: self.command.get_program().to_string_lossy().into_owned(), source }
    }
}
