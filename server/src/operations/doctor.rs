//! What is wrong with the registry, the projects and this machine, and how to fix it.

mod code;
mod compose;
mod machine;
mod projects;
mod registry;
mod starts;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use machine::{container_note, sudo_user};

use super::Context;
use crate::error::Result;
use crate::paste;
use crate::port::Port;
use crate::project::ProjectRoot;
use crate::registry::Repair;
use crate::variable::Variable;
use crate::version::VERSION;

/// What [`doctor`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Which port-manager looked: `0.1.0 (f70d08e 2026-11-29)`.
    pub version: &'static str,
    /// The registry's file.
    pub registry: PathBuf,
    /// Whether nothing is wrong: there are notes at most.
    pub is_healthy: bool,
    /// What was done about a damaged registry; `None` where nothing was to be done, or nobody asked.
    pub repaired: Option<Repair>,
    /// What was found: the registry first, then the projects, then the machine.
    pub findings: Vec<Finding>,
    /// The ways in which the project at hand is started, where it has a `.ports.env`.
    pub starts: Vec<StartReport>,
}

/// One way of starting the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StartReport {
    /// The file, relative to the project's root.
    pub path: PathBuf,
    /// The script, target, process or configuration; null where it is the whole file.
    pub name: Option<String>,
    /// Whether it gets what `.ports.env` says without `port-manager run`, or starts nothing that reads a port variable.
    pub is_wired: bool,
    /// The file that loads `.ports.env` for it; null where none does.
    pub loaded_by: Option<PathBuf>,
    /// Whether it runs in a terminal of VS Code, to which the extension gives the ports.
    pub in_terminal: bool,
}

/// Something that is wrong, or that is good to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub kind: Kind,
    /// Whether it is wrong; else it is good to know.
    pub is_problem: bool,
    /// The project's name, where it is about one.
    pub project: Option<String>,
    /// The project's root directory, or its bare name.
    pub root: Option<String>,
    /// The variable, where it is about one.
    pub variable: Option<Variable>,
    /// The port, where it is about one.
    pub port: Option<Port>,
    /// What was found, as a sentence.
    pub message: String,
    /// The command that fixes it, for a shell; `None` where an editor or a decision is needed.
    pub command: Option<String>,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The registry cannot be understood.
    RegistryDamaged,
    /// The registry is gone, and its backup is there.
    RegistryMissing,
    /// The registry may not be read, or is a newer port-manager's.
    RegistryUnreadable,
    /// The registry cannot be changed.
    RegistryNotWritable,
    /// Another process is changing the registry, or hangs while doing so.
    RegistryLocked,
    /// Other users of this machine may read or write the registry, or replace it.
    RegistryExposed,
    /// The user's `config.toml` cannot be read, or sets something that cannot be set.
    ConfigInvalid,
    /// A reservation lasts longer than any can, so it does not count.
    ReservationNotCounted,
    /// Two projects are one directory, as through a bind mount.
    SharedDirectory,
    /// A project's directory is gone.
    ProjectGone,
    /// A project's directory and the one above it are gone, as on an unplugged disk.
    ProjectOutOfSight,
    /// A project that the script left, of which no directory is known.
    ProjectUnclaimed,
    /// A project of this directory that has no ports.
    ProjectNotSetUp,
    /// A registered project has no `.ports.env`.
    PortsEnvMissing,
    /// A project's `.ports.env` cannot be read.
    PortsEnvUnreadable,
    /// A line of `.ports.env` is wrong.
    PortsEnvInvalid,
    /// `.ports.env` gives a port that belongs to somebody else.
    PortConflict,
    /// `.ports.env` gives a port that the registry does not.
    UnregisteredPort,
    /// The registry has a variable that `.ports.env` does not.
    MissingVariable,
    /// Git does not ignore `.ports.env`.
    CommittedPortsEnv,
    /// A port that the code decides has no number in `.ports.env`.
    PortWithoutNumber,
    /// A variable has a number, and no file reads it.
    UnreadVariable,
    /// A variable is read that is no port of the project, and has no number.
    UnsetVariable,
    /// A number is typed where the port's variable belongs.
    HardcodedPort,
    /// Two variables are read for one port.
    DuplicateVariable,
    /// Two ports have one default number.
    SharedDefault,
    /// Several components read `PORT`, and `port-manager.toml` does not say which variable is whose.
    RunTableMissing,
    /// A table of `port-manager.toml` leads nowhere.
    RunTableStale,
    /// `port-manager.toml` cannot be read or understood.
    SettingsInvalid,
    /// An example of one of the project's own rows in `port-manager.toml` does not hold.
    RowExampleFails,
    /// Several manifests of the project give one name.
    SharedName,
    /// The project has more files than are looked at.
    SearchCut,
    /// A compose file builds an image from a directory that is not there.
    BuildContextMissing,
    /// A way of starting the project never sees `.ports.env`.
    UnwiredPortsEnv,
    /// A compose file names a container that every copy of the project would have.
    SharedContainerName,
    /// A compose file names a volume that every copy of the project uses.
    SharedVolume,
    /// Somebody else's process listens on a project's port.
    ForeignListener,
    /// The system does not tell who listens.
    ListenersUnknown,
    /// This runs through sudo.
    Sudo,
    /// This runs in a container.
    Container,
}

impl Finding {
    fn problem(kind: Kind, message: impl fmt::Display) -> Self {
        Self {
            kind,
            is_problem: true,
            project: None,
            root: None,
            variable: None,
            port: None,
            message: message.to_string(),
            command: None,
        }
    }

    fn note(kind: Kind, message: impl fmt::Display) -> Self {
        Self { is_problem: false, ..Self::problem(kind, message) }
    }

    fn command(self, command: impl Into<Command>) -> Self {
        match command.into() {
            Command(Some(command)) => Self { command: Some(command), ..self },
            Command(None) => Self { message: format!("{}. {}", self.message, paste::NO_COMMAND), ..self },
        }
    }

    fn of(self, root: &str, project: &str) -> Self {
        Self { root: Some(root.to_owned()), project: Some(project.to_owned()), ..self }
    }

    fn about(self, variable: &Variable, port: Option<Port>) -> Self {
        Self { variable: Some(variable.clone()), port, ..self }
    }
}

/// A command for a shell; `None` where none can be spelled.
struct Command(Option<String>);

impl From<&str> for Command {
    fn from(command: &str) -> Self {
        Self(Some(command.to_owned()))
    }
}

impl From<String> for Command {
    fn from(command: String) -> Self {
        Self(Some(command))
    }
}

impl From<Option<String>> for Command {
    fn from(command: Option<String>) -> Self {
        Self(command)
    }
}

/// Looks at the registry, at every project in it and the one of `directory`, and at who listens on
/// their ports. Of the project of `directory`, the code is looked at as well. With `repair`, a damaged registry is rebuilt first; nothing else is changed.
///
/// # Errors
/// When a damaged registry cannot be repaired.
pub fn doctor(context: &Context, directory: &Path, repair: bool) -> Result<Diagnosis> {
    let repaired = if repair { context.store.repair()? } else { None };
    let mut findings = Vec::new();
    let mut starts = Vec::new();
    let registry = registry::examine(&context.store, &mut findings);
    if let Err(error) = context.store.config() {
        let message = format!("{error}; until that is corrected, no port is assigned");
        findings.push(Finding::problem(Kind::ConfigInvalid, message).command("port-manager config edit"));
    }
    if let Some(registry) = &registry {
        let here = ProjectRoot::of_directory(directory, None);
        projects::examine(registry, &here, &mut findings);
        if here.is_marked() {
            starts = code::examine(registry, &here, &mut findings);
            compose::examine(&here, directory, &mut findings);
        }
    }
    machine::examine(context, registry.is_some(), &mut findings);
    Ok(Diagnosis {
        version: VERSION,
        registry: context.store.path().to_owned(),
        is_healthy: findings.iter().all(|finding| !finding.is_problem),
        repaired,
        findings,
        starts,
    })
}
