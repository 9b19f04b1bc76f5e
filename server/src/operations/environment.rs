//! The environment that a project gives to a command: its ports, and what `port-manager.toml` makes of them.

mod compose;
mod format;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

pub use format::{Format, Unspellable};

use super::Root;
use super::run_tables;
use crate::error::{AssignmentError, Error, NameError, Result};
use crate::files;
use crate::port::Port;
use crate::ports_env::{Definition, PortsEnv, Problem, ProblemKind};
use crate::project::ProjectRoot;
use crate::project::map::Renamed;
use crate::registry::{Owner, Registry, Store};
use crate::rules::Settings;
use crate::service::Service;
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
    /// The ports, by name.
    pub ports: BTreeMap<Variable, OsString>,
    /// The values that `[env]` of `port-manager.toml` computes from them, by name.
    pub computed: BTreeMap<Variable, OsString>,
    /// The name for the project of Docker Compose, by the variable that it is read from.
    pub compose_project: Option<(Variable, OsString)>,
    /// The ports among the values.
    pub numbers: BTreeMap<Port, Number>,
    /// The variables that the surrounding environment has with another value.
    pub differing: Vec<InheritedVariable>,
    /// The computed values that the surrounding environment has otherwise. They may hold passwords.
    pub differing_computed: Vec<Variable>,
    /// What the tables `[run."packages/web"]` of `port-manager.toml` give in the directory.
    pub renamed: Vec<RenamedVariable>,
    /// The components below the directory that read a name which has another variable here.
    pub renamed_below: Vec<Renamed>,
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
/// When the project has no `.ports.env`, or it or `port-manager.toml` cannot be read; [`AssignmentError::PortsOfAnotherProject`] when a
/// number of it belongs to another project whose directory exists, as after `cp -r`; [`AssignmentError::NoNumber`] when
/// `port-manager.toml` names a variable for the directory that has no number.
pub fn environment(
    store: Result<Store>,
    directory: &Path,
    precedence: Precedence,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<Environment> {
    let root = ProjectRoot::of_directory(directory, None);
    let file = PortsEnv::load(&root)?
        .ok_or_else(|| Error::Assignment(AssignmentError::NoPortsEnv { root: root.as_path().to_owned() }))?;
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
            None => {
                return Err(Error::Assignment(AssignmentError::NoNumber {
                    name: name.clone(),
                    variable: variable.clone(),
                }));
            }
        }
    }
    let (mut differing, mut used, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ports, mut numbers) = (BTreeMap::new(), BTreeMap::new());
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
        ports.insert(name.clone(), value);
        let inherited = inherited.filter(differs);
        differing.extend(inherited.map(|value| InheritedVariable { variable: name.clone(), value, port }));
    }
    if let Some(registry) = &registry {
        ensure_own(&root, registry, &used)?;
    }
    let ignored = ignored(&file);
    let (mut computed, mut differing_computed) = (BTreeMap::new(), Vec::new());
    for (name, value) in computed_values(&tables.settings, &ports)? {
        let inherited = set(&name).filter(|inherited| *inherited != value);
        if inherited.is_some() {
            differing_computed.push(name.clone());
        }
        let kept = inherited.filter(|_| precedence == Precedence::Environment);
        computed.insert(name, kept.unwrap_or(value));
    }
    let is_registered = registry.as_ref().map(|registry| is_registered(&root, registry, &used));
    let registry = registry.unwrap_or_default();
    let compose_project = match tables.settings.names_compose_project() {
        true => compose_project(&registry, &root, directory, &environment)?,
        false => None,
    };
    Ok(Environment {
        compose_project,
        root,
        ports,
        computed,
        numbers,
        differing,
        differing_computed,
        renamed,
        renamed_below: tables.below,
        linked: tables.linked,
        ignored,
        is_registered,
        registry_error,
        registry,
    })
}

fn compose_project(
    registry: &Registry,
    root: &ProjectRoot,
    directory: &Path,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<Option<(Variable, OsString)>> {
    let directory = files::canonicalize(directory).map_err(Error::reading(directory))?;
    let set = |name: &str| environment(name).filter(|value| !value.is_empty());
    let name = compose::project_name(registry, root, &directory, set);
    Ok(name.and_then(|name| Some((compose::NAME.parse().ok()?, name.into()))))
}

/// What `[env]` computes from those ports.
fn computed_values(
    settings: &Settings,
    ports: &BTreeMap<Variable, OsString>,
) -> Result<BTreeMap<Variable, OsString>> {
    let numbers = ports.iter().map(|(name, value)| (name.clone(), value.to_string_lossy().into_owned()));
    let values = settings.computed_values().expanded(&numbers.collect())?;
    Ok(values.into_iter().map(|(name, value)| (name, value.into())).collect())
}

impl Environment {
    /// Everything that is set, by name.
    #[must_use]
    pub fn variables(&self) -> BTreeMap<&Variable, &OsStr> {
        let compose_project = self.compose_project.iter().map(|(name, value)| (name, value));
        let all = self.ports.iter().chain(&self.computed).chain(compose_project);
        all.map(|(name, value)| (name, value.as_os_str())).collect()
    }

    /// The error about a variable that is not set here.
    #[must_use]
    pub fn unknown(&self, variable: &Variable) -> Error {
        self.unknown_among(variable, self.variables().into_keys())
    }

    fn unknown_among<'v>(&self, variable: &Variable, known: impl Iterator<Item = &'v Variable>) -> Error {
        Error::Name(NameError::UnknownVariable {
            variable: variable.clone(),
            project: self.root.name(),
            known: known.cloned().collect(),
        })
    }

    /// The number of a variable, where it is a port.
    #[must_use]
    pub fn port(&self, variable: &Variable) -> Option<Port> {
        self.ports.get(variable)?.to_str()?.parse().ok()
    }

    /// The number of a variable that somebody named.
    ///
    /// # Errors
    /// [`NameError::UnknownVariable`] when it is not set here, and [`NameError::NotAPort`] when it is not a port.
    pub fn named_port(&self, variable: &Variable) -> Result<Port> {
        self.port(variable).ok_or_else(|| match self.variables().contains_key(variable) {
            true => Error::Name(NameError::NotAPort { variable: variable.clone() }),
            false => self.unknown_among(variable, self.ports.keys()),
        })
    }

    /// The variable of the directory's server of that service: `PORT`, else the only one of its service, else the only one
    /// whose type leaves that open.
    ///
    /// # Errors
    /// The variables that may be meant, where that is not clear; none where every one is of another service.
    pub fn meant(&self, service: Service) -> Result<(Variable, Port), Vec<Variable>> {
        let number = |variable: &Variable| Some((variable.clone(), self.port(variable)?));
        if let Some(bare) = number(&Variable::bare()) {
            return Ok(bare);
        }
        let is_another_name = |variable: &Variable| self.renamed.iter().any(|it| it.name == *variable);
        let own = self.ports.keys().filter(|variable| !is_another_name(variable));
        let all: Vec<(Variable, Port)> = own.filter_map(number).collect();
        let those = |is_one: &dyn Fn(Service) -> bool| -> Vec<(Variable, Port)> {
            all.iter().filter(|(variable, port)| is_one(self.service(variable, *port))).cloned().collect()
        };
        let of_service = those(&|it| it == service);
        let candidates = if of_service.is_empty() { those(&|it| may_serve(it, service)) } else { of_service };
        match <[_; 1]>::try_from(candidates) {
            Ok([only]) => Ok(only),
            Err(candidates) => Err(candidates.into_iter().map(|(variable, _)| variable).collect()),
        }
    }

    /// What listens on a variable's port.
    #[must_use]
    pub fn service(&self, variable: &Variable, port: Port) -> Service {
        let own = self.root.key().ok().and_then(|key| self.registry.project(key)?.get(variable));
        own.map_or_else(|| self.registry.types().of_variable(variable, Some(port)), |own| own.service)
    }

    /// Keeps only these variables; all of them where none is named.
    ///
    /// # Errors
    /// [`NameError::UnknownVariable`] when one is not set here.
    pub fn keep_only(&mut self, only: &[Variable]) -> Result<()> {
        if only.is_empty() {
            return Ok(());
        }
        let known = self.variables();
        if let Some(unknown) = only.iter().find(|variable| !known.contains_key(*variable)) {
            return Err(self.unknown(unknown));
        }
        self.ports.retain(|variable, _| only.contains(variable));
        self.compose_project.take_if(|(variable, _)| !only.contains(variable));
        self.computed.retain(|variable, _| only.contains(variable));
        self.numbers.retain(|_, number| only.contains(&number.variable));
        self.differing.retain(|inherited| only.contains(&inherited.variable));
        self.differing_computed.retain(|variable| only.contains(variable));
        self.renamed.retain(|renamed| only.contains(&renamed.name));
        self.renamed_below.retain(|below| only.contains(&below.name));
        Ok(())
    }
}

/// Whether a port of one type may be that of a server of another. A web server must not get the port of a database, nor that
/// of the API beside it; a program that serves an API may be all the web there is.
fn may_serve(actual: Service, wanted: Service) -> bool {
    match actual {
        Service::Misc | Service::Named(_) => true,
        Service::Web => wanted == Service::Api,
        _ => false,
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
            return Err(Error::Assignment(AssignmentError::PortsOfAnotherProject {
                root: root.as_path().to_owned(),
                variable: definition.variable.clone(),
                port: definition.port,
                owner: owner.to_string(),
            }));
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
