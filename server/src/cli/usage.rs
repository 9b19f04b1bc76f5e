//! Arguments that are wrong, and the help that was asked for.

use clap::error::{ContextKind, ContextValue, Error as UsageError};
use clap::{CommandFactory as _, Parser as _};

use super::exit::Exit;
use super::styled::Styled;
use super::terminal::{Terminal, TerminalOptions};
use super::{Arguments, ended};
use crate::text::{nearest, printable};

/// Shows what clap has to say instead of running a command: help and the version as data, errors to people.
pub(super) fn answer(error: &UsageError) -> Exit {
    let mut terminal = Terminal::new(&TerminalOptions::default());
    let text = rendered(error);
    if error.use_stderr() {
        terminal.usage(text);
        return Exit::Failure;
    }
    let result = terminal.print(text).and_then(|()| terminal.flush()).map(|()| Exit::Fine);
    ended(result, &mut terminal)
}

/// clap repeats arguments as they are, with its own colours around them. So an error is made again from printable
/// arguments, of which it can repeat anything.
fn rendered(error: &UsageError) -> Styled {
    let arguments = std::env::args_os().map(|argument| printable(&argument.to_string_lossy()));
    match Arguments::try_parse_from(arguments) {
        Err(mut printable) if printable.kind() == error.kind() => {
            suggest(&mut printable);
            Styled::rendered(&printable.render().ansi().to_string())
        }
        _ => Styled::lines(error.render()),
    }
}

/// Adds what somebody may have meant where clap has no suggestion: it has none for short words such as `wbe`.
fn suggest(error: &mut UsageError) {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let is_suggested = |kind| error.get(kind).is_some();
    if let Some(wrong) = text(ContextKind::InvalidSubcommand)
        && !is_suggested(ContextKind::SuggestedSubcommand)
    {
        let commands = Arguments::command();
        if let Some(near) = nearest(&wrong, commands.get_subcommands().map(clap::Command::get_name)) {
            error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![near.to_owned()]));
        }
    } else if let Some(wrong) = text(ContextKind::InvalidValue)
        && !is_suggested(ContextKind::SuggestedValue)
        && let Some(ContextValue::Strings(known)) = error.get(ContextKind::ValidValue)
        && let Some(near) = nearest(&wrong, known.iter().map(String::as_str))
    {
        let near = near.to_owned();
        error.insert(ContextKind::SuggestedValue, ContextValue::String(near));
    }
}
