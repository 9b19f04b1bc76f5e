//! Sets a project up: every variable that it needs gets a port.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;

use super::session::{Changes, InvalidLine, Session};
use super::{CleanedProject, Context, ProjectPort, Root, code};
use crate::error::{Error, Result};
use crate::port::Port;
use crate::project::needs::{self, Need};
use crate::project::{MOST_ENTRIES, ProjectRoot};
use crate::registry::{Project, Store};
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
    /// Whether the registry was changed.
    pub registered: bool,
    /// Where the project was before: it was moved, and its ports came along.
    pub moved_from: Vec<String>,
    /// The ports that the project has no more: no file lists the variable, and no code reads it.
    pub released: Vec<ReleasedPort>,
    /// The projects that were removed to make room in a full range: their directories are gone.
    pub cleaned: Vec<CleanedProject>,
    /// The lines of `.ports.env` and `.ports.env.example` that are not understood, and were left alone.
    pub invalid_lines: Vec<InvalidLine>,
    /// After how many files and directories the search for variables was given up; null where it was not.
    pub stopped_after: Option<usize>,
}

/// A port that a project has no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleasedPort {
    /// The variable.
    pub variable: Variable,
    /// The port that it had.
    pub port: Port,
}

/// A project whose directory is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerProject {
    /// Where it was.
    pub root: String,
    /// The ports that it has still, in the order of the variables' names.
    pub ports: Vec<Port>,
}

/// Sets a project up: gives a port to each port variable of `.ports.env` and of `.ports.env.example`, to
/// each that the code reads, and to each service that compose files and `package.json` tell of and
/// that no variable serves yet; where none of these tells anything, to `WEB_PORT`, `API_PORT`,
/// `DB_PORT` and `REDIS_PORT`. Any other registered variable is released: its lines were deleted from both
/// files. Writes `.ports.env` and `.ports.env.example` and makes git ignore the former. Lines that are not
/// understood stay as they are. A project that is set up is left as it is.
///
/// # Errors
/// When the directory is [too large](ProjectRoot::is_too_large) to be a project, a service's range is full,
/// or the registry or a file of the project cannot be read or written.
pub fn init(context: &Context, root: &ProjectRoot) -> Result<Initialized> {
    Store::retrying(|| set_up(context, root, None))
}

/// The same for a project that was moved: it gets the ports that it had in its former directory.
///
/// # Errors
/// As [`init`]; [`Error::ProjectStillThere`] when the former directory exists, and
/// [`Error::UnknownProject`] when no project is registered there.
///
/// [`Error::ProjectStillThere`]: crate::error::Error::ProjectStillThere
/// [`Error::UnknownProject`]: crate::error::Error::UnknownProject
pub fn init_moved(context: &Context, root: &ProjectRoot, former: &str) -> Result<Initialized> {
    Store::retrying(|| set_up(context, root, Some(former)))
}

/// The registered projects that this one may have been before it was moved: they have its name, and
/// their directories are gone. None where it is registered itself.
///
/// # Errors
/// When the registry cannot be read.
pub fn former_projects(context: &Context, root: &ProjectRoot) -> Result<Vec<FormerProject>> {
    let registry = context.store.load()?;
    if registry.project(root.key()?).is_some() {
        return Ok(Vec::new());
    }
    let name = root.name();
    let is_former = |key: &str, project: &Project| project.name() == name && Root::of(key) == Root::Gone;
    let former = registry.projects().filter(|(key, project)| is_former(key, project));
    Ok(former
        .map(|(key, project)| FormerProject {
            root: key.to_owned(),
            ports: project.ports().map(|(_, assignment)| assignment.port).collect(),
        })
        .collect())
}

fn set_up(context: &Context, root: &ProjectRoot, former: Option<&str>) -> Result<Initialized> {
    if root.is_too_large() {
        return Err(Error::TooLarge { root: root.as_path().to_owned() });
    }
    // Reading the project takes a while: the lock is taken only then.
    let code = code::read(root, MOST_ENTRIES);
    let needs = needs::of(root);
    let mut session = Session::open(context, root)?;
    if let Some(former) = former {
        session.take_over(former)?;
    }
    let wanted = wanted(&session, code.variables, needs);
    let names: BTreeSet<&Variable> = wanted.iter().map(|(variable, _)| variable).collect();
    let released: Vec<ReleasedPort> = session
        .registered()
        .into_iter()
        .filter(|(variable, _)| !names.contains(variable))
        .map(|(variable, port)| ReleasedPort { variable, port })
        .collect();
    for port in &released {
        session.release(&port.variable);
    }
    let ports = wanted
        .iter()
        .map(|(variable, service)| session.settle(variable, *service, None))
        .collect::<Result<Vec<_>>>()?;
    let Changes { registry: registered, written, moved_from, cleaned, invalid_lines } = session.finish()?;
    Ok(Initialized {
        project: root.name(),
        root: root.as_path().to_owned(),
        ports,
        written,
        registered,
        moved_from,
        released,
        cleaned,
        invalid_lines,
        stopped_after: code.is_cut.then_some(MOST_ENTRIES),
    })
}

/// The variables that the project needs a port for: those of its files first, in their order, then what the
/// code reads and what else it seems to need.
fn wanted(
    session: &Session<'_>,
    read_by_code: BTreeSet<Variable>,
    needs: Vec<Need>,
) -> Vec<(Variable, Option<Service>)> {
    let mut listed = BTreeSet::new();
    let mut wanted: Vec<(Variable, Option<Service>)> = session
        .listed()
        .into_iter()
        .chain(session.examples())
        .filter(|variable| listed.insert(variable.clone()))
        .map(|variable| (variable, None))
        .collect();
    let mut found: Vec<(Service, Variable)> = read_by_code
        .into_iter()
        .filter(|variable| !listed.contains(variable))
        .map(|variable| (Service::of_variable(&variable, None), variable))
        .collect();
    for need in needs {
        let known = wanted.iter().map(|(variable, service)| (variable, *service));
        let found_now = found.iter().map(|(service, variable)| (variable, Some(*service)));
        if !need.is_served_by(known.chain(found_now)) {
            found.push((need.service, need.variable));
        }
    }
    // Whoever has removed every line wants none of these.
    if wanted.is_empty() && found.is_empty() && !session.is_managed() {
        found.extend(USUAL.map(|service| (service, service.variable())));
    }
    // As tables show services: the web server first.
    found.sort();
    wanted.extend(found.into_iter().map(|(service, variable)| (variable, Some(service))));
    wanted
}
