//! One project under the registry's lock: its registry entry and its files are brought together.

mod choose;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub(super) use choose::Choice;
use serde::Serialize;

use super::clean::make_room;
use super::rename::{FollowedRename, renamed_lines};
use super::which::{self, Which};
use super::{CleanedProject, Context, ProjectPort, RefusedPort, Root, owner};
use crate::error::{AssignmentError, Error, Result};
use crate::files::Pending;
use crate::port::Port;
use crate::ports_env::{self, Example, Listed, PortsEnv, ProblemKind};
use crate::project::{ProjectRoot, are_checkouts_of_one_repository};
use crate::registry::{self, Owner, Refusal, Registry, Request, Transaction};
use crate::service::{Service, ServiceTypes};
use crate::variable::Variable;

/// Whether a session changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It writes the registry and the project's files.
    Change,
    /// It only finds out what it would write, and takes no lock.
    Plan,
}

/// The registry in a session.
enum Held<'a> {
    /// Nobody else can change it.
    Locked(Transaction<'a>),
    /// A copy, which is never written.
    Copy(Registry),
}

impl<'a> Held<'a> {
    fn by(effect: Effect, context: &'a Context) -> Result<Self> {
        match effect {
            Effect::Change => context.store.begin().map(Self::Locked),
            Effect::Plan => context.store.load().map(Self::Copy),
        }
    }

    fn registry(&self) -> &Registry {
        match self {
            Self::Locked(transaction) => &transaction.registry,
            Self::Copy(registry) => registry,
        }
    }

    fn registry_mut(&mut self) -> &mut Registry {
        match self {
            Self::Locked(transaction) => &mut transaction.registry,
            Self::Copy(registry) => registry,
        }
    }
}

/// One project under the registry's lock.
pub(super) struct Session<'a> {
    context: &'a Context,
    root: &'a ProjectRoot,
    key: &'a str,
    name: String,
    held: Held<'a>,
    env: PortsEnv,
    example: Example,
    /// Whether people may have removed lines: there was a `.ports.env`, and we had written it.
    is_managed: bool,
    /// The variables whose port came from the file just now.
    adopted: BTreeSet<Variable>,
    known: Known,
    /// What is to be written to the files: all at once, since each edit parses them again.
    settled: Vec<(Variable, Port)>,
    moved_from: Vec<String>,
    cleaned: Vec<CleanedProject>,
    /// Whether the project of that key is another checkout of this one's repository.
    checkouts: BTreeMap<String, bool>,
}

/// What the project's own text says about its numbers.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The default numbers of its variables.
    pub(super) defaults: Vec<(Variable, Port)>,
    /// Every number that the project uses for a port.
    pub(super) numbers: BTreeSet<Port>,
    /// The variables of servers that the project only connects to.
    pub(super) connected: BTreeSet<Variable>,
}

/// A line of one of the project's files that is not understood, and was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvalidLine {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

/// What was changed.
pub(super) struct Changes {
    /// Whether the registry was.
    pub(super) registry: bool,
    /// The files of the project that were written.
    pub(super) written: Vec<PathBuf>,
    /// The former roots of the project, which was moved.
    pub(super) moved_from: Vec<String>,
    /// The projects that were removed to make room in a full range: their directories are gone.
    pub(super) cleaned: Vec<CleanedProject>,
    /// The lines that were left as they are.
    pub(super) invalid_lines: Vec<InvalidLine>,
}

/// A project as it is once a session's changes are made.
pub(super) struct Outcome {
    pub(super) env: PortsEnv,
    pub(super) listed: Listed,
    pub(super) registry: Registry,
}

impl<'a> Session<'a> {
    /// Takes the registry's lock, unless nothing is to change, reads the project's files, and registers what is written in
    /// `.ports.env` as far as it belongs to nobody else: a number written by hand is honoured.
    pub(super) fn open(context: &'a Context, root: &'a ProjectRoot, effect: Effect) -> Result<Self> {
        let key = root.key()?;
        let name = root.name();
        // Nothing is registered for a project whose files cannot be read and written.
        ports_env::readable(root)?;
        let mut held = Held::by(effect, context)?;
        // Before anything is changed: a number may be chosen later.
        held.registry().config()?;
        // The script before us knew names only: the first project of that name gets its ports.
        let from_script = match Registry::is_bare_name(&name) {
            true => ports_of(held.registry(), &name),
            false => Vec::new(),
        };
        if !from_script.is_empty() {
            held.registry_mut().hand_over(&name, key, &name);
        }
        if effect == Effect::Change {
            PortsEnv::remove_leftovers(root);
        }
        let example = Example::load(root)?;
        let existing = PortsEnv::load(root)?;
        let is_managed = existing.as_ref().is_some_and(PortsEnv::is_managed);
        let listed = match &existing {
            Some(_) => from_script,
            None => ports_of(held.registry(), key),
        };
        let mut env = existing.unwrap_or_else(PortsEnv::managed);
        let missing: Vec<(Variable, Port)> = listed
            .into_iter()
            .filter(|(variable, _)| variable.is_port_name() && env.get(variable).is_none())
            .collect();
        env.set_all(missing.iter().map(|(variable, port)| (variable, *port)));
        let mut session = Self {
            context,
            root,
            key,
            name,
            held,
            env,
            example,
            is_managed,
            adopted: BTreeSet::new(),
            known: Known::default(),
            settled: Vec::new(),
            moved_from: Vec::new(),
            cleaned: Vec::new(),
            checkouts: BTreeMap::new(),
        };
        session.adopt()?;
        Ok(session)
    }

    /// Whether people may have removed lines: there was a `.ports.env`, and we had written it.
    pub(super) fn is_managed(&self) -> bool {
        self.is_managed
    }

    /// The service types.
    pub(super) fn types(&self) -> &ServiceTypes {
        self.held.registry().types()
    }

    /// The variables that `.ports.env` lists, with a port or without.
    pub(super) fn listed(&self) -> Vec<Variable> {
        self.env.variables().cloned().collect()
    }

    /// The number that `.ports.env` gives a variable.
    pub(super) fn written(&self, variable: &Variable) -> Option<Port> {
        self.env.get(variable)
    }

    /// The former roots of the project, which was moved.
    pub(super) fn moved_from(&self) -> &[String] {
        &self.moved_from
    }

    /// The variables that have a port in the registry, with it.
    pub(super) fn registered(&self) -> Vec<(Variable, Port)> {
        ports_of(self.held.registry(), self.key)
    }

    /// Takes a variable's port from the project in the registry. Its files are not touched.
    pub(super) fn release(&mut self, variable: &Variable) {
        self.held.registry_mut().unassign(self.key, variable);
    }

    /// The variables that `.ports.env.example` lists.
    pub(super) fn examples(&self) -> Vec<Variable> {
        self.example.variables().map(|(variable, _)| variable.clone()).collect()
    }

    /// Makes the ports of a project whose directory is gone this project's, also in place of ports that
    /// this one has for the same variables.
    pub(super) fn take_over(&mut self, former: &str) -> Result<()> {
        let registry = self.held.registry_mut();
        let (key, project) = which::find(registry, Which::Named(former))?;
        if Root::of(key) == Root::Present {
            return Err(Error::Assignment(AssignmentError::ProjectStillThere { root: key.to_owned() }));
        }
        let former = key.to_owned();
        let ports: Vec<(Variable, Port)> = project
            .ports()
            .map(|(variable, it)| (variable.clone(), it.port))
            .filter(|(variable, _)| variable.ensure_holds_port().is_ok())
            .collect();
        self.env.set_all(ports.iter().map(|(variable, port)| (variable, *port)));
        for (variable, _) in ports {
            registry.unassign(self.key, &variable);
            self.adopted.insert(variable);
        }
        registry.hand_over(&former, self.key, &self.name);
        self.moved_from.push(former);
        Ok(())
    }

    /// Takes what the project's own text says about its numbers: variables with their default numbers, which
    /// `.ports.env.example` gains; numbers that no other variable of the project may get; and variables of servers
    /// that run already, which keep their default number.
    pub(super) fn learn(&mut self, known: Known) {
        self.example.fill_all(known.defaults.iter().map(|(variable, port)| (variable, *port)));
        self.known = known;
    }

    /// The numbers that the project uses for its other ports, so that the variable cannot have them.
    fn defaults_of_others(&self, variable: &Variable) -> BTreeSet<Port> {
        let listed = self.example.variables().filter_map(|(_, default)| default);
        let own = self.example.get(variable);
        listed.chain(self.known.numbers.iter().copied()).filter(|port| Some(*port) != own).collect()
    }

    /// Gives a variable its port: the one that it has, else the preferred one, else the example's,
    /// else the first of the service's range that is not the default of another port of the project. Where that is full, the projects in it whose directories
    /// are gone make room.
    pub(super) fn settle(
        &mut self,
        variable: &Variable,
        service: Option<Service>,
        preferred: Option<Port>,
    ) -> Result<ProjectPort> {
        variable.ensure_holds_port().map_err(|reason| {
            Error::Assignment(AssignmentError::NotAPortVariable { variable: variable.clone(), reason })
        })?;
        let asked_for = preferred;
        let preferred = preferred.or_else(|| self.example.get(variable));
        let privileged =
            preferred.and_then(|preferred| Some((preferred, self.context.privileged(preferred)?)));
        let preferred = preferred.filter(|_| privileged.is_none());
        let written = self.env.get(variable);
        let avoided = self.defaults_of_others(variable);
        let is_connected = self.known.connected.contains(variable);
        let registry = self.held.registry_mut();
        let service =
            service.unwrap_or_else(|| registry.types().of_variable(variable, written.or(preferred)));
        let is_reserved_for_it = preferred.is_some_and(|port| {
            matches!(registry.owner(port), Some(Owner::Reservation { directory: Some(directory), .. })
                if is_reserved_for(self.root, directory))
        });
        let request = Request {
            key: self.key,
            name: &self.name,
            variable,
            service,
            // What is written and could not be adopted belongs to somebody else.
            preferred: preferred.filter(|preferred| Some(*preferred) != written),
            is_reserved_for_it,
        };
        let conflict = written.and_then(|port| match registry.owner(port) {
            Some(Owner::Project { key, variable: its, .. }) if key == self.key && its == variable => None,
            Some(owner) => Some((port, Refusal::of(&owner))),
            None => None,
        });
        let (context, root, wish) = (self.context, self.root.as_path(), request.preferred);
        // The code's own number is kept while its server runs. In the range, where any number will do, one that
        // nobody uses is better.
        let is_free = |port| match wish == Some(port) {
            true => is_connected || context.is_free(port) || context.is_own(port, root),
            false => !avoided.contains(&port) && context.is_free(port),
        };
        if registry::needs_room(registry, &request, &is_free) {
            self.cleaned.extend(make_room(registry, service));
        }
        let choice = registry::allocate(registry, &request, &is_free)?;
        // That a variable keeps its port is news to who asked for another, not to who has the example.
        let refusal = choice.refusal.filter(|refusal| asked_for.is_some() || *refusal != Refusal::HasAnother);
        let refused = conflict.or_else(|| wish.zip(refusal)).or(privileged.filter(|_| choice.is_new));
        let service = registry
            .project(self.key)
            .and_then(|project| project.get(variable))
            .map_or(service, |assignment| assignment.service);
        self.settled.push((variable.clone(), choice.port));
        let is_new = choice.is_new || self.adopted.contains(variable);
        let refused = refused.map(|(port, refusal)| self.refused(port, &refusal));
        // What somebody wishes is what the code says, whatever number this machine can give.
        self.example.fill_all(asked_for.map(|asked_for| (variable, asked_for)));
        let default = self.example.get(variable);
        Ok(ProjectPort { variable: variable.clone(), port: choice.port, default, service, is_new, refused })
    }

    /// A number that could not be had, with the other project that it belongs to.
    fn refused(&mut self, port: Port, refusal: &Refusal) -> RefusedPort {
        let root = match (refusal, self.held.registry().owner(port)) {
            (Refusal::Owned(_), Some(Owner::Project { key, .. })) if key != self.key => Some(key.to_owned()),
            _ => None,
        };
        let is_checkout = root.as_ref().is_some_and(|root| {
            *self
                .checkouts
                .entry(root.clone())
                .or_insert_with(|| are_checkouts_of_one_repository(self.root.as_path(), Path::new(root)))
        });
        RefusedPort { root, is_checkout, ..RefusedPort::new(port, refusal) }
    }

    /// What of the project's files would be written.
    pub(super) fn pending(&mut self) -> Result<Vec<Pending>> {
        let settled = || self.settled.iter().map(|(variable, port)| (variable, *port));
        self.env.set_all(settled());
        self.example.add_all(settled());
        // Before anything is written: the next run could not read it.
        self.env.ensure_bounded(self.root, ports_env::FILE_NAME)?;
        self.example.ensure_bounded(self.root)?;
        let files = [
            self.env.pending(self.root)?,
            self.example.pending(self.root)?,
            ports_env::pending_ignore(self.root)?,
        ];
        Ok(files.into_iter().flatten().collect())
    }

    /// The project as it is once what is pending is written.
    pub(super) fn outcome(&self) -> Outcome {
        Outcome {
            env: self.env.clone(),
            listed: self.example.variables().map(|(variable, port)| (variable.clone(), port)).collect(),
            registry: self.held.registry().clone(),
        }
    }

    /// Writes the registry, if it has changed. A plan writes nothing.
    pub(super) fn commit(&mut self) -> Result<()> {
        if let Held::Locked(transaction) = &mut self.held {
            transaction.commit()?;
        }
        Ok(())
    }

    /// Writes the registry, then the project's files, as far as they have changed: no file names a number that is not the
    /// project's. Nobody else changes either until this is done. A plan writes nothing.
    pub(super) fn finish(mut self) -> Result<Changes> {
        let files = self.pending()?;
        let registry = self.held.registry().is_changed();
        self.commit()?;
        self.write(&files)?;
        self.changes(files, registry)
    }

    /// As [`Session::finish`], but writes the files first: where one cannot be written, no number that it names is released.
    pub(super) fn finish_releasing(mut self) -> Result<Changes> {
        let files = self.pending()?;
        let registry = self.held.registry().is_changed();
        self.write(&files)?;
        self.commit()?;
        self.changes(files, registry)
    }

    fn write(&self, files: &[Pending]) -> Result<()> {
        match self.held {
            Held::Locked(_) => files.iter().try_for_each(Pending::write),
            _ => Ok(()),
        }
    }

    fn changes(self, files: Vec<Pending>, registry: bool) -> Result<Changes> {
        Ok(Changes {
            registry,
            written: files.into_iter().map(|file| file.path).collect(),
            invalid_lines: invalid_lines(self.root)?,
            moved_from: self.moved_from,
            cleaned: self.cleaned,
        })
    }

    /// Registers what `.ports.env` says, where it and the registry differ.
    fn adopt(&mut self) -> Result<()> {
        self.take_over_from_moved();
        let registry = self.held.registry_mut();
        // A line that got another name keeps its number.
        for FollowedRename { from, to, .. } in renamed_lines(registry, self.root, &self.env) {
            registry.rename(self.key, &from, &to)?;
        }
        let own = |registry: &Registry, variable: &Variable| {
            registry.project(self.key).and_then(|project| project.get(variable)).map(|own| own.port)
        };
        let written: Vec<(Variable, Port)> = self
            .env
            .variables()
            .filter_map(|variable| Some((variable.clone(), self.env.get(variable)?)))
            .filter(|(variable, port)| own(registry, variable) != Some(*port))
            .collect();
        let can_be_had = |registry: &Registry, port: Port| match registry.owner(port) {
            Some(Owner::Project { key, .. }) => key == self.key,
            // An older version did not note who reserved it: most likely who writes it down.
            Some(Owner::Reservation { directory, .. }) => {
                directory.is_none_or(|directory| is_reserved_for(self.root, directory))
            }
            None => true,
        };
        let written: Vec<_> = written.into_iter().filter(|(_, port)| can_be_had(registry, *port)).collect();
        // All of these release their ports before any takes another: two may have swapped.
        let wishes: Vec<_> = written
            .into_iter()
            .map(|(variable, port)| (registry.unassign(self.key, &variable), variable, port))
            .collect();
        let mut disappointed = Vec::new();
        for (former, variable, port) in wishes {
            if registry.owner(port).is_some_and(|owner| matches!(owner, Owner::Project { .. })) {
                // Another variable of this project has it, by a line further up or by the registry.
                disappointed.extend(former.map(|former| (former, variable)));
                continue;
            }
            let service = match former {
                Some(former) => former.service,
                None => registry.types().of_variable(&variable, Some(port)),
            };
            registry.assign(self.key, &self.name, &variable, port, service)?;
            self.adopted.insert(variable);
        }
        for (former, variable) in disappointed {
            if registry.owner(former.port).is_none() {
                registry.assign(self.key, &self.name, &variable, former.port, former.service)?;
            }
        }
        Ok(())
    }

    /// A project that was moved brings its `.ports.env` along: where a line of it is registered for a
    /// directory that is gone, that entry becomes this project's.
    fn take_over_from_moved(&mut self) {
        for definition in self.env.definitions() {
            let registry = self.held.registry_mut();
            let Some(Owner::Project { key, variable, .. }) = registry.owner(definition.port) else {
                continue;
            };
            if key != self.key && *variable == definition.variable && Root::of(key) == Root::Gone {
                let former = key.to_owned();
                registry.hand_over(&former, self.key, &self.name);
                self.moved_from.push(former);
            }
        }
    }
}

/// Whether the reservation that was asked for in `directory` is the project's, so that it may use the port.
fn is_reserved_for(root: &ProjectRoot, directory: &str) -> bool {
    owner::lies_in(Path::new(directory), root.as_path())
}

/// The ports of the project of that key.
fn ports_of(registry: &Registry, key: &str) -> Vec<(Variable, Port)> {
    let ports = registry.project(key).into_iter().flat_map(|project| project.ports());
    ports.map(|(variable, assignment)| (variable.clone(), assignment.port)).collect()
}

/// The lines of the project's files, as they are now, that are not understood.
fn invalid_lines(root: &ProjectRoot) -> Result<Vec<InvalidLine>> {
    let mut lines = Vec::new();
    let mut add = |path: PathBuf, file: &PortsEnv, is_meant: fn(&ProblemKind) -> bool| {
        let problems = file.problems().iter().filter(|problem| !is_meant(&problem.kind));
        lines.extend(problems.map(|problem| InvalidLine {
            path: path.clone(),
            line: file.line_of(problem),
            message: problem.kind.to_string(),
        }));
    };
    if let Some(env) = PortsEnv::load(root)? {
        add(root.as_path().join(ports_env::FILE_NAME), &env, |_| false);
    }
    let example = Example::load(root)?;
    // An example may leave numbers out, and two of its variables may have the same.
    add(root.as_path().join(ports_env::EXAMPLE_FILE_NAME), example.file(), |kind| {
        matches!(kind, ProblemKind::NotAPort { is_left_out: true, .. } | ProblemKind::DuplicatePort { .. })
    });
    Ok(lines)
}
