//! `port-manager run COMMAND [ARGUMENT]...`

use std::ffi::OsString;

use clap::Args;

use super::exit::Exit;
use super::status::named;
use super::terminal::{Terminal, counted};
use crate::error::{Error, Result};
use crate::operations::{
    Environment, IgnoredLine, InheritedVariable, Precedence, RenamedVariable, TakenBy, TakenPort, with_ports,
};
use crate::registry::Store;

/// How many lines are named that give the command nothing. A file with more of them is not a `.ports.env`.
const MOST_NAMED: usize = 10;

/// Run a command with the project's ports in its environment.
///
/// The variables are those of the .ports.env of the project that the current directory belongs to. Only port
/// variables are passed on (PORT, WEB_PORT), so a cloned .ports.env cannot set PATH or LD_PRELOAD. Where the environment
/// has another value already, the project's number counts: the shell may have been started in another worktree. Where
/// several components read PORT, the table [run."DIRECTORY"] of port-manager.toml for the current directory says which
/// variable is its PORT. Where somebody listens on one of the ports already, it says who, and runs the command all the
/// same.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager run npm start
  port-manager run -- cargo run --release
  port-manager run sh -c 'echo $WEB_PORT'
  WEB_PORT=9000 port-manager run --keep-env npm start

The exit code is the command's; 2 where it could not be started.")]
pub(super) struct Arguments {
    /// Keep what the environment has already, instead of the project's numbers.
    #[arg(long)]
    keep_env: bool,
    /// The program and its arguments. No shell reads them.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let directory = std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?;
    // The arguments' parser makes sure that there is a program.
    let Some((program, rest)) = arguments.command.split_first() else { return Ok(Exit::Failure) };
    let precedence = if arguments.keep_env { Precedence::Environment } else { Precedence::PortsEnv };
    let environment = |name: &str| std::env::var_os(name);
    let command = with_ports(Store::from_environment(), &directory, program, rest, precedence, environment)?;
    describe_environment(&command.environment, precedence, terminal)?;
    describe_taken(&command.taken, terminal)?;
    terminal.flush()?;
    command.run().map(Exit::Of)
}

/// Says what of an environment is not as people may expect it.
pub(super) fn describe_environment(
    environment: &Environment,
    precedence: Precedence,
    terminal: &mut Terminal,
) -> Result<()> {
    name_ignored(&environment.ignored, terminal)?;
    name_differing(&environment.differing, precedence, terminal)?;
    describe_table(environment, terminal)?;
    describe_registry(environment, terminal)
}

fn name_ignored(ignored: &[IgnoredLine], terminal: &mut Terminal) -> Result<()> {
    for IgnoredLine { line, reason } in ignored.iter().take(MOST_NAMED) {
        terminal.warn(format!(".ports.env:{line}: not passed on: {reason}"))?;
    }
    match ignored.len().saturating_sub(MOST_NAMED) {
        0 => Ok(()),
        more => terminal.warn(format!(
            ".ports.env: {} not passed on; `port-manager check` shows them",
            counted(more, "more line")
        )),
    }
}

fn name_differing(
    differing: &[InheritedVariable],
    precedence: Precedence,
    terminal: &mut Terminal,
) -> Result<()> {
    for InheritedVariable { variable, value, port } in differing {
        let value = value.to_string_lossy();
        terminal.warn(match precedence {
            Precedence::PortsEnv => format!("{variable} is {port} here; the environment said {value}"),
            Precedence::Environment => {
                format!("{variable} is {value}, as the environment says; .ports.env says {port}")
            }
        })?;
    }
    if !differing.is_empty() && precedence == Precedence::PortsEnv {
        terminal.help("Pass --keep-env to use what the environment says.")?;
    }
    Ok(())
}

/// Says who listens on the project's ports already. The command is started all the same: it may be a client, such as the
/// tests of a server that runs.
fn describe_taken(taken: &[TakenPort], terminal: &mut Terminal) -> Result<()> {
    let mut own = Vec::new();
    for TakenPort { variable, port, listeners, by } in taken {
        let listeners = named(listeners);
        match by {
            TakenBy::Project | TakenBy::Unknown => own.push(format!("{variable} ({port}): {listeners}")),
            TakenBy::Others { alternative } => {
                terminal.warn(format!("port {port} ({variable}) is taken by {listeners}"))?;
                let free = format!("`port-manager free {port}` shows it, asks, and stops it");
                terminal.help(match alternative {
                    Some(number) => {
                        format!(
                            "{free}; `port-manager set {variable}={number}` gives this project another number"
                        )
                    }
                    None => free,
                })?;
            }
        }
    }
    if own.is_empty() { Ok(()) } else { terminal.say(format!("Already running: {}.", own.join("; "))) }
}

fn describe_table(environment: &Environment, terminal: &mut Terminal) -> Result<()> {
    for directory in &environment.linked {
        terminal.warn(format!(
            "port-manager.toml: [run.\"{0}\"] is not obeyed: {0} is reached through a symbolic link",
            directory.display()
        ))?;
        terminal.help("Name the real directory; it has to lie in the project.")?;
    }
    for RenamedVariable { directory, name, variable, value } in &environment.renamed {
        terminal.say_more(format!(
            "{name} is {}, the number of {variable}, as port-manager.toml says for {}.",
            value.to_string_lossy(),
            if directory.as_os_str().is_empty() {
                "its own directory".into()
            } else {
                directory.display().to_string()
            }
        ))?;
    }
    Ok(())
}

fn describe_registry(environment: &Environment, terminal: &mut Terminal) -> Result<()> {
    if let Some(error) = &environment.registry_error {
        terminal.warn(format!(
            "the registry cannot be read, so these ports may belong to another project: {}",
            error
        ))?;
        if let Some(help) = error.help() {
            terminal.help(help)?;
        }
    } else if environment.is_registered == Some(false) {
        terminal.say_more(
            "The registry does not have these ports for this project, so others may be given them. \
             `port-manager init` registers them.",
        )?;
    }
    Ok(())
}
