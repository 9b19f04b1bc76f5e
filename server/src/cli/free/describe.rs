//! `port-manager free`: which processes hold a port, as people recognise them

use std::fmt::Write as _;

use jiff::Timestamp;

use super::super::style::{FAINT, STRONG};
use super::super::styled::{Styled, styled};
use super::super::terminal::{counted, printable};
use crate::operations::{FreeReport, HolderReport, PortOwner, RestarterReport};
use crate::paste::{NO_COMMAND, command_line};
use crate::port::Port;
use crate::ports::{Principal, Protocol};

/// `node (4121)`
pub(super) fn name(holder: &HolderReport) -> String {
    named(&holder.program, holder.pid)
}

pub(super) fn named(program: &str, pid: u32) -> String {
    format!("{} ({pid})", printable(program))
}

/// The processes that listen, as people recognise them.
pub(super) fn describe(report: &FreeReport, now: Timestamp) -> Styled {
    let owner = report.owner.as_ref().map(owner).unwrap_or_default();
    let mut text = styled![STRONG.of(port(report)), owner, " is held by"].end_of_line();
    for holder in &report.holders {
        let addresses: Vec<String> = holder.addresses.iter().map(ToString::to_string).collect();
        let lines = [
            ("command", Some(shortened(&holder.command))),
            ("directory", holder.directory.as_ref().map(|directory| directory.display().to_string())),
            ("project", holder.project.clone()),
            ("user", holder.user.clone()),
            ("service", holder.service.clone()),
            ("since", holder.started_at.map(|started| since(started, now))),
            ("addresses", Some(addresses.join(", "))),
        ];
        let title = format!("{}{}", name(holder), state(holder.is_suspended, &holder.other_ports));
        text = text.and(paragraph(&title, &lines));
    }
    for supervisor in &report.supervisors {
        let name = named(&supervisor.program, supervisor.pid);
        let state = state(supervisor.is_suspended, &supervisor.other_ports);
        let title = format!("{name}, which would start it again{state}");
        text = text.and(paragraph(&title, &[("command", Some(shortened(&supervisor.command)))]));
    }
    // A manager that listens itself is among the holders already.
    let is_holder = |pid| report.holders.iter().any(|holder| holder.pid == pid);
    for restarter in report.restarters.iter().filter(|restarter| !is_holder(restarter.pid)) {
        let title = format!(
            "{}, which may start it again, and is not stopped{}",
            name_of_restarter(restarter),
            state(restarter.is_suspended, &[])
        );
        let remedy = restarter.remedy.as_ref().or(restarter.pattern.as_ref());
        let lines = [
            ("command", Some(shortened(&restarter.command))),
            ("stop with", remedy.map(|words| pasted(words))),
            ("needed by", Some(dependants(restarter))),
        ];
        text = text.and(paragraph(&title, &lines));
    }
    if let Some(principal) = &report.principal {
        text =
            text.end_of_line().and(format_args!("  for {}", described(&principal.principal))).end_of_line();
    }
    text
}

/// `, suspended; also listens on 9229, 24678`
fn state(is_suspended: bool, other_ports: &[Port]) -> String {
    let mut text = String::new();
    if is_suspended {
        text.push_str(", suspended");
    }
    if !other_ports.is_empty() {
        let numbers: Vec<String> = other_ports.iter().map(ToString::to_string).collect();
        let _ = write!(text, "; also listens on {}", numbers.join(", "));
    }
    text
}

/// `pm2 (4100)`, `supervisord (4100)`, `sh (4100)`
pub(super) fn name_of_restarter(restarter: &RestarterReport) -> String {
    named(restarter.manager.unwrap_or(&restarter.program), restarter.pid)
}

/// `node (4123) on port 8001, worker (4124)`
fn dependants(restarter: &RestarterReport) -> String {
    let described = restarter.dependants.iter().map(|dependant| {
        let ports: Vec<String> = dependant.ports.iter().map(ToString::to_string).collect();
        let on = if ports.is_empty() { String::new() } else { format!(" on port {}", ports.join(", ")) };
        format!("{}{on}", named(&dependant.program, dependant.pid))
    });
    described.collect::<Vec<_>>().join(", ")
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

/// How many characters of a command are shown at its beginning and at its end, where it is longer than both.
const SHOWN: (usize, usize) = (240, 80);

/// The words of a command. Of a long one, as the class path of a Java program makes it, the middle is left out.
fn shortened(words: &[String]) -> String {
    let command = words.join(" ");
    let (head, tail) = SHOWN;
    let count = command.chars().count();
    if count <= head + tail {
        return command;
    }
    let begin: String = command.chars().take(head).collect();
    let end: String = command.chars().skip(count - tail).collect();
    format!("{begin} ... {end}")
}

/// A command to paste, or why there is none.
pub(super) fn pasted<W: AsRef<str>>(words: &[W]) -> String {
    command_line(words).unwrap_or_else(|| NO_COMMAND.to_owned())
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
pub(super) fn port(report: &FreeReport) -> String {
    match report.protocol {
        Protocol::Tcp => format!("Port {}", report.port),
        Protocol::Udp => format!("UDP port {}", report.port),
    }
}

/// ` (WEB_PORT of shop)`
fn owner(owner: &PortOwner) -> String {
    match (&owner.variable, &owner.project) {
        (Some(variable), Some(project)) => format!(" ({variable} of {})", printable(project)),
        _ => format!(" (reserved for {})", owner.service),
    }
}

/// `the container shop-db-1 (172.18.0.2:5432)`
pub(super) fn described(principal: &Principal) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_long_command_is_left_out() {
        let words = |count: usize| vec!["java".to_owned(), "x".repeat(count), "Main".to_owned()];
        assert_eq!(shortened(&words(310)).len(), 320);
        let shown = shortened(&words(1000));
        assert!(
            shown.starts_with("java xxx") && shown.contains("x ... x") && shown.ends_with("x Main"),
            "{shown}"
        );
        assert_eq!(shown.len(), 240 + 5 + 80);
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
