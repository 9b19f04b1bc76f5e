//! Every registered port, and who listens there now.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::Context;
use super::owner::{ProjectName, is_telling};
use crate::error::Result;
use crate::port::Port;
use crate::ports::{self, Listener, Process, Protocol};
use crate::registry::Registry;
use crate::service::Service;
use crate::variable::Variable;

/// The registry beside what runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Every assignment, ordered by project and port.
    pub ports: Vec<PortStatus>,
    /// Every reservation that has not expired, ordered by port.
    pub reservations: Vec<ReservationStatus>,
}

/// An assignment, and who listens there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortStatus {
    /// The port.
    pub port: Port,
    /// The name of the project whose it is.
    pub project: String,
    /// The project's root directory; for one that the script `port-manager.py` left, its bare name.
    pub root: String,
    /// The variable that holds it.
    pub variable: Variable,
    /// What should listen there.
    pub service: Service,
    /// Since when.
    pub assigned_at: Timestamp,
    /// Who listens there now.
    pub listeners: Vec<ListenerStatus>,
}

/// A reservation, and who listens there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReservationStatus {
    /// The port.
    pub port: Port,
    /// What is to listen there.
    pub service: Service,
    /// Until when it is held.
    pub expires_at: Timestamp,
    /// Who listens there now.
    pub listeners: Vec<ListenerStatus>,
}

/// A process that listens, on one or more addresses of a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListenerStatus {
    /// Its number; `None` where it is another user's and hidden from us.
    pub pid: Option<u32>,
    /// The file name of its program.
    pub program: Option<String>,
    /// Whose socket it is, where the system tells.
    pub user: Option<String>,
    /// What it speaks.
    pub protocol: Protocol,
    /// The addresses that it is bound to.
    pub addresses: Vec<IpAddr>,
    /// Its working directory, where we may know it.
    pub directory: Option<PathBuf>,
    /// The name of the registered project in whose tree it was started.
    pub project: Option<String>,
    /// That project's root directory.
    pub root: Option<String>,
    /// Whether it was started outside of the project that the port belongs to; `None` where that
    /// cannot be told.
    pub is_foreign: Option<bool>,
}

impl Status {
    /// Whether nothing at all is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ports.is_empty() && self.reservations.is_empty()
    }
}

/// Looks at the machine now.
///
/// # Errors
/// When the registry cannot be read, or the system does not tell who listens.
pub fn status(context: &Context) -> Result<Status> {
    let registry = context.store.load()?;
    let listeners = ports::listeners_among(&|port| registry.owner(port).is_some())?;
    let mut pids: Vec<u32> = listeners.iter().filter_map(|listener| listener.pid).collect();
    pids.sort_unstable();
    pids.dedup();
    Ok(combine(&registry, &listeners, &Process::find(&pids)))
}

fn combine(registry: &Registry, listeners: &[Listener], processes: &[Process]) -> Status {
    let processes: HashMap<u32, &Process> = processes.iter().map(|process| (process.pid, process)).collect();
    let mut by_port: HashMap<Port, Vec<&Listener>> = HashMap::new();
    for listener in listeners {
        by_port.entry(listener.port).or_default().push(listener);
    }
    let running = |port: Port, owner: Option<&ProjectName>| {
        let found = by_port.get(&port).map_or(&[][..], Vec::as_slice);
        running(found, &processes, owner, registry)
    };
    let mut ports: Vec<PortStatus> = registry
        .projects()
        .flat_map(|(key, project)| {
            let name = ProjectName::new(key, project.name());
            project.ports().map(move |(variable, assignment)| (name.clone(), variable, assignment))
        })
        .map(|(project, variable, assignment)| PortStatus {
            listeners: running(assignment.port, Some(&project)),
            port: assignment.port,
            project: project.name,
            root: project.root,
            variable: variable.clone(),
            service: assignment.service,
            assigned_at: assignment.assigned_at,
        })
        .collect();
    ports.sort_by(|left, right| {
        let key = |status: &PortStatus| (status.project.to_lowercase(), status.root.clone(), status.port);
        key(left).cmp(&key(right))
    });
    let reservations = registry
        .reservations()
        .map(|(port, reservation)| ReservationStatus {
            port,
            service: reservation.service,
            expires_at: reservation.expires_at,
            listeners: running(port, None),
        })
        .collect();
    Status { ports, reservations }
}

/// The listeners of one port, those of one process together.
fn running(
    listeners: &[&Listener],
    processes: &HashMap<u32, &Process>,
    owner: Option<&ProjectName>,
    registry: &Registry,
) -> Vec<ListenerStatus> {
    let mut found: Vec<ListenerStatus> = Vec::new();
    for listener in listeners {
        let known = found.iter_mut().find(|known| {
            known.pid == listener.pid && known.protocol == listener.protocol && known.user == listener.user
        });
        if let Some(known) = known {
            known.addresses.push(listener.address);
            continue;
        }
        let process = listener.pid.and_then(|pid| processes.get(&pid));
        let directory = process.and_then(|process| process.directory.clone());
        let telling = directory.as_deref().filter(|directory| is_telling(directory));
        let project = telling.and_then(|directory| ProjectName::around(directory, registry));
        let is_foreign = match (telling, owner) {
            (Some(_), Some(owner)) if !Registry::is_bare_name(&owner.root) => {
                Some(project.as_ref() != Some(owner))
            }
            _ => None,
        };
        found.push(ListenerStatus {
            pid: listener.pid,
            program: listener.program.clone(),
            user: listener.user.clone(),
            protocol: listener.protocol,
            addresses: vec![listener.address],
            directory,
            project: project.as_ref().map(|project| project.name.clone()),
            root: project.map(|project| project.root),
            is_foreign,
        });
    }
    found
}
