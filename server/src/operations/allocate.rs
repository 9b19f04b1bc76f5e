//! Gives one variable of a project its port.

use std::path::PathBuf;

use serde::Serialize;

use super::session::{Changes, Effect, Session};
use super::{CleanedProject, Context, ProjectPort};
use crate::error::Result;
use crate::port::Port;
use crate::project::ProjectRoot;
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
    Store::retrying(|| {
        let mut session = Session::open(context, root, Effect::Change)?;
        let port = session.settle(variable, service, preferred)?;
        let Changes { written, cleaned, .. } = session.finish()?;
        Ok(Allocated { project: root.name(), root: root.as_path().to_owned(), port, written, cleaned })
    })
}
