//! What git does not have or refuses.

use std::path::PathBuf;

/// git does not have something, or refuses it.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// A directory is in no git repository.
    #[error("{} is not in a git repository", path.display())]
    NoRepository {
        /// The directory.
        path: PathBuf,
    },
    /// A repository does not have a revision.
    #[error("{} has no revision '{revision}'", root.display())]
    UnknownRevision {
        /// What was asked for.
        revision: String,
        /// The repository's root.
        root: PathBuf,
    },
    /// git failed.
    #[error("git failed: {said}")]
    Failed {
        /// What it said.
        said: String,
    },
    /// A git hook belongs to another tool, or cannot be extended.
    #[error("the hook {} is left as it is: {reason}", path.display())]
    ForeignHook {
        /// The hook's file.
        path: PathBuf,
        /// Why.
        reason: &'static str,
    },
}

impl GitError {
    /// What to do next; `None` where the text already says it.
    pub(super) fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::NoRepository { .. } => {
                    "Name files or a directory of a repository; `git init` makes one."
                }
                Self::UnknownRevision { .. } => {
                    "Name a branch, a tag or a commit. A build often has the newest commit only: fetch the other \
                     one first."
                }
                Self::Failed { .. } => return None,
                Self::ForeignHook { .. } => "Add what `port-manager hook git` prints to it yourself.",
            }
            .to_owned(),
        )
    }
}
