//! The tables `[run."packages/web"]` of a project's `port-manager.toml`, read for a directory and added to.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::files;
use crate::project::ProjectRoot;
use crate::project::map::{PortMap, Renamed};
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

/// Gives each component that reads `PORT` for a port of its own a table in the `port-manager.toml` that the project obeys,
/// which is made where there is none. What people wrote there stays. The path where the file was written.
///
/// # Errors
/// When the file is not TOML, has something else where a table belongs, or cannot be read or written.
pub fn add_run_tables(root: &ProjectRoot, map: &PortMap) -> Result<Option<PathBuf>> {
    let above = root.nearest_with(SETTINGS_FILE_NAME);
    let within = root.as_path().strip_prefix(above).unwrap_or(Path::new(""));
    let entries: Vec<Renamed> = map
        .ports()
        .iter()
        .filter(|port| port.is_decided_here())
        .filter_map(|port| {
            Some(Renamed {
                directory: within.join(port.reads_bare_port.as_ref()?),
                name: Variable::bare(),
                variable: port.variable.clone(),
            })
        })
        .collect();
    if entries.is_empty() {
        return Ok(None);
    }
    let text = files::read_within(above, SETTINGS_FILE_NAME)?.unwrap_or_default();
    files::write_within(above, SETTINGS_FILE_NAME, &add_run_entries(&entries, &text, above)?)
}
