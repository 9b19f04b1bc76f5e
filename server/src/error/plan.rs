//! Why planned changes of files were not made.

use std::io;
use std::path::PathBuf;

use crate::variable::Variable;

/// Planned changes of files were not made.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// There was no terminal to ask whether something is to be removed.
    #[error("there is no terminal to ask whether to remove this")]
    RemovalNotConfirmed,
    /// An editor asked to write into a directory that is not open in it.
    #[error("{} is not open in the editor, so nothing is written there", path.display())]
    NotOpen {
        /// The directory or file.
        path: PathBuf,
    },
    /// The request was cancelled before anything was changed.
    #[error("cancelled, so nothing was changed")]
    Cancelled,
    /// A fix for all places of a port was offered, and a file with one of them has changed since.
    #[error("the files that {variable} is for have changed since this fix was offered, so nothing was fixed")]
    FixOutdated {
        /// The variable.
        variable: Variable,
    },
    /// A file has changed since a plan of changes was made of it.
    #[error("{} has changed since the plan was made, so nothing was changed", path.display())]
    Outdated {
        /// The file.
        path: PathBuf,
    },
    /// A plan would change a file whose text in the editor is not saved.
    #[error("{} is not saved", path.display())]
    NotSaved {
        /// The file.
        path: PathBuf,
    },
    /// A plan failed, and a file could not get its old text back.
    #[error("cannot restore {}: {source}; its old text is in {}", path.display(), kept.display())]
    NotRestored {
        /// The file.
        path: PathBuf,
        /// What has its old text.
        kept: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that is to be edited is not written in its format.
    #[error("{}:{line}:{column}: {message}", path.display())]
    NotUnderstood {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// There was no terminal to ask whether a plan is to be applied.
    #[error("there is no terminal to ask whether to make these changes")]
    NotConfirmed,
}

impl PlanError {
    /// What to do next; `None` where the text already says it.
    pub(super) fn help(&self) -> Option<String> {
        Some(match self {
            Self::RemovalNotConfirmed => {
                "Pass --yes to remove it without being asked, or --dry-run to see it.".to_owned()
            }
            Self::NotConfirmed => {
                "Pass --yes to make them without being asked, or --diff to see them as a patch.".to_owned()
            }
            Self::NotOpen { .. } => "Open the folder, or run port-manager in a terminal there.".to_owned(),
            Self::Cancelled => return None,
            Self::FixOutdated { .. } => "Ask for the quick fixes again.".to_owned(),
            Self::Outdated { .. } => "Run the command again.".to_owned(),
            Self::NotSaved { .. } => "Save it, and run the command again.".to_owned(),
            Self::NotRestored { kept, path, .. } => format!("Move {} to {}.", kept.display(), path.display()),
            Self::NotUnderstood { .. } => {
                "The file was left as it is. Correct it, then run this again.".to_owned()
            }
        })
    }
}
