//! Which project a command is about.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::project::ProjectRoot;

/// The directory that was named as a project of its own, else the project of the current directory.
pub(super) fn root_of(named: Option<PathBuf>) -> Result<ProjectRoot> {
    // A package of a monorepo can be a project of its own, so a directory that is named is taken as it is.
    if let Some(named) = named {
        return ProjectRoot::exact(&named);
    }
    let directory = std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?;
    Ok(ProjectRoot::of_directory(&directory, None))
}
