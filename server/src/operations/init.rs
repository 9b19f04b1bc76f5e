//! Sets a project up: every variable that it needs gets a port.

use std::path::PathBuf;

use serde::Serialize;

use super::session::Session;
use super::{Context, ProjectPort, code};
use crate::error::Result;
use crate::project::{ProjectRoot, needs};
use crate::service::Service;
use crate::variable::Variable;

/// What a project is given of which nothing tells what it needs.
const USUAL: [Service; 4] = [Service::Web, Service::Api, Service::Db, Service::Cache];

/// What [`init`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Initialized {
    /// The project's name.
    pub project: String,
    /// Its root directory.
    pub root: PathBuf,
    /// Every variable with its port: those of `.ports.env` first, in its order.
    pub ports: Vec<ProjectPort>,
    /// The files of the project that were written; empty where it was set up already.
    pub written: Vec<PathBuf>,
}

/// Sets a project up: gives a port to each variable of `.ports.env`, of the registry (a line that was
/// deleted comes back: `remove` is what gives up ports), of `.ports.env.example`, to
/// each that the code reads, and to each service that compose files and `package.json` tell of and
/// that no variable serves yet; where none of these tells anything, to `WEB_PORT`, `API_PORT`,
/// `DB_PORT` and `REDIS_PORT`. Writes `.ports.env` and `.ports.env.example` and makes git ignore
/// the former. A project that is set up is left as it is.
///
/// # Errors
/// When a service's range is full, or the registry or a file of the project cannot be read or
/// written.
pub fn init(context: &Context, root: &ProjectRoot) -> Result<Initialized> {
    // Reading the project takes a while: the lock is taken only then.
    let read_by_code = code::port_variables(root);
    let needs = needs::of(root);
    let mut session = Session::open(context, root)?;
    let mut wanted: Vec<(Variable, Option<Service>)> = Vec::new();
    for variable in session.listed().into_iter().chain(session.registered()).chain(session.examples()) {
        if !wanted.iter().any(|(other, _)| *other == variable) {
            wanted.push((variable, None));
        }
    }
    let mut found: Vec<(Service, Variable)> = read_by_code
        .into_iter()
        .filter(|variable| !wanted.iter().any(|(other, _)| other == variable))
        .map(|variable| (Service::of_variable(&variable, None), variable))
        .collect();
    for need in needs {
        let known = wanted.iter().map(|(variable, service)| (variable, *service));
        let found_now = found.iter().map(|(service, variable)| (variable, Some(*service)));
        if !need.is_served_by(known.chain(found_now)) {
            found.push((need.service, need.variable));
        }
    }
    if wanted.is_empty() && found.is_empty() {
        found.extend(USUAL.map(|service| (service, service.variable())));
    }
    // As tables show services: the web server first.
    found.sort();
    wanted.extend(found.into_iter().map(|(service, variable)| (variable, Some(service))));
    let ports = wanted
        .iter()
        .map(|(variable, service)| session.settle(variable, *service, None))
        .collect::<Result<Vec<_>>>()?;
    let written = session.finish()?;
    Ok(Initialized { project: root.name(), root: root.as_path().to_owned(), ports, written })
}
