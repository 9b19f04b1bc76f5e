//! The processes above a server that would start it anew.

use std::collections::HashMap;

use super::process::{self, Process};
use super::roles::{Role, is_shell_of_a_command, role};
use super::signal::Handle;

/// A process that would start a server anew, pinned down so that no other can be taken for it.
#[derive(Debug)]
pub struct Supervisor {
    /// The process, as it was when we looked.
    pub process: Process,
    /// The numbers of the servers under it.
    pub(super) servers: Vec<u32>,
    pub(super) handle: Handle,
}

/// The supervisors above those servers, each once, the outermost first.
pub(super) fn above(servers: &[&Process], ancestors: &[u32]) -> Vec<Supervisor> {
    let mut found: Vec<Supervisor> = Vec::new();
    if servers.is_empty() {
        return found;
    }
    let parents = process::parents();
    for server in servers {
        for supervisor in climb(server, servers, ancestors, &parents) {
            match found.iter_mut().find(|known| known.process.pid == supervisor.process.pid) {
                Some(known) => known.servers.push(server.pid),
                None => found.push(supervisor),
            }
        }
    }
    // Whoever is above has to end first, or it starts what is below anew.
    found.sort_by_key(|supervisor| depth(supervisor.process.pid, &parents));
    found
}

/// The supervisors of one server, as far up as every process in between is known: a shell that runs
/// one command is passed and left alone, anything else unknown ends the climb.
fn climb(
    server: &Process,
    servers: &[&Process],
    ancestors: &[u32],
    parents: &HashMap<u32, u32>,
) -> Vec<Supervisor> {
    let mut found = Vec::new();
    let mut below = server.clone();
    while let Some(pid) = below.parent {
        if pid <= 1 || pid == std::process::id() || ancestors.contains(&pid) {
            break;
        }
        // Pinned first, described afterwards; and it has to be the parent then, still.
        let Ok(handle) = Handle::open(pid) else { break };
        let Some(parent) = Process::find(&[pid]).pop() else { break };
        let is_parent = Process::find(&[below.pid]).iter().any(|child| child.parent == Some(pid));
        if !is_parent || parent.started > below.started {
            break;
        }
        // What else runs under it would end with it.
        let is_alone = parents
            .iter()
            .filter(|(_, parent)| **parent == pid)
            .all(|(child, _)| *child == below.pid || servers.iter().any(|server| server.pid == *child));
        match role(&parent) {
            Some(Role::Watcher) => {}
            Some(Role::Runner) if is_alone => {}
            Some(Role::Wrapper) if is_alone => {
                below = parent;
                continue;
            }
            Some(Role::Never(_)) if is_alone && is_shell_of_a_command(&parent) => {
                below = parent;
                continue;
            }
            _ => break,
        }
        below = parent.clone();
        found.push(Supervisor { process: parent, servers: vec![server.pid], handle });
    }
    found
}

/// How many processes are above one.
fn depth(pid: u32, parents: &HashMap<u32, u32>) -> usize {
    let mut current = pid;
    let climb = std::iter::from_fn(|| {
        current = *parents.get(&current)?;
        Some(())
    });
    // On Windows, numbers that have been given anew can make a circle.
    climb.take(parents.len()).count()
}
