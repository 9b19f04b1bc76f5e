//! What a shell is offered for a command line.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::CommandFactory as _;
use clap_complete::engine::{CompletionCandidate, complete};

use super::{Shell, line};
use crate::cli::Arguments;
use crate::paste::for_powershell;
use crate::text::{is_hidden, printable};

/// How a command line can go on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// With one of these words, a line each as the shell's script reads them.
    Words(String),
    /// As the command line that begins at this word, from 0.
    AnotherCommand {
        /// The word.
        offset: usize,
    },
}

/// A command line as a shell hands it over.
pub(super) struct Typed {
    /// Its words up to the cursor, without quotes; the first one is the program.
    pub(super) words: Vec<OsString>,
    /// How much of the last word the shell does not complete again: bash completes `sh` of `--project=sh`.
    kept: usize,
}

impl Offer {
    /// What is offered for the words that a shell's script hands over.
    pub(super) fn of(shell: Shell, handed_over: Vec<OsString>) -> Self {
        let Some(typed) = Typed::of(shell, handed_over) else { return Self::Words(String::new()) };
        match (typed.start_of_another_command(), shell) {
            (None, _) => Self::Words(typed.offered(shell)),
            (Some(offset), Shell::Bash | Shell::Zsh | Shell::Fish) => Self::AnotherCommand { offset },
            // The scripts of clap_complete know no other commands; PowerShell offers files where it gets no words.
            (Some(_), Shell::Powershell | Shell::Elvish) => Self::Words(String::new()),
        }
    }
}

impl Typed {
    /// The command line that a shell asks about. `None` where no shell asks.
    pub(super) fn asked() -> Option<Self> {
        let (shell, handed_over) = super::asked()?;
        Self::of(shell, handed_over)
    }

    fn of(shell: Shell, mut handed_over: Vec<OsString>) -> Option<Self> {
        let text = |word: OsString| word.into_string().ok();
        if shell == Shell::Bash {
            // The line up to the cursor, and the part of its last word that bash completes.
            let part = text(handed_over.pop()?)?;
            let words = line::words(&text(handed_over.pop()?)?)?;
            let last = words.last()?;
            let kept = last.strip_suffix(&part).or(last.strip_suffix(&line::unquoted(&part)));
            let kept = kept.map_or(0, str::len);
            return Some(Self { words: words.into_iter().map(OsString::from).collect(), kept });
        }
        let last = handed_over.pop()?;
        handed_over.push(line::unquoted(&text(last)?).into());
        Some(Self { words: handed_over, kept: 0 })
    }

    /// The first word of the command behind `run`, where the cursor is in it.
    fn start_of_another_command(&self) -> Option<usize> {
        let matches = Arguments::command().ignore_errors(true).try_get_matches_from(&self.words).ok()?;
        let ("run", run) = matches.subcommand()? else { return None };
        let offset = self.words.len().checked_sub(run.get_raw("command")?.len())?;
        let first = self.words.get(offset)?;
        // Options of `run` itself stand before the command, and may be unfinished.
        (!first.as_encoded_bytes().starts_with(b"-")).then_some(offset)
    }

    fn offered(&self, shell: Shell) -> String {
        let directory = std::env::current_dir().ok();
        let Some(index) = self.words.len().checked_sub(1) else { return String::new() };
        let offered = complete(&mut Arguments::command(), self.words.clone(), index, directory.as_deref());
        let mut offered = offered.unwrap_or_default();
        // Options are offered where one is begun, or where there is nothing else.
        let is_option = |it: &CompletionCandidate| it.get_value().as_encoded_bytes().starts_with(b"-");
        if self.words.last().is_some_and(|word| word.is_empty()) && !offered.iter().all(is_option) {
            offered.retain(|candidate| !is_option(candidate));
        }
        let mut text = String::new();
        for candidate in &offered {
            // What cannot be shown cannot be chosen.
            let Some(word) = candidate.get_value().to_str().and_then(|word| word.get(self.kept..)) else {
                continue;
            };
            if word.is_empty() || word.chars().any(is_hidden) {
                continue;
            }
            let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
            let help = printable(help.lines().next().unwrap_or_default());
            // Writing to a string cannot fail.
            let _ = match (shell, help.as_str()) {
                (Shell::Bash | Shell::Elvish, _) => writeln!(text, "{word}"),
                // The script shows a word without a tab as its own tooltip; an empty one is an error in PowerShell.
                (Shell::Powershell, "") => writeln!(text, "{}", for_powershell(word)),
                (Shell::Powershell, help) => writeln!(text, "{}\t{help}", for_powershell(word)),
                (_, "") => writeln!(text, "{word}"),
                (Shell::Fish | Shell::Zsh, help) => writeln!(text, "{word}\t{help}"),
            };
        }
        text
    }
}
