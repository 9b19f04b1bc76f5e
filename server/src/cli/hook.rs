//! `port-manager hook SHELL`

use std::fmt::Write as _;

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::terminal::{Terminal, printable};
use crate::error::{Error, Result};
use crate::operations::{
    Format, GIT_HOOK, HOOK_STATE, HookOutcome, HookUpdate, InstalledHook, hook_update, install_git_hook,
};
use crate::paste::{NO_COMMAND, command_line};
use crate::registry::Store;
use crate::variable::Variable;

/// Print the code that loads a project's ports when a shell enters its directory.
///
/// Add the code to the shell's rc file. At each prompt, it sets the ports of the current directory's project. When you
/// leave the project, the variables get the values that they had before. It loads only ports, and the name of Docker
/// Compose's project, so there is nothing to approve first: no text from a clone's files gets into the shell. The values
/// of [env] in port-manager.toml are such text; `port-manager run` and `port-manager env` set those.
///
/// `hook git` prints a post-checkout hook that gives each new worktree its ports. --install adds it to the repository of
/// the current directory; a hook that exists already runs after it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  eval \"$(port-manager hook bash)\"             in ~/.bashrc
  eval \"$(port-manager hook zsh)\"              in ~/.zshrc
  port-manager hook fish | source              in ~/.config/fish/config.fish
  port-manager hook pwsh | Out-String | Invoke-Expression     in $PROFILE
  port-manager hook git --install

With --quiet, the code does not say what it loads.")]
pub(super) struct Arguments {
    /// What the code is for: bash, zsh, fish, pwsh or git.
    #[arg(hide_possible_values = true)]
    shell: Hook,
    /// Install git's hook instead of printing it.
    #[arg(long)]
    install: bool,
    /// What the printed code runs: print what the shell has to change now.
    #[arg(long, hide = true, conflicts_with = "install")]
    update: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Hook {
    Bash,
    Zsh,
    Fish,
    #[value(alias = "powershell")]
    Pwsh,
    Git,
}

impl Hook {
    /// The code, with `{program}` for port-manager.
    fn code(self) -> &'static str {
        match self {
            Self::Bash => include_str!("hook/bash.sh"),
            Self::Zsh => include_str!("hook/zsh.sh"),
            Self::Fish => include_str!("hook/fish.fish"),
            Self::Pwsh => include_str!("hook/pwsh.ps1"),
            Self::Git => GIT_HOOK,
        }
    }

    fn format(self) -> Format {
        match self {
            Self::Bash | Self::Zsh | Self::Git => Format::Sh,
            Self::Fish => Format::Fish,
            Self::Pwsh => Format::Powershell,
        }
    }
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    if arguments.update {
        return update(arguments.shell, terminal);
    }
    if arguments.install {
        return install(arguments.shell, terminal);
    }
    let program = std::env::current_exe().map_err(|source| Error::CurrentProgram { source })?;
    let mut words = vec![program.to_string_lossy().into_owned()];
    words.extend(terminal.is_quiet().then(|| "--quiet".to_owned()));
    let Some(program) = command_line(&words) else {
        terminal.warn(NO_COMMAND)?;
        return Ok(Exit::Failure);
    };
    terminal.print_code(&arguments.shell.code().replace("{program}", &program))?;
    Ok(Exit::Fine)
}

fn install(hook: Hook, terminal: &mut Terminal) -> Result<Exit> {
    if hook != Hook::Git {
        return Err(Error::NotInstallable);
    }
    let directory = std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?;
    let InstalledHook { path, outcome } = install_git_hook(&directory)?;
    let path = printable(&path.display().to_string());
    terminal.say(match outcome {
        HookOutcome::Written => format!("Written: {path}. Each new worktree gets its ports now."),
        HookOutcome::Added => {
            format!("Added to {path}, in front of what is there. Each new worktree gets its ports now.")
        }
        HookOutcome::Kept => format!("{path} has it already; nothing was changed."),
    })?;
    Ok(Exit::Fine)
}

/// Prints the code for what has changed. A shell evaluates it at every prompt, so it never fails.
fn update(hook: Hook, terminal: &mut Terminal) -> Result<Exit> {
    // A directory that was removed has no project.
    let Ok(directory) = std::env::current_dir() else { return Ok(Exit::Fine) };
    let update = hook_update(Store::from_environment(), &directory, |name| std::env::var(name).ok());
    describe(&update, terminal)?;
    terminal.print_code(&code(&update, hook.format()))?;
    Ok(Exit::Fine)
}

fn code(update: &HookUpdate, format: Format) -> String {
    let mut code = String::new();
    let state = HOOK_STATE.parse::<Variable>().ok();
    let is_unset = state.iter().filter(|_| update.state == Some(None));
    for variable in update.removed.iter().chain(is_unset) {
        // Writing to a string cannot fail.
        let _ = writeln!(code, "{}", format.unset(variable).unwrap_or_default());
    }
    let set = update.set.iter().map(|(name, value)| (name, value.as_str()));
    let state = state.iter().zip(update.state.iter().flatten()).map(|(name, state)| (name, state.as_str()));
    code + &format.text(set.chain(state)).0
}

fn describe(update: &HookUpdate, terminal: &mut Terminal) -> Result<()> {
    let loaded: Vec<String> =
        update.loaded.iter().map(|name| format!("{name}={}", update.set[name])).collect();
    if !loaded.is_empty() {
        terminal.say(format!("port-manager: {}", loaded.join(" ")))?;
    } else if !update.unloaded.is_empty() {
        let unloaded: Vec<&str> = update.unloaded.iter().map(Variable::as_str).collect();
        terminal.say(format!("port-manager: unset {}", unloaded.join(" ")))?;
    }
    match &update.complaint {
        Some(error) => {
            terminal.warn(format!("no ports are loaded: {error}"))?;
            error.help().map_or(Ok(()), |help| terminal.help(help))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powershell_sets_restores_and_removes() {
        let name = |text: &str| text.parse::<Variable>().unwrap();
        let update = HookUpdate {
            removed: vec![name("API_PORT")],
            set: [(name("WEB_PORT"), "8000".to_owned())].into(),
            state: Some(Some("{\"set\":{}}".to_owned())),
            ..HookUpdate::default()
        };
        let expected = "Remove-Item -LiteralPath Env:API_PORT -ErrorAction SilentlyContinue\n\
                        $Env:WEB_PORT = '8000'\n$Env:PORT_MANAGER_HOOK = '{\"set\":{}}'\n";
        assert_eq!(code(&update, Format::Powershell), expected);
    }
}
