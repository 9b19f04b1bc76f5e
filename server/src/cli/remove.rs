//! `port-manager remove [PROJECT]`

use clap::Args;

use super::completions;
use super::exit::Exit;
use super::project::Named;
use super::style::{FAINT, STRONG};
use super::styled::styled;
use super::terminal::{Terminal, counted};
use crate::error::{Error, NameError, Result};
use crate::operations::{Context, Removed, remove};
use crate::registry::Registry;

/// Release the ports of one project.
///
/// Others may be given them then. The project's files stay as they are: as long as its .ports.env is
/// there, `init` registers the numbers again where nobody has taken them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager remove shop
  port-manager remove ~/code/shop --dry-run

Exit code 1 says that there is no such project.")]
pub(super) struct Arguments {
    /// The project's name, or a directory in it.
    #[arg(add = completions::projects())]
    project: Named,
    /// Show what would be released, and change nothing.
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let context = Context::from_environment()?;
    let removed = match remove(&context, arguments.project.which(), arguments.dry_run) {
        // The truth, not a failure.
        Err(error @ Error::Name(NameError::UnknownProject { .. })) => {
            terminal.error(&error);
            return Ok(Exit::No);
        }
        removed => removed?,
    };
    if arguments.json {
        terminal.print_json(&removed)?;
    } else {
        print(&removed, terminal)?;
    }
    Ok(Exit::Fine)
}

fn print(removed: &Removed, terminal: &mut Terminal) -> Result<()> {
    let done = if removed.dry_run { "remove " } else { "removed" };
    for port in &removed.ports {
        let port = styled![&port.variable, " ", STRONG.of(port.port), " ", FAINT.of(port.service)];
        terminal.print_line(styled![done, "  ", port])?;
    }
    let (name, root) = (&removed.project, &removed.root);
    let place = if Registry::is_bare_name(&removed.root) { String::new() } else { format!(" in {root}") };
    let ports = counted(removed.ports.len(), "port");
    terminal.say(if removed.dry_run {
        format!("{name}{place} would release {ports}; nothing was changed.")
    } else {
        format!("{name}{place} released {ports}. Its files were left as they are.")
    })
}
