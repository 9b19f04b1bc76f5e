//! `port-manager completions SHELL`

use clap::{Args, Command};
use clap_complete::Shell;

use super::exit::Exit;
use super::styled::Styled;
use super::terminal::Terminal;
use crate::error::Result;

/// Print the completions of a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager completions bash > ~/.local/share/bash-completion/completions/port-manager
  port-manager completions zsh > ~/.zfunc/_port-manager
  port-manager completions fish > ~/.config/fish/completions/port-manager.fish")]
pub(super) struct Arguments {
    /// The shell.
    shell: Shell,
}

pub(super) fn run(arguments: Arguments, command: &mut Command, terminal: &mut Terminal) -> Result<Exit> {
    let script = match arguments.shell {
        Shell::Bash => bash(command),
        shell => generated(shell, command, NAME),
    };
    terminal.print(Styled::lines(script))?;
    Ok(Exit::Fine)
}

const NAME: &str = "port-manager";

/// The script for bash.
///
/// clap_complete (4.6.11, clap's issue 6421) spells a hyphen in the program's name in one way where the script notes
/// the command, and in another where it looks it up, so nothing is completed behind the first word. The script is
/// therefore made for a name without a hyphen, and registered for the real one.
fn bash(command: &mut Command) -> String {
    const WITHOUT_HYPHEN: &str = "port_manager";
    let script = generated(Shell::Bash, command, WITHOUT_HYPHEN);
    let registered = |line: &str| match line.strip_suffix(WITHOUT_HYPHEN) {
        Some(registration) if line.trim_start().starts_with("complete ") => format!("{registration}{NAME}\n"),
        _ => format!("{line}\n"),
    };
    script.lines().map(registered).collect()
}

fn generated(shell: Shell, command: &mut Command, name: &str) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, command, name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
