//! `port-manager ports [PATH]`

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::table::{self, Field, Tone};
use super::terminal::{Terminal, counted};
use crate::error::{Error, Result};
use crate::operations::{Context, PlaceReport, PortReport, PortsReport, ports};
use crate::project::ProjectRoot;

/// Show the ports that a project has, by its own code.
///
/// Reads all files of the project: a number in the server, in its client and in a compose file is one port with one
/// variable. DEFAULT is the number that the code uses, HERE the one that this machine gives it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager ports
  port-manager ports ~/code/shop
  port-manager ports --json | jq -r '.ports[] | select(.is_decided_here) | .variable'

Exit code 1 says that the project has no ports.")]
pub(super) struct Arguments {
    /// A directory of the project [default: the current directory].
    path: Option<PathBuf>,
    /// Also show the ports of containers, tests, production and other people's servers.
    #[arg(long)]
    all: bool,
    /// Print the result as JSON, with every place.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let directory = match arguments.path {
        Some(path) => path,
        None => std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?,
    };
    if !directory.is_dir() {
        return Err(Error::NotADirectory { path: directory });
    }
    let report =
        ports(&Context::from_environment()?, &ProjectRoot::of_directory(&directory, Some(&directory)))?;
    if arguments.json {
        terminal.print_json(&report)?;
    } else {
        print(&report, arguments.all, terminal)?;
    }
    Ok(Exit::fine_if(!report.ports.is_empty()))
}

fn print(report: &PortsReport, all: bool, terminal: &mut Terminal) -> Result<()> {
    let name = &report.project;
    if report.ports.is_empty() {
        return terminal.say(format_args!("{name} has no ports."));
    }
    let (own, others): (Vec<&PortReport>, Vec<&PortReport>) =
        report.ports.iter().partition(|port| port.is_decided_here);
    let titles = ["VARIABLE", "DEFAULT", "HERE", "SERVICE", "LISTENS", "CONNECTS", "PLACES"];
    table::print(
        terminal,
        &titles,
        &[1, 2, 6],
        own.iter().chain(others.iter().filter(|_| all)).map(|port| row(port)),
    )?;
    let by_hand: usize = own.iter().map(|port| port.by_hand.len()).sum();
    let mut summary = format!("{name} decides {}", counted(own.len(), "port"));
    if !others.is_empty() {
        let hint = if all { "" } else { " (--all shows them)" };
        summary.push_str(&format!("; {} more of containers, tests and other servers{hint}", others.len()));
    }
    if by_hand > 0 {
        summary
            .push_str(&format!("; {} need a change by hand (--json lists them)", counted(by_hand, "place")));
    }
    terminal.say("")?;
    terminal.say(format_args!("{summary}."))
}

fn row(port: &PortReport) -> Vec<Field> {
    let number =
        |number: Option<crate::port::Port>| number.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let tone = if port.is_decided_here { Tone::Plain } else { Tone::Faint };
    let assigned = if port.assigned.is_some() { Tone::Good } else { Tone::Faint };
    vec![
        (port.variable.to_string(), if port.is_decided_here { Tone::Strong } else { Tone::Faint }),
        (number(port.default), tone),
        (number(port.assigned), assigned),
        (port.service.to_string(), tone),
        (place(&port.listens, port.is_decided_here), tone),
        (place(&port.connects, port.is_decided_here), tone),
        (port.places.to_string(), tone),
    ]
}

/// The first place, and how many more files there are: `web/server.js:49 +2`. Of a port of this machine, tests and
/// containers do not count.
fn place(places: &[PlaceReport], is_decided_here: bool) -> String {
    let places: Vec<&PlaceReport> =
        places.iter().filter(|place| !is_decided_here || place.runtime.is_here()).collect();
    let Some(first) = places.first() else { return "-".to_owned() };
    let mut files: Vec<_> = places.iter().map(|place| &place.path).collect();
    files.dedup();
    let more = if files.len() > 1 { format!(" +{}", files.len() - 1) } else { String::new() };
    format!("{}:{}{more}", first.path.display(), first.line)
}
