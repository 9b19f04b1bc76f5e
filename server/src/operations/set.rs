//! Gives variables the numbers that somebody chose.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Serialize;

use super::session::{Choice, Effect, Session};
use super::{Context, code};
use crate::error::{AssignmentError, Error, Result};
use crate::port::Port;
use crate::ports_env::Example;
use crate::project::ProjectRoot;
use crate::registry::Store;
use crate::service::Service;
use crate::variable::Variable;

/// What [`set`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetPorts {
    /// The project's name.
    pub project: String,
    /// Its root directory.
    pub root: PathBuf,
    /// The variables, in the order in which they were named.
    pub ports: Vec<ChosenPort>,
    /// The files of the project that were written.
    pub written: Vec<PathBuf>,
    /// Whether the registry was changed.
    pub registered: bool,
}

/// A variable with the number that somebody chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChosenPort {
    /// The variable.
    pub variable: Variable,
    /// Its number.
    pub port: Port,
    /// What listens there.
    pub service: Service,
    /// Whether it had another number before, or none.
    pub is_new: bool,
    /// The number that it had before, where it is another one; else null.
    pub former: Option<Port>,
}

/// Gives each variable its number in the registry and in `.ports.env`. A variable that `.ports.env.example` does not
/// list is added there, with the number that the code uses without the variable, else with this one. Either all
/// variables get their numbers or none does.
///
/// # Errors
/// [`AssignmentError::NotAPortVariable`]; [`AssignmentError::NumberRefused`] when a number belongs to somebody else, is reserved, cannot be
/// listened on, or is not to be used; and when the registry or a file of the project cannot be read or written.
pub fn set(context: &Context, root: &ProjectRoot, wanted: &[(Variable, Port)]) -> Result<SetPorts> {
    ensure_distinct(wanted)?;
    let example = Example::load(root)?;
    let listed: BTreeSet<&Variable> = example.variables().map(|(variable, _)| variable).collect();
    let unlisted: Vec<&Variable> =
        wanted.iter().map(|(variable, _)| variable).filter(|variable| !listed.contains(variable)).collect();
    // Reading the code takes a while: the lock is taken only then.
    let defaults: BTreeMap<&Variable, Option<Port>> = unlisted
        .iter()
        .copied()
        .zip(code::uses(root, &unlisted).into_iter().map(|uses| uses.default))
        .collect();
    let choices: Vec<Choice> = wanted
        .iter()
        .map(|(variable, port)| {
            let default = defaults.get(variable).copied().flatten();
            Choice { variable: variable.clone(), port: *port, default: default.unwrap_or(*port) }
        })
        .collect();
    let (ports, changes) = Store::retrying(|| {
        let mut session = Session::open(context, root, Effect::Change)?;
        let ports = session.choose(&choices)?;
        Ok((ports, session.finish()?))
    })?;
    Ok(SetPorts {
        project: root.name(),
        root: root.as_path().to_owned(),
        ports,
        written: changes.written,
        registered: changes.registry,
    })
}

fn ensure_distinct(wanted: &[(Variable, Port)]) -> Result<()> {
    for (index, (variable, port)) in wanted.iter().enumerate() {
        variable.ensure_holds_port().map_err(|reason| {
            Error::Assignment(AssignmentError::NotAPortVariable { variable: variable.clone(), reason })
        })?;
        let refused = |reason| {
            Error::Assignment(AssignmentError::NumberRefused {
                variable: variable.clone(),
                port: *port,
                reason,
                help: "Name each variable once, each with a number of its own.".to_owned(),
            })
        };
        for (other, its) in &wanted[..index] {
            if other == variable {
                return Err(refused(format!("the same command gives it {its}")));
            }
            if its == port {
                return Err(refused(format!("the same command gives that number to {other}")));
            }
        }
    }
    Ok(())
}
