//! `port-manager show [PROJECT]`

use clap::Args;

use super::completions;
use super::exit::Exit;
use super::project::Named;
use super::table::{self, Tone};
use super::terminal::Terminal;
use crate::error::{Error, NameError, Result};
use crate::operations::{Context, ShownPort, Which, show};

/// Show the ports of one project.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager show
  port-manager show shop
  port-manager show ~/code/shop --json

Exit code 1 says that there is no such project.")]
pub(super) struct Arguments {
    /// The project's name, or a directory in it [default: the current directory].
    #[arg(add = completions::projects())]
    project: Option<Named>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let context = Context::from_environment()?;
    let shown = match &arguments.project {
        Some(named) => show(&context, named.which()),
        None => {
            let directory = std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?;
            show(&context, Which::Of(&directory))
        }
    };
    let shown = match shown {
        // The truth, not a failure.
        Err(Error::Name(NameError::UnknownProject { name, .. })) if arguments.project.is_none() => {
            terminal.say(format_args!("{name} is not a registered project."))?;
            terminal.help("Run `port-manager init` there; `port-manager status` lists the projects.")?;
            return Ok(Exit::No);
        }
        Err(error @ Error::Name(NameError::UnknownProject { .. })) => {
            terminal.error(&error);
            return Ok(Exit::No);
        }
        shown => shown?,
    };
    if arguments.json {
        terminal.print_json(&shown)?;
        return Ok(Exit::fine_if(!shown.ports.is_empty()));
    }
    let rows = shown.ports.iter().map(|port| {
        let (note, tone) = note(port);
        vec![
            (port.variable.to_string(), Tone::Plain),
            (port.port.to_string(), Tone::Strong),
            (port.service.to_string(), Tone::Plain),
            (note, tone),
        ]
    });
    table::print(terminal, &["VARIABLE", "PORT", "SERVICE", ".PORTS.ENV"], &[1], rows)?;
    terminal.say("")?;
    terminal.say(format_args!("{} in {}", shown.project, shown.root))?;
    if !shown.exists {
        terminal.warn("its directory is gone; `port-manager clean` releases its ports")?;
    }
    Ok(Exit::fine_if(!shown.ports.is_empty()))
}

/// Whether `.ports.env` says the same.
fn note(port: &ShownPort) -> (String, Tone) {
    match port.ports_env {
        Some(said) if said == port.port => ("the same".to_owned(), Tone::Faint),
        Some(said) => (format!("says {said}"), Tone::Bad),
        None => ("not there".to_owned(), Tone::Bad),
    }
}
