//! `port-manager free`: whether the port is free, and why

use super::super::style::{GOOD, WARNING};
use super::super::styled::{Styled, styled};
use super::super::terminal::printable;
use super::describe::{described, name, name_of_restarter, named, port};
use crate::operations::{FreeReport, HolderReport, PrincipalReport, RestarterReport, SupervisorReport};
use crate::ports::{Outcome, Principal, Protection};

/// Whether the port is free, and why, in one line. `is_root` says whether the administrator reads it.
pub(super) fn verdict(report: &FreeReport, is_root: bool) -> Styled {
    let port = port(report);
    if report.was_free {
        return styled![GOOD.of(format_args!("{port} is free")), ": nothing listens there."];
    }
    let mut reasons: Vec<String> = report.principal.iter().flat_map(reasons_of).collect();
    if report.is_hidden && !report.is_free && report.principal.is_none() {
        reasons.push(reason_of_hidden(report, is_root));
    }
    if report.principal.is_none() || report.has_stoppable() {
        reasons.extend(report.holders.iter().filter_map(|holder| reason(holder, report.is_kept)));
        reasons.extend(report.supervisors.iter().filter_map(reason_of_supervisor));
    }
    reasons.extend(
        report.successors.iter().map(|holder| format!("{} has taken the port meanwhile", name(holder))),
    );
    if !report.is_free {
        let has_let_go = |holder: &HolderReport| {
            matches!(holder.outcome, Some(Outcome::Stopped | Outcome::Killed | Outcome::Gone))
        };
        if report.successors.is_empty() && !report.holders.is_empty() && report.holders.iter().all(has_let_go)
        {
            reasons.push("a process that is not visible to you has taken the port meanwhile".to_owned());
        }
        let reasons =
            if reasons.is_empty() { "no process was stopped".to_owned() } else { reasons.join("; ") };
        return styled![WARNING.of(format_args!("{port} is not free")), ": ", reasons, "."];
    }
    // What may happen next is not known, so the port is not called free.
    if let Some(restarter) = report.restarter() {
        reasons.push(reason_of_restarter(restarter));
        let port = port.replacen('P', "p", 1);
        let verdict = WARNING.of(format_args!("Nothing listens on {port} now"));
        return styled![verdict, ": ", reasons.join("; "), "."];
    }
    styled![GOOD.of(format_args!("{port} is free")), ": ", reasons.join("; "), "."]
}

/// What is to say of a process that holds the port and is hidden from us.
fn reason_of_hidden(report: &FreeReport, is_root: bool) -> String {
    let users = report.hidden_users.join(" and ");
    let by = if users.is_empty() { users } else { format!(" by a process of user {}", printable(&users)) };
    if is_root {
        format!("it is used{by}, and no process that root can see here holds it")
    } else {
        format!("it is used{by}, and the owner is not visible to you")
    }
}

/// What is to say of a process that may start the server again.
fn reason_of_restarter(restarter: &RestarterReport) -> String {
    let name = name_of_restarter(restarter);
    if restarter.is_suspended {
        format!("{name}, which started it, is suspended and may start it again when it goes on")
    } else {
        format!("{name}, which started it, still runs and may start it again")
    }
}

/// What is to say of the container or unit that the port is held for.
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

/// What became of one process. `is_kept` says that the port stays held whatever becomes of it.
fn reason(holder: &HolderReport, is_kept: bool) -> Option<String> {
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
    if !holder.is_permitted || holder.outcome == Some(Outcome::NotPermitted) {
        return Some(match &holder.user {
            Some(user) => format!("{name} belongs to user {}, and you may not stop it", printable(user)),
            None => format!("{name} is not yours to stop"),
        });
    }
    if is_kept {
        return Some(format!("{name} was left alone, since stopping it would not free the port"));
    }
    let is_running = holder.is_running == Some(true);
    Some(match holder.outcome? {
        Outcome::Stopped if is_running => format!("{name} no longer listens there, and still runs"),
        Outcome::Stopped => format!("{name} has ended"),
        Outcome::Killed => format!("{name} was killed"),
        Outcome::Gone if is_running => format!("{name} no longer listened there, and still runs"),
        Outcome::Gone => format!("{name} was gone already"),
        Outcome::Listening | Outcome::Running => format!("{name} still listens there"),
        Outcome::Replaced => format!("{name} runs another program by now, and was left alone"),
        Outcome::CannotAsk => format!("{name} cannot be asked to end on this system, only killed"),
        Outcome::Protected => format!("{name} is never stopped"),
        Outcome::Spared | Outcome::NotPermitted => format!("{name} was left alone"),
    })
}

/// What became of a process that would have started a server again.
fn reason_of_supervisor(supervisor: &SupervisorReport) -> Option<String> {
    let name = named(&supervisor.program, supervisor.pid);
    Some(match supervisor.outcome? {
        Outcome::Stopped => format!("{name} has ended"),
        Outcome::Killed => format!("{name} was killed"),
        Outcome::Running => format!("{name} still runs, and may start it again"),
        Outcome::NotPermitted => format!("{name} is not yours to stop, and may start it again"),
        Outcome::CannotAsk => format!("{name} cannot be asked to end on this system, only killed"),
        Outcome::Replaced => format!("{name} runs another program by now, and was left alone"),
        Outcome::Gone | Outcome::Listening | Outcome::Protected | Outcome::Spared => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Protocol;

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
            is_kept: true,
            is_hidden: true,
            hidden_users: vec!["postgres".to_owned()],
            restarters: Vec::new(),
            successors: Vec::new(),
        };
        let plain =
            |report: &FreeReport| anstream::adapter::strip_str(verdict(report, false).as_str()).to_string();
        assert_eq!(
            plain(&report),
            "Port 5432 is not free: it is used by a process of user postgres, and the owner is not visible to you."
        );
        report.hidden_users.clear();
        assert_eq!(plain(&report), "Port 5432 is not free: it is used, and the owner is not visible to you.");
        let plain = anstream::adapter::strip_str(verdict(&report, true).as_str()).to_string();
        assert_eq!(
            plain,
            "Port 5432 is not free: it is used, and no process that root can see here holds it."
        );
    }
}
