//! `port-manager get VARIABLE`

use clap::Args;
use serde::Serialize;

use super::completions;
use super::exit::Exit;
use super::project::{Named, directory_of};
use super::terminal::Terminal;
use crate::error::Result;
use crate::operations::{Precedence, environment};
use crate::port::Port;
use crate::registry::Store;
use crate::variable::Variable;

/// Print the number of one variable.
///
/// It is what `port-manager run` gives a command in the current directory under that name. So PORT is what
/// [run."DIRECTORY"] of port-manager.toml says, and a computed value of [env] can be printed as well.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager get WEB_PORT
  curl localhost:$(port-manager get API_PORT)/health
  psql -p \"$(port-manager get DB_PORT)\"")]
pub(super) struct Arguments {
    /// The variable.
    #[arg(add = completions::variables())]
    variable: Variable,
    /// The project: its name, or a directory in it [default: the current directory].
    #[arg(long, value_name = "PROJECT", add = completions::projects())]
    project: Option<Named>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Value<'v> {
    variable: &'v Variable,
    value: &'v str,
    port: Option<Port>,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let directory = directory_of(arguments.project.as_ref())?;
    let given = environment(Store::from_environment(), &directory, Precedence::PortsEnv, |_| None)?;
    let variable = &arguments.variable;
    let value = given.variables().get(variable).and_then(|value| value.to_str()).map(ToOwned::to_owned);
    let value = value.ok_or_else(|| given.unknown(variable))?;
    if arguments.json {
        terminal.print_json(&Value { variable, value: &value, port: value.parse().ok() })?;
    } else {
        terminal.print_line(value)?;
    }
    Ok(Exit::Fine)
}
