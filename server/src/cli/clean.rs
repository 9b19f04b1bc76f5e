//! `port-manager clean`

use clap::Args;

use super::exit::Exit;
use super::style::{FAINT, STRONG};
use super::styled::{Styled, styled};
use super::terminal::{Terminal, counted, enumerated, printable};
use crate::error::Result;
use crate::operations::{Cleaned, CleanedProject, Context, clean};

/// Release the ports of projects whose directory is gone, and expired reservations.
///
/// A project whose parent directory is gone too, as on a disk that is not plugged in, is kept.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager clean --dry-run
  port-manager clean")]
pub(super) struct Arguments {
    /// Show what would be released, and change nothing.
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let cleaned = clean(&Context::from_environment()?, arguments.dry_run)?;
    if arguments.json {
        terminal.print_json(&cleaned)?;
    } else {
        print(&cleaned, terminal)?;
    }
    Ok(Exit::Fine)
}

fn print(cleaned: &Cleaned, terminal: &mut Terminal) -> Result<()> {
    for project in &cleaned.projects {
        let done = if cleaned.dry_run { "remove   " } else { "removed  " };
        terminal.print_line(styled![done, described(project)])?;
    }
    for reservation in &cleaned.reservations {
        let held = format!("reserved for {} until {}", reservation.service, reservation.expires_at);
        terminal.print_line(styled!["expired  ", STRONG.of(reservation.port), " ", FAINT.of(held)])?;
    }
    for project in &cleaned.kept {
        terminal.print_line(styled!["kept     ", described(project)])?;
    }
    if !cleaned.kept.is_empty() {
        terminal.help(
            "Kept are projects whose parent directory is gone too: their disk may not be plugged in.",
        )?;
    }
    let counts = [(cleaned.projects.len(), "project"), (cleaned.reservations.len(), "expired reservation")];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(*count, word)).collect();
    terminal.say(match (counts.is_empty(), cleaned.dry_run) {
        (true, _) => "Nothing to clean.".to_owned(),
        (false, true) => format!("{} would be removed; nothing was changed.", counts.join(" and ")),
        (false, false) => format!("{} removed.", counts.join(" and ")),
    })
}

fn described(project: &CleanedProject) -> Styled {
    let ports: Vec<String> = project.ports.iter().map(ToString::to_string).collect();
    let gone = format!("{} is gone", project.root);
    styled![STRONG.of(&project.project), " ", ports.join(", "), " ", FAINT.of(gone)]
}

/// Says which projects were removed, since their directories are gone, to make room in a full range.
pub(super) fn say_what_made_room(cleaned: &[CleanedProject], terminal: &mut Terminal) -> Result<()> {
    cleaned.iter().try_for_each(|project| {
        terminal.say(format_args!(
            "{} of {} were released to make room: its directory {} is gone.",
            enumerated(&project.ports),
            printable(&project.project),
            printable(&project.root)
        ))
    })
}
