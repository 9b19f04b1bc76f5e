//! Whose a port is, and whose a process is, as plain data.

use std::path::Path;

use serde::Serialize;

use crate::port::Port;
use crate::ports::{self, Process, Protocol};
use crate::project;
use crate::registry::{Owner, Registry};
use crate::service::Service;
use crate::variable::Variable;

/// A project of the registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ProjectName {
    /// The name that people see.
    pub(super) name: String,
    /// Its root directory; for a project that the script `port-manager.py` left, its bare name.
    pub(super) root: String,
}

/// Whose a port is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortOwner {
    /// The project's name; `None` for a reservation.
    pub project: Option<String>,
    /// Its root directory, or the bare name that the script `port-manager.py` left; `None` for a
    /// reservation.
    pub root: Option<String>,
    /// The variable; `None` for a reservation.
    pub variable: Option<Variable>,
    /// What listens there, or is to.
    pub service: Service,
}

impl ProjectName {
    /// The project of a key of the registry.
    pub(super) fn new(key: &str, name: &str) -> Self {
        Self { name: name.to_owned(), root: key.to_owned() }
    }

    /// The project in whose tree the directory lies: of several, one inside of the other, the
    /// innermost.
    ///
    /// `/` as a working directory tells nothing: servers of the system change to it, and so do those
    /// that stand in for a container.
    pub(super) fn around(directory: &Path, registry: &Registry) -> Option<Self> {
        let projects = registry.projects().filter(|(key, _)| !Registry::is_bare_name(key));
        projects
            .filter(|(key, _)| directory.starts_with(key))
            .max_by_key(|(key, _)| key.len())
            .map(|(key, project)| Self::new(key, project.name()))
    }
}

impl PortOwner {
    /// Who the registry gives the port to.
    pub(super) fn of(port: Port, registry: &Registry) -> Option<Self> {
        Some(match registry.owner(port)? {
            Owner::Project { key, name, variable, service } => Self {
                project: Some(name.to_owned()),
                root: Some(key.to_owned()),
                variable: Some(variable.clone()),
                service,
            },
            Owner::Reservation { service, .. } => Self { project: None, root: None, variable: None, service },
        })
    }
}

/// Whether somebody listens on the TCP port, and all who do were started in the tree of the project
/// with that root, and of no project inside of it.
pub(super) fn is_served_by(port: Port, root: &Path) -> bool {
    let listeners = ports::listeners_on(port, Protocol::Tcp).unwrap_or_default();
    let pids: Option<Vec<u32>> = listeners.iter().map(|listener| listener.pid).collect();
    // One that is hidden from us may be anybody's.
    let Some(pids) = pids.filter(|pids| !pids.is_empty()) else { return false };
    let processes = Process::find(&pids);
    pids.iter().all(|pid| {
        let process = processes.iter().find(|process| process.pid == *pid);
        process
            .and_then(|process| process.directory.as_deref())
            .is_some_and(|directory| lies_in(directory, root))
    })
}

/// Whether a directory lies in the tree of the project with that root, and in that of no project inside of
/// it.
pub(super) fn lies_in(directory: &Path, root: &Path) -> bool {
    directory.starts_with(root)
        && directory.ancestors().take_while(|above| *above != root).all(|above| !project::is_root(above))
}

/// Whether a working directory tells whose a process is. Servers of the system, and those that stand
/// in for a container, change to `/`, which tells nothing.
pub(super) fn is_telling(directory: &Path) -> bool {
    directory.parent().is_some()
}
