//! `port-manager run COMMAND [ARGUMENT]...`

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::Path;

use clap::{Args, ValueHint};

use super::completions;
use super::exit::Exit;
use super::status::named;
use super::terminal::{Terminal, counted};
use super::warn_of_sudo;
use crate::error::{AssignmentError, Error, Result};
use crate::operations::{
    Context, Environment, Format, IgnoredLine, InheritedVariable, PassPort, PortFlag, PortsCommand,
    Precedence, RenamedVariable, RunOptions, TakenBy, TakenPort, init, with_ports,
};
use crate::paste::{NO_COMMAND, command_line};
use crate::project::ProjectRoot;
use crate::project::map::Renamed;
use crate::registry::Store;
use crate::variable::Variable;

/// How many lines are named that give the command nothing. A file with more of them is not a `.ports.env`.
const MOST_NAMED: usize = 10;

/// How many variables the line names that says what is set.
const MOST_SET: usize = 12;

/// Run a command with the project's ports in its environment.
///
/// The variables are those of the .ports.env of the project that the current directory belongs to. Only port
/// variables are passed on (PORT, WEB_PORT), so a cloned .ports.env cannot set PATH or LD_PRELOAD. Where the environment
/// has another value already, the project's number counts: the shell may have been started in another worktree. Where
/// several components read PORT, the table [run."DIRECTORY"] of port-manager.toml for the current directory says which
/// variable is its PORT, and the table [env] computes values such as API_URL = "http://localhost:${API_PORT}". Where
/// somebody listens on one of the ports already, it says who, and runs the command all the same.
///
/// A program that reads no variable, such as vite, is given the port by its flag, where the command names no port and it
/// is clear which variable is meant: PORT, else the only one of its kind, unless the code has it for another server.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager run npm start
  port-manager run -- cargo run --release
  port-manager run sh -c 'echo $WEB_PORT'
  port-manager run vite                       runs vite --port 8000
  port-manager run --pass-port ADMIN_PORT npx vite
  port-manager run --init ./scripts/dev.sh    for a fresh clone
  port-manager run --print npm start
  WEB_PORT=9000 port-manager run --keep-env npm start

The exit code is the command's; 2 where it could not be started.")]
pub(super) struct Arguments {
    /// Keep what the environment has already, instead of the project's numbers.
    #[arg(long)]
    keep_env: bool,
    /// Set only this variable. Can be given several times.
    #[arg(long, value_name = "VARIABLE", add = completions::variables())]
    only: Vec<Variable>,
    /// Give a project without .ports.env its ports first, as `port-manager init` does, without asking.
    #[arg(long, conflicts_with = "no_init")]
    init: bool,
    /// Never do that, and do not ask.
    #[arg(long)]
    no_init: bool,
    /// Give a program that reads no variable the number of this one by its flag.
    #[arg(long, value_name = "VARIABLE", conflicts_with = "no_pass_port", add = completions::variables())]
    pass_port: Option<Variable>,
    /// Add no flag to the command.
    #[arg(long)]
    no_pass_port: bool,
    /// Print the command with what it would get, and do not run it.
    #[arg(long)]
    print: bool,
    /// The program and its arguments. No shell reads them.
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "COMMAND",
        value_hint = ValueHint::CommandWithArguments
    )]
    command: Vec<OsString>,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let directory = std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?;
    // The arguments' parser makes sure that there is a program.
    let Some((program, rest)) = arguments.command.split_first() else { return Ok(Exit::Failure) };
    let options = RunOptions {
        precedence: if arguments.keep_env { Precedence::Environment } else { Precedence::PortsEnv },
        only: &arguments.only,
        pass_port: match arguments.pass_port.clone() {
            Some(variable) => PassPort::Of(variable),
            None if arguments.no_pass_port => PassPort::Never,
            None => PassPort::WhereClear,
        },
    };
    let prepare = || {
        let surrounding = |name: &str| std::env::var_os(name);
        with_ports(Store::from_environment(), &directory, program, rest, &options, surrounding)
    };
    let command = match prepare() {
        Err(error) if is_set_up_by_init(&error) && !arguments.no_init => {
            if !set_up(&error, &directory, &arguments, terminal)? {
                return Ok(Exit::Failure);
            }
            prepare()?
        }
        command => command?,
    };
    describe_environment(&command.environment, options.precedence, terminal)?;
    describe_taken(&command.taken, terminal)?;
    if arguments.print {
        return print(&command, terminal);
    }
    describe_what_is_set(&command, terminal)?;
    terminal.flush()?;
    Err(command.run())
}

/// Whether `port-manager init` resolves the error: the project is not set up, or is a copy of another.
fn is_set_up_by_init(error: &Error) -> bool {
    use AssignmentError::{NoPortsEnv, PortsOfAnotherProject};
    matches!(error, Error::Assignment(NoPortsEnv { .. } | PortsOfAnotherProject { .. }))
}

/// Gives the project its ports, if somebody says so. Otherwise, reports the error and what to do.
fn set_up(error: &Error, directory: &Path, arguments: &Arguments, terminal: &mut Terminal) -> Result<bool> {
    // Before anybody is asked.
    if !arguments.print && (arguments.init || std::io::stdin().is_terminal()) {
        warn_of_sudo(terminal)?;
    }
    let is_wanted = arguments.init && !arguments.print || {
        let question = format!("{error}. Give this project its ports now?");
        !arguments.print && terminal.confirm(question)?.unwrap_or(false)
    };
    if !is_wanted {
        terminal.error(error);
        if !arguments.init {
            terminal.help("`port-manager run --init COMMAND` does that first.")?;
        }
        return Ok(false);
    }
    let root = ProjectRoot::of_directory(directory, None);
    let done = init(&Context::from_environment()?, &root)?;
    let written = done.written.iter().map(|path| path.strip_prefix(&done.root).unwrap_or(path).display());
    let written: Vec<String> = written.map(|path| path.to_string()).collect();
    let ports = counted(done.ports.len(), "port");
    terminal.say(format_args!("{} has {ports}. Written: {}.", done.project, written.join(", ")))?;
    Ok(true)
}

/// Prints the command line that does the same without port-manager.
fn print(command: &PortsCommand, terminal: &mut Terminal) -> Result<Exit> {
    let variables = command.environment.variables();
    let words: Option<Vec<String>> =
        command.words().map(|word| word.to_str().map(ToOwned::to_owned)).collect();
    let values = variables.iter().map(|(name, value)| Some(((*name).clone(), value.to_str()?.to_owned())));
    let (Some(words), Some(values)) = (words, values.collect::<Option<Vec<_>>>()) else {
        terminal.warn(NO_COMMAND)?;
        return Ok(Exit::Failure);
    };
    let line = if cfg!(windows) {
        let (settings, _) =
            Format::Powershell.text(values.iter().map(|(name, value)| (name, value.as_str())));
        // The program's name is a string there unless it is called.
        command_line(&words).map(|line| format!("{}& {line}", settings.replace('\n', "; ")))
    } else {
        let settings = values.iter().map(|(name, value)| format!("{name}={value}"));
        let words = std::iter::once("env".to_owned()).chain(settings).chain(words);
        command_line(&words.collect::<Vec<_>>())
    };
    match line {
        Some(line) => terminal.print_line(line).map(|()| Exit::Fine),
        None => {
            terminal.warn(NO_COMMAND)?;
            Ok(Exit::Failure)
        }
    }
}

/// Says in one line what the command gets that the environment does not have.
fn describe_what_is_set(command: &PortsCommand, terminal: &mut Terminal) -> Result<()> {
    let values = command.environment.variables();
    let one = |variable: &Variable| match values.get(variable) {
        // A computed value may be long, and hold a password.
        Some(value) if !command.environment.computed.contains_key(variable) => {
            format!("{variable}={}", value.to_string_lossy())
        }
        _ => variable.to_string(),
    };
    let mut parts: Vec<String> = command.changed.iter().take(MOST_SET).map(one).collect();
    if let more @ 1.. = command.changed.len().saturating_sub(MOST_SET) {
        parts.push(format!("{more} more"));
    }
    let set = (!parts.is_empty()).then(|| format!("sets {}", parts.join(", ")));
    let passed = match &command.flag {
        Some(PortFlag::Passed { program, words, variable }) => {
            Some(format!("gives {program} {words} ({variable}); --no-pass-port leaves that out"))
        }
        _ => None,
    };
    let said: Vec<String> = set.into_iter().chain(passed).collect();
    if !said.is_empty() {
        terminal.say(format!("port-manager {}.", said.join(", and ")))?;
    }
    if let Some(PortFlag::Unclear { program, candidates }) = &command.flag {
        let candidates: Vec<&str> = candidates.iter().map(Variable::as_str).collect();
        terminal.help(format!(
            "{program} gets its port by a flag; `--pass-port VARIABLE` passes that of {}",
            candidates.join(" or ")
        ))?;
    }
    Ok(())
}

/// Says what of an environment is not as people may expect it.
pub(super) fn describe_environment(
    environment: &Environment,
    precedence: Precedence,
    terminal: &mut Terminal,
) -> Result<()> {
    name_ignored(&environment.ignored, terminal)?;
    name_differing(environment, precedence, terminal)?;
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
    Environment { differing, differing_computed: computed, .. }: &Environment,
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
    for variable in computed {
        terminal.warn(match precedence {
            Precedence::PortsEnv => {
                format!("{variable} is what port-manager.toml says; the environment had another value")
            }
            Precedence::Environment => {
                format!("{variable} is what the environment says; port-manager.toml says otherwise")
            }
        })?;
    }
    if !(differing.is_empty() && computed.is_empty()) && precedence == Precedence::PortsEnv {
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
    for Renamed { directory, name, variable } in &environment.renamed_below {
        let directory = directory.display();
        terminal.warn(format!(
            "{directory} reads {name} too, and its number is that of {variable}: what this command starts there gets another one"
        ))?;
        terminal.help(format!("Start it by itself: `port-manager run` in {directory}."))?;
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
