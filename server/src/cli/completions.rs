//! `port-manager completions SHELL`, and what it answers the shell later
//!
//! The script that it prints asks port-manager again at each press of the Tab key, so the shell knows the projects,
//! variables and ports of that moment.

mod line;
mod offers;
#[cfg(test)]
mod tests;
mod values;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use clap_complete::env::{Elvish, EnvCompleter, Powershell};

use self::offers::Offer;
pub(super) use self::values::{
    assignments, commands, ports, projects, reservations, service_types, variables,
};
use super::exit::Exit;
use super::terminal::Terminal;
use crate::error::{Error, Result};

/// Print the code that completes commands, options and names in a shell.
///
/// It offers the projects, variables, ports, rules and targets that there are when you press Tab, and behind `run` what the
/// shell offers for that command. The shell asks the `port-manager` on the PATH each time; nothing is written.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  eval \"$(port-manager completions bash)\"           in ~/.bashrc
  eval \"$(port-manager completions zsh)\"            in ~/.zshrc, after compinit
  port-manager completions fish | source            in ~/.config/fish/config.fish
  port-manager completions powershell | Out-String | Invoke-Expression     in $PROFILE
  eval (port-manager completions elvish | slurp)    in ~/.config/elvish/rc.elv

Or save the code where the shell looks for it:
  port-manager completions bash > ~/.local/share/bash-completion/completions/port-manager
  port-manager completions zsh > ~/.zfunc/_port-manager, where ~/.zfunc is in fpath
  port-manager completions fish > ~/.config/fish/completions/port-manager.fish")]
pub(super) struct Arguments {
    /// The shell.
    shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(alias = "pwsh")]
    Powershell,
    Elvish,
}

/// The program that a shell asks.
const PROGRAM: &str = "port-manager";

/// The variable by which a shell asks: its name is the value, and `--` and the words follow. The scripts have it, too.
const ASKING: &str = "PORT_MANAGER_COMPLETE";

/// The exit code that says that the words from a number on are a command line of their own. The scripts have it, too.
const ANOTHER_COMMAND: u8 = 3;

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    terminal.print_code(&arguments.shell.script()?)?;
    Ok(Exit::Fine)
}

impl Shell {
    /// The code that the shell evaluates once.
    fn script(self) -> Result<String> {
        Ok(match self {
            Self::Bash => include_str!("completions/bash.sh").to_owned(),
            Self::Zsh => include_str!("completions/zsh.zsh").to_owned(),
            Self::Fish => include_str!("completions/fish.fish").to_owned(),
            Self::Powershell => registration(&Powershell)?,
            Self::Elvish => registration(&Elvish)?,
        })
    }
}

/// The script of clap_complete.
fn registration(shell: &dyn EnvCompleter) -> Result<String> {
    let mut script = Vec::new();
    let written = shell.write_registration(ASKING, PROGRAM, PROGRAM, PROGRAM, &mut script);
    written.map_err(|source| Error::Output { source })?;
    Ok(format!("{}\n", String::from_utf8_lossy(&script).trim()))
}

/// Answers a shell that asks how a command line goes on. `None` where no shell asks.
///
/// It never fails and says nothing on stderr: people are typing.
pub(super) fn answer() -> Option<ExitCode> {
    let (shell, handed_over) = asked()?;
    let (text, code) = match Offer::of(shell, handed_over) {
        Offer::Words(words) => (words, ExitCode::SUCCESS),
        Offer::AnotherCommand { offset } => (format!("{offset}\n"), ExitCode::from(ANOTHER_COMMAND)),
    };
    let mut stdout = std::io::stdout();
    // A shell that has stopped listening needs no answer.
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    Some(code)
}

/// The shell that asks, and what it hands over. `None` where no shell asks.
fn asked() -> Option<(Shell, Vec<OsString>)> {
    let shell = std::env::var(ASKING).ok().and_then(|name| Shell::from_str(&name, false).ok())?;
    let mut words = std::env::args_os().skip(1);
    (words.next()? == "--").then(|| (shell, words.collect()))
}
