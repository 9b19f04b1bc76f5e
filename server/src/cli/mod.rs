//! The command line: one file for each command. stdout is data, stderr is for people.

mod adopt;
mod check;
mod clean;
mod completions;
mod config;
mod deinit;
mod doctor;
mod env;
mod exit;
mod explain;
mod free;
mod get;
mod get_port;
mod hook;
mod init;
mod integrate;
mod labels;
mod lsp;
mod man;
mod mcp;
mod moved;
mod ports;
mod project;
mod release;
mod remove;
mod rename;
mod run;
mod service_type;
mod set;
mod show;
mod status;
mod style;
mod styled;
mod table;
mod target;
mod terminal;
mod unread;
mod unset;
mod url;
mod usage;
mod which;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use exit::Exit;
use terminal::{Terminal, TerminalOptions};

use crate::error::{Error, Result};
use crate::operations::doctor::sudo_user;
use crate::registry::Store;

/// Stable ports for every project on this machine.
///
/// Every project gets ports of its own, kept in one registry; code reads them from environment
/// variables; `check` and the editor show where somebody typed a number instead.
#[derive(Debug, Parser)]
#[command(
    name = "port-manager",
    version = crate::version::NUMBER,
    long_version = crate::version::VERSION,
    styles = style::HELP,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Start in a project's directory:
  port-manager init       gives it ports and writes .ports.env
  port-manager check      shows where a port is hardcoded
  port-manager status     shows every project's ports, and who listens now

Environment:
  PORT_MANAGER_CONFIG_DIR  the directory of the registry [default: ~/.config/port-manager]
  NO_COLOR                 no colours

Exit codes: 0 fine; 1 findings, or the answer is no; 2 wrong usage or failure."
)]
struct Arguments {
    #[command(flatten)]
    terminal: TerminalOptions,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Arguments),
    Adopt(adopt::Arguments),
    Integrate(integrate::Arguments),
    Status(status::Arguments),
    Show(show::Arguments),
    Ports(ports::Arguments),
    Run(run::Arguments),
    Env(env::Arguments),
    Hook(hook::Arguments),
    Get(get::Arguments),
    Url(url::UrlArguments),
    Open(url::OpenArguments),
    Which(which::Arguments),
    Set(set::Arguments),
    Unset(unset::Arguments),
    Rename(rename::Arguments),
    Free(free::Arguments),
    GetPort(get_port::Arguments),
    Release(release::Arguments),
    Deinit(deinit::Arguments),
    Remove(remove::Arguments),
    Clean(clean::Arguments),
    Config(config::Arguments),
    Doctor(doctor::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Lsp(lsp::Arguments),
    Mcp(mcp::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Command {
    /// Whether it may change the registry of the user who runs it, or the settings beside it. `run` says so itself, where it
    /// sets a project up.
    fn changes_the_registry(&self) -> bool {
        matches!(
            self,
            Self::Init(_)
                | Self::Adopt(_)
                | Self::Set(_)
                | Self::Unset(_)
                | Self::Rename(_)
                | Self::GetPort(_)
                | Self::Release(_)
                | Self::Deinit(_)
                | Self::Remove(_)
                | Self::Clean(_)
                | Self::Config(config::Arguments { action: config::Action::Edit })
        )
    }
}

impl Command {
    /// Whether it shows what the settings decide, and chooses no number. What chooses one fails without them.
    fn shows_settings(&self) -> bool {
        matches!(
            self,
            Self::Integrate(_)
                | Self::Status(_)
                | Self::Show(_)
                | Self::Ports(_)
                | Self::Run(_)
                | Self::Check(_)
                | Self::Explain(_)
        )
    }
}

/// The servers that the command line starts and does not know.
#[derive(Debug, Clone, Copy)]
pub struct Servers {
    /// The language server; returns whether the editor ended the session as the protocol wants it.
    pub lsp: fn() -> Result<bool>,
    /// The server for coding agents.
    pub mcp: fn() -> Result<()>,
}

/// Does what the arguments of the process say, and returns how it went as an exit code.
#[must_use]
pub fn main(servers: Servers) -> ExitCode {
    if let Some(answered) = completions::answer() {
        return answered;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::answer(&error).into(),
    };
    let mut terminal = Terminal::new(&arguments.terminal);
    // The protocol's output is not ours, and a client that reads no more would keep us waiting.
    let is_protocol = matches!(arguments.command, Command::Lsp(_) | Command::Mcp(_));
    let result = run(arguments.command, servers, &mut terminal).and_then(|exit| {
        if !is_protocol {
            terminal.flush()?;
        }
        Ok(exit)
    });
    ended(result, &mut terminal).into()
}

/// How a command went; where it failed, people are told why.
fn ended(result: Result<Exit>, terminal: &mut Terminal) -> Exit {
    match result {
        Ok(exit) => exit,
        // The reader of our output has seen enough: `port-manager check | head`.
        Err(Error::Output { source }) if source.kind() == std::io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(error) => {
            terminal.error(&error);
            Exit::Failure
        }
    }
}

/// Says whose registry is written where that is not the user's own.
fn warn_of_sudo(terminal: &mut Terminal) -> Result<()> {
    let Some(user) = sudo_user() else { return Ok(()) };
    terminal.warn(format_args!("this runs through sudo, so the registry is not that of {user}"))?;
    terminal.help("Run it without sudo; or name a registry with PORT_MANAGER_CONFIG_DIR.")
}

fn run(command: Command, servers: Servers, terminal: &mut Terminal) -> Result<Exit> {
    if command.changes_the_registry() {
        warn_of_sudo(terminal)?;
    }
    if command.shows_settings()
        && let Ok(store) = Store::from_environment()
        && let Err(error) = store.config()
    {
        terminal.warn(format_args!("{error}; what is built in is used"))?;
        terminal.help("Correct it with `port-manager config edit`; until then no port is assigned.")?;
    }
    match command {
        Command::Init(arguments) => init::run(arguments, terminal),
        Command::Adopt(arguments) => adopt::run(arguments, terminal),
        Command::Integrate(arguments) => integrate::run(arguments, terminal),
        Command::Status(arguments) => status::run(arguments, terminal),
        Command::Show(arguments) => show::run(arguments, terminal),
        Command::Ports(arguments) => ports::run(arguments, terminal),
        Command::Run(arguments) => run::run(arguments, terminal),
        Command::Env(arguments) => env::run(arguments, terminal),
        Command::Hook(arguments) => hook::run(arguments, terminal),
        Command::Get(arguments) => get::run(arguments, terminal),
        Command::Url(arguments) => url::url(arguments, terminal),
        Command::Open(arguments) => url::open(arguments, terminal),
        Command::Which(arguments) => which::run(arguments, terminal),
        Command::Set(arguments) => set::run(arguments, terminal),
        Command::Unset(arguments) => unset::run(arguments, terminal),
        Command::Rename(arguments) => rename::run(arguments, terminal),
        Command::Free(arguments) => free::run(arguments, terminal),
        Command::GetPort(arguments) => get_port::run(arguments, terminal),
        Command::Release(arguments) => release::run(arguments, terminal),
        Command::Deinit(arguments) => deinit::run(arguments, terminal),
        Command::Remove(arguments) => remove::run(arguments, terminal),
        Command::Clean(arguments) => clean::run(arguments, terminal),
        Command::Config(arguments) => config::run(arguments, terminal),
        Command::Doctor(arguments) => doctor::run(arguments, terminal),
        Command::Check(arguments) => check::run(arguments, terminal),
        Command::Explain(arguments) => explain::run(arguments, terminal),
        Command::Lsp(arguments) => lsp::run(arguments, servers.lsp),
        Command::Mcp(arguments) => mcp::run(arguments, servers.mcp),
        Command::Completions(arguments) => completions::run(arguments, terminal),
        Command::Man(arguments) => man::run(arguments, Arguments::command(), terminal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }
}
