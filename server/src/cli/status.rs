//! `port-manager status`

use std::time::Duration;

use clap::Args;

use super::completions;
use super::exit::Exit;
use super::labels::labels;
use super::project::Named;
use super::service_type::ServiceTypeParser;
use super::style::STRONG;
use super::styled::styled;
use super::table::{self, Field, Tone};
use super::target::Target;
use super::terminal::{Terminal, counted};
use crate::error::{Error, NameError, Result};
use crate::operations::doctor::container_note;
use crate::operations::{
    Context, ListenerStatus, PortStatus, ReservationStatus, Status, StatusFilter, status_of,
};
use crate::port::Port;
use crate::ports::Protocol;
use crate::service::Service;

/// How long `--watch` waits before it looks again.
const INTERVAL: Duration = Duration::from_secs(2);

/// Show every registered port, its project, and the process that listens on it now.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager status
  port-manager status --all
  port-manager status --project shop
  port-manager status --type db
  port-manager status --watch
  port-manager status --json | jq '.ports[] | select(.listeners != []) | .port'

A listener that was started outside of the project that its port belongs to is marked.
Exit code 1 says that no port is registered.")]
pub(super) struct Arguments {
    /// Show only the ports of this project: its name, or a directory in it.
    #[arg(long, value_name = "PROJECT", add = completions::projects())]
    project: Option<Named>,
    /// Show only this port: a number (3000 or :3000), or a variable of the current directory's project. Can be given several
    /// times.
    #[arg(long = "port", value_name = "PORT", add = completions::ports())]
    ports: Vec<Target>,
    /// Show only ports of this type: web, api, db, ..., or a type of config.toml.
    #[arg(long = "type", value_name = "TYPE", value_parser = ServiceTypeParser, hide_possible_values = true, add = completions::service_types())]
    service: Option<Service>,
    /// Look again every two seconds, until Ctrl+C, and show what has changed. With --json, a line for each change.
    #[arg(short, long)]
    watch: bool,
    /// Show every other port, too, on which something listens.
    #[arg(long)]
    all: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let context = Context::from_environment()?;
    let ports: Vec<Port> =
        arguments.ports.iter().map(|target| target.port(&context)).collect::<Result<_>>()?;
    let filter = StatusFilter {
        project: arguments.project.as_ref().map(Named::which),
        ports: &ports,
        service: arguments.service,
    };
    if arguments.watch {
        return watch(&arguments, &filter, terminal);
    }
    let status = match status_of(&context, arguments.all, &filter) {
        // The truth, not a failure.
        Err(error @ Error::Name(NameError::UnknownProject { .. })) => {
            terminal.error(&error);
            return Ok(Exit::No);
        }
        status => status?,
    };
    if arguments.json {
        terminal.print_json(&status)?;
    }
    describe(&status, &arguments, None, terminal)?;
    if let Some(note) = container_note(&context.store) {
        terminal.say(styled![STRONG.of("note"), ": ", note])?;
    }
    Ok(Exit::fine_if(!status.is_empty()))
}

/// Shows the status again whenever it has changed. It ends with the process.
fn watch(arguments: &Arguments, filter: &StatusFilter<'_>, terminal: &mut Terminal) -> Result<Exit> {
    let mut shown = None;
    loop {
        // Who listens is read once for each context.
        let status = status_of(&Context::from_environment()?, arguments.all, filter)?;
        if shown.as_ref() != Some(&status) {
            if arguments.json {
                terminal.print_json_line(&status)?;
            } else {
                terminal.clear_screen()?;
                describe(&status, arguments, lines(terminal), terminal)?;
            }
            terminal.flush()?;
            shown = Some(status);
        }
        std::thread::sleep(INTERVAL);
    }
}

/// How many rows of the table fit on the terminal, besides the headings, the summary and what follows it.
fn lines(terminal: &Terminal) -> Option<usize> {
    terminal.height().map(|height| usize::from(height).saturating_sub(5).max(1))
}

/// Prints the table, unless the data is JSON, and says what it comes to. Of more than `most` rows, those without a listener are
/// left out first.
fn describe(
    status: &Status,
    arguments: &Arguments,
    most: Option<usize>,
    terminal: &mut Terminal,
) -> Result<()> {
    let mut rows = rows(status);
    let hidden = most.map_or(0, |most| rows.len().saturating_sub(most));
    if hidden > 0 {
        let is_idle = |row: &Vec<Field>| row.last().is_some_and(|(_, tone)| *tone == Tone::Faint);
        let mut left_out = hidden;
        rows.retain(|row| {
            !(is_idle(row) && left_out > 0 && {
                left_out -= 1;
                true
            })
        });
        rows.truncate(rows.len() - left_out);
    }
    if !arguments.json && !rows.is_empty() {
        table::print(terminal, &["PORT", "PROJECT", "VARIABLE", "SERVICE", "LISTENING"], &[0], rows)?;
    }
    let is_filtered =
        arguments.project.is_some() || !arguments.ports.is_empty() || arguments.service.is_some();
    if status.is_empty() && is_filtered {
        terminal.say("None of these ports is registered.")
    } else if status.is_empty() {
        terminal.say("No ports are registered.")?;
        terminal.help("Run `port-manager init` in a project's directory.")
    } else {
        if hidden > 0 {
            terminal
                .say(format_args!("... and {} that the terminal has no lines for", counted(hidden, "row")))?;
        } else {
            terminal.say("")?;
        }
        terminal.say(summary(status))
    }
}

fn rows(status: &Status) -> Vec<Vec<Field>> {
    let labels = labels(status.ports.iter().map(|port| (port.root.as_str(), port.project.as_str())));
    let ports = status.ports.iter().map(|port| {
        let project = labels.get(port.root.as_str()).unwrap_or(&port.project);
        vec![
            (port.port.to_string(), Tone::Strong),
            (project.clone(), Tone::Plain),
            (port.variable.to_string(), Tone::Plain),
            (port.service.to_string(), Tone::Plain),
            listening(&port.listeners),
        ]
    });
    let reservations = status.reservations.iter().map(|reservation| {
        vec![
            (reservation.port.to_string(), Tone::Strong),
            ("(reserved)".to_owned(), Tone::Faint),
            (String::new(), Tone::Plain),
            (reservation.service.to_string(), Tone::Plain),
            listening(&reservation.listeners),
        ]
    });
    let others = status.others.iter().flatten().map(|other| {
        let around = other.listeners.iter().find_map(|listener| listener.project.as_deref());
        vec![
            (other.port.to_string(), Tone::Strong),
            (around.unwrap_or("-").to_owned(), Tone::Faint),
            ("(not registered)".to_owned(), Tone::Faint),
            (String::new(), Tone::Plain),
            listening(&other.listeners),
        ]
    });
    ports.chain(reservations).chain(others).collect()
}

/// `node (4121)`, and what is wrong with it.
pub(super) fn listening(listeners: &[ListenerStatus]) -> Field {
    if listeners.is_empty() {
        return ("-".to_owned(), Tone::Faint);
    }
    let is_foreign = listeners.iter().any(|listener| listener.is_foreign == Some(true));
    (named(listeners), if is_foreign { Tone::Bad } else { Tone::Good })
}

/// `node (4121), python3 (4122) from project blog`
pub(super) fn named(listeners: &[ListenerStatus]) -> String {
    listeners.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn one(listener: &ListenerStatus) -> String {
    let mut text = match (&listener.program, listener.pid) {
        (Some(program), Some(pid)) => format!("{program} ({pid})"),
        (None, Some(pid)) => format!("process {pid}"),
        (_, None) => match &listener.user {
            Some(user) => format!("a process of user {user}"),
            None => "a process that is hidden".to_owned(),
        },
    };
    if listener.protocol == Protocol::Udp {
        text.push_str(", UDP");
    }
    if listener.is_foreign == Some(true) {
        match (&listener.project, &listener.directory) {
            (Some(project), _) => text.push_str(&format!(" from project {project}")),
            (None, Some(directory)) => text.push_str(&format!(" from {}", directory.display())),
            (None, None) => {}
        }
    }
    text
}

/// `5 ports of 2 projects; 2 in use, 1 of them by somebody else`
fn summary(status: &Status) -> String {
    let mut projects: Vec<_> = status.ports.iter().map(|port| &port.root).collect();
    projects.dedup();
    let in_use = |listeners: &[ListenerStatus]| !listeners.is_empty();
    let used = status.ports.iter().filter(|port: &&PortStatus| in_use(&port.listeners)).count()
        + status.reservations.iter().filter(|held: &&ReservationStatus| in_use(&held.listeners)).count();
    let is_foreign = |listener: &ListenerStatus| listener.is_foreign == Some(true);
    let foreign = status.ports.iter().filter(|port| port.listeners.iter().any(is_foreign)).count();
    let ports =
        || format!("{} of {}", counted(status.ports.len(), "port"), counted(projects.len(), "project"));
    let registered = (!status.ports.is_empty()).then(ports);
    let reservations = status.reservations.len();
    let reserved = (reservations > 0).then(|| counted(reservations, "reservation"));
    let all: Vec<String> = registered.into_iter().chain(reserved).collect();
    let mut text = format!("{}; {used} in use", all.join(", "));
    if foreign > 0 {
        text.push_str(&format!(", {foreign} of them by somebody else"));
    }
    text
}
