//! `port-manager unset VARIABLE...`

use clap::Args;

use super::completions;
use super::exit::Exit;
use super::project::{Named, root_named};
use super::table::{self, Tone};
use super::terminal::{Terminal, counted};
use crate::error::{Error, NameError, Result};
use crate::operations::{Context, UnsetPorts, UnsetVariable, unset};
use crate::variable::Variable;

/// How many places are named that still read a variable.
const MOST_NAMED: usize = 3;

/// Remove variables from a project.
///
/// They leave the registry, .ports.env and .ports.env.example, and other projects can get their numbers. What the
/// code still reads is named: `init` gives it a number again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager unset OLD_PORT
  port-manager unset WEB_PORT API_PORT --project ~/code/shop

Exit code 1 says that the project has no such variable.")]
pub(super) struct Arguments {
    /// The variables.
    #[arg(required = true, value_name = "VARIABLE", add = completions::variables())]
    variables: Vec<Variable>,
    /// The project: its name, or its root directory [default: the project of the current directory].
    #[arg(long, value_name = "PROJECT", add = completions::projects())]
    project: Option<Named>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let root = root_named(arguments.project.as_ref())?;
    let done = match unset(&Context::from_environment()?, &root, &arguments.variables) {
        // The truth, not a failure.
        Err(error @ Error::Name(NameError::UnknownVariable { .. })) => {
            terminal.error(&error);
            return Ok(Exit::No);
        }
        done => done?,
    };
    if arguments.json {
        terminal.print_json(&done)?;
    } else {
        print(&done, terminal)?;
    }
    for removed in &done.ports {
        warn_of_readers(removed, terminal)?;
    }
    Ok(Exit::Fine)
}

fn print(done: &UnsetPorts, terminal: &mut Terminal) -> Result<()> {
    let rows = done.ports.iter().map(|removed| {
        vec![
            (removed.variable.to_string(), Tone::Plain),
            (removed.port.map(|port| port.to_string()).unwrap_or_default(), Tone::Strong),
            ("removed".to_owned(), Tone::Good),
        ]
    });
    table::print(terminal, &["VARIABLE", "PORT", ""], &[1], rows)
}

fn warn_of_readers(removed: &UnsetVariable, terminal: &mut Terminal) -> Result<()> {
    let UnsetVariable { variable, readers, .. } = removed;
    let named: Vec<String> = readers
        .iter()
        .take(MOST_NAMED)
        .map(|reader| format!("{}:{}", reader.path.display(), reader.line))
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let more = match readers.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {}", counted(more, "other place")),
    };
    terminal.warn(format!("the code still reads {variable}: {}{more}", named.join(", ")))?;
    terminal.help(
        "Change the code too, or the next `port-manager init` gives the variable a number again.".to_owned(),
    )
}
