//! `port-manager env`

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::completions;
use super::exit::Exit;
use super::project::{Named, directory_of};
use super::run::describe_environment;
use super::terminal::Terminal;
use crate::error::{Error, NameError, Result};
use crate::operations::{Format, Precedence, environment};
use crate::registry::Store;
use crate::variable::Variable;

/// Print the project's variables for a shell, or as a file of another format.
///
/// The variables are those that `port-manager run` gives a command in the current directory: the ports of .ports.env, and
/// what [run] and [env] of port-manager.toml make of them. Without --format, they are written for the shell that SHELL names; where it
/// names none, for sh, and on Windows for PowerShell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  eval \"$(port-manager env)\"                               bash, zsh, sh
  port-manager env | source                                fish
  port-manager env | Out-String | Invoke-Expression        PowerShell
  port-manager env --format cmd > %TEMP%\\ports.cmd && call %TEMP%\\ports.cmd
  port-manager env --format github >> \"$GITHUB_ENV\"        a GitHub workflow
  port-manager env --format docker --only DB_PORT > db.env
  port-manager env --format json | jq -r .WEB_PORT")]
pub(super) struct Arguments {
    /// How to write them: sh, fish, powershell, cmd (a batch file), dotenv (a .env file), json, make (a file to include),
    /// docker (for docker run --env-file) or github (for $GITHUB_ENV).
    #[arg(long, value_name = "FORMAT", value_parser = format(), hide_possible_values = true)]
    format: Option<Format>,
    /// Print only this variable. Can be given several times.
    #[arg(long, value_name = "VARIABLE", add = completions::variables())]
    only: Vec<Variable>,
    /// The project: its name, or a directory in it [default: the current directory].
    #[arg(long, value_name = "PROJECT", add = completions::projects())]
    project: Option<Named>,
    /// The same as --format json: an object with the variables' values as strings.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// A format by its name.
fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name))
        .try_map(|name| Format::of_name(&name).ok_or("no such format"))
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let format = match arguments.format {
        _ if arguments.json => Format::Json,
        Some(format) => format,
        None => {
            let shell = std::env::var_os("SHELL");
            let unknown =
                || Error::Name(NameError::UnknownShell { shell: shell.clone().unwrap_or_default() });
            Format::of_shell(shell.as_deref()).ok_or_else(unknown)?
        }
    };
    let directory = directory_of(arguments.project.as_ref())?;
    let surrounding = |name: &str| std::env::var_os(name);
    let mut given = environment(Store::from_environment(), &directory, Precedence::PortsEnv, surrounding)?;
    // What the shell has already may be of another worktree, and is to be replaced.
    given.differing.clear();
    given.differing_computed.clear();
    given.keep_only(&arguments.only)?;
    describe_environment(&given, Precedence::PortsEnv, terminal)?;
    let values: Vec<_> =
        given.variables().into_iter().map(|(name, value)| (name, value.to_string_lossy())).collect();
    let (text, left_out) = format.text(values.iter().map(|(name, value)| (*name, value.as_ref())));
    for unspellable in &left_out {
        terminal.warn(unspellable)?;
    }
    terminal.print_code(&text)?;
    Ok(Exit::fine_if(left_out.is_empty()))
}
