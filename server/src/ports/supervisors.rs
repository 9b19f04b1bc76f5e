//! The processes above a server that would start it again.

use std::collections::HashMap;

use super::listeners::{Listener, Protocol, listeners};
use super::process::{Process, Tree};
use super::roles::{Role, role};
use super::signal::Handle;
use super::suspended::ends_with_its_command;
use crate::error::{Error, ListenerError, Result};
use crate::port::Port;

/// A process that would start a server again and does nothing else, pinned down so that no other can be
/// taken for it.
#[derive(Debug)]
pub struct Supervisor {
    /// The process, as it was when we looked.
    pub process: Process,
    /// The numbers of the servers under it.
    pub(super) servers: Vec<u32>,
    pub(super) handle: Handle,
}

/// A process that would start a server again, and is left alone because others depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedSupervisor {
    /// The process, as it was when we looked.
    pub process: Process,
    /// What would end with it besides the server.
    pub dependants: Vec<Dependant>,
}

/// A process that would end with a supervisor, though it has nothing to do with the port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependant {
    /// The process; the supervisor itself, where that listens elsewhere.
    pub process: Process,
    /// The ports on which it or a process below it listens.
    pub ports: Vec<Port>,
}

/// The supervisors above some servers, each once.
#[derive(Debug, Default)]
pub(super) struct Supervisors {
    /// Those that are stopped with the servers, the outermost first.
    pub(super) own: Vec<Supervisor>,
    /// Those that are left alone.
    pub(super) shared: Vec<SharedSupervisor>,
}

/// What there is around the servers that hold a port.
struct Surroundings<'a> {
    port: Port,
    protocol: Protocol,
    servers: &'a [&'a Process],
    tree: Tree,
    listeners: Vec<Listener>,
}

/// The supervisors above those servers, which hold that port.
///
/// # Errors
/// When the system does not tell who listens where.
pub(super) fn above(
    servers: &[&Process],
    ancestors: &[u32],
    port: Port,
    protocol: Protocol,
) -> Result<Supervisors> {
    let mut found = Supervisors::default();
    if servers.is_empty() {
        return Ok(found);
    }
    let around = Surroundings::look(servers, port, protocol)?;
    for server in servers {
        around.climb(server, ancestors, &mut found);
    }
    // The outermost has to end first, or it starts what is below it again.
    found.own.sort_by_key(|supervisor| around.tree.depth(supervisor.process.pid));
    Ok(found)
}

impl Supervisor {
    /// Whether something else than those servers, which hold that port, depends on it by now.
    ///
    /// # Errors
    /// When the system does not tell who listens where.
    pub(super) fn has_dependants(
        &self,
        servers: &[&Process],
        port: Port,
        protocol: Protocol,
    ) -> Result<bool> {
        let around = Surroundings::look(servers, port, protocol)?;
        Ok(!around.dependants(&self.process).is_empty())
    }
}

impl<'a> Surroundings<'a> {
    fn look(servers: &'a [&'a Process], port: Port, protocol: Protocol) -> Result<Self> {
        let tree = Tree::now();
        // Then nothing would seem to depend on anything.
        if tree.is_empty() {
            return Err(Error::Listener(ListenerError::Unknown {
                reason: "the processes are not to be seen".to_owned(),
            }));
        }
        Ok(Self { port, protocol, servers, tree, listeners: listeners()? })
    }

    /// Adds the supervisors of one server, as far up as every process in between is known and has nothing
    /// else to do. A shell that runs one command is passed and left alone, anything unknown ends the climb.
    fn climb(&self, server: &Process, ancestors: &[u32], found: &mut Supervisors) {
        let mut below = server.clone();
        while let Some(pid) = below.parent {
            // One that holds the port itself is stopped for that.
            if pid <= 1 || pid == std::process::id() || ancestors.contains(&pid) || self.is_server(pid) {
                return;
            }
            // Pinned first, described afterwards; and it still has to be the parent then.
            let Ok(handle) = Handle::open(pid) else { return };
            let Some(parent) = Process::find(&[pid]).pop() else { return };
            let is_parent = Process::find(&[below.pid]).iter().any(|child| child.parent == Some(pid));
            if !is_parent || parent.started > below.started {
                return;
            }
            let role = role(&parent);
            if role != Some(Role::Watcher) && !ends_with_its_command(&parent) {
                return;
            }
            let dependants = self.dependants(&parent);
            if !dependants.is_empty() {
                let is_known = found.shared.iter().any(|shared| shared.process.pid == pid);
                if role == Some(Role::Watcher) && !is_known {
                    found.shared.push(SharedSupervisor { process: parent, dependants });
                }
                return;
            }
            if matches!(role, Some(Role::Watcher | Role::Runner)) {
                match found.own.iter_mut().find(|known| known.process.pid == pid) {
                    Some(known) => known.servers.push(server.pid),
                    None => {
                        let servers = vec![server.pid];
                        found.own.push(Supervisor { process: parent.clone(), servers, handle });
                    }
                }
            }
            below = parent;
        }
    }

    /// What would end with a process, apart from the servers and what only works for them. When in doubt,
    /// a process is something else: to leave a supervisor alone costs less than to stop a stranger.
    fn dependants(&self, process: &Process) -> Vec<Dependant> {
        let below = self.tree.below(process.pid);
        let mut processes: HashMap<u32, Process> =
            Process::find(&below).into_iter().map(|process| (process.pid, process)).collect();
        let mut found = Vec::new();
        let ports = self.other_ports(&[process.pid]);
        if !ports.is_empty() {
            found.push(Dependant { process: process.clone(), ports });
        }
        self.add_dependants_below(process.pid, &mut processes, &mut found);
        found
    }

    fn add_dependants_below(
        &self,
        pid: u32,
        processes: &mut HashMap<u32, Process>,
        found: &mut Vec<Dependant>,
    ) {
        for child in self.tree.children(pid).filter(|child| !self.is_server(*child)) {
            // One that has ended meanwhile depends on nobody.
            let Some(process) = processes.remove(&child) else { continue };
            let mut family = self.tree.below(child);
            let leads_to_server = family.iter().any(|pid| self.is_server(*pid));
            family.push(child);
            let role = role(&process);
            if leads_to_server
                && (role == Some(Role::Watcher) || ends_with_its_command(&process))
                && self.other_ports(&[child]).is_empty()
            {
                self.add_dependants_below(child, processes, found);
                continue;
            }
            let ports = self.other_ports(&family);
            if role != Some(Role::Helper) || !ports.is_empty() {
                found.push(Dependant { process, ports });
            }
        }
    }

    fn is_server(&self, pid: u32) -> bool {
        self.servers.iter().any(|server| server.pid == pid)
    }

    /// The ports on which any of the processes listens, in order, without the one that is meant.
    fn other_ports(&self, pids: &[u32]) -> Vec<Port> {
        let is_meant = |listener: &Listener| (listener.port, listener.protocol) == (self.port, self.protocol);
        let is_theirs = |listener: &Listener| listener.pid.is_some_and(|pid| pids.contains(&pid));
        let others = self.listeners.iter().filter(|listener| is_theirs(listener) && !is_meant(listener));
        let mut ports: Vec<Port> = others.map(|listener| listener.port).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }
}
