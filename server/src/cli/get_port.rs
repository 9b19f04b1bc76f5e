//! `port-manager get-port --type TYPE`

use clap::Args;

use super::clean::say_what_made_room;
use super::completions;
use super::exit::Exit;
use super::service_type::ServiceTypeParser;
use super::terminal::Terminal;
use crate::error::Result;
use crate::operations::{Context, get_port};
use crate::port::Port;
use crate::service::Service;

/// Print a port that nobody owns or uses, and hold it for five minutes.
///
/// If the preferred port is not available, it prints another one and says why. `port-manager release PORT` ends the
/// reservation.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  PORT=$(port-manager get-port --type web) npm test
  port-manager get-port --type db --preferred 5432

Each call prints another port. A server that needs the same port at each start
belongs to a project: `port-manager run npm start`.")]
pub(super) struct Arguments {
    /// What is to listen there; decides the range that the port comes from: web, api, db, cache, queue, monitoring, temporal,
    /// misc, or a type of config.toml.
    #[arg(long = "type", value_name = "TYPE", value_parser = ServiceTypeParser, hide_possible_values = true, add = completions::service_types())]
    service: Service,
    /// The port to take if it can be had.
    #[arg(long, value_name = "PORT")]
    preferred: Option<Port>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let context = Context::from_environment()?;
    let directory = std::env::current_dir().ok();
    let reserved = get_port(&context, arguments.service, arguments.preferred, directory.as_deref())?;
    if arguments.json {
        terminal.print_json(&reserved)?;
    } else {
        terminal.print_line(reserved.port)?;
        say_what_made_room(&reserved.cleaned, terminal)?;
    }
    if let Some(refused) = &reserved.refused {
        terminal.warn(format_args!("{} is not available: {}", refused.port, refused.reason))?;
    }
    Ok(Exit::Fine)
}
