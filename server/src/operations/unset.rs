//! Removes single variables from a project.

use std::path::PathBuf;

use serde::Serialize;

use super::session::{Effect, Session};
use super::{Context, Reader, code};
use crate::error::{Error, NameError, Result};
use crate::port::Port;
use crate::project::ProjectRoot;
use crate::registry::Store;
use crate::variable::Variable;

/// What [`unset`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnsetPorts {
    /// The project's name.
    pub project: String,
    /// Its root directory.
    pub root: PathBuf,
    /// The variables that were removed, in the order in which they were named.
    pub ports: Vec<UnsetVariable>,
    /// The files of the project that were written.
    pub written: Vec<PathBuf>,
    /// Whether the registry was changed.
    pub registered: bool,
}

/// A variable that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnsetVariable {
    /// The variable.
    pub variable: Variable,
    /// The number that it had; null where it had none.
    pub port: Option<Port>,
    /// Where the code still reads it, so that `init` gives it a number again.
    pub readers: Vec<Reader>,
}

/// Removes variables from the registry, `.ports.env` and `.ports.env.example`. Either all of them are removed or none.
///
/// # Errors
/// [`NameError::UnknownVariable`], a truthful "no", when the project does not have one of them; and when the registry or a
/// file of the project cannot be read or written.
pub fn unset(context: &Context, root: &ProjectRoot, variables: &[Variable]) -> Result<UnsetPorts> {
    // Reading the code takes a while: the lock is taken only then.
    let uses = code::uses(root, &variables.iter().collect::<Vec<_>>());
    let (ports, changes) = Store::retrying(|| {
        let mut session = Session::open(context, root, Effect::Change)?;
        let registered = session.registered().into_iter().map(|(variable, _)| variable).collect();
        let mut known = [session.listed(), registered, session.examples()].concat();
        known.sort();
        known.dedup();
        let mut ports = Vec::new();
        for (variable, uses) in variables.iter().zip(&uses) {
            let unknown = || {
                Error::Name(NameError::UnknownVariable {
                    variable: variable.clone(),
                    project: root.name(),
                    known: known.clone(),
                })
            };
            let removed = session.remove_variable(variable).ok_or_else(unknown)?;
            ports.push(UnsetVariable { readers: uses.readers.clone(), ..removed });
        }
        Ok((ports, session.finish_releasing()?))
    })?;
    Ok(UnsetPorts {
        project: root.name(),
        root: root.as_path().to_owned(),
        ports,
        written: changes.written,
        registered: changes.registry,
    })
}
