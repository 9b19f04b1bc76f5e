//! Starting a program by the name that people type.

use std::ffi::OsStr;
use std::process::Command;

/// A command that runs a program, by its path or by a name in the `PATH`. On Windows, a name without an ending finds a
/// script too, as in a terminal: `npm` is `npm.cmd` there.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let program = program.as_ref();
    #[cfg(windows)]
    if let Ok(found) = which::which(program) {
        return Command::new(found);
    }
    Command::new(program)
}
