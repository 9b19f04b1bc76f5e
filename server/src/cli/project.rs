//! Which project a command is about.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use crate::error::{Error, Result};
use crate::operations::{Which, directory_named};
use crate::project::ProjectRoot;
use crate::registry::Store;

/// A project as people name it: by its name, or by a directory in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named(String);

impl FromStr for Named {
    type Err = Infallible;

    fn from_str(text: &str) -> std::result::Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl Named {
    /// The project of the registry that is meant.
    pub(super) fn which(&self) -> Which<'_> {
        Which::Named(&self.0)
    }
}

/// The directory of the project that was named, else the current directory.
pub(super) fn directory_of(named: Option<&Named>) -> Result<PathBuf> {
    match named {
        Some(Named(name)) => directory_named(Store::from_environment(), name),
        None => std::env::current_dir().map_err(|source| Error::CurrentDirectory { source }),
    }
}

/// The root of the project that was named, else of the current directory's project.
pub(super) fn root_named(named: Option<&Named>) -> Result<ProjectRoot> {
    match named {
        Some(_) => ProjectRoot::exact(&directory_of(named)?),
        None => root_of(None),
    }
}

/// The directory that was given as a project of its own, else the root of the current directory's project.
pub(super) fn root_of(given: Option<PathBuf>) -> Result<ProjectRoot> {
    // A package of a monorepo can be a project of its own, so a directory that is named is taken as it is.
    match given {
        Some(directory) => ProjectRoot::exact(&directory),
        None => Ok(ProjectRoot::of_directory(&directory_of(None)?, None)),
    }
}
