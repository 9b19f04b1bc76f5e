//! Projects: roots, names, worktrees; what services a project seems to need.

use std::path::{Path, PathBuf};

/// The canonical path of a project's root directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectRoot(PathBuf);

impl ProjectRoot {
    /// The directory.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.0
    }
}
