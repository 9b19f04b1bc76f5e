//! `port-manager release PORT`

use clap::Args;

use super::completions;
use super::exit::Exit;
use super::terminal::Terminal;
use crate::error::Result;
use crate::operations::{Context, PortOwner, release};
use crate::port::Port;

/// End the reservation of a port that get-port printed.
///
/// A port that belongs to a project stays so; its owner is named.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager release 8100

Exit code 1 says that the port was not reserved.")]
pub(super) struct Arguments {
    /// The port, 1 to 65535.
    #[arg(add = completions::reservations())]
    port: Port,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let released = release(&Context::from_environment()?, arguments.port)?;
    let port = released.port;
    if arguments.json {
        terminal.print_json(&released)?;
    }
    match (released.is_released, released.owner) {
        (true, _) => terminal.say(format!("Port {port} is no longer reserved."))?,
        (
            false,
            Some(PortOwner { project: Some(project), root: Some(root), variable: Some(variable), .. }),
        ) => {
            terminal.say(format!(
                "Port {port} is not a reservation: it belongs to {variable} of {project} ({root})."
            ))?;
            terminal.help(format!("`port-manager unset {variable}` in that directory releases it."))?;
        }
        (false, _) => terminal.say(format!("Port {port} is not reserved."))?,
    }
    Ok(Exit::fine_if(released.is_released))
}
