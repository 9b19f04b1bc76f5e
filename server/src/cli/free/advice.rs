//! `port-manager free`: what to do about a port that is not free, or may not stay so

use super::Arguments;
use super::describe::{name_of_restarter, pasted};
use crate::operations::{FreeReport, PrincipalReport, RestarterReport};
use crate::ports::{Outcome, Principal};

/// What to do about a port that is not free.
pub(super) fn help(report: &FreeReport, arguments: &Arguments, is_root: bool) -> Option<String> {
    let port = if arguments.udp { format!("{} --udp", report.port) } else { report.port.to_string() };
    let has = |outcome| report.holders.iter().any(|holder| holder.outcome == Some(outcome));
    let is_pending = report.supervisors.iter().any(|supervisor| supervisor.outcome == Some(Outcome::Running))
        || has(Outcome::Listening)
        || has(Outcome::CannotAsk);
    if is_pending && !arguments.force {
        return Some(format!("Kill it, which may lose its unsaved work: port-manager free {port} --force"));
    }
    let restarter = report.restarter();
    if report.is_free {
        return restarter.map(|restarter| help_with_restarter(restarter, &port));
    }
    if let Some(principal) = &report.principal {
        return help_with(principal, report, &port);
    }
    let manager = report.restarters.iter().find(|restarter| restarter.manager.is_some());
    let is_kept_by_manager = !report.has_stoppable() && !report.is_hidden;
    if let Some(manager) = manager.filter(|_| arguments.dry_run || is_kept_by_manager) {
        return Some(help_with_restarter(manager, &port));
    }
    if arguments.dry_run {
        return None;
    }
    let is_anothers = report.holders.iter().any(|holder| holder.protection.is_none() && !holder.is_permitted);
    if report.is_hidden || is_anothers || has(Outcome::NotPermitted) {
        return Some(if is_root { help_for_root(&port) } else { help_for_others(&port) });
    }
    if report.successors.is_empty() && restarter.is_none() {
        return None;
    }
    Some(restarter.map_or_else(
        || "Something starts it again: stop that first (a supervisor, a container).".to_owned(),
        |restarter| help_with_restarter(restarter, &port),
    ))
}

fn help_for_others(port: &str) -> String {
    let sudo = if cfg!(unix) { "sudo " } else { "" };
    format!("Run it with the rights of the user who started that: {sudo}port-manager free {port}")
}

/// Root sees every process, but for those of other process namespaces, and where its capabilities are limited.
fn help_for_root(port: &str) -> String {
    format!(
        "The kernel may listen itself (NFS, SMB), or a process outside of this container or process namespace, or \
         this root lacks the capability SYS_PTRACE. Run `port-manager free {port}` on the host."
    )
}

/// How a process is kept from starting the server again.
fn help_with_restarter(restarter: &RestarterReport, port: &str) -> String {
    let name = name_of_restarter(restarter);
    match (&restarter.remedy, &restarter.pattern, restarter.list) {
        (Some(remedy), ..) if restarter.manager.is_some() => {
            format!("Stop it there: {}", pasted(remedy))
        }
        (Some(remedy), ..) => {
            let remedy = pasted(remedy);
            format!("End {name} first: {remedy}; then: port-manager free {port}")
        }
        (None, Some(pattern), Some(list)) => format!("{list} names it; then: {}", pasted(pattern)),
        _ if restarter.pid == 1 => {
            "It is the first process of this container: stop the container.".to_owned()
        }
        _ => format!("If it does, stop {name} first; then: port-manager free {port}"),
    }
}

/// What to do about a port that is held for a container or a unit.
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
