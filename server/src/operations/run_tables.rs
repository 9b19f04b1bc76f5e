//! The tables `[run."packages/web"]` of a project's `port-manager.toml`, read for a directory and added to.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::files::{self, Pending};
use crate::project::ProjectRoot;
use crate::project::map::{MappedPort, PortMap, Renamed};
use crate::rules::{SETTINGS_FILE_NAME, Settings, add_run_entries};
use crate::variable::Variable;

/// The tables as they are for one directory.
#[derive(Debug, Default)]
pub(super) struct TablesHere {
    /// The directory of the table that applies, relative to that of the file; `None` where none does.
    pub(super) directory: Option<PathBuf>,
    /// What it says: a name, and the variable whose number it is.
    pub(super) names: Vec<(Variable, Variable)>,
    /// The directories of tables that are reached through a symbolic link, and so apply nowhere.
    pub(super) linked: Vec<PathBuf>,
}

/// What the tables say for a directory of the project.
///
/// # Errors
/// When the directory or `port-manager.toml` cannot be read.
pub(super) fn of_directory(root: &ProjectRoot, directory: &Path) -> Result<TablesHere> {
    let above = root.nearest_with(SETTINGS_FILE_NAME);
    let settings = Settings::load(above)?;
    let tables = settings.run_tables();
    let directory = files::canonicalize(directory).map_err(Error::reading(directory))?;
    let linked = tables.directories().filter(|table| has_link(above, table)).map(Path::to_owned).collect();
    let table = directory.strip_prefix(above).ok().and_then(|within| tables.innermost(within));
    Ok(match table {
        Some((directory, names)) => TablesHere {
            directory: Some(directory.to_owned()),
            names: names.map(|(name, variable)| (name.clone(), variable.clone())).collect(),
            linked,
        },
        None => TablesHere { linked, ..TablesHere::default() },
    })
}

/// Which variables components of the project read under another name. A file that cannot be read says nothing here:
/// `check` and `run` report it.
pub(super) fn renamed(root: &ProjectRoot) -> Vec<Renamed> {
    Settings::load(root.nearest_with(SETTINGS_FILE_NAME)).unwrap_or_default().renamed_in(root)
}

/// Whether one of the directories below `above` on the way is a symbolic link.
fn has_link(above: &Path, directory: &Path) -> bool {
    directory
        .ancestors()
        .filter(|part| !part.as_os_str().is_empty())
        .any(|part| above.join(part).is_symlink())
}

/// What the `port-manager.toml` that the project obeys, or will have, lacks: a table for each component that reads `PORT` for
/// a port of its own. What people wrote there stays.
///
/// # Errors
/// When the file is not one of settings, has something else where a table belongs, or cannot be read.
pub(super) fn pending(root: &ProjectRoot, map: &PortMap) -> Result<Option<Pending>> {
    let above = root.nearest_with(SETTINGS_FILE_NAME);
    let within = root.as_path().strip_prefix(above).unwrap_or(Path::new(""));
    let settings = Settings::load(above)?;
    let is_missing = |entry: &Renamed| match settings.run_tables().innermost(&entry.directory) {
        Some((_, mut names)) => names.all(|(name, _)| *name != entry.name),
        None => true,
    };
    let of_port = |port: &MappedPort| {
        let directory = within.join(port.reads_bare_port.as_ref()?);
        Some(Renamed { directory, name: Variable::bare(), variable: port.variable.clone() })
    };
    let decided = map.ports().iter().filter(|port| port.is_decided_here());
    let entries: Vec<Renamed> = decided.filter_map(of_port).filter(is_missing).collect();
    if entries.is_empty() {
        return Ok(None);
    }
    let text = files::read_within(above, SETTINGS_FILE_NAME)?.unwrap_or_default();
    files::pending_within(above, SETTINGS_FILE_NAME, add_run_entries(&entries, &text, above)?)
}
