//! What people are shown of a command's result in an editor that has no interface for it. Each text is one message.

use std::fmt::Display;

use super::fix_all::Fixed;
use crate::operations::{
    Allocated, Cleaned, Configured, FreeReport, HolderReport, Initialized, Integration, IntegrationState,
    ReservedPort, SetPorts, ShownProject, Status, UnsetPorts,
};
use crate::ports::{Outcome, Principal};

/// How many entries of a list are shown. Some editors have one line for a message.
const MOST: usize = 12;

pub(super) fn init(done: &Initialized) -> String {
    let ports = done.ports.iter().map(|port| format!("{} {}", port.variable, port.port));
    match list(ports) {
        None => format!("{} has no ports.", done.project),
        Some(ports) => format!("{} is set up: {ports}.", done.project),
    }
}

pub(super) fn allocate(done: &Allocated) -> String {
    format!("{}: {} is {}.", done.project, done.port.variable, done.port.port)
}

pub(super) fn set(done: &SetPorts) -> String {
    let ports = done.ports.iter().map(|port| format!("{} is {}", port.variable, port.port));
    format!("{}: {}.", done.project, list(ports).unwrap_or_default())
}

pub(super) fn unset(done: &UnsetPorts) -> String {
    let variables = done.ports.iter().map(|port| port.variable.to_string());
    format!("{}: {} was removed.", done.project, list(variables).unwrap_or_default())
}

pub(super) fn configure(done: &Configured) -> String {
    match list(done.written.iter().map(|path| path.display().to_string())) {
        None => format!("{}: port-manager.toml says that already.", done.project),
        Some(written) => format!("{}: wrote {written}.", done.project),
    }
}

pub(super) fn integrate(done: &[Integration]) -> String {
    let results = done.iter().map(|it| {
        let target = it.target;
        match it.state {
            IntegrationState::Missing => {
                let files = list(it.files.iter().map(|path| path.display().to_string()));
                format!("{target} loads .ports.env now (changed {})", files.unwrap_or_default())
            }
            IntegrationState::Present => format!("{target} loads .ports.env already"),
            IntegrationState::NotUsed => format!("the project has nothing for {target}"),
            IntegrationState::Impossible => format!("{target} cannot be changed"),
        }
    });
    format!("{}.", list(results).unwrap_or_default())
}

pub(super) fn show(found: &ShownProject) -> String {
    match list(found.ports.iter().map(|port| format!("{} {}", port.variable, port.port))) {
        None => format!("{} has no ports.", found.project),
        Some(ports) => format!("{}: {ports}.", found.project),
    }
}

pub(super) fn status(found: &Status) -> String {
    let all = count(found.ports.len(), "registered port");
    let used = found.ports.iter().filter_map(|port| {
        let listener = port.listeners.first()?;
        let who = process(listener.program.as_deref(), listener.pid);
        Some(format!("{} ({} of {}) by {who}", port.port, port.variable, port.project))
    });
    match list(used) {
        None => format!("{all}; nothing listens on any."),
        Some(used) => format!("{all}; in use: {used}."),
    }
}

pub(super) fn get_port(done: &ReservedPort) -> String {
    format!("Port {} ({}) is reserved until {}.", done.port, done.service, done.expires_at)
}

pub(super) fn clean(done: &Cleaned) -> String {
    let verb = if done.dry_run { "Would remove" } else { "Removed" };
    let projects = count(done.projects.len(), "project");
    let reservations = count(done.reservations.len(), "reservation");
    match list(done.projects.iter().map(|project| project.root.clone())) {
        None => format!("{verb} {projects} and {reservations}."),
        Some(roots) => format!("{verb} {projects} ({roots}) and {reservations}."),
    }
}

pub(super) fn fixed(done: &Fixed) -> String {
    let left = list(done.incomplete.iter().map(|port| port.variable.to_string()));
    let left = left.map(|left| format!(" Edit the places of {left} by hand.")).unwrap_or_default();
    match done.fixes {
        0 => format!("Nothing can be fixed automatically.{left}"),
        fixes => format!("Fixing {} in {}.{left}", count(fixes, "place"), count(done.files, "file")),
    }
}

/// Who holds a port, before anything is done about it.
pub(super) fn holders(report: &FreeReport) -> String {
    let port = report.port;
    if report.was_free {
        return format!("Nothing listens on port {port}.");
    }
    let mut holders: Vec<String> = report.holders.iter().map(holder).collect();
    holders.extend(report.principal.as_ref().map(|it| principal(&it.principal)));
    match list(holders.into_iter()) {
        None => format!("Port {port} is in use by a process that is not visible to you."),
        Some(holders) => format!("Port {port} is in use by {holders}."),
    }
}

/// What became of a port that was to be freed.
pub(super) fn freed(report: &FreeReport) -> String {
    let port = report.port;
    let processes = report.holders.iter().filter_map(|holder| {
        let what = match holder.outcome? {
            Outcome::Stopped | Outcome::Gone => "has ended",
            Outcome::Killed => "was killed",
            Outcome::NotPermitted => "is not yours to stop",
            Outcome::CannotAsk => "cannot be asked to end on this system",
            Outcome::Protected => "is never stopped",
            Outcome::Spared | Outcome::Replaced => "was left alone",
            Outcome::Listening | Outcome::Running => "still listens there",
        };
        Some(format!("{} {what}", process(Some(&holder.program), Some(holder.pid))))
    });
    let container = report.principal.as_ref().and_then(|it| {
        let what = if it.is_stopped? { "was stopped" } else { "could not be stopped" };
        Some(format!("{} {what}", principal(&it.principal)))
    });
    let successors = report
        .successors
        .iter()
        .map(|holder| format!("{} has taken it meanwhile", process(Some(&holder.program), Some(holder.pid))));
    let what = list(processes.chain(container).chain(successors));
    let verdict = if report.is_free { "is free" } else { "is not free" };
    match what {
        None => format!("Port {port} {verdict}."),
        Some(what) => format!("Port {port} {verdict}: {what}."),
    }
}

/// A process that holds a port, and which project it was started in.
fn holder(holder: &HolderReport) -> String {
    let name = process(Some(&holder.program), Some(holder.pid));
    match (&holder.project, &holder.directory) {
        (Some(project), _) => format!("{name} of {project}"),
        (None, Some(directory)) => format!("{name}, started in {}", directory.display()),
        (None, None) => name,
    }
}

fn process(program: Option<&str>, pid: Option<u32>) -> String {
    match (program, pid) {
        (Some(program), Some(pid)) => format!("{program} ({pid})"),
        (Some(program), None) => program.to_owned(),
        _ => "a process that is not visible to you".to_owned(),
    }
}

fn principal(principal: &Principal) -> String {
    match principal {
        Principal::Container { name: Some(name), .. } => format!("the container {name}"),
        Principal::Container { .. } => "a container".to_owned(),
        Principal::Unit { name: Some(name), .. } => format!("the unit {name}"),
        Principal::Unit { .. } => "a unit of systemd".to_owned(),
    }
}

/// Entries separated by commas, the first of them only where there are many; `None` where there are none.
fn list<T: Display>(entries: impl Iterator<Item = T>) -> Option<String> {
    let entries: Vec<String> = entries.map(|entry| entry.to_string()).collect();
    let (shown, rest) = entries.split_at(entries.len().min(MOST));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    (!shown.is_empty()).then(|| format!("{}{more}", shown.join(", ")))
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        assert_eq!(list(std::iter::empty::<u8>()), None);
        assert_eq!(list([1, 2].into_iter()).unwrap(), "1, 2");
        assert!(list(0..100).unwrap().ends_with("10, 11 and 88 more"));
    }
}
