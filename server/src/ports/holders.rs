//! The processes that hold a port.

use std::net::IpAddr;

use super::control_group::{self, ControlGroup};
use super::listeners::{Listener, Protocol, listeners_on};
use super::process::{self, Process};
use super::protection::Protection;
use super::roles::{Role, role};
use super::signal::Handle;
use super::supervisors::{self, SharedSupervisor, Supervisor, Supervisors};
use crate::error::Result;
use crate::port::Port;

/// Who holds a port, and who would see to it that it is held again.
#[derive(Debug)]
pub struct Holders {
    /// The port.
    pub port: Port,
    /// What is spoken there.
    pub protocol: Protocol,
    /// The visible processes that listen there, the lowest number first.
    pub holders: Vec<Holder>,
    /// The processes that would start one of them again and do nothing else, the outermost first.
    pub supervisors: Vec<Supervisor>,
    /// The processes that would start one of them again, but on which others depend.
    pub shared_supervisors: Vec<SharedSupervisor>,
    /// The listeners whose processes are hidden from us.
    pub hidden: Vec<Listener>,
}

/// A process that listens on a port, pinned down so that no other can be taken for it.
#[derive(Debug)]
pub struct Holder {
    /// The process, as it was when we looked.
    pub process: Process,
    /// The addresses on which it listens.
    pub addresses: Vec<IpAddr>,
    /// Why it is never stopped, if so.
    pub protection: Option<Protection>,
    pub(super) handle: Handle,
}

impl Holder {
    /// The service of systemd that it belongs to.
    #[must_use]
    pub fn service(&self) -> Option<String> {
        ControlGroup::of(self.process.pid).service
    }
}

impl Holders {
    /// Looks at who holds the port. Nothing is done yet.
    ///
    /// # Errors
    /// When the system does not let us look at all.
    pub fn find(port: Port, protocol: Protocol) -> Result<Self> {
        let listeners = listeners_on(port, protocol)?;
        let mut pids: Vec<u32> = listeners.iter().filter_map(|listener| listener.pid).collect();
        pids.sort_unstable();
        pids.dedup();
        // Pinned first, described afterwards: so the description is of the one that is pinned.
        let mut handles: Vec<(u32, Handle)> =
            pids.iter().filter_map(|pid| Some((*pid, Handle::open(*pid).ok()?))).collect();
        let ancestors = if pids.is_empty() { Vec::new() } else { process::ancestors() };
        let mut holders: Vec<Holder> = Process::find(&pids)
            .into_iter()
            .filter_map(|process| {
                let index = handles.iter().position(|(pid, _)| *pid == process.pid)?;
                let (pid, handle) = handles.swap_remove(index);
                let addresses = listeners
                    .iter()
                    .filter(|listener| listener.pid == Some(pid))
                    .map(|listener| listener.address)
                    .collect();
                Some(Holder { protection: protection(&process, &ancestors), process, addresses, handle })
            })
            .collect();
        holders.sort_by_key(|holder| holder.process.pid);
        let stoppable: Vec<&Process> = holders
            .iter()
            .filter(|holder| holder.protection.is_none())
            .map(|holder| &holder.process)
            .collect();
        let Supervisors { own, shared } = supervisors::above(&stoppable, &ancestors, port, protocol)?;
        let hidden = listeners.into_iter().filter(|listener| listener.pid.is_none()).collect();
        Ok(Self { port, protocol, holders, supervisors: own, shared_supervisors: shared, hidden })
    }

    /// Those of the holders that are not protected.
    pub(super) fn stoppable(&self) -> impl Iterator<Item = &Holder> {
        self.holders.iter().filter(|holder| holder.protection.is_none())
    }
}

/// The kernel of Windows, which listens for its own web server.
const WINDOWS_SYSTEM: u32 = 4;

fn protection(process: &Process, ancestors: &[u32]) -> Option<Protection> {
    let pid = process.pid;
    if pid <= 1 || cfg!(windows) && pid == WINDOWS_SYSTEM {
        Some(Protection::System)
    } else if pid == std::process::id() {
        Some(Protection::Itself)
    } else if ancestors.contains(&pid) {
        Some(Protection::Ancestor)
    } else {
        match role(process) {
            Some(Role::Never(protection)) => Some(protection),
            _ if control_group::is_in_container(pid) => Some(Protection::Container),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ancestors_and_the_first_process_are_protected() {
        let process = |pid| Process { pid, ..Process::find(&[std::process::id()]).remove(0) };
        assert_eq!(protection(&process(0), &[]), Some(Protection::System));
        assert_eq!(protection(&process(1), &[]), Some(Protection::System));
        assert_eq!(protection(&process(std::process::id()), &[]), Some(Protection::Itself));
        // No process has such a number: the kernel gives them up to 2^22.
        assert_eq!(protection(&process(0x7fff_ffff), &[17, 0x7fff_ffff]), Some(Protection::Ancestor));
        assert_eq!(protection(&process(0x7fff_ffff), &[17]), None);
    }
}
