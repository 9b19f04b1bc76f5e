//! What is known of a running process.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Serialize;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind, Users};

/// A running process, as people recognise it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// The number of the process that started it.
    pub parent: Option<u32>,
    /// The file name of its program.
    pub program: String,
    /// The file of its program, where we may know it.
    pub path: Option<PathBuf>,
    /// Its command line, word by word; empty where it is hidden from us.
    pub command: Vec<String>,
    /// Its working directory.
    pub directory: Option<PathBuf>,
    /// The user it runs as.
    pub user: Option<String>,
    /// When it started, in seconds since 1970. Together with the number it tells two processes apart.
    pub started: u64,
}

impl Process {
    /// The processes of those numbers that are running, in no particular order.
    #[must_use]
    pub fn find(pids: &[u32]) -> Vec<Self> {
        if pids.is_empty() {
            return Vec::new();
        }
        let what = ProcessRefreshKind::nothing()
            .without_tasks()
            .with_cmd(UpdateKind::Always)
            .with_cwd(UpdateKind::Always)
            .with_exe(UpdateKind::Always)
            .with_user(UpdateKind::Always);
        let Some(system) = look(pids, what) else { return Vec::new() };
        let users = users();
        system.processes().values().map(|process| Self::of(process, users.as_ref())).collect()
    }

    fn of(process: &sysinfo::Process, users: Option<&Users>) -> Self {
        let text = |text: &std::ffi::OsStr| text.to_string_lossy().into_owned();
        let program = process.exe().and_then(|path| path.file_name()).map_or_else(
            || text(process.name()),
            |name| text(name).trim_end_matches(" (deleted)").to_owned(),
        );
        Self {
            pid: process.pid().as_u32(),
            parent: process.parent().map(Pid::as_u32),
            program,
            path: process.exe().map(PathBuf::from),
            command: process.cmd().iter().map(|word| text(word)).collect(),
            directory: process.cwd().map(PathBuf::from),
            user: process
                .user_id()
                .and_then(|id| users?.get_user_by_id(id))
                .map(|user| user.name().to_owned()),
            started: process.start_time(),
        }
    }

    /// Whether it still runs: the same process, and not only its number.
    #[must_use]
    pub fn is_running(&self) -> bool {
        started(self.pid) == Some(self.started)
    }

    /// The command line as one line of text.
    #[must_use]
    pub fn command_line(&self) -> String {
        self.command.join(" ")
    }
}

/// The users of this machine, by whom processes run. On Windows the list is the domain's, which may be long or far away, and
/// sysinfo reads through a null pointer where the system has no list of sessions, as under Wine.
fn users() -> Option<Users> {
    if cfg!(windows) { None } else { Users::new_with_refreshed_list().ok() }
}

/// When the process started, in seconds since 1970; `None` when it is gone.
#[must_use]
pub fn started(pid: u32) -> Option<u64> {
    let system = look(&[pid], ProcessRefreshKind::nothing().without_tasks())?;
    let process = system.process(Pid::from_u32(pid))?;
    (!is_dead(process)).then(|| process.start_time())
}

/// Whether the process is suspended, as by Ctrl+Z.
#[must_use]
pub fn is_suspended(pid: u32) -> bool {
    let system = look(&[pid], ProcessRefreshKind::nothing().without_tasks());
    let process = system.as_ref().and_then(|system| system.process(Pid::from_u32(pid)));
    process.is_some_and(|process| process.status() == sysinfo::ProcessStatus::Stop)
}

/// The environment that the process was started with, as far as we may know it.
pub(super) fn environment(pid: u32) -> HashMap<String, String> {
    let what = ProcessRefreshKind::nothing().without_tasks().with_environ(UpdateKind::Always);
    let system = look(&[pid], what);
    let process = system.as_ref().and_then(|system| system.process(Pid::from_u32(pid)));
    let lines = process.map(sysinfo::Process::environ).unwrap_or_default();
    let pair = |line: &std::ffi::OsString| {
        let line = line.to_string_lossy();
        let (name, value) = line.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    lines.iter().filter_map(pair).collect()
}

/// Whether two processes are of one session; `true` where the system does not tell.
pub(super) fn is_of_the_same_session(one: u32, other: u32) -> bool {
    let system = look(&[one, other], ProcessRefreshKind::nothing().without_tasks());
    let session = |pid| system.as_ref()?.process(Pid::from_u32(pid))?.session_id();
    !matches!((session(one), session(other)), (Some(one), Some(other)) if one != other)
}

/// The numbers of the processes above one, nearest first.
pub(super) fn chain(pid: u32, parents: &HashMap<u32, u32>) -> Vec<u32> {
    let mut found = Vec::new();
    let mut current = pid;
    while let Some(parent) = parents.get(&current) {
        // On Windows, numbers that have been given again can make a circle.
        if *parent == 0 || found.contains(parent) {
            break;
        }
        found.push(*parent);
        current = *parent;
    }
    found
}

/// The numbers of the processes that this one descends from, nearest first.
pub(super) fn ancestors() -> Vec<u32> {
    let mut found = Vec::new();
    let mut current = std::process::id();
    loop {
        let system = look(&[current], ProcessRefreshKind::nothing().without_tasks());
        let parent = system.and_then(|system| system.process(Pid::from_u32(current))?.parent());
        match parent.map(Pid::as_u32) {
            // On Windows a parent's number may have been given again, even to one of its descendants.
            Some(parent) if parent != 0 && !found.contains(&parent) => {
                found.push(parent);
                current = parent;
            }
            _ => return found,
        }
    }
}

/// The parent of every process that runs.
pub(super) fn parents() -> HashMap<u32, u32> {
    let Ok(mut system) = System::new() else { return HashMap::new() };
    let what = ProcessRefreshKind::nothing().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
    // One that is dead and only waits for its parent to notice is nobody's child any more.
    let processes = system.processes().values().filter(|process| !is_dead(process));
    processes.filter_map(|process| Some((process.pid().as_u32(), process.parent()?.as_u32()))).collect()
}

/// Which process was started by which.
#[derive(Debug)]
pub(super) struct Tree {
    parents: HashMap<u32, u32>,
}

impl Tree {
    /// All processes that run now.
    pub(super) fn now() -> Self {
        Self { parents: parents() }
    }

    /// Whether no process could be seen.
    pub(super) fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    /// The processes that one has started.
    pub(super) fn children(&self, pid: u32) -> impl Iterator<Item = u32> {
        self.parents.iter().filter(move |(_, parent)| **parent == pid).map(|(child, _)| *child)
    }

    /// The processes that descend from one, in no particular order.
    pub(super) fn below(&self, pid: u32) -> Vec<u32> {
        let descends = |child: &u32| chain(*child, &self.parents).contains(&pid);
        self.parents.keys().copied().filter(descends).filter(|child| *child != pid).collect()
    }

    /// How many processes are above one.
    pub(super) fn depth(&self, pid: u32) -> usize {
        chain(pid, &self.parents).len()
    }
}

/// Whether the process has ended, and is only kept until its parent notices. It holds no sockets and takes no
/// signals.
fn is_dead(process: &sysinfo::Process) -> bool {
    process.status() == sysinfo::ProcessStatus::Zombie && !has_other_threads(process.pid().as_u32())
}

/// Whether threads of the process run besides its first one. Linux shows a process as a zombie as soon as the first one
/// has ended; the others hold its sockets until they have ended, too.
#[cfg(target_os = "linux")]
fn has_other_threads(pid: u32) -> bool {
    let process = i32::try_from(pid).ok().and_then(|pid| procfs::process::Process::new(pid).ok());
    process.and_then(|process| process.stat().ok()).is_some_and(|stat| stat.num_threads > 1)
}

/// Other systems show a process as a zombie when all of it has ended.
#[cfg(not(target_os = "linux"))]
fn has_other_threads(_: u32) -> bool {
    false
}

fn look(pids: &[u32], what: ProcessRefreshKind) -> Option<System> {
    let pids: Vec<Pid> = pids.iter().copied().map(Pid::from_u32).collect();
    let mut system = System::new().ok()?;
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&pids), true, what);
    Some(system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_known_and_has_ancestors() {
        let found = Process::find(&[std::process::id()]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].directory, std::env::current_dir().ok());
        assert_eq!(found[0].command, std::env::args().collect::<Vec<_>>());
        assert_eq!(found[0].parent, ancestors().first().copied());
        assert!(!ancestors().contains(&std::process::id()));
        assert_eq!(started(std::process::id()), Some(found[0].started));
    }
}
