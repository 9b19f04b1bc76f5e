//! Arguments that are wrong, and the help that was asked for.

use clap::Parser as _;
use clap::error::Error as UsageError;

use super::exit::Exit;
use super::styled::Styled;
use super::terminal::{Terminal, TerminalOptions};
use super::{Arguments, ended};
use crate::text::printable;

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
        Err(printable) if printable.kind() == error.kind() => {
            Styled::rendered(&printable.render().ansi().to_string())
        }
        _ => Styled::lines(error.render()),
    }
}
