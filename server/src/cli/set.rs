//! `port-manager set VARIABLE=PORT...`

use std::str::FromStr;

use clap::Args;

use super::completions;
use super::exit::Exit;
use super::project::{Named, root_named};
use super::table::{self, Tone};
use super::terminal::Terminal;
use crate::error::Result;
use crate::operations::{Context, set};
use crate::port::Port;
use crate::variable::Variable;

/// Give variables the numbers that you choose.
///
/// The registry and .ports.env get the numbers; .ports.env.example gets a variable that it does not list yet. A number
/// that belongs to another project, is reserved, has a listener of another project, or that browsers block is refused,
/// and then nothing is changed. Two variables can exchange their numbers in one command.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager set WEB_PORT=8042
  port-manager set WEB_PORT=8100 API_PORT=8000")]
pub(super) struct Arguments {
    /// The variables with their numbers.
    #[arg(required = true, value_name = "VARIABLE=PORT", add = completions::assignments())]
    assignments: Vec<Assignment>,
    /// The project: its name, or its root directory [default: the project of the current directory].
    #[arg(long, value_name = "PROJECT", add = completions::projects())]
    project: Option<Named>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone)]
struct Assignment(Variable, Port);

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (variable, port) = text.split_once('=').ok_or("not VARIABLE=PORT, as in WEB_PORT=8000")?;
        let variable = variable.parse::<Variable>().map_err(|error| error.to_string())?;
        Ok(Self(variable, port.parse::<Port>().map_err(|error| error.to_string())?))
    }
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let root = root_named(arguments.project.as_ref())?;
    let wanted: Vec<(Variable, Port)> =
        arguments.assignments.into_iter().map(|Assignment(variable, port)| (variable, port)).collect();
    let done = set(&Context::from_environment()?, &root, &wanted)?;
    if arguments.json {
        terminal.print_json(&done)?;
        return Ok(Exit::Fine);
    }
    let rows = done.ports.iter().map(|port| {
        let change = match (port.is_new, port.former) {
            (true, Some(former)) => (format!("was {former}"), Tone::Good),
            (true, None) => ("new".to_owned(), Tone::Good),
            (false, _) => ("kept".to_owned(), Tone::Faint),
        };
        vec![
            (port.variable.to_string(), Tone::Plain),
            (port.port.to_string(), Tone::Strong),
            (port.service.to_string(), Tone::Plain),
            change,
        ]
    });
    table::print(terminal, &["VARIABLE", "PORT", "SERVICE", ""], &[1], rows)?;
    if done.ports.iter().any(|port| port.is_new && port.former.is_some()) {
        terminal.say("")?;
        terminal.say(format_args!("Restart {}'s processes to use the new numbers.", done.project))?;
    }
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_is_a_variable_and_a_port() {
        let Assignment(variable, port) = "WEB_PORT=8000".parse().unwrap();
        assert_eq!((variable.as_str(), port.get()), ("WEB_PORT", 8000));
        for wrong in
            ["WEB_PORT", "WEB_PORT=", "WEB_PORT=0", "WEB_PORT=65536", "WEB PORT=8000", "=8000", "A=1=2"]
        {
            assert!(wrong.parse::<Assignment>().is_err(), "{wrong}");
        }
    }
}
