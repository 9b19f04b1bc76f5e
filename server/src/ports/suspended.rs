//! Suspended processes around a server (Ctrl+Z suspends the whole job: npm, its shell, the server and what that
//! started). Those that end with the server have to go on for it, or they stay behind.

use super::process::{self, Process};
use super::roles::{Role, is_shell_of_a_command, role};
use super::signal::{Handle, Signal};

/// The words by which a shell repeats a command: one that goes on would start the server again.
const LOOPS: [&str; 4] = ["while", "until", "for", "repeat"];

/// Suspended processes that have nothing to do but to end with a server.
#[derive(Debug, Default)]
pub(super) struct Suspended(Vec<Handle>);

impl Suspended {
    /// Those around the servers: whatever is suspended below them, and above them what runs one command and ends with it.
    /// A process above that has other children, or may start the server again, stays suspended.
    pub(super) fn around(servers: &[&Process]) -> Self {
        if servers.is_empty() {
            return Self::default();
        }
        let parents = process::parents();
        let is_server = |pid: u32| servers.iter().any(|server| server.pid == pid);
        let below = parents
            .keys()
            .copied()
            .filter(|pid| !is_server(*pid) && process::chain(*pid, &parents).into_iter().any(is_server));
        let mut pids: Vec<u32> = below.collect();
        for server in servers {
            let mut child = server.pid;
            for pid in process::chain(server.pid, &parents) {
                let has_others = (parents.iter())
                    .any(|(other, parent)| *parent == pid && *other != child && !is_server(*other));
                if has_others || pid <= 1 {
                    break;
                }
                pids.push(pid);
                child = pid;
            }
        }
        // Opened first, looked at afterwards, so that it is the same process.
        let opened = pids.into_iter().filter_map(|pid| Some((pid, Handle::open(pid).ok()?)));
        let opened = opened.filter(|(pid, _)| process::is_suspended(*pid));
        let ends = |pid: u32| {
            process::chain(pid, &parents).into_iter().any(is_server)
                || Process::find(&[pid]).pop().is_some_and(|process| ends_with_its_command(&process))
        };
        Self(opened.filter(|(pid, _)| ends(*pid)).map(|(_, handle)| handle).collect())
    }

    /// Has them go on.
    pub(super) fn resume(&self) {
        for handle in &self.0 {
            // One that has ended meanwhile needs nothing.
            let _ = handle.send(Signal::Continue);
        }
    }
}

/// Whether the program runs one command, and does nothing else when that has ended.
pub(super) fn ends_with_its_command(process: &Process) -> bool {
    match role(process) {
        Some(Role::Runner | Role::Wrapper) => true,
        _ => {
            let script = process.command.get(2).map(String::as_str).unwrap_or_default();
            // Where a command begins: `echo wait for it` repeats nothing.
            let mut commands = script.split([';', '&', '|', '(', '{', '\n']);
            let is_loop =
                |command: &str| command.split_whitespace().next().is_some_and(|word| LOOPS.contains(&word));
            is_shell_of_a_command(process) && !commands.any(is_loop)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_that_repeats_a_command_does_not_end_with_it() {
        let process = |command: &[&str]| Process {
            program: command[0].to_owned(),
            path: None,
            command: command.iter().map(ToString::to_string).collect(),
            ..Process::find(&[std::process::id()]).remove(0)
        };
        for command in [
            &["sh", "-c", "vite"][..],
            &["bash", "-lc", "cd web; vite --host"],
            &["sh", "-c", "echo wait for it; vite"],
            &["sh", "-c", "\"$@\"", "while"],
            &["npm", "run", "dev"],
            &["make"],
        ] {
            assert!(ends_with_its_command(&process(command)), "{command:?}");
        }
        for command in [
            &["sh", "-c", "while true; do vite; done"][..],
            &["sh", "-c", "until vite;do sleep 1;done"],
            &["sh", "-c", "cd web && for try in 1 2 3; do vite; done"],
            &["bash", "dev.sh"],
            &["bash"],
            &["concurrently", "vite"],
        ] {
            assert!(!ends_with_its_command(&process(command)), "{command:?}");
        }
    }
}
