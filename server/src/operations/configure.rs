//! Tells a project's rules to be quiet about something.

use std::path::PathBuf;

use serde::Serialize;

use super::run_tables;
use crate::error::Result;
use crate::files;
use crate::project::ProjectRoot;
use crate::project::map::Renamed;
use crate::rules::{Exception, SETTINGS_FILE_NAME};

/// What [`configure`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Configured {
    /// The project's name.
    pub project: String,
    /// Its root directory.
    pub root: PathBuf,
    /// The files of the project that were written; empty where the entry was there already.
    pub written: Vec<PathBuf>,
}

/// Has the `port-manager.toml` that the project obeys say that code reads variables under other names. What people wrote
/// there stays.
///
/// # Errors
/// As [`configure`].
pub fn rename(root: &ProjectRoot, entries: &[Renamed]) -> Result<Configured> {
    let written = files::write_pending(run_tables::pending_entries(root, entries.iter().cloned())?)?;
    Ok(Configured {
        project: root.name(),
        root: root.as_path().to_owned(),
        written: written.into_iter().collect(),
    })
}

/// Adds an entry to the `port-manager.toml` that the project obeys. Creates the file where it is missing.
///
/// # Errors
/// When the file is no TOML, has something else where the entry belongs, or cannot be read or written.
pub fn configure(root: &ProjectRoot, exception: &Exception) -> Result<Configured> {
    let directory = root.nearest_with(SETTINGS_FILE_NAME);
    let text = files::read_within(directory, SETTINGS_FILE_NAME)?.unwrap_or_default();
    let text = exception.add_to(&text, directory)?;
    let written = files::write_within(directory, SETTINGS_FILE_NAME, &text)?;
    Ok(Configured {
        project: root.name(),
        root: root.as_path().to_owned(),
        written: written.into_iter().collect(),
    })
}
