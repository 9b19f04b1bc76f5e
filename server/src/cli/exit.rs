//! How a command went, as scripts see it.

use std::process::ExitCode;

/// How a command went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// All is well.
    Fine,
    /// It was done, and the answer is no: there are findings, the port is not free, there is nothing
    /// to show.
    No,
    /// It could not be done.
    Failure,
}

impl Exit {
    /// `Fine` if so, else `No`.
    pub(super) fn fine_if(is_fine: bool) -> Self {
        if is_fine { Self::Fine } else { Self::No }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::No => 1,
            Exit::Failure => 2,
        })
    }
}
