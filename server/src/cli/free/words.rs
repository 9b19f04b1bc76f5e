//! `port-manager free PORT`: how it is said who holds a port, what became of them, and what to do

use jiff::Timestamp;

use super::super::style::{FAINT, GOOD, STRONG, WARNING};
use super::super::styled::{Styled, styled};
use super::super::terminal::{counted, printable};
use super::Arguments;
use crate::operations::{FreeReport, HolderReport, PortOwner, PrincipalReport, SupervisorReport};
use crate::paste::{NO_COMMAND, command_line};
use crate::ports::{Outcome, Principal, Protection, Protocol};

/// `node (4121)`
pub(super) fn name(holder: &HolderReport) -> String {
    named(&holder.program, holder.pid)
}

pub(super) fn named(program: &str, pid: u32) -> String {
    format!("{} ({pid})", printable(program))
}

/// Who listens, as people recognise it.
pub(super) fn describe(report: &FreeReport, now: Timestamp) -> Styled {
    let whose = report.owner.as_ref().map(whose).unwrap_or_default();
    let mut text = styled![STRONG.of(port(report)), whose, " is held by"].end_of_line();
    for holder in &report.holders {
        let addresses: Vec<String> = holder.addresses.iter().map(ToString::to_string).collect();
        let lines = [
            ("command", Some(holder.command.join(" "))),
            ("directory", holder.directory.as_ref().map(|directory| directory.display().to_string())),
            ("project", holder.project.clone()),
            ("user", holder.user.clone()),
            ("service", holder.service.clone()),
            ("since", holder.started_at.map(|started| since(started, now))),
            ("addresses", Some(addresses.join(", "))),
        ];
        text = text.and(paragraph(&name(holder), &lines));
    }
    for supervisor in &report.supervisors {
        let title = format!("{}, which would start it anew", named(&supervisor.program, supervisor.pid));
        text = text.and(paragraph(&title, &[("command", Some(supervisor.command.join(" ")))]));
    }
    if let Some(principal) = &report.principal {
        text =
            text.end_of_line().and(format_args!("  for {}", described(&principal.principal))).end_of_line();
    }
    text
}

fn paragraph(title: &str, lines: &[(&str, Option<String>)]) -> Styled {
    let mut text = Styled::default().end_of_line().and(styled!["  ", STRONG.of(title)]).end_of_line();
    for (label, value) in lines {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            text = text.and(styled!["    ", FAINT.of(format_args!("{label:<10}")), " ", value]).end_of_line();
        }
    }
    text
}

/// `2026-11-23 09:00 UTC, 5 minutes ago`
fn since(started: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(started.as_second()).max(0);
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let ago = counted(usize::try_from(count).unwrap_or(usize::MAX), unit);
    format!("{} UTC, {ago} ago", started.strftime("%Y-%m-%d %H:%M"))
}

/// `Port 8000`
fn port(report: &FreeReport) -> String {
    match report.protocol {
        Protocol::Tcp => format!("Port {}", report.port),
        Protocol::Udp => format!("UDP port {}", report.port),
    }
}

/// ` (WEB_PORT of shop)`
fn whose(owner: &PortOwner) -> String {
    match (&owner.variable, &owner.project) {
        (Some(variable), Some(project)) => format!(" ({variable} of {})", printable(project)),
        _ => format!(" (reserved for {})", owner.service),
    }
}

/// `the container shop-db-1 (172.18.0.2:5432)`
fn described(principal: &Principal) -> String {
    match principal {
        Principal::Container { name, id, address, .. } => {
            // As short as `docker ps` prints it.
            let id = id.as_ref().map(|id| id.chars().take(12).collect());
            let name = name.clone().or(id).map(|name| format!(" {}", printable(&name))).unwrap_or_default();
            let address = address.as_ref().map(|at| format!(" ({})", printable(at))).unwrap_or_default();
            format!("the container{name}{address}")
        }
        Principal::Unit { name: Some(name), .. } => format!("systemd's {}", printable(name)),
        Principal::Unit { name: None, .. } => "a socket unit of systemd".to_owned(),
    }
}

/// Whether the port is free, and why, in one line.
pub(super) fn verdict(report: &FreeReport) -> Styled {
    let port = port(report);
    if report.was_free {
        return styled![GOOD.of(format_args!("{port} is free")), ": nothing listens there."];
    }
    let mut reasons: Vec<String> = report.principal.iter().flat_map(reasons_of).collect();
    if report.principal.is_none() || report.has_stoppable() {
        reasons.extend(report.holders.iter().filter_map(reason));
        reasons.extend(report.supervisors.iter().filter_map(reason_of_supervisor));
    }
    reasons.extend(
        report.successors.iter().map(|holder| format!("{} has taken the port meanwhile", name(holder))),
    );
    if report.is_free {
        styled![GOOD.of(format_args!("{port} is free")), ": ", reasons.join("; "), "."]
    } else {
        if report.holders.is_empty() && report.principal.is_none() {
            let users = report.hidden_users.join(" and ");
            let by = if users.is_empty() { users } else { format!(" by a process of user {users}") };
            reasons.push(format!("it is used{by}, and the owner is not visible to you"));
        }
        let is_untouched = reasons.is_empty();
        let reasons = if is_untouched { "nobody was stopped".to_owned() } else { reasons.join("; ") };
        styled![WARNING.of(format_args!("{port} is not free")), ": ", reasons, "."]
    }
}

/// What is to say of whom the port is held for.
fn reasons_of(report: &PrincipalReport) -> Vec<String> {
    let who = described(&report.principal);
    let what = match report.principal {
        Principal::Container { .. } => "publishes it",
        Principal::Unit { .. } => "listens there",
    };
    match (report.is_stopped, &report.complaint) {
        (Some(true), _) => vec![format!("{who} was stopped")],
        (Some(false), complaint) => {
            let complaint = complaint.as_deref().unwrap_or_default();
            vec![format!("{who} {what}"), format!("it could not be stopped: {}", printable(complaint))]
        }
        (None, _) => vec![format!("{who} {what}")],
    }
}

/// What became of one process.
fn reason(holder: &HolderReport) -> Option<String> {
    let name = name(holder);
    if let Some(protection) = holder.protection {
        let what = match protection {
            Protection::System => "is the system's first process",
            Protection::Itself => "is this very process",
            Protection::Ancestor => "is what started this command",
            Protection::Shell => "is a shell",
            Protection::Terminal => "is a terminal",
            Protection::Session => "keeps somebody logged in",
            Protection::Editor => "is an editor's",
            Protection::ServiceManager => "is a service manager",
            Protection::ContainerRuntime => "belongs to the container runtime",
            Protection::Container => "runs in a container",
        };
        return Some(format!("{name} {what}, which is never stopped"));
    }
    Some(match holder.outcome? {
        Outcome::Stopped => format!("{name} has ended"),
        Outcome::Killed => format!("{name} was killed"),
        Outcome::Gone => format!("{name} was gone already"),
        Outcome::Listening | Outcome::Running => format!("{name} still listens there"),
        Outcome::NotPermitted => match &holder.user {
            Some(user) => format!("{name} belongs to user {}, and you may not stop it", printable(user)),
            None => format!("{name} is not yours to stop"),
        },
        Outcome::CannotAsk => format!("{name} cannot be asked to end on this system, only killed"),
        Outcome::Protected => format!("{name} is never stopped"),
        Outcome::Spared => format!("{name} was left alone"),
    })
}

/// What became of a process that would have started a server anew.
fn reason_of_supervisor(supervisor: &SupervisorReport) -> Option<String> {
    let name = named(&supervisor.program, supervisor.pid);
    Some(match supervisor.outcome? {
        Outcome::Stopped => format!("{name} has ended"),
        Outcome::Killed => format!("{name} was killed"),
        Outcome::Running => format!("{name} runs still, and may start it anew"),
        Outcome::NotPermitted => format!("{name} is not yours to stop, and may start it anew"),
        Outcome::CannotAsk => format!("{name} cannot be asked to end on this system, only killed"),
        Outcome::Gone | Outcome::Listening | Outcome::Protected | Outcome::Spared => return None,
    })
}

/// What to do about a port that is not free.
pub(super) fn help(report: &FreeReport, arguments: &Arguments) -> Option<String> {
    let port = if arguments.udp { format!("{} --udp", report.port) } else { report.port.to_string() };
    let sudo = if cfg!(unix) { "sudo " } else { "" };
    let has = |outcome| report.holders.iter().any(|holder| holder.outcome == Some(outcome));
    let is_pending = report.supervisors.iter().any(|supervisor| supervisor.outcome == Some(Outcome::Running))
        || has(Outcome::Listening)
        || has(Outcome::CannotAsk);
    if is_pending && !arguments.force {
        return Some(format!("Kill it, which may lose its unsaved work: port-manager free {port} --force"));
    }
    if report.is_free {
        return None;
    }
    if let Some(principal) = &report.principal {
        return help_with(principal, report, &port);
    }
    if arguments.dry_run {
        return None;
    }
    let service = report.holders.iter().find_map(|holder| holder.service.as_deref());
    if report.holders.is_empty() || has(Outcome::NotPermitted) {
        Some(format!("Run it with the rights of whoever started that: {sudo}port-manager free {port}"))
    } else if report.successors.is_empty() {
        None
    } else if let Some(service) = service {
        let words = ["sudo", "systemctl", "stop", service];
        Some(format!("systemd starts it again. Stop it there: {}", pasted(&words)))
    } else {
        Some("Something starts it anew: stop that first (a supervisor, a container).".to_owned())
    }
}

/// What to do about a port that is held for somebody.
fn help_with(report: &PrincipalReport, held: &FreeReport, port: &str) -> Option<String> {
    match (&report.principal, &report.remedy) {
        // It was tried.
        _ if report.is_stopped.is_some() => None,
        (Principal::Container { .. }, Some(remedy)) => {
            let remedy = pasted(remedy);
            Some(format!("Stop the container: {remedy} (which port-manager free {port} --yes does)"))
        }
        (Principal::Container { runtime, .. }, None) => {
            Some(format!("{runtime} ps --filter publish={} names it; then: {runtime} stop NAME", held.port))
        }
        (Principal::Unit { .. }, Some(remedy)) => {
            Some(format!("Stop the unit, if you may: {}", pasted(remedy)))
        }
        (Principal::Unit { .. }, None) => {
            Some("systemctl list-sockets names it; then: sudo systemctl stop NAME.socket".to_owned())
        }
    }
}

/// A command to paste, or why there is none.
fn pasted<W: AsRef<str>>(words: &[W]) -> String {
    command_line(words).unwrap_or_else(|| NO_COMMAND.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_that_is_hidden_is_said_to_be() {
        let mut report = FreeReport {
            port: "5432".parse().unwrap(),
            protocol: Protocol::Tcp,
            is_free: false,
            was_free: false,
            owner: None,
            holders: Vec::new(),
            supervisors: Vec::new(),
            principal: None,
            hidden_users: vec!["postgres".to_owned()],
            successors: Vec::new(),
        };
        let plain = |report: &FreeReport| anstream::adapter::strip_str(verdict(report).as_str()).to_string();
        assert_eq!(
            plain(&report),
            "Port 5432 is not free: it is used by a process of user postgres, and the owner is not visible to you."
        );
        report.hidden_users.clear();
        assert_eq!(plain(&report), "Port 5432 is not free: it is used, and the owner is not visible to you.");
    }

    #[test]
    fn since_when_is_said_as_people_count() {
        let started: Timestamp = "2026-11-23T09:00:30Z".parse().unwrap();
        for (now, ago) in [
            ("2026-11-23T09:00:20Z", "0 seconds ago"),
            ("2026-11-23T09:00:31Z", "1 second ago"),
            ("2026-11-23T09:05:00Z", "4 minutes ago"),
            ("2026-11-23T12:00:00Z", "2 hours ago"),
            ("2026-11-30T12:00:00Z", "7 days ago"),
        ] {
            let now = now.parse().unwrap();
            assert_eq!(since(started, now), format!("2026-11-23 09:00 UTC, {ago}"));
        }
    }
}
