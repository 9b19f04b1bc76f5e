//! Every registered port, and who listens there now.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::Context;
use super::owner::{ProjectName, is_telling};
use super::which::{Which, find};
use crate::error::{Error, NameError, Result};
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
    /// Every other TCP port on which something listens, ordered; `None` where nobody asked for them.
    pub others: Option<Vec<OtherPort>>,
}

/// A port that the registry does not know, and who listens there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherPort {
    /// The port.
    pub port: Port,
    /// Who listens there now.
    pub listeners: Vec<ListenerStatus>,
}

/// An assignment, and who listens there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortStatus {
    /// The port.
    pub port: Port,
    /// The name of the project that owns it.
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
    /// The root of the project that it is held for, or the directory where that is in no project; `None`
    /// where it is not known.
    pub directory: Option<String>,
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

/// Looks at the machine now; with the ports that nobody registered, where they are asked for.
///
/// # Errors
/// When the registry cannot be read, or the system does not tell who listens.
pub fn status(context: &Context, with_others: bool) -> Result<Status> {
    status_of(context, with_others, &StatusFilter::default())
}

/// Which ports are shown: those to which all of it applies.
#[derive(Debug, Clone, Default)]
pub struct StatusFilter<'a> {
    /// Only those of this project. A port of no project is not shown.
    pub project: Option<Which<'a>>,
    /// Only these; all where it is empty.
    pub ports: &'a [Port],
    /// Only those of this service.
    pub service: Option<Service>,
}

/// Checks that there is such a type, or that something is registered with it: a type may have gone from `config.toml`.
fn ensure_known(service: Option<Service>, registry: &Registry) -> Result<()> {
    let Some(service) = service.filter(|service| registry.types().get(*service).is_none()) else {
        return Ok(());
    };
    let mut assigned = registry.projects().flat_map(|(_, project)| project.ports());
    match assigned.any(|(_, assignment)| assignment.service == service) {
        true => Ok(()),
        false => Err(Error::Name(NameError::UnknownServiceType {
            name: service.to_string(),
            known: registry.types().names(),
        })),
    }
}

/// The same of some ports.
///
/// # Errors
/// As [`status`]; [`NameError::UnknownProject`] when the registry has no such project; [`NameError::UnknownServiceType`] when there is
/// no such type.
pub fn status_of(context: &Context, with_others: bool, filter: &StatusFilter<'_>) -> Result<Status> {
    let registry = context.store.load()?;
    ensure_known(filter.service, &registry)?;
    let key =
        filter.project.map(|project| find(&registry, project)).transpose()?.map(|(key, _)| key.to_owned());
    let is_wanted = |port: Port, service: Option<Service>| {
        (filter.ports.is_empty() || filter.ports.contains(&port))
            && filter.service.is_none_or(|wanted| service == Some(wanted))
    };
    let live = Live::look(&registry, &|port| with_others || registry.owner(port).is_some())?;
    let mut ports: Vec<PortStatus> = registry
        .projects()
        .filter(|(project, _)| key.as_ref().is_none_or(|key| key == project))
        .flat_map(|(key, project)| {
            let name = ProjectName::new(key, project.name());
            project.ports().map(move |(variable, assignment)| (name.clone(), variable, assignment))
        })
        .filter(|(_, _, assignment)| is_wanted(assignment.port, Some(assignment.service)))
        .map(|(project, variable, assignment)| PortStatus {
            listeners: live.on(assignment.port, Some(&project)),
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
        .filter(|(port, reservation)| key.is_none() && is_wanted(*port, Some(reservation.service)))
        .map(|(port, reservation)| ReservationStatus {
            port,
            service: reservation.service,
            expires_at: reservation.expires_at,
            directory: reservation.directory.clone(),
            listeners: live.on(port, None),
        })
        .collect();
    let others = with_others.then(|| {
        let is_other =
            |port: &Port| key.is_none() && registry.owner(*port).is_none() && is_wanted(*port, None);
        let others = live.ports().into_iter().filter(is_other);
        others.map(|port| OtherPort { port, listeners: live.on(port, None) }).collect()
    });
    Ok(Status { ports, reservations, others })
}

/// Who listens now, and what the registry makes of them.
pub(super) struct Live<'r> {
    registry: &'r Registry,
    listeners: HashMap<Port, Vec<Listener>>,
    processes: HashMap<u32, Process>,
}

impl<'r> Live<'r> {
    /// Looks who listens on some ports.
    ///
    /// # Errors
    /// When the system does not tell.
    pub(super) fn look(registry: &'r Registry, is_wanted: &dyn Fn(Port) -> bool) -> Result<Self> {
        let listeners = ports::listeners_by_port(is_wanted)?;
        let mut pids: Vec<u32> = listeners.values().flatten().filter_map(|listener| listener.pid).collect();
        pids.sort_unstable();
        pids.dedup();
        let processes = Process::find(&pids).into_iter().map(|process| (process.pid, process)).collect();
        Ok(Self { registry, listeners, processes })
    }

    /// The TCP ports on which anybody listens, ordered.
    fn ports(&self) -> Vec<Port> {
        let is_tcp = |listeners: &[Listener]| listeners.iter().any(|it| it.protocol == Protocol::Tcp);
        let mut ports: Vec<Port> =
            self.listeners.iter().filter(|(_, it)| is_tcp(it)).map(|(port, _)| *port).collect();
        ports.sort_unstable();
        ports
    }

    /// The listeners of one port, which that project owns; those of one process together.
    pub(super) fn on(&self, port: Port, owner: Option<&ProjectName>) -> Vec<ListenerStatus> {
        let mut found: Vec<ListenerStatus> = Vec::new();
        for listener in self.listeners.get(&port).into_iter().flatten() {
            let known = found.iter_mut().find(|known| {
                known.pid == listener.pid
                    && known.protocol == listener.protocol
                    && known.user == listener.user
            });
            match known {
                Some(known) => known.addresses.push(listener.address),
                None => found.push(self.status_of(listener, owner)),
            }
        }
        found
    }

    /// Whether the process publishes ports of containers, or runs them.
    pub(super) fn is_container_runtime(&self, listener: &ListenerStatus) -> bool {
        let process = listener.pid.and_then(|pid| self.processes.get(&pid));
        process.is_some_and(ports::is_container_runtime)
    }

    fn status_of(&self, listener: &Listener, owner: Option<&ProjectName>) -> ListenerStatus {
        let process = listener.pid.and_then(|pid| self.processes.get(&pid));
        let directory = process.and_then(|process| process.directory.clone());
        let telling = directory.as_deref().filter(|directory| is_telling(directory));
        let project = telling.and_then(|directory| ProjectName::around(directory, self.registry));
        let is_foreign = match (telling, owner) {
            (Some(_), Some(owner)) if !Registry::is_bare_name(&owner.root) => {
                Some(project.as_ref() != Some(owner))
            }
            _ => None,
        };
        ListenerStatus {
            pid: listener.pid,
            program: listener.program.clone(),
            user: listener.user.clone(),
            protocol: listener.protocol,
            addresses: vec![listener.address],
            directory,
            project: project.as_ref().map(|project| project.name.clone()),
            root: project.map(|project| project.root),
            is_foreign,
        }
    }
}
