//! `port-manager init [PATH]`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::clean::say_what_made_room;
use super::exit::Exit;
use super::moved::former_root;
use super::table::{self, Tone};
use super::terminal::{Terminal, counted, enumerated, printable};
use super::unread;
use crate::error::{Error, Result};
use crate::operations::fix::{FixOptions, find_fixes};
use crate::operations::{Context, Initialized, MisspelledVariable, RefusedPort, init, init_moved, plan_init};
use crate::port::Port;
use crate::project::{ProjectRoot, Reason};

/// Give a project its ports, and write them to .ports.env.
///
/// It reads all files of the project to find its ports, as `port-manager ports` shows them. Each port keeps the number
/// that the code uses, unless another project has that number or something listens on it; then it gets another one.
/// DEFAULT is the number that the code uses. It goes into .ports.env.example for the whole team. A project without ports
/// gets WEB_PORT, API_PORT, DB_PORT and REDIS_PORT. A second run changes nothing. A variable that you delete from
/// .ports.env and .ports.env.example loses its port, unless the code reads it.
///
/// Without PATH, it sets up the project of the current directory: the nearest directory with a .ports.env, else the root
/// of the git repository, or the example in it that you are in.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager init
  port-manager init --dry-run
  port-manager init ~/code/shop
  port-manager init --take-over ~/old/shop")]
pub(super) struct Arguments {
    /// The project's root directory [default: the project of the current directory].
    #[arg(value_hint = ValueHint::DirPath)]
    path: Option<PathBuf>,
    /// Give it the ports of the project that was in this directory, which is gone: it was moved.
    #[arg(long, value_name = "DIRECTORY", value_hint = ValueHint::DirPath)]
    take_over: Option<String>,
    /// Only show which ports it would get and which files would be written.
    #[arg(long)]
    dry_run: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let root = match arguments.path {
        // Who names a directory means that one: a package of a monorepo can be a project of its own.
        Some(path) => ProjectRoot::exact(&path)?,
        None => {
            let directory = std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?;
            let (root, reason) = ProjectRoot::find(&directory, None);
            say_which(&root, reason, &directory, terminal)?;
            root
        }
    };
    let context = Context::from_environment()?;
    let former = former_root(arguments.take_over, "init", &context, &root, terminal)?;
    let initialized = match former {
        _ if arguments.dry_run => plan_init(&context, &root, former.as_deref())?,
        Some(former) => init_moved(&context, &root, &former)?,
        None => init(&context, &root)?,
    };
    if arguments.json {
        warn(&initialized, terminal)?;
        terminal.print_json(&initialized)?;
        return Ok(Exit::Fine);
    }
    let rows = initialized.ports.iter().map(|port| {
        vec![
            (port.variable.to_string(), Tone::Plain),
            (port.default.map_or_else(|| "-".to_owned(), |default| default.to_string()), Tone::Plain),
            (port.port.to_string(), Tone::Strong),
            (port.service.to_string(), Tone::Plain),
            if port.is_new { ("new".to_owned(), Tone::Good) } else { ("kept".to_owned(), Tone::Faint) },
        ]
    });
    table::print(terminal, &["VARIABLE", "DEFAULT", "PORT", "SERVICE", ""], &[1, 2], rows)?;
    warn(&initialized, terminal)?;
    tell(&context, &initialized, terminal)?;
    Ok(Exit::Fine)
}

/// Says which project is set up, where that is not the directory that the command was started in.
fn say_which(root: &ProjectRoot, reason: Reason, directory: &Path, terminal: &mut Terminal) -> Result<()> {
    if ProjectRoot::exact(directory).is_ok_and(|here| here == *root) {
        return Ok(());
    }
    let root = printable(&root.as_path().display().to_string());
    terminal.say(format_args!("Setting up {root}: {reason}."))?;
    terminal.say("For another directory: port-manager init PATH (`.` for this one).")?;
    terminal.say("")
}

/// Whether another port of the project has the number.
fn is_own(initialized: &Initialized, refused: &RefusedPort) -> bool {
    refused.root.is_none() && initialized.ports.iter().any(|port| port.port == refused.port)
}

/// Says which numbers several ports of the project have as default: a line for each number, not for each port.
fn say_what_is_shared(initialized: &Initialized, terminal: &mut Terminal) -> Result<()> {
    let mut shared: BTreeMap<Port, usize> = BTreeMap::new();
    for refused in initialized.ports.iter().filter_map(|port| port.refused.as_ref()) {
        if is_own(initialized, refused) {
            *shared.entry(refused.port).or_default() += 1;
        }
    }
    for (number, others) in shared {
        let have = if others == 1 { "the other has another" } else { "the others have others" };
        let ports = counted(others + 1, "port");
        terminal.say(format_args!("{number} is the default of {ports}: one has it here, {have}."))?;
    }
    Ok(())
}

/// Says what is not as people may expect it.
fn warn(initialized: &Initialized, terminal: &mut Terminal) -> Result<()> {
    for line in &initialized.invalid_lines {
        let path = line.path.strip_prefix(&initialized.root).unwrap_or(&line.path).display().to_string();
        terminal.warn(format_args!("{}:{}: {}", printable(&path), line.line, line.message))?;
    }
    if !initialized.invalid_lines.is_empty() {
        terminal
            .help("port-manager leaves such lines as they are, and gives nothing from them to programs.")?;
    }
    for port in &initialized.ports {
        let is_others = |refused: &&RefusedPort| refused.root.is_none() && !is_own(initialized, refused);
        if let Some(refused) = port.refused.as_ref().filter(is_others) {
            terminal.warn(format_args!(
                "{} has {} and not {}: {}",
                port.variable,
                port.port,
                refused.port,
                printable(&refused.reason)
            ))?;
        }
    }
    say_what_is_shared(initialized, terminal)?;
    for MisspelledVariable { variable, meant, path, line } in &initialized.misspelled {
        let path = printable(&path.display().to_string());
        terminal.warn(format_args!("{variable} looks like {meant}, so it gets no port ({path}:{line})"))?;
        terminal.help(format_args!(
            "Write {meant} there; or, if it is a port of its own, add the line `{variable}=` to .ports.env and run this again."
        ))?;
    }
    unread::warn(&initialized.unread, terminal)?;
    if let Some(entries) = initialized.stopped_after {
        let root = printable(&initialized.root.display().to_string());
        terminal.warn(format_args!(
            "only the first {entries} files and directories of {root} were searched for ports"
        ))?;
        terminal.help("Write those that are missing into .ports.env, or name a smaller directory: port-manager init PATH.")?;
    }
    Ok(())
}

/// Says which numbers other projects have, a line for each of these projects.
fn say_who_has_the_others(initialized: &Initialized, terminal: &mut Terminal) -> Result<()> {
    let mut by_root: BTreeMap<(&str, bool), Vec<Port>> = BTreeMap::new();
    for refused in initialized.ports.iter().filter_map(|port| port.refused.as_ref()) {
        if let Some(root) = &refused.root {
            by_root.entry((root, refused.is_checkout)).or_default().push(refused.port);
        }
    }
    for ((root, is_checkout), ports) in by_root {
        let what = if is_checkout { "which is another checkout" } else { "another project" };
        let (belong, own) = if ports.len() == 1 { ("belongs", "another") } else { ("belong", "others") };
        let ports = enumerated(&ports);
        terminal
            .say(format_args!("{ports} {belong} to {}, {what}: this one gets {own}.", printable(root)))?;
    }
    Ok(())
}

/// Says what was done.
fn tell(context: &Context, initialized: &Initialized, terminal: &mut Terminal) -> Result<()> {
    let name = printable(&initialized.project);
    terminal.say("")?;
    for former in &initialized.moved_from {
        terminal.say(format_args!("{name} was moved from {}: its ports came along.", printable(former)))?;
    }
    say_who_has_the_others(initialized, terminal)?;
    let was = if initialized.dry_run { "would be" } else { "was" };
    for released in &initialized.released {
        terminal.say(format_args!(
            "{} ({}) {was} released: no file lists it, and no code reads it.",
            released.variable, released.port
        ))?;
    }
    say_what_made_room(&initialized.cleaned, terminal)?;
    let files = files(initialized);
    if initialized.dry_run {
        let outcome = match (files.is_empty(), initialized.registered) {
            (false, _) => format!("It would write {files}."),
            (true, true) => "It would register the ports and write no file.".to_owned(),
            (true, false) => format!("{name} is set up already: nothing would be changed."),
        };
        return terminal.say(format_args!("Nothing was changed. {outcome}"));
    }
    if initialized.written.is_empty() && initialized.registered {
        let here = printable(&initialized.root.display().to_string());
        return terminal
            .say(format_args!("{name}'s ports are registered for {here}; its files are unchanged."));
    }
    if initialized.written.is_empty() {
        return terminal.say(format_args!("{name} is set up already; nothing was changed."));
    }
    if initialized.ports.is_empty() {
        terminal.say(format_args!("No file of {name} says which ports it has. Written: {files}."))?;
        return terminal.say("Next: `port-manager set WEB_PORT=8000` gives it one.");
    }
    let ports = counted(initialized.ports.len(), "port");
    terminal.say(format_args!("{name} has {ports}. Written: {files}."))?;
    // In a second checkout, the code reads them already.
    if is_fixable(context, initialized) {
        terminal.say("Next: `port-manager check --fix` lets the code read these variables.")?;
    }
    Ok(())
}

/// Whether `check --fix` would change a file of the project.
fn is_fixable(context: &Context, initialized: &Initialized) -> bool {
    let options = FixOptions { paths: vec![initialized.root.clone()], ..FixOptions::default() };
    let repairs = context.store.load().and_then(|registry| find_fixes(&options, registry, None));
    repairs.is_ok_and(|repairs| !repairs.files.is_empty())
}

/// The files that were written, or would be.
fn files(initialized: &Initialized) -> String {
    let below = |path: &PathBuf| path.strip_prefix(&initialized.root).unwrap_or(path).display().to_string();
    let files: Vec<String> = initialized.written.iter().map(below).collect();
    printable(&files.join(", ")).to_string()
}
