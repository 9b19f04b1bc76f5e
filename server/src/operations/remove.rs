//! Releases the ports of one project.

use serde::Serialize;

use super::Context;
use super::which::{Which, find};
use crate::error::Result;
use crate::port::Port;
use crate::registry::Registry;
use crate::service::Service;
use crate::variable::Variable;

/// What [`remove`] did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// Whether this only tells what would be done.
    pub dry_run: bool,
    /// The project's name.
    pub project: String,
    /// Its root directory; for a project that the script `port-manager.py` left, its bare name.
    pub root: String,
    /// The ports that it gave up, in the order of the variables' names.
    pub ports: Vec<RemovedPort>,
}

/// A port that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemovedPort {
    /// The variable that had it.
    pub variable: Variable,
    /// The port.
    pub port: Port,
    /// What listened there.
    pub service: Service,
}

/// Removes a project from the registry, so that others may be given its ports. Its files stay as they
/// are: they are the user's. With `dry_run` nothing is changed.
///
/// # Errors
/// [`crate::error::NameError::UnknownProject`], a truthful "no", when the registry has no such project;
/// [`crate::error::NameError::AmbiguousProject`] when several have the name; and when the registry cannot be
/// read or written.
pub fn remove(context: &Context, which: Which<'_>, dry_run: bool) -> Result<Removed> {
    if dry_run {
        return plan(&context.store.load()?, which, true);
    }
    context.store.change(|registry| {
        let removed = plan(registry, which, false)?;
        registry.remove_project(&removed.root);
        Ok(removed)
    })
}

fn plan(registry: &Registry, which: Which<'_>, dry_run: bool) -> Result<Removed> {
    let (key, project) = find(registry, which)?;
    let ports = project.ports().map(|(variable, assignment)| RemovedPort {
        variable: variable.clone(),
        port: assignment.port,
        service: assignment.service,
    });
    Ok(Removed { dry_run, project: project.name().to_owned(), root: key.to_owned(), ports: ports.collect() })
}
