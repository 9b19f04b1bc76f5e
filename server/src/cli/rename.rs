//! `port-manager rename OLD NEW`

use clap::Args;

use super::completions;
use super::exit::Exit;
use super::project::{Named, root_named};
use super::terminal::{Terminal, counted};
use crate::error::{Error, NameError, PlanError, Result};
use crate::operations::{Context, NamedPlace, RenamedVariables, plan_rename};
use crate::variable::Variable;

/// How many places are named that keep the old name.
const MOST_NAMED: usize = 10;

/// Rename a variable in the whole project.
///
/// Code that reads it, .ports.env, .ports.env.example, port-manager.toml and the registry get the new name, and the
/// number stays. All of it is changed, or nothing. What keeps the old name, such as documentation, is listed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager rename WEB_PORT SHOP_PORT --diff
  port-manager rename WEB_PORT SHOP_PORT --yes

Exit code 1 says that you said no, or that the project has no such variable.")]
pub(super) struct Arguments {
    /// The variable.
    #[arg(value_name = "OLD", add = completions::variables())]
    from: Variable,
    /// Its new name.
    #[arg(value_name = "NEW")]
    to: Variable,
    /// The project: its name, or its root directory [default: the project of the current directory].
    #[arg(long, value_name = "PROJECT", add = completions::projects())]
    project: Option<Named>,
    /// Print the changes as a patch, and make none.
    #[arg(long, conflicts_with_all = ["yes", "json"])]
    diff: bool,
    /// Do not ask.
    #[arg(short, long)]
    yes: bool,
    /// Print the result as JSON. Without --yes, nothing is changed.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let Arguments { from, to, .. } = &arguments;
    let root = root_named(arguments.project.as_ref())?;
    let context = Context::from_environment()?;
    let planned = match plan_rename(&context, &root, from, to) {
        // The truth, not a failure.
        Err(error @ Error::Name(NameError::UnknownVariable { .. })) => {
            terminal.error(&error);
            return Ok(Exit::No);
        }
        planned => planned?,
    };
    let changes = &planned.renamed.changes;
    if arguments.diff {
        changes.iter().try_for_each(|change| terminal.print_patch(&change.patch))?;
        return Ok(Exit::Fine);
    }
    if arguments.json {
        let renamed = if arguments.yes { planned.apply(&context)? } else { planned.renamed.clone() };
        terminal.print_json(&renamed)?;
        return Ok(Exit::Fine);
    }
    if !arguments.yes {
        changes.iter().try_for_each(|change| terminal.print_patch(&change.patch))?;
        let files = counted(changes.len(), "file");
        if !terminal
            .agrees(format!("Rename {from} to {to} in {files}?"), Error::Plan(PlanError::NotConfirmed))?
        {
            return Ok(Exit::No);
        }
    }
    let renamed = planned.apply(&context)?;
    let places = counted(renamed.places, "place");
    let files = counted(renamed.changes.len(), "file");
    terminal.say(format!("{from} is {to} now: {places} in {files}."))?;
    warn_of_left(&renamed, terminal)?;
    Ok(Exit::Fine)
}

/// Names the places that keep the old name.
fn warn_of_left(renamed: &RenamedVariables, terminal: &mut Terminal) -> Result<()> {
    let RenamedVariables { from, left, .. } = renamed;
    if left.is_empty() {
        return Ok(());
    }
    let name = |place: &NamedPlace| format!("{}:{}", place.path.display(), place.line);
    let named: Vec<String> = left.iter().take(MOST_NAMED).map(name).collect();
    let more = match left.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {}", counted(more, "other line")),
    };
    terminal.warn(format!("{from} is still the name in {}{more}", named.join(", ")))?;
    terminal.help("Look at them, and change by hand those that mean the variable.".to_owned())
}
