//! `port-manager which PORT`

use clap::Args;

use super::completions;
use super::exit::Exit;
use super::status::named;
use super::target::Target;
use super::terminal::Terminal;
use crate::error::Result;
use crate::operations::{Context, PortHolding, who_has};

/// Say who has a port: the project that owns it, and the process that listens on it now.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager which 8000
  port-manager which :3000
  port-manager which WEB_PORT --json

Exit code 1 says that nobody owns the port, and nothing listens on it.")]
pub(super) struct Arguments {
    /// The port: a number (3000 or :3000), or a variable of the current directory's project (WEB_PORT).
    #[arg(value_name = "PORT", add = completions::ports())]
    port: Target,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let context = Context::from_environment()?;
    let holding = who_has(&context, arguments.port.port(&context)?)?;
    if arguments.json {
        terminal.print_json(&holding)?;
    } else {
        terminal.print_line(owner(&holding))?;
        terminal.print_line(match holding.listeners.is_empty() {
            true => "Nothing listens on it.".to_owned(),
            false => format!("Listening: {}.", named(&holding.listeners)),
        })?;
    }
    Ok(Exit::fine_if(holding.owner.is_some() || !holding.listeners.is_empty()))
}

fn owner(PortHolding { port, owner, .. }: &PortHolding) -> String {
    let Some(owner) = owner else { return format!("Port {port} belongs to no project.") };
    match (&owner.variable, &owner.project, &owner.root) {
        (Some(variable), Some(project), Some(root)) if project == root => {
            format!("Port {port} belongs to {variable} of {project}.")
        }
        (Some(variable), Some(project), Some(root)) => {
            format!("Port {port} belongs to {variable} of {project} ({root}).")
        }
        _ => format!("Port {port} is reserved for a service of type {}.", owner.service),
    }
}
