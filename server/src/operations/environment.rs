//! The environment that a project gives to a command: its ports, and what `port-manager.toml` makes of them.

mod format;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use format::{Format, Unspellable};

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

/// What a directory of a project gives to a command.
#[derive(Debug)]
pub struct Environment {
    /// The project's root.
    pub root: ProjectRoot,
    /// What is set, by name.
    pub variables: BTreeMap<Variable, OsString>,
    /// The ports among the values.
    pub numbers: BTreeMap<Port, Number>,
    /// The variables that the surrounding environment has with another value.
    pub differing: Vec<InheritedVariable>,
    /// What the tables `[run."packages/web"]` of `port-manager.toml` give in the directory.
    pub renamed: Vec<RenamedVariable>,
    /// The directories of tables that are not obeyed, as a symbolic link leads there.
    pub linked: Vec<PathBuf>,
    /// The lines of `.ports.env` that give nothing, in their order.
    pub ignored: Vec<IgnoredLine>,
    /// Whether the registry has these numbers for this project; `None` where it cannot be read.
    pub is_registered: Option<bool>,
    /// Why the registry cannot be read: whether the numbers belong to another project is then unknown.
    pub registry_error: Option<Error>,
    /// The registry; empty where it cannot be read.
    pub registry: Registry,
}

/// A number that a command gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The variable that holds it.
    pub variable: Variable,
    /// Whether it is that of `.ports.env`, and not the environment's.
    pub is_of_file: bool,
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

/// Reads what the `.ports.env` of the directory's project says, and what `port-manager.toml` makes of it for the directory.
/// `environment` is what variables are set to already. Only port variables are passed on, whatever else a clone's file
/// says. A registry that cannot be read does not prevent it.
///
/// # Errors
/// When the project has no `.ports.env`, or it or `port-manager.toml` cannot be read; [`Error::PortsOfAnotherProject`] when a
/// number of it belongs to another project whose directory exists, as after `cp -r`; [`Error::NoNumber`] when
/// `port-manager.toml` names a variable for the directory that has no number.
pub fn environment(
    store: Result<Store>,
    directory: &Path,
    precedence: Precedence,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<Environment> {
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
    let (mut differing, mut used, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
    let (mut variables, mut numbers) = (BTreeMap::new(), BTreeMap::new());
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
            let number_of = || Number { variable: variable.clone(), is_of_file: value.is_none() };
            numbers.entry(number).or_insert_with(number_of);
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
        variables.insert(name.clone(), value);
        let inherited = inherited.filter(differs);
        differing.extend(inherited.map(|value| InheritedVariable { variable: name.clone(), value, port }));
    }
    if let Some(registry) = &registry {
        ensure_own(&root, registry, &used)?;
    }
    let ignored = ignored(&file);
    let is_registered = registry.as_ref().map(|registry| is_registered(&root, registry, &used));
    Ok(Environment {
        root,
        variables,
        numbers,
        differing,
        renamed,
        linked: tables.linked,
        ignored,
        is_registered,
        registry_error,
        registry: registry.unwrap_or_default(),
    })
}

impl Environment {
    /// Keeps only these variables; all of them where none is named.
    ///
    /// # Errors
    /// [`Error::UnknownVariable`] when one is not set here.
    pub fn keep_only(&mut self, only: &[Variable]) -> Result<()> {
        if only.is_empty() {
            return Ok(());
        }
        if let Some(unknown) = only.iter().find(|variable| !self.variables.contains_key(*variable)) {
            return Err(Error::UnknownVariable {
                variable: unknown.clone(),
                project: self.root.name(),
                known: self.variables.keys().cloned().collect(),
            });
        }
        self.variables.retain(|variable, _| only.contains(variable));
        Ok(())
    }
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
