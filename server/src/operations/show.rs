//! One project with its ports.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::Context;
use super::which::{Which, find};
use crate::error::Result;
use crate::port::Port;
use crate::ports_env::PortsEnv;
use crate::project::ProjectRoot;
use crate::registry::Registry;
use crate::service::Service;
use crate::variable::Variable;

/// A project with its ports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownProject {
    /// The project's name.
    pub project: String,
    /// Its root directory; for a project that the script `port-manager.py` left, its bare name.
    pub root: String,
    /// Whether that directory exists.
    pub exists: bool,
    /// Its assignments, in the order of the variables' names.
    pub ports: Vec<ShownPort>,
}

/// An assignment of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownPort {
    /// The variable.
    pub variable: Variable,
    /// Its port in the registry.
    pub port: Port,
    /// What listens there.
    pub service: Service,
    /// Since when (RFC 3339, UTC).
    pub assigned_at: Timestamp,
    /// What the project's `.ports.env` says: null where that does not define the variable.
    pub ports_env: Option<Port>,
}

/// Shows a project.
///
/// # Errors
/// [`NameError::UnknownProject`](crate::error::NameError::UnknownProject), a truthful "no", when the registry has no such project;
/// [`NameError::AmbiguousProject`](crate::error::NameError::AmbiguousProject) when several have the name; and when the registry cannot be read.
pub fn show(context: &Context, which: Which<'_>) -> Result<ShownProject> {
    let registry = context.store.load()?;
    let (key, project) = find(&registry, which)?;
    let ports_env = ProjectRoot::exact(Path::new(key)).and_then(PortsEnv::load).ok().flatten();
    let ports = project.ports().map(|(variable, assignment)| ShownPort {
        variable: variable.clone(),
        port: assignment.port,
        service: assignment.service,
        assigned_at: assignment.assigned_at,
        ports_env: ports_env.as_ref().and_then(|env| env.get(variable)),
    });
    Ok(ShownProject {
        project: project.name().to_owned(),
        root: key.to_owned(),
        exists: !Registry::is_bare_name(key) && Path::new(key).is_dir(),
        ports: ports.collect(),
    })
}
