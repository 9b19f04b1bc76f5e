//! `port-manager free`: what is asked and done

mod advice;
mod describe;
mod verdict;

use std::time::Duration;

use super::completions;
use super::target::Target;
use advice::help;
use clap::Args;
use describe::{describe, name, name_of_restarter, named};
use verdict::verdict;

use super::exit::Exit;
use super::terminal::Terminal;
use crate::clock;
use crate::error::{Error, ListenerError, Result};
use crate::operations::{
    Attendant, Context, FreeOptions, FreeReport, LONGEST_TIMEOUT, RestarterReport, find_holders,
    timeout_of_seconds,
};
use crate::port::Port;
use crate::ports::{Outcome, Protocol, is_root};

/// Stop the process that listens on a port.
///
/// It shows the process first, and stops it only when you confirm. It asks the process to end (SIGTERM), together with
/// what would start it again (nodemon, cargo watch, npm run). It kills a process only with --force, or when you confirm a
/// second time. It leaves clients that are connected to the port alone, and never stops itself and its parents, shells,
/// terminals, editors, service managers and container runtimes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager free 8000
  port-manager free :3000 :3001
  port-manager free WEB_PORT
  port-manager free 8000 --dry-run
  port-manager free 8000 --yes --force --timeout 5

After a stop, the port is watched for a moment, and for 3 s where a process still runs that may
start the server again (pm2, supervisord, a loop in a shell). Such a process is named, with the
command that stops it. Where a container publishes the port, the command that stops it is shown,
and --yes runs it.

Exit code 0 says that nothing listens on the ports now, 1 that something does.")]
pub(super) struct Arguments {
    /// The ports: numbers (3000 or :3000), or variables of the current directory's project (WEB_PORT).
    #[arg(value_name = "PORT", required = true, add = completions::ports())]
    targets: Vec<Target>,
    /// Do not ask.
    #[arg(short, long)]
    yes: bool,
    /// Show the processes that listen, and stop none.
    #[arg(short = 'n', long, conflicts_with_all = ["yes", "force"])]
    dry_run: bool,
    /// Kill a process that has not ended in time.
    #[arg(short, long)]
    force: bool,
    /// The UDP port, not the TCP port.
    #[arg(long)]
    udp: bool,
    /// How long a process may take to end, in seconds [default: 3].
    #[arg(long, value_name = "SECONDS", default_value = "3", hide_default_value = true, value_parser = seconds)]
    timeout: Duration,
    /// Print the result as JSON: one object, or for several ports one object a line.
    #[arg(long)]
    json: bool,
}

/// A number of seconds, whole or not.
fn seconds(text: &str) -> std::result::Result<Duration, String> {
    let timeout = text.parse().ok().and_then(timeout_of_seconds);
    timeout.ok_or_else(|| format!("not a number of seconds from 0 to {}", LONGEST_TIMEOUT.as_secs()))
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let context = Context::from_environment()?;
    let mut ports: Vec<Port> = Vec::new();
    for target in &arguments.targets {
        let port = target.port(&context)?;
        if !ports.contains(&port) {
            ports.push(port);
        }
    }
    let mut is_free = true;
    for port in &ports {
        let report = free(*port, &arguments, &context, terminal)?;
        is_free &= report.is_free;
        if !arguments.json {
            terminal.print_line(verdict(&report, is_root()))?;
        } else if ports.len() == 1 {
            terminal.print_json(&report)?;
        } else {
            terminal.print_json_line(&report)?;
        }
        if let Some(help) = help(&report, &arguments, is_root()) {
            terminal.help(help)?;
        }
    }
    Ok(Exit::fine_if(is_free))
}

/// Shows the processes that hold one port, asks about them, and stops them.
fn free(port: Port, arguments: &Arguments, context: &Context, terminal: &mut Terminal) -> Result<FreeReport> {
    let protocol = if arguments.udp { Protocol::Udp } else { Protocol::Tcp };
    let found = find_holders(context, port, protocol)?;
    if !arguments.json && !found.report().holders.is_empty() {
        let description = describe(found.report(), clock::now());
        // What is asked for is data; what a question is about is not.
        if arguments.dry_run { terminal.print_line(description)? } else { terminal.say(description)? }
    }
    if !is_wanted(arguments, found.report(), terminal)? {
        return Ok(found.leave());
    }
    let options = FreeOptions { timeout: arguments.timeout, containers: arguments.yes };
    found.free(options, &mut Person { arguments, terminal })
}

/// Whether something is to be done.
fn is_wanted(arguments: &Arguments, report: &FreeReport, terminal: &mut Terminal) -> Result<bool> {
    if arguments.dry_run {
        return Ok(false);
    }
    if !report.has_stoppable() {
        // A container is stopped only when that was said beforehand.
        return Ok(arguments.yes && report.container_remedy().is_some());
    }
    if arguments.yes {
        return Ok(true);
    }
    let supervisors = report.supervisors.iter().map(|supervisor| named(&supervisor.program, supervisor.pid));
    let stoppable = report.holders.iter().filter(|holder| holder.protection.is_none());
    let names: Vec<String> = stoppable.map(name).chain(supervisors).collect();
    let question = format!("Stop {}?", names.join(", "));
    terminal.confirm(question)?.ok_or(Error::Listener(ListenerError::NotAsked { port: report.port }))
}

/// The person at the terminal.
struct Person<'a> {
    arguments: &'a Arguments,
    terminal: &'a mut Terminal,
}

impl Attendant for Person<'_> {
    fn may_kill(&mut self, report: &FreeReport) -> Result<bool> {
        if self.arguments.force || self.arguments.yes {
            return Ok(self.arguments.force);
        }
        let is_pending = |outcome: Option<Outcome>| outcome.is_some_and(Outcome::is_pending);
        let holders = report.holders.iter().filter(|holder| is_pending(holder.outcome)).map(name);
        let supervisors = report.supervisors.iter().filter(|supervisor| is_pending(supervisor.outcome));
        let supervisors = supervisors.map(|supervisor| named(&supervisor.program, supervisor.pid));
        let names: Vec<String> = holders.chain(supervisors).collect();
        let question =
            format!("{} has not ended. Kill it, which may lose its unsaved work?", names.join(", "));
        Ok(self.terminal.confirm(question)?.unwrap_or(false))
    }

    fn is_watching(&mut self, restarter: &RestarterReport, time: Duration) {
        let name = name_of_restarter(restarter);
        let seconds = time.as_secs();
        // Where nobody reads stderr, there is nobody to wait either.
        let _ =
            self.terminal.say(format_args!("Watching for {seconds} s whether {name} starts it again ..."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_a_number_of_seconds() {
        assert_eq!(seconds("2"), Ok(Duration::from_secs(2)));
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["", "-1", "soon", "NaN", "inf", "1e9"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
