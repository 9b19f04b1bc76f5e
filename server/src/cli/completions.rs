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
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, command, "port-manager", &mut script);
    terminal.print(Styled::lines(String::from_utf8_lossy(&script)))?;
    Ok(Exit::Fine)
}
