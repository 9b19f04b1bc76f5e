//! `port-manager deinit [PATH]`

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::exit::Exit;
use super::project::root_of;
use super::terminal::{Terminal, counted};
use crate::error::{AssignmentError, Error, PlanError, Result};
use crate::operations::{Context, Deinitialized, deinit};
use crate::rules::SETTINGS_FILE_NAME;

/// Remove what init wrote: the opposite of init.
///
/// The project's entry in the registry goes, and so do .ports.env, .ports.env.example and the line in .gitignore. What
/// people wrote into these files stays: other lines, comments, and a file that does not have port-manager's header. It
/// is shown first, and done only when you say so.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager deinit --dry-run
  port-manager deinit ~/code/shop --yes

Exit code 1 says that there was nothing to remove, or that you said no.")]
pub(super) struct Arguments {
    /// The project's root directory [default: the project of the current directory].
    #[arg(value_hint = ValueHint::DirPath)]
    path: Option<PathBuf>,
    /// Show what would be removed, and change nothing.
    #[arg(short = 'n', long, conflicts_with = "yes")]
    dry_run: bool,
    /// Do not ask.
    #[arg(short, long)]
    yes: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let root = root_of(arguments.path)?;
    let context = Context::from_environment()?;
    let planned = match deinit(&context, &root, true) {
        // The truth, not a failure.
        Err(error @ Error::Assignment(AssignmentError::NotSetUp { .. })) => {
            terminal.error(&error);
            return Ok(Exit::No);
        }
        planned => planned?,
    };
    let name = &planned.project;
    if !arguments.json {
        describe(&planned, terminal)?;
    }
    if arguments.dry_run {
        if arguments.json {
            terminal.print_json(&planned)?;
        }
        terminal.say("Nothing was changed.")?;
        return Ok(Exit::Fine);
    }
    if !arguments.yes
        && !terminal
            .agrees(format!("Remove this from {name}?"), Error::Plan(PlanError::RemovalNotConfirmed))?
    {
        return Ok(Exit::No);
    }
    let done = deinit(&context, &root, false)?;
    if arguments.json {
        terminal.print_json(&done)?;
    }
    let ports = counted(done.ports.len(), "port");
    terminal.say(format!("{name} is no longer set up; it had {ports}."))?;
    Ok(Exit::Fine)
}

/// Lists what goes and what stays.
fn describe(planned: &Deinitialized, terminal: &mut Terminal) -> Result<()> {
    let Deinitialized { root, ports, removed, written, kept, .. } = planned;
    for port in ports {
        terminal.print_line(format!("registry: {} {}", port.variable, port.port))?;
    }
    let shown = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    for path in removed {
        terminal.print_line(format!("{}: the whole file", shown(path)))?;
    }
    for path in written {
        terminal.print_line(format!("{}: what init wrote; the rest stays", shown(path)))?;
    }
    for path in kept.iter().filter(|path| !written.contains(path)) {
        let owner = if path.ends_with(SETTINGS_FILE_NAME) {
            "it has settings for the whole team"
        } else {
            "port-manager did not write it"
        };
        terminal.say(format!("{} stays: {owner}.", shown(path)))?;
    }
    Ok(())
}
