//! `port-manager integrate TARGET...`

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::completions;
use super::exit::Exit;
use super::project::{Named, root_named};
use super::table::{self, Tone};
use super::terminal::{Terminal, counted};
use crate::error::{Error, PlanError, Result};
use crate::operations::{
    Integration, IntegrationState, Integrations, TARGETS, Target, list_integrations, plan_integrate,
};
use crate::registry::Store;

/// Make the ways of starting a project load .ports.env.
///
/// Each target adds the standard pattern of one tool, and changes nothing where it is there already. Comments and layout
/// stay, and a file that cannot be read is left as it is. A teammate who has no .ports.env and no port-manager notices
/// nothing. The changes are shown as a patch first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager integrate --list
  port-manager integrate makefile compose
  port-manager integrate package-json --diff
  port-manager integrate direnv --yes

Exit code 1 says that you said no; with --check, that something is missing, or cannot be added.")]
pub(super) struct Arguments {
    /// What to integrate with.
    #[arg(value_name = "TARGET", required_unless_present = "list", value_parser = target(), hide_possible_values = true)]
    targets: Vec<&'static Target>,
    /// The project: its name, or its root directory [default: the project of the current directory].
    #[arg(long, value_name = "PROJECT", add = completions::projects())]
    project: Option<Named>,
    /// Show every target, and its state in this project.
    #[arg(long, conflicts_with_all = ["targets", "diff", "yes", "check"])]
    list: bool,
    /// Print the changes as a patch, and make none.
    #[arg(long, conflicts_with_all = ["yes", "json"])]
    diff: bool,
    /// Only find out whether the patterns are there; exit code 1 where one is missing.
    #[arg(long, conflicts_with_all = ["yes", "diff"])]
    check: bool,
    /// Of package-json and vscode: put `port-manager run` before scripts and tasks that cannot load the file otherwise.
    /// Everybody who starts them needs port-manager then.
    #[arg(long)]
    with_run: bool,
    /// Do not ask.
    #[arg(short, long)]
    yes: bool,
    /// Print the result as JSON. Without --yes, nothing is changed.
    #[arg(long)]
    json: bool,
}

/// A target by its name.
fn target() -> impl TypedValueParser<Value = &'static Target> {
    let names = TARGETS.iter().map(|target| PossibleValue::new(target.name).help(target.summary));
    PossibleValuesParser::new(names).try_map(|name| Target::of_name(&name).ok_or("no such target"))
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let root = root_named(arguments.project.as_ref())?;
    let types = Store::from_environment().map(|store| store.shown_types()).unwrap_or_default();
    if arguments.list {
        let integrations = list_integrations(&root, &types)?;
        return list(&integrations, arguments.json, terminal);
    }
    let integrations = plan_integrate(&root, &types, &arguments.targets, arguments.with_run)?;
    let plan = integrations.plan();
    let is_whole = plan.is_empty()
        && integrations.integrations.iter().all(|it| it.state != IntegrationState::Impossible);
    if arguments.diff {
        plan.changes().iter().try_for_each(|change| terminal.print_patch(&change.patch))?;
        return Ok(Exit::Fine);
    }
    if arguments.json {
        if arguments.yes {
            integrations.apply()?;
        }
        terminal.print_json(&integrations.integrations)?;
        return Ok(Exit::fine_if(!arguments.check || is_whole));
    }
    if !arguments.check && !arguments.yes {
        plan.changes().iter().try_for_each(|change| terminal.print_patch(&change.patch))?;
    }
    describe(&integrations, terminal)?;
    if arguments.check {
        return Ok(Exit::fine_if(is_whole));
    }
    if plan.is_empty() {
        return Ok(Exit::Fine);
    }
    let files = counted(plan.changes().len(), "file");
    if !arguments.yes && !terminal.agrees(format!("Change {files}?"), Error::Plan(PlanError::NotConfirmed))? {
        return Ok(Exit::No);
    }
    integrations.apply()?;
    let paths: Vec<String> = plan.changes().iter().map(|change| change.path.display().to_string()).collect();
    terminal.say(format_args!("Written: {}.", paths.join(", ")))?;
    Ok(Exit::Fine)
}

/// Says what each target comes to.
fn describe(integrations: &Integrations, terminal: &mut Terminal) -> Result<()> {
    for Integration { target, state, files, message } in &integrations.integrations {
        let files: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        match (state, message) {
            (IntegrationState::Present, _) => terminal.say(format_args!("{target}: set up already."))?,
            (IntegrationState::Missing, _) => {
                terminal.say(format_args!("{target}: missing in {}.", files.join(", ")))?;
            }
            (IntegrationState::NotUsed, message) => {
                let why = message.as_deref().unwrap_or_default();
                terminal.say(format_args!("{target}: {why}; nothing to do."))?;
            }
            (IntegrationState::Impossible, message) => {
                let why = message.as_deref().unwrap_or_default();
                terminal.warn(format_args!("{target}: {why}"))?;
            }
        }
    }
    integrations.plan().notes().iter().try_for_each(|note| terminal.say(format_args!("note: {note}")))
}

fn list(integrations: &[Integration], is_json: bool, terminal: &mut Terminal) -> Result<Exit> {
    if is_json {
        terminal.print_json(&integrations)?;
        return Ok(Exit::Fine);
    }
    let summary = |name: &str| Target::of_name(name).map_or("", |target| target.summary);
    let rows = integrations.iter().map(|it| {
        let (state, tone) = match it.state {
            IntegrationState::Present => ("set up", Tone::Good),
            IntegrationState::Missing => ("missing", Tone::Strong),
            IntegrationState::NotUsed => ("not used", Tone::Faint),
            IntegrationState::Impossible => ("by hand", Tone::Plain),
        };
        vec![
            (it.target.to_owned(), Tone::Plain),
            (state.to_owned(), tone),
            (summary(it.target).to_owned(), Tone::Plain),
        ]
    });
    table::print(terminal, &["TARGET", "HERE", "WHAT IT DOES"], &[], rows)?;
    Ok(Exit::Fine)
}
