//! Gives one variable of a project its port.

use std::path::PathBuf;

use serde::Serialize;

use super::session::{Changes, Effect, Session};
use super::{CleanedProject, Context, ProjectPort, run_tables};
use crate::error::Result;
use crate::files;
use crate::port::Port;
use crate::project::ProjectRoot;
use crate::project::map::Renamed;
use crate::registry::Store;
use crate::service::Service;
use crate::variable::Variable;

/// What [`allocate`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Allocated {
    /// The project's name.
    pub project: String,
    /// Its root directory.
    pub root: PathBuf,
    /// The variable with its port.
    #[serde(flatten)]
    pub port: ProjectPort,
    /// The files of the project that were written.
    pub written: Vec<PathBuf>,
    /// The projects that were removed to make room in a full range: their directories are gone.
    pub cleaned: Vec<CleanedProject>,
}

/// Gives a variable of a project its port, in the registry and in `.ports.env`. The variable keeps
/// the port that it has; else it gets the preferred one where that can be had, else one of the
/// service's range. A variable that has its port, and a project that has its files, are left alone.
///
/// # Errors
/// When the variable's name is not that of a port variable, the service's range is full, or the registry or a file of the project cannot be read or
/// written.
pub fn allocate(
    context: &Context,
    root: &ProjectRoot,
    variable: &Variable,
    service: Option<Service>,
    preferred: Option<Port>,
) -> Result<Allocated> {
    allocate_for_page(context, root, variable, service, preferred, None)
}

/// The same where `port-manager.toml` has to give pages the variable under a name.
///
/// # Errors
/// As [`allocate`]; also when `port-manager.toml` has something else where a table belongs.
pub fn allocate_for_page(
    context: &Context,
    root: &ProjectRoot,
    variable: &Variable,
    service: Option<Service>,
    preferred: Option<Port>,
    public_name: Option<&Variable>,
) -> Result<Allocated> {
    Store::retrying(|| {
        // A file that cannot be added to is an error before anything is written.
        let entry = public_name.map(|name| Renamed {
            directory: PathBuf::new(),
            name: name.clone(),
            variable: variable.clone(),
        });
        let tables = run_tables::pending_entries(root, entry)?;
        let mut session = Session::open(context, root, Effect::Change)?;
        let port = session.settle(variable, service, preferred)?;
        let Changes { mut written, cleaned, .. } = session.finish()?;
        written.extend(files::write_pending(tables)?);
        Ok(Allocated { project: root.name(), root: root.as_path().to_owned(), port, written, cleaned })
    })
}
