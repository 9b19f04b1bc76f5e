//! Sets a project up: every variable that it needs gets a port.

mod wanted;

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;

pub use wanted::MisspelledVariable;
use wanted::Wanted;

use super::port_map::{Reading, port_map};
use super::project_files::UnreadFile;
use super::session::{Changes, Effect, InvalidLine, Session};
use super::{CleanedProject, Context, ProjectPort, Root, run_tables};
use crate::error::{Error, Result};
use crate::files;
use crate::port::Port;
use crate::project::{MOST_ENTRIES, ProjectRoot};
use crate::registry::{Project, Store};
use crate::variable::Variable;

/// What [`init`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Initialized {
    /// Whether this only says what would be done.
    pub dry_run: bool,
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
    /// The variables that the code reads and that get no port: they look like misspellings of others.
    pub misspelled: Vec<MisspelledVariable>,
    /// The projects that were removed to make room in a full range: their directories are gone.
    pub cleaned: Vec<CleanedProject>,
    /// The lines of `.ports.env` and `.ports.env.example` that are not understood, and were left alone.
    pub invalid_lines: Vec<InvalidLine>,
    /// The manifests, compose files and Dockerfiles that were not read.
    pub unread: Vec<UnreadFile>,
    /// After how many files and directories the search for ports ended; null where it looked at all of them.
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

/// Sets a project up: gives a port to each port variable of `.ports.env` and of `.ports.env.example`, and to each port
/// that the project's own text decides on this machine, by the map of its ports; where there is no text yet, to
/// `WEB_PORT`, `API_PORT`, `DB_PORT` and `REDIS_PORT`. Any other registered variable is released: its lines were
/// deleted from both files. Writes `.ports.env`; `.ports.env.example`, which gains the numbers that the code itself
/// uses; where several components read `PORT`, the tables of `port-manager.toml` that give each its own; and makes git
/// ignore the first. Lines that are not understood stay as they are. A project that is set up is left as it is.
///
/// # Errors
/// When the directory is [too large](ProjectRoot::is_too_large) to be a project, a service's range is full,
/// or the registry or a file of the project cannot be read or written.
pub fn init(context: &Context, root: &ProjectRoot) -> Result<Initialized> {
    Store::retrying(|| set_up(context, root, None, Effect::Change))
}

/// The same for a project that was moved: it gets the ports that it had in its former directory.
///
/// # Errors
/// As [`init`]; [`AssignmentError::ProjectStillThere`] when the former directory exists, and
/// [`NameError::UnknownProject`] when no project is registered there.
///
/// [`AssignmentError::ProjectStillThere`]: crate::error::AssignmentError::ProjectStillThere
/// [`NameError::UnknownProject`]: crate::error::NameError::UnknownProject
pub fn init_moved(context: &Context, root: &ProjectRoot, former: &str) -> Result<Initialized> {
    Store::retrying(|| set_up(context, root, Some(former), Effect::Change))
}

/// What [`init`] would do, or [`init_moved`] where the former directory is given. Nothing is changed, and nobody has to
/// wait meanwhile.
///
/// # Errors
/// As [`init`] and [`init_moved`], as far as nothing is written.
pub fn plan_init(context: &Context, root: &ProjectRoot, former: Option<&str>) -> Result<Initialized> {
    set_up(context, root, former, Effect::Plan)
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

fn set_up(
    context: &Context,
    root: &ProjectRoot,
    former: Option<&str>,
    effect: Effect,
) -> Result<Initialized> {
    let setup = Setup::prepare(context, root, former, effect)?;
    let tables = run_tables::pending(root, &setup.reading.map)?;
    let (changes, rest) = setup.finish()?;
    let mut initialized = rest.into_initialized(root, changes);
    initialized.dry_run = effect == Effect::Plan;
    initialized.written.extend(match effect {
        Effect::Change => files::write_pending(tables)?,
        Effect::Plan => tables.map(|tables| tables.path),
    });
    Ok(initialized)
}

/// A project that is being set up: its variables have their numbers, and nothing is written yet.
pub(super) struct Setup<'a> {
    pub(super) session: Session<'a>,
    pub(super) reading: Reading,
    decided: Decided,
}

/// What was decided for it.
#[derive(Debug)]
pub(super) struct Decided {
    pub(super) ports: Vec<ProjectPort>,
    released: Vec<ReleasedPort>,
    pub(super) misspelled: Vec<MisspelledVariable>,
    unread: Vec<UnreadFile>,
    stopped_after: Option<usize>,
}

impl<'a> Setup<'a> {
    /// Reads the project and gives each of its variables a number.
    pub(super) fn prepare(
        context: &'a Context,
        root: &'a ProjectRoot,
        former: Option<&str>,
        effect: Effect,
    ) -> Result<Self> {
        if root.is_too_large() {
            return Err(Error::TooLarge { root: root.as_path().to_owned() });
        }
        // Reading the project takes a while: the lock is taken only then.
        let reading = port_map(root, context.store.config()?.types())?;
        // A file that is not TOML is an error before anything is written.
        run_tables::pending(root, &reading.map)?;
        let Reading { map, files: read } = &reading;
        let mut session = Session::open(context, root, effect)?;
        if let Some(former) = former {
            session.take_over(former)?;
        }
        let wanted = Wanted::of(&session, map, read.is_blank());
        session.learn(wanted.known(map));
        let names: BTreeSet<&Variable> = wanted.variables.iter().map(|(variable, _)| variable).collect();
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
            .variables
            .iter()
            .map(|(variable, service)| session.settle(variable, *service, None))
            .collect::<Result<Vec<_>>>()?;
        let decided = Decided {
            ports,
            released,
            misspelled: wanted.misspelled,
            unread: read.unread(),
            stopped_after: read.is_cut().then_some(MOST_ENTRIES),
        };
        Ok(Self { session, reading, decided })
    }

    /// What was decided.
    pub(super) fn decided(&self) -> &Decided {
        &self.decided
    }

    /// What was decided, and what was read for it.
    pub(super) fn into_parts(self) -> (Decided, Reading) {
        (self.decided, self.reading)
    }

    fn finish(self) -> Result<(Changes, Decided)> {
        Ok((self.session.finish()?, self.decided))
    }
}

impl Decided {
    fn into_initialized(self, root: &ProjectRoot, changes: Changes) -> Initialized {
        let Changes { registry: registered, written, moved_from, cleaned, invalid_lines } = changes;
        Initialized {
            dry_run: false,
            project: root.name(),
            root: root.as_path().to_owned(),
            ports: self.ports,
            written,
            registered,
            moved_from,
            released: self.released,
            misspelled: self.misspelled,
            cleaned,
            invalid_lines,
            unread: self.unread,
            stopped_after: self.stopped_after,
        }
    }
}
