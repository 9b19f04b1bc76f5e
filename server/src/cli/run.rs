//! `port-manager run COMMAND [ARGUMENT]...`

use std::ffi::OsString;

use clap::Args;

use super::exit::Exit;
use super::terminal::{Terminal, counted};
use crate::error::{Error, Result};
use crate::operations::with_ports;

/// Run a command with the project's ports in its environment.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager run npm start
  port-manager run -- cargo run --release
  port-manager run sh -c 'echo $WEB_PORT'

The variables are those of the .ports.env of the project that the current directory belongs to. What the
environment has already goes before: WEB_PORT=9000 port-manager run npm start. The exit code is the command's;
2 where it could not be started.")]
pub(super) struct Arguments {
    /// The program and its arguments. No shell reads them.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let directory = std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?;
    // The arguments' parser makes sure that there is a program.
    let Some((program, rest)) = arguments.command.split_first() else { return Ok(Exit::Failure) };
    let command = with_ports(&directory, program, rest, |name| std::env::var_os(name))?;
    if command.ignored_lines > 0 {
        let lines = counted(command.ignored_lines, "line");
        terminal.warn(format_args!("{lines} of .ports.env say no port; `port-manager check` shows which"))?;
    }
    for kept in &command.kept {
        let (variable, value) = (&kept.variable, kept.value.to_string_lossy());
        terminal.warn(format_args!(
            "{variable} is {value} in the environment, and stays so; .ports.env says {}",
            kept.port
        ))?;
    }
    terminal.flush()?;
    command.run().map(Exit::Of)
}
