//! What is known of a port that is to be freed, and what was done about it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::owner::{PortOwner, ProjectName, is_telling};
use crate::port::Port;
use crate::ports::{
    self, Dependant, Holder, Outcome, Principal, Process, Protection, Protocol, Restarter, Supervisor,
};
use crate::registry::Registry;

/// What is known of a port, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FreeReport {
    /// The port.
    pub port: Port,
    /// What is spoken there.
    pub protocol: Protocol,
    /// Whether nothing listens there now.
    pub is_free: bool,
    /// Whether nothing listened there in the first place.
    pub was_free: bool,
    /// The owner of the port by the registry.
    pub owner: Option<PortOwner>,
    /// The visible processes that listened there.
    pub holders: Vec<HolderReport>,
    /// The processes that would start one of them again, the outermost first.
    pub supervisors: Vec<SupervisorReport>,
    /// The container or unit that the port is held for, where the processes only stand in.
    pub principal: Option<PrincipalReport>,
    /// Whether a process holds the port that cannot be stopped, so that stopping the others would gain nothing.
    pub is_kept: bool,
    /// Whether a process listens there that is hidden from us.
    pub is_hidden: bool,
    /// The users of the processes that listen there and are hidden from us, where the system tells.
    pub hidden_users: Vec<String>,
    /// The processes that may start a server there again, nearest first. They are sent no signal.
    pub restarters: Vec<RestarterReport>,
    /// The processes that took the port meanwhile, as one that restarts what was stopped.
    pub successors: Vec<HolderReport>,
}

/// A process as an earlier report has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShownHolder {
    /// Its number.
    pub pid: u32,
    /// When it was started.
    pub started_at: Option<Timestamp>,
}

/// A process that listens on the port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HolderReport {
    /// Its number.
    pub pid: u32,
    /// The file name of its program.
    pub program: String,
    /// Its command line, word by word.
    pub command: Vec<String>,
    /// Its working directory.
    pub directory: Option<PathBuf>,
    /// The user it runs as.
    pub user: Option<String>,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// The addresses on which it listens.
    pub addresses: Vec<IpAddr>,
    /// The service of systemd that it belongs to.
    pub service: Option<String>,
    /// The name of the registered project that it was started in.
    pub project: Option<String>,
    /// That project's root directory.
    pub root: Option<String>,
    /// The other TCP ports on which it listens.
    pub other_ports: Vec<Port>,
    /// Whether it is suspended, as by Ctrl+Z.
    pub is_suspended: bool,
    /// Whether this user may stop it.
    pub is_permitted: bool,
    /// Why it is never stopped, if so.
    pub protection: Option<Protection>,
    /// What became of it; `None` where nothing was tried.
    pub outcome: Option<Outcome>,
    /// Whether it still runs after all; `None` where nothing was tried.
    pub is_running: Option<bool>,
}

/// A process that would start a server again, and is stopped with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupervisorReport {
    /// Its number.
    pub pid: u32,
    /// The file name of its program.
    pub program: String,
    /// Its command line, word by word.
    pub command: Vec<String>,
    /// Its working directory.
    pub directory: Option<PathBuf>,
    /// The user it runs as.
    pub user: Option<String>,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// The TCP ports on which it listens itself, but for the one that is freed.
    pub other_ports: Vec<Port>,
    /// Whether it is suspended, as by Ctrl+Z.
    pub is_suspended: bool,
    /// What became of it; `None` where nothing was tried.
    pub outcome: Option<Outcome>,
}

/// A process that may start a server again when it has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestarterReport {
    /// Its number.
    pub pid: u32,
    /// The file name of its program.
    pub program: String,
    /// Its command line, word by word.
    pub command: Vec<String>,
    /// The user it runs as.
    pub user: Option<String>,
    /// The service manager that it is: `pm2`; `None` for any other program.
    pub manager: Option<&'static str>,
    /// The name that the manager gives the server, where that could be found out.
    pub service: Option<String>,
    /// The command line that keeps it from starting the server again, word by word, where it is known.
    pub remedy: Option<Vec<String>>,
    /// Where the service's name is not known: the command that lists the names.
    pub list: Option<&'static str>,
    /// Where the service's name is not known: the command line that stops a service, word by word, with `NAME` for it.
    pub pattern: Option<Vec<String>>,
    /// What else depends on it, where it is left alone only for that.
    pub dependants: Vec<DependantReport>,
    /// Whether it is suspended, so that it starts nothing until it is continued.
    pub is_suspended: bool,
    /// Whether it still runs after all; `None` where nothing was tried.
    pub is_running: Option<bool>,
}

/// A process that would end with another, though it has nothing to do with the port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DependantReport {
    /// Its number; that of the other, where that listens on more ports itself.
    pub pid: u32,
    /// The file name of its program.
    pub program: String,
    /// The ports on which it or a process below it listens.
    pub ports: Vec<Port>,
}

/// The container or unit that a port is held for, where the processes only stand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrincipalReport {
    /// Who it is.
    #[serde(flatten)]
    pub principal: Principal,
    /// The command line that lets go of the port, word by word, where it is known.
    pub remedy: Option<Vec<String>>,
    /// Whether that was run, and went well; `None` where it was not run.
    pub is_stopped: Option<bool>,
    /// What the program said when it did not go well.
    pub complaint: Option<String>,
}

impl FreeReport {
    /// Whether there is a process that may be stopped, and that would help.
    #[must_use]
    pub fn has_stoppable(&self) -> bool {
        !self.is_kept && self.holders.iter().any(|holder| holder.protection.is_none())
    }

    /// The process that may still start a server there again, where there is one: a service manager, or else the
    /// nearest to the server.
    #[must_use]
    pub fn restarter(&self) -> Option<&RestarterReport> {
        let mut running = self.restarters.iter().filter(|restarter| restarter.is_running == Some(true));
        let nearest = running.clone().next();
        running.find(|restarter| restarter.manager.is_some()).or(nearest)
    }

    /// The command that stops the container for which a proxy listens there, where there is one and it is
    /// known.
    #[must_use]
    pub fn container_remedy(&self) -> Option<&[String]> {
        let principal = self.principal.as_ref()?;
        match principal.principal {
            Principal::Container { .. } => principal.remedy.as_deref(),
            Principal::Unit { .. } => None,
        }
    }
}

/// When the process was started.
fn started_at(process: &Process) -> Option<Timestamp> {
    i64::try_from(process.started).ok().and_then(|at| Timestamp::from_second(at).ok())
}

/// The TCP ports on which each process listens, but for one.
pub(super) type OtherPorts = HashMap<u32, Vec<Port>>;

/// The other TCP ports of every process that listens on one. Where the system does not tell, none.
pub(super) fn other_ports(port: Port, protocol: Protocol) -> OtherPorts {
    let mut found = OtherPorts::new();
    for listener in ports::listeners().unwrap_or_default() {
        let is_other =
            listener.protocol == Protocol::Tcp && (listener.port, listener.protocol) != (port, protocol);
        if let Some(pid) = listener.pid.filter(|_| is_other) {
            let its = found.entry(pid).or_default();
            // On several addresses, and once for each.
            if !its.contains(&listener.port) {
                its.push(listener.port);
            }
        }
    }
    found
}

impl HolderReport {
    pub(super) fn new(holder: &Holder, registry: &Registry, other_ports: &OtherPorts) -> Self {
        let process = holder.process.clone();
        let telling = process.directory.as_deref().filter(|directory| is_telling(directory));
        let project = telling.and_then(|directory| ProjectName::around(directory, registry));
        Self {
            project: project.as_ref().map(|project| project.name.clone()),
            root: project.map(|project| project.root),
            pid: process.pid,
            started_at: started_at(&process),
            service: holder.service(),
            other_ports: other_ports.get(&process.pid).cloned().unwrap_or_default(),
            is_suspended: ports::is_suspended(process.pid),
            is_permitted: holder.is_permitted(),
            program: process.program,
            command: process.command,
            directory: process.directory,
            user: process.user,
            addresses: holder.addresses.clone(),
            protection: holder.protection,
            outcome: None,
            is_running: None,
        }
    }

    pub(super) fn is_same_process(&self, other: &Self) -> bool {
        self.pid == other.pid && self.started_at == other.started_at
    }
}

impl SupervisorReport {
    pub(super) fn new(supervisor: &Supervisor, other_ports: &OtherPorts) -> Self {
        let process = supervisor.process.clone();
        Self {
            pid: process.pid,
            started_at: started_at(&process),
            other_ports: other_ports.get(&process.pid).cloned().unwrap_or_default(),
            is_suspended: ports::is_suspended(process.pid),
            program: process.program,
            command: process.command,
            directory: process.directory,
            user: process.user,
            outcome: None,
        }
    }
}

impl DependantReport {
    fn new(dependant: &Dependant) -> Self {
        Self {
            pid: dependant.process.pid,
            program: dependant.process.program.clone(),
            ports: dependant.ports.clone(),
        }
    }
}

impl RestarterReport {
    pub(super) fn new(restarter: &Restarter) -> Self {
        let process = restarter.process.clone();
        let manager = restarter.manager.as_ref();
        let nameless = manager.filter(|manager| manager.service.is_none());
        Self {
            pid: process.pid,
            program: process.program,
            command: process.command,
            user: process.user,
            manager: manager.map(|manager| manager.name),
            service: manager.and_then(|manager| manager.service.clone()),
            remedy: restarter.remedy.clone(),
            list: nameless.map(|manager| manager.list),
            pattern: nameless.map(|manager| manager.pattern.clone()),
            dependants: restarter.dependants.iter().map(DependantReport::new).collect(),
            is_suspended: restarter.is_suspended(),
            is_running: None,
        }
    }
}
