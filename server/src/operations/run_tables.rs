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
    /// What they say, each with the directory of its table, relative to that of the file.
    pub(super) entries: Vec<Renamed>,
    /// What tables of directories below this one say of a name that has another variable here.
    pub(super) below: Vec<Renamed>,
    /// The directories of tables that are reached through a symbolic link, and so apply nowhere.
    pub(super) linked: Vec<PathBuf>,
    /// The whole file.
    pub(super) settings: Settings,
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
    let within = directory.strip_prefix(above).ok();
    let entries = within.map(|within| tables.entries_at(within)).unwrap_or_default();
    let is_another = |below: &Renamed| {
        let differs = |own: &Renamed| own.name == below.name && own.variable != below.variable;
        !below.directory.as_os_str().is_empty() && entries.iter().any(differs)
    };
    let below = within.into_iter().flat_map(|within| tables.entries_within(within)).filter(is_another);
    let below = below.collect();
    Ok(TablesHere { entries, below, linked, settings })
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
/// a port of its own, and an entry for each name with a bundler's prefix that a page reads. What people wrote there stays.
///
/// # Errors
/// When the file is not one of settings, has something else where a table belongs, or cannot be read.
pub(super) fn pending(root: &ProjectRoot, map: &PortMap) -> Result<Option<Pending>> {
    pending_with(root, map, [])
}

/// The same with more entries.
///
/// # Errors
/// As [`pending`].
pub(super) fn pending_with(
    root: &ProjectRoot,
    map: &PortMap,
    more: impl IntoIterator<Item = Renamed>,
) -> Result<Option<Pending>> {
    let of_port = |port: &MappedPort| {
        let entry = |directory: &Path, name: &Variable| Renamed {
            directory: directory.to_owned(),
            name: name.clone(),
            variable: map.meant_by(port).variable.clone(),
        };
        let bare = port.reads_bare_port.as_ref().map(|directory| entry(directory, &Variable::bare()));
        let public = port.public_names.iter().map(|name| entry(Path::new(""), name));
        bare.into_iter().chain(public).collect::<Vec<_>>()
    };
    let decided = map.ports().iter().filter(|port| port.is_decided_here());
    pending_entries(root, decided.flat_map(of_port).chain(more))
}

/// What that file lacks of these entries, whose directories are relative to the project's root.
///
/// # Errors
/// As [`pending`].
pub(super) fn pending_entries(
    root: &ProjectRoot,
    entries: impl IntoIterator<Item = Renamed>,
) -> Result<Option<Pending>> {
    let above = root.nearest_with(SETTINGS_FILE_NAME);
    let within = root.as_path().strip_prefix(above).unwrap_or(Path::new(""));
    let settings = Settings::load(above)?;
    let is_missing = |entry: &Renamed| {
        settings.run_tables().entries_at(&entry.directory).iter().all(|there| there.name != entry.name)
    };
    let entries =
        entries.into_iter().map(|entry| Renamed { directory: within.join(&entry.directory), ..entry });
    let entries: Vec<Renamed> = entries.filter(is_missing).collect();
    if entries.is_empty() {
        return Ok(None);
    }
    let text = files::read_within(above, SETTINGS_FILE_NAME)?.unwrap_or_default();
    files::pending_within(above, SETTINGS_FILE_NAME, add_run_entries(&entries, &text, above)?)
}
