//! Everything that can go wrong, said in full: what, where, and what to do next.

use std::io;
use std::path::{Path, PathBuf};

/// The one error of the crate. Its text says what happened and where; [`Error::help`] says what to
/// do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or directory could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or directory could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system does not tell who listens.
    #[error("cannot find out who listens on this machine: {reason}")]
    Listeners {
        /// What the system said.
        reason: String,
    },
}

/// What a fallible function of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A closure for `map_err` on reading `path`.
    pub fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }

    /// A closure for `map_err` on writing `path`.
    pub fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }

    /// What to do next, as one sentence or a command; `None` where the text already says it all.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Read { .. } | Self::Write { .. } | Self::Listeners { .. } => None,
        }
    }
}
