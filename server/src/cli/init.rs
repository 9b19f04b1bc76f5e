//! `port-manager init [PATH]`

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::table::{self, Tone};
use super::terminal::{Terminal, counted, printable};
use crate::error::{Error, Result};
use crate::operations::{Context, FormerProject, Initialized, former_projects, init, init_moved};
use crate::paste::{NO_COMMAND, command_line};
use crate::project::ProjectRoot;

/// Give a project its ports, and write them to .ports.env.
///
/// What it needs is read from its compose files, its package.json, its .ports.env.example and the
/// port variables in its code; where these tell nothing, it gets WEB_PORT, API_PORT, DB_PORT and
/// REDIS_PORT. A project that is set up already is left as it is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager init
  port-manager init ~/code/shop
  port-manager init --take-over ~/old/shop")]
pub(super) struct Arguments {
    /// The project's root directory [default: the project of the current directory].
    path: Option<PathBuf>,
    /// Give it the ports of the project that was in this directory, which is gone: it was moved.
    #[arg(long, value_name = "DIRECTORY")]
    take_over: Option<String>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let root = match arguments.path {
        // Who names a directory means that one: a package of a monorepo can be a project of its own.
        Some(path) => ProjectRoot::exact(&path)?,
        None => {
            let directory = std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?;
            ProjectRoot::of_directory(&directory, None)
        }
    };
    let context = Context::from_environment()?;
    let initialized = match arguments.take_over {
        Some(former) => init_moved(&context, &root, &former)?,
        None => match offer(former_projects(&context, &root)?, &root, terminal)? {
            Some(former) => init_moved(&context, &root, &former)?,
            None => init(&context, &root)?,
        },
    };
    if arguments.json {
        terminal.print_json(&initialized)?;
        return Ok(Exit::Fine);
    }
    let rows = initialized.ports.iter().map(|port| {
        vec![
            (port.variable.to_string(), Tone::Plain),
            (port.port.to_string(), Tone::Strong),
            (port.service.to_string(), Tone::Plain),
            if port.is_new { ("new".to_owned(), Tone::Good) } else { ("kept".to_owned(), Tone::Faint) },
        ]
    });
    table::print(terminal, &["VARIABLE", "PORT", "SERVICE", ""], &[1], rows)?;
    tell(&initialized, terminal)?;
    Ok(Exit::Fine)
}

/// Asks whether the project is one that was moved here; where it was, if it is.
fn offer(former: Vec<FormerProject>, root: &ProjectRoot, terminal: &mut Terminal) -> Result<Option<String>> {
    let here = printable(&root.as_path().display().to_string());
    for FormerProject { root: former, ports } in former {
        let there = printable(&former);
        let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
        let ports = ports.join(", ");
        let question = format!("{there} is gone and has {ports} still. Was it moved to {here}?");
        match terminal.confirm(question)? {
            Some(true) => return Ok(Some(former)),
            Some(false) => {}
            None => {
                terminal.warn(format_args!("{there} is gone and has {ports} still"))?;
                let here = root.as_path().to_string_lossy();
                match command_line(&["port-manager", "init", "--take-over", &former, &here]) {
                    Some(command) => terminal.help(format_args!("If it was moved to {here}: {command}"))?,
                    None => terminal.help(NO_COMMAND)?,
                }
            }
        }
    }
    Ok(None)
}

fn tell(initialized: &Initialized, terminal: &mut Terminal) -> Result<()> {
    for port in &initialized.ports {
        if let Some(refused) = &port.refused {
            terminal.warn(format_args!(
                "{} has {} and not {}: {}",
                port.variable,
                port.port,
                refused.port,
                printable(&refused.reason)
            ))?;
        }
    }
    let name = printable(&initialized.project);
    if initialized.written.is_empty() && initialized.registered {
        let here = printable(&initialized.root.display().to_string());
        terminal.say("")?;
        return terminal
            .say(format_args!("{name}'s ports are registered for {here} now; its files were right."));
    }
    if initialized.written.is_empty() {
        terminal.say("")?;
        return terminal.say(format_args!("{name} is set up already; nothing was changed."));
    }
    let written: Vec<String> = initialized
        .written
        .iter()
        .map(|path| path.strip_prefix(&initialized.root).unwrap_or(path).display().to_string())
        .collect();
    let ports = counted(initialized.ports.len(), "port");
    terminal.say("")?;
    terminal.say(format_args!("{name} has {ports}. Written: {}.", printable(&written.join(", "))))?;
    terminal.say("Next: `port-manager check` shows where the code still types a number.")
}
