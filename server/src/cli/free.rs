//! `port-manager free PORT`

use std::fmt::Write as _;
use std::time::Duration;

use clap::Args;

use super::exit::Exit;
use super::style::{FAINT, GOOD, STRONG, WARNING};
use super::terminal::{Terminal, printable};
use crate::error::{Error, Result};
use crate::operations::{Context, FreeReport, HolderReport, PortOwner, find_holders};
use crate::port::Port;
use crate::ports::{Outcome, Protection, StopOptions};

/// Stop the process that listens on a port.
///
/// It is shown first, and stopped only when you say so. It is asked to end (SIGTERM); only with
/// --force is it killed when it does not. Clients that are connected to the port are left alone, and
/// so are this process, its parents, and the system's first process.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager free 8000
  port-manager free 8000 --dry-run
  port-manager free 8000 --yes --force --timeout 2

Exit code 0 says that the port is free now, 1 that it is not.")]
pub(super) struct Arguments {
    /// The port, 1 to 65535.
    port: Port,
    /// Do not ask.
    #[arg(short, long)]
    yes: bool,
    /// Show who listens, and stop nobody.
    #[arg(short = 'n', long, conflicts_with_all = ["yes", "force"])]
    dry_run: bool,
    /// Kill a process that has not ended in time.
    #[arg(short, long)]
    force: bool,
    /// How long a process may take to end, in seconds [default: 5].
    #[arg(long, value_name = "SECONDS", default_value = "5", hide_default_value = true, value_parser = seconds)]
    timeout: Duration,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// A number of seconds, whole or not.
fn seconds(text: &str) -> std::result::Result<Duration, String> {
    let wrong = || "not a number of seconds from 0 to 3600".to_owned();
    let seconds: f64 = text.parse().map_err(|_| wrong())?;
    if !(0.0..=3600.0).contains(&seconds) {
        return Err(wrong());
    }
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let found = find_holders(&Context::from_environment()?, arguments.port)?;
    if !arguments.json && !found.report().holders.is_empty() {
        let description = description(found.report());
        // What is asked for is data; what a question is about is not.
        if arguments.dry_run { terminal.print_line(description)? } else { terminal.say(description)? }
    }
    let stoppable: Vec<&HolderReport> =
        found.report().holders.iter().filter(|holder| holder.protection.is_none()).collect();
    let is_wanted = !arguments.dry_run
        && !stoppable.is_empty()
        && (arguments.yes || is_confirmed(arguments.port, &stoppable, terminal)?);
    let report = if is_wanted {
        found.free(StopOptions { timeout: arguments.timeout, force: arguments.force })?
    } else {
        found.leave()
    };
    if arguments.json {
        terminal.print_json(&report)?;
    } else {
        terminal.print_line(verdict(&report))?;
    }
    if let Some(help) = help(&report, &arguments) {
        terminal.help(help)?;
    }
    Ok(Exit::fine_if(report.is_free))
}

fn is_confirmed(port: Port, holders: &[&HolderReport], terminal: &mut Terminal) -> Result<bool> {
    let names: Vec<String> = holders.iter().map(|holder| name(holder)).collect();
    terminal.confirm(format_args!("Stop {}?", names.join(", ")))?.ok_or(Error::NotAsked { port })
}

/// `node (4121)`
fn name(holder: &HolderReport) -> String {
    format!("{} ({})", printable(&holder.program), holder.pid)
}

/// Who listens, as people recognise it.
fn description(report: &FreeReport) -> String {
    let whose = report.owner.as_ref().map(whose).unwrap_or_default();
    let mut text = format!("{STRONG}Port {}{STRONG:#}{whose} is held by\n", report.port);
    for holder in &report.holders {
        let _ = write!(text, "\n  {STRONG}{}{STRONG:#}\n", name(holder));
        let addresses: Vec<String> = holder.addresses.iter().map(ToString::to_string).collect();
        let lines = [
            ("command", Some(holder.command.join(" ")).filter(|command| !command.is_empty())),
            ("directory", holder.directory.as_ref().map(|directory| directory.display().to_string())),
            ("project", holder.project.clone()),
            ("user", holder.user.clone()),
            ("addresses", Some(addresses.join(", "))),
        ];
        for (label, value) in lines {
            if let Some(value) = value {
                let _ = writeln!(text, "    {FAINT}{label:<10}{FAINT:#} {}", printable(&value));
            }
        }
    }
    text
}

/// ` (WEB_PORT of shop)`
fn whose(owner: &PortOwner) -> String {
    match (&owner.variable, &owner.project) {
        (Some(variable), Some(project)) => format!(" ({variable} of {})", printable(project)),
        _ => format!(" (reserved for {})", owner.service),
    }
}

/// Whether the port is free, and why, in one line.
fn verdict(report: &FreeReport) -> String {
    let port = report.port;
    if report.was_free {
        return format!("{GOOD}Port {port} is free{GOOD:#}: nothing listens there.");
    }
    let mut reasons: Vec<String> = report.holders.iter().filter_map(reason).collect();
    reasons.extend(
        report.successors.iter().map(|holder| format!("{} has taken the port meanwhile", name(holder))),
    );
    if report.is_free {
        format!("{GOOD}Port {port} is free{GOOD:#}: {}.", reasons.join("; "))
    } else {
        if report.holders.is_empty() {
            let users = report.hidden_users.join(" and ");
            let by = if users.is_empty() { users } else { format!(" by a process of user {users}") };
            reasons.push(format!("it is used{by}, and the owner is not visible to you"));
        }
        let is_untouched = reasons.is_empty();
        let reasons = if is_untouched { "nobody was stopped".to_owned() } else { reasons.join("; ") };
        format!("{WARNING}Port {port} is not free{WARNING:#}: {reasons}.")
    }
}

/// What became of one process.
fn reason(holder: &HolderReport) -> Option<String> {
    let name = name(holder);
    if let Some(protection) = holder.protection {
        return Some(match protection {
            Protection::System => format!("{name} is the system's first process, which is never stopped"),
            Protection::Itself => format!("{name} is this very process"),
            Protection::Ancestor => format!("{name} is what started this command, which is never stopped"),
        });
    }
    Some(match holder.outcome? {
        Outcome::Stopped => format!("{name} has ended"),
        Outcome::Killed => format!("{name} was killed"),
        Outcome::Gone => format!("{name} was gone already"),
        Outcome::Listening => format!("{name} still listens there"),
        Outcome::NotPermitted => format!("{name} is not yours to stop"),
        Outcome::CannotAsk => format!("{name} cannot be asked to end on this system, only killed"),
        Outcome::Protected => format!("{name} is never stopped"),
    })
}

/// What to do about a port that is not free.
fn help(report: &FreeReport, arguments: &Arguments) -> Option<String> {
    let port = report.port;
    let sudo = if cfg!(unix) { "sudo " } else { "" };
    let has = |outcome| report.holders.iter().any(|holder| holder.outcome == Some(outcome));
    if report.is_free || arguments.dry_run {
        None
    } else if report.holders.is_empty() || has(Outcome::NotPermitted) {
        Some(format!("Run it with the rights of whoever started that: {sudo}port-manager free {port}"))
    } else if !arguments.force && (has(Outcome::Listening) || has(Outcome::CannotAsk)) {
        Some(format!("Kill it, which may lose its unsaved work: port-manager free {port} --force"))
    } else if !report.successors.is_empty() {
        Some(
            "Something starts it anew: stop that first (a supervisor, `npm run dev`, a container)."
                .to_owned(),
        )
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_that_is_hidden_is_said_to_be() {
        let mut report = FreeReport {
            port: "5432".parse().unwrap(),
            is_free: false,
            was_free: false,
            owner: None,
            holders: Vec::new(),
            hidden_users: vec!["postgres".to_owned()],
            successors: Vec::new(),
        };
        let plain = |report: &FreeReport| anstream::adapter::strip_str(&verdict(report)).to_string();
        assert_eq!(
            plain(&report),
            "Port 5432 is not free: it is used by a process of user postgres, and the owner is not visible to you."
        );
        report.hidden_users.clear();
        assert_eq!(plain(&report), "Port 5432 is not free: it is used, and the owner is not visible to you.");
    }

    #[test]
    fn a_timeout_is_a_number_of_seconds() {
        assert_eq!(seconds("2"), Ok(Duration::from_secs(2)));
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["", "-1", "soon", "NaN", "inf", "1e9"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
