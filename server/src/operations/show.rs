//! One project with its ports.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::Context;
use crate::error::{Error, Result};
use crate::port::Port;
use crate::ports_env::PortsEnv;
use crate::project::ProjectRoot;
use crate::registry::{Project, Registry};
use crate::service::Service;
use crate::variable::Variable;

/// Which project.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// As the user names it: by its name, or by a path in it.
    Named(&'a str),
    /// The one that this directory belongs to.
    Of(&'a Path),
}

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
/// [`Error::UnknownProject`], a truthful "no", when the registry has no such project;
/// [`Error::AmbiguousProject`] when several have the name; and when the registry cannot be read.
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

fn find<'r>(registry: &'r Registry, which: Which<'_>) -> Result<(&'r str, &'r Project)> {
    let at = |directory: &Path| {
        let root = ProjectRoot::of_directory(directory, None);
        let key = root.as_path().to_str()?;
        registry.projects().find(|(other, _)| *other == key)
    };
    let unknown = |name: String| {
        let known = registry.projects().map(|(_, project)| project.name().to_owned()).collect();
        Error::UnknownProject { name, known }
    };
    let name = match which {
        Which::Of(directory) => {
            let name = || ProjectRoot::of_directory(directory, None).as_path().display().to_string();
            return at(directory).ok_or_else(|| unknown(name()));
        }
        Which::Named(name) => name,
    };
    // A root that is gone is named by its path as well.
    if let Some(found) = registry.projects().find(|(key, _)| *key == name) {
        return Ok(found);
    }
    let named: Vec<_> = registry.projects().filter(|(_, project)| project.name() == name).collect();
    match named.as_slice() {
        [found] => Ok(*found),
        [] => Some(Path::new(name))
            .filter(|path| path.is_dir())
            .and_then(at)
            .ok_or_else(|| unknown(name.to_owned())),
        several => {
            let roots = several.iter().map(|(key, _)| (*key).to_owned()).collect();
            Err(Error::AmbiguousProject { name: name.to_owned(), roots })
        }
    }
}
