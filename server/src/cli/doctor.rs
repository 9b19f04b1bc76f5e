//! `port-manager doctor [PATH]`

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::exit::Exit;
use super::style::{FAINT, GOOD, STRONG, WARNING};
use super::styled::styled;
use super::terminal::{Terminal, counted};
use crate::error::{Error, Result};
use crate::operations::Context;
use crate::operations::doctor::{Diagnosis, doctor};
use crate::project::ProjectRoot;
use crate::registry::Repair;

/// Find what is wrong on this machine, and say how to fix it.
///
/// It checks that the registry is intact, that each project is where it was, that .ports.env and the registry agree, and
/// that no other process listens on a project's port. In the current project, it also checks the code for ports without a
/// number, variables that nothing reads, and hardcoded numbers. It lists the ways in which the project is started, and
/// what loads .ports.env for each.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager doctor
  port-manager doctor --repair

Exit code 1 says that something is wrong.")]
pub(super) struct Arguments {
    /// A directory of the project to look at besides those that are registered [default: the current
    /// directory].
    #[arg(value_hint = ValueHint::DirPath)]
    path: Option<PathBuf>,
    /// Rebuild a damaged registry from what can be read of it, its backup and the projects' .ports.env.
    /// The damaged file is kept beside it.
    #[arg(long)]
    repair: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let directory = match arguments.path {
        Some(path) => ProjectRoot::exact(&path)?.as_path().to_owned(),
        None => std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?,
    };
    let diagnosis = doctor(&Context::from_environment()?, &directory, arguments.repair)?;
    if arguments.json {
        terminal.print_json(&diagnosis)?;
    } else {
        print(&diagnosis, arguments.repair, terminal)?;
    }
    Ok(Exit::fine_if(diagnosis.is_healthy))
}

fn print(diagnosis: &Diagnosis, repair: bool, terminal: &mut Terminal) -> Result<()> {
    terminal.say_more(format_args!("port-manager {}", diagnosis.version))?;
    match &diagnosis.repaired {
        Some(repaired) => print_repair(repaired, terminal)?,
        None if repair => terminal.say("The registry is whole; nothing was repaired.")?,
        None => {}
    }
    for finding in &diagnosis.findings {
        let (style, word) = if finding.is_problem { (WARNING, "problem") } else { (STRONG, "note") };
        terminal.print_line(styled![style.of(word), ": ", &finding.message])?;
        if let Some(command) = &finding.command {
            terminal.print_line(styled!["  ", FAINT.of("fix it:"), " ", command])?;
        }
    }
    print_starts(diagnosis, terminal)?;
    let count = |is_problem| diagnosis.findings.iter().filter(|it| it.is_problem == is_problem).count();
    let (problems, notes) = (count(true), count(false));
    let notes = if notes == 0 { String::new() } else { format!(" {}.", counted(notes, "note")) };
    terminal.say(if problems == 0 {
        styled![GOOD.of("Nothing is wrong."), notes]
    } else {
        styled![counted(problems, "problem"), ".", notes]
    })
}

/// Lists the ways of starting the project, and what loads `.ports.env` for each.
fn print_starts(diagnosis: &Diagnosis, terminal: &mut Terminal) -> Result<()> {
    for start in &diagnosis.starts {
        let path = start.path.display();
        let name = start.name.as_ref().map_or_else(|| path.to_string(), |name| format!("{name} ({path})"));
        let how = match &start.loaded_by {
            Some(by) if *by == start.path => "loads .ports.env".to_owned(),
            Some(by) => format!("{} loads .ports.env", by.display()),
            None if start.in_terminal => {
                "in VS Code's terminal, which has the ports by the extension".to_owned()
            }
            None if start.is_wired => "reads no port variable".to_owned(),
            None => "only with `port-manager run`".to_owned(),
        };
        terminal.print_line(styled![STRONG.of("start"), format_args!(": {name}: {how}")])?;
    }
    Ok(())
}

fn print_repair(repair: &Repair, terminal: &mut Terminal) -> Result<()> {
    terminal.print_line(format_args!("damaged: {}", repair.damage))?;
    if let Some(path) = &repair.moved_to {
        terminal.print_line(format_args!("kept: {}", path.display()))?;
    }
    let (projects, ports) = (counted(repair.projects, "project"), counted(repair.ports, "port"));
    let backup = if repair.has_backup { "" } else { "; there was no backup" };
    terminal.print_line(styled![GOOD.of("repaired"), format_args!(": {projects} with {ports}{backup}")])?;
    for lost in &repair.lost {
        terminal.print_line(styled![WARNING.of("not restored"), ": ", lost])?;
    }
    Ok(())
}
