//! `port-manager adopt [PATH]`

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::exit::Exit;
use super::moved::former_root;
use super::project::root_of;
use super::style::STRONG;
use super::styled::styled;
use super::table::{self, Tone};
use super::terminal::{Terminal, counted, printable};
use crate::error::{Error, PlanError, Result};
use crate::operations::fix::ComputedAddress;
use crate::operations::{Adopted, Context, FixedPort, Integration, IntegrationState, plan_adopt};

/// Set a project up, fix its code and wire its starts, as one plan.
///
/// What `init`, `check --fix` and `integrate` would do is one plan. It is shown first: each variable with its numbers, the
/// files that change, and the places that are left for you with the reason. It is made only when you say so, as a whole or
/// not at all. A second run finds nothing to do.
///
/// The program does what it did before where nobody has a .ports.env: every number stays as the default of its variable.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager adopt --dry-run
  port-manager adopt --diff | less
  port-manager adopt ~/code/shop --yes

Exit code 1 says that you said no.")]
pub(super) struct Arguments {
    /// The project's root directory [default: the project of the current directory].
    #[arg(value_hint = ValueHint::DirPath)]
    path: Option<PathBuf>,
    /// Give it the ports of the project that was in this directory, which is gone: it was moved.
    #[arg(long, value_name = "DIRECTORY", value_hint = ValueHint::DirPath)]
    take_over: Option<String>,
    /// Print the changes as a patch, and make none.
    #[arg(long, conflicts_with_all = ["yes", "json"])]
    diff: bool,
    /// Show the plan, and change nothing.
    #[arg(short = 'n', long, conflicts_with = "yes")]
    dry_run: bool,
    /// Do not ask.
    #[arg(short, long)]
    yes: bool,
    /// Print the result as JSON. Without --yes, nothing is changed.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let root = root_of(arguments.path)?;
    let context = Context::from_environment()?;
    let former = former_root(arguments.take_over, "adopt", &context, &root, terminal)?;
    let adoption = plan_adopt(&context, &root, former)?;
    let Adopted { project, .. } = &adoption.adopted;
    if arguments.diff {
        adoption.adopted.changes.iter().try_for_each(|change| terminal.print_patch(&change.patch))?;
        return Ok(Exit::Fine);
    }
    if arguments.json {
        let adopted = if arguments.yes { adoption.apply(&context)? } else { adoption.adopted };
        terminal.print_json(&adopted)?;
        return Ok(Exit::Fine);
    }
    describe(&adoption.adopted, terminal)?;
    if adoption.is_empty() {
        terminal.say(format_args!("{project} is adopted already; nothing would change."))?;
        return Ok(Exit::Fine);
    }
    if arguments.dry_run {
        terminal.say("Nothing was changed.")?;
        return Ok(Exit::Fine);
    }
    let files = counted(adoption.adopted.changes.len(), "file");
    let question = format!("Change {files} of {project}?");
    if !arguments.yes && !terminal.agrees(question, Error::Plan(PlanError::NotConfirmed))? {
        return Ok(Exit::No);
    }
    adoption.apply(&context)?;
    terminal.say(format_args!("{project} is adopted: {files} changed."))?;
    Ok(Exit::Fine)
}

fn describe(adopted: &Adopted, terminal: &mut Terminal) -> Result<()> {
    for former in &adopted.moved_from {
        let (name, former) = (printable(&adopted.project), printable(former));
        terminal.say(format_args!("{name} was moved from {former}: its ports come along."))?;
    }
    print_ports(adopted, terminal)?;
    print_files(adopted, terminal)?;
    for port in &adopted.incomplete {
        let files: Vec<String> = port.by_hand.iter().map(|path| path.display().to_string()).collect();
        terminal.print_line(format_args!(
            "{} is left alone: {} cannot be fixed, and the others would no longer agree with it.",
            port.variable,
            files.join(", ")
        ))?;
    }
    print_computed(adopted, terminal)?;
    if !adopted.by_hand.is_empty() {
        terminal.print_line("")?;
        terminal.print_line(styled![STRONG.of("Left for you"), ":"])?;
        for place in &adopted.by_hand {
            let at = format!("{}:{}:{}", place.path.display(), place.line, place.column);
            terminal.print_line(format_args!("  {at}: {}", place.message))?;
        }
    }
    for misspelled in &adopted.misspelled {
        terminal.warn(format_args!(
            "{} looks like {}, so it gets no port ({}:{})",
            misspelled.variable,
            misspelled.meant,
            misspelled.path.display(),
            misspelled.line
        ))?;
    }
    let impossible = adopted.integrations.iter().filter(|it| it.state == IntegrationState::Impossible);
    for Integration { target, message, .. } in impossible {
        let why = message.as_deref().unwrap_or_default();
        terminal.say(styled![STRONG.of("note"), format_args!(": {target} is left alone: {why}")])?;
    }
    adopted.notes.iter().try_for_each(|note| terminal.say(styled![STRONG.of("note"), ": ", note]))
}

/// Lists the values of `[env]`: those that the plan adds, and those that people may add.
fn print_computed(adopted: &Adopted, terminal: &mut Terminal) -> Result<()> {
    for (title, what, addresses) in [
        ("Computed", " for `port-manager run`, in [env] of port-manager.toml:", &adopted.computed),
        ("Not computed", ", as a developer may have another value; [env] can have:", &adopted.computable),
    ] {
        if !addresses.is_empty() {
            terminal.print_line("")?;
            terminal.print_line(styled![STRONG.of(title), what])?;
        }
        for ComputedAddress { name, value, path, line } in addresses {
            terminal.print_line(format_args!("  {name} = \"{value}\"  ({}:{line})", path.display()))?;
        }
    }
    Ok(())
}

fn print_ports(adopted: &Adopted, terminal: &mut Terminal) -> Result<()> {
    let fixed = |port: &crate::variable::Variable| adopted.fixed.iter().find(|fixed| fixed.variable == *port);
    let rows = adopted.ports.iter().map(|port| {
        let places = fixed(&port.variable).map_or_else(
            || "-".to_owned(),
            |FixedPort { places, files, .. }| {
                format!("{} in {}", counted(*places, "place"), counted(files.len(), "file"))
            },
        );
        vec![
            (port.variable.to_string(), Tone::Plain),
            (port.default.map_or_else(|| "-".to_owned(), |default| default.to_string()), Tone::Plain),
            (port.port.to_string(), Tone::Strong),
            (port.service.to_string(), Tone::Plain),
            (places, Tone::Plain),
        ]
    });
    table::print(terminal, &["VARIABLE", "DEFAULT", "PORT", "SERVICE", "FIXED"], &[1, 2], rows)
}

/// Lists the files that change, each with the targets that change it.
fn print_files(adopted: &Adopted, terminal: &mut Terminal) -> Result<()> {
    if adopted.changes.is_empty() {
        return Ok(());
    }
    terminal.print_line("")?;
    for change in &adopted.changes {
        let targets: Vec<&str> = adopted
            .integrations
            .iter()
            .filter(|integration| integration.files.contains(&change.path))
            .map(|integration| integration.target)
            .collect();
        let what = if change.is_new { "new " } else { "edit" };
        let path = printable(&change.path.display().to_string());
        let by = if targets.is_empty() { String::new() } else { format!("  ({})", targets.join(", ")) };
        terminal.print_line(format_args!("{what}  {path}{by}"))?;
    }
    Ok(())
}
