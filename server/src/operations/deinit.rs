//! Undoes `init`.

use std::path::PathBuf;

use serde::Serialize;

use super::{Context, RemovedPort};
use crate::error::{AssignmentError, Error, Result};
use crate::ports_env::{self, FILE_NAME};
use crate::project::ProjectRoot;
use crate::registry::{Registry, Store};
use crate::rules::SETTINGS_FILE_NAME;

/// What [`deinit`] did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deinitialized {
    /// Whether this only says what would be done.
    pub dry_run: bool,
    /// The project's name.
    pub project: String,
    /// Its root directory.
    pub root: PathBuf,
    /// The ports that it had, in the order of the variables' names.
    pub ports: Vec<RemovedPort>,
    /// The files that were removed.
    pub removed: Vec<PathBuf>,
    /// The files that lost what `init` wrote, and keep what people wrote.
    pub written: Vec<PathBuf>,
    /// The `.ports.env` and `.ports.env.example` that stay, as they have what people wrote; and `port-manager.toml`, which is
    /// the team's.
    pub kept: Vec<PathBuf>,
}

/// Removes what `init` wrote: the project's entry in the registry, `.ports.env`, `.ports.env.example`, and the line in
/// `.gitignore`. What people wrote into these files stays. With `dry_run` nothing is changed.
///
/// # Errors
/// [`AssignmentError::NotSetUp`], a truthful "no", when there is nothing to remove; and when the registry or a file of the
/// project cannot be read or written.
pub fn deinit(context: &Context, root: &ProjectRoot, dry_run: bool) -> Result<Deinitialized> {
    let key = root.key()?;
    if dry_run {
        return plan(root, &context.store.load()?, dry_run).map(|(planned, _)| planned);
    }
    Store::retrying(|| {
        let mut transaction = context.store.begin()?;
        let (planned, files) = plan(root, &transaction.registry, dry_run)?;
        // First, as one that cannot be written still names the project's numbers.
        for file in files {
            file.apply(root.as_path())?;
        }
        transaction.registry.remove_project(key);
        transaction.commit()?;
        Ok(planned)
    })
}

fn plan(
    root: &ProjectRoot,
    registry: &Registry,
    dry_run: bool,
) -> Result<(Deinitialized, Vec<ports_env::Stripped>)> {
    let project = registry.project(root.key()?);
    let files = ports_env::stripped(root.as_path())?;
    if project.is_none() && files.is_empty() {
        return Err(Error::Assignment(AssignmentError::NotSetUp { root: root.as_path().to_owned() }));
    }
    let ports = project.into_iter().flat_map(|project| project.ports());
    let ports = ports.map(|(variable, own)| RemovedPort {
        variable: variable.clone(),
        port: own.port,
        service: own.service,
    });
    let paths = |is_removed: bool| {
        let chosen = files.iter().filter(move |file| file.is_removed() == is_removed);
        chosen.map(|file| file.path(root.as_path())).collect::<Vec<_>>()
    };
    let (removed, written) = (paths(true), paths(false));
    let ours = [FILE_NAME, ports_env::EXAMPLE_FILE_NAME, SETTINGS_FILE_NAME];
    let ours = ours.map(|name| root.as_path().join(name));
    let planned = Deinitialized {
        dry_run,
        project: project.map_or_else(|| root.name(), |project| project.name().to_owned()),
        root: root.as_path().to_owned(),
        ports: ports.collect(),
        kept: ours.into_iter().filter(|path| path.exists() && !removed.contains(path)).collect(),
        removed,
        written,
    };
    Ok((planned, files))
}
