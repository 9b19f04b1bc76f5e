//! One project under the registry's lock: its registry entry and its files are brought together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::which::{self, Which};
use super::{Context, ProjectPort, RefusedPort, Root, owner};
use crate::error::{Error, Result};
use crate::port::Port;
use crate::ports_env::{self, Example, PortsEnv};
use crate::project::ProjectRoot;
use crate::registry::{self, Owner, Refusal, Registry, Request, Transaction};
use crate::service::Service;
use crate::variable::Variable;

/// One project under the registry's lock.
pub(super) struct Session<'a> {
    context: &'a Context,
    root: &'a ProjectRoot,
    key: &'a str,
    name: String,
    transaction: Transaction<'a>,
    env: PortsEnv,
    example: Example,
    /// The variables whose port came from the file just now.
    adopted: BTreeSet<Variable>,
    /// What is to be written to the files: all at once, since each edit parses them again.
    settled: Vec<(Variable, Port)>,
}

/// What was changed.
pub(super) struct Changes {
    /// Whether the registry was.
    pub(super) registry: bool,
    /// The files of the project that were written.
    pub(super) written: Vec<PathBuf>,
}

impl<'a> Session<'a> {
    /// Takes the registry's lock, reads the project's files, and registers what is written in
    /// `.ports.env` as far as it belongs to nobody else: a number written by hand is honoured.
    pub(super) fn open(context: &'a Context, root: &'a ProjectRoot) -> Result<Self> {
        let key = root.key()?;
        let name = root.name();
        // Nothing is registered for a project whose files cannot be read and written.
        ports_env::readable(root)?;
        let mut transaction = context.store.begin()?;
        // The script before us knew names only: the first project of that name gets its ports.
        if Registry::is_bare_name(&name) {
            transaction.registry.hand_over(&name, key, &name);
        }
        PortsEnv::remove_leftovers(root);
        let example = Example::load(root)?;
        let existing = PortsEnv::load(root)?;
        let env = existing.unwrap_or_else(|| {
            let mut env = PortsEnv::managed();
            let registered = transaction.registry.project(key).into_iter().flat_map(|it| it.ports());
            env.set_all(registered.map(|(variable, assignment)| (variable, assignment.port)));
            env
        });
        let (adopted, settled) = (BTreeSet::new(), Vec::new());
        let mut session = Self { context, root, key, name, transaction, env, example, adopted, settled };
        session.adopt()?;
        Ok(session)
    }

    /// The variables that `.ports.env` lists, with a port or without.
    pub(super) fn listed(&self) -> Vec<Variable> {
        self.env.variables().cloned().collect()
    }

    /// The variables that have a port in the registry.
    pub(super) fn registered(&self) -> Vec<Variable> {
        let project = self.transaction.registry.project(self.key);
        project.into_iter().flat_map(|it| it.ports()).map(|(variable, _)| variable.clone()).collect()
    }

    /// The variables that `.ports.env.example` lists.
    pub(super) fn examples(&self) -> Vec<Variable> {
        self.example.variables().map(|(variable, _)| variable.clone()).collect()
    }

    /// Makes the ports of a project whose directory is gone this project's, also in place of ports that
    /// this one has for the same variables.
    pub(super) fn take_over(&mut self, former: &str) -> Result<()> {
        let registry = &mut self.transaction.registry;
        let (key, project) = which::find(registry, Which::Named(former))?;
        if Root::of(key) == Root::Present {
            return Err(Error::ProjectStillThere { root: key.to_owned() });
        }
        let former = key.to_owned();
        let ports: Vec<(Variable, Port)> =
            project.ports().map(|(variable, it)| (variable.clone(), it.port)).collect();
        self.env.set_all(ports.iter().map(|(variable, port)| (variable, *port)));
        for (variable, _) in ports {
            registry.unassign(self.key, &variable);
            self.adopted.insert(variable);
        }
        registry.hand_over(&former, self.key, &self.name);
        Ok(())
    }

    /// Gives a variable its port: the one that it has, else the preferred one, else the example's,
    /// else the first of the service's range.
    pub(super) fn settle(
        &mut self,
        variable: &Variable,
        service: Option<Service>,
        preferred: Option<Port>,
    ) -> Result<ProjectPort> {
        let asked_for = preferred;
        let preferred = preferred.or_else(|| self.example.get(variable));
        let written = self.env.get(variable);
        let registry = &mut self.transaction.registry;
        let service = service.unwrap_or_else(|| Service::of_variable(variable, written.or(preferred)));
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
            Some(owner) => Some(RefusedPort::new(port, &Refusal::of(&owner))),
            None => None,
        });
        let (context, root, wish) = (self.context, self.root.as_path(), request.preferred);
        // The number stands in the code, whose server runs: just that is to be kept. In the range,
        // where any number will do, one that nobody uses is better.
        let is_free = |port| context.is_free(port) || (wish == Some(port) && context.is_own(port, root));
        let choice = registry::allocate(registry, &request, &is_free)?;
        // That a variable keeps its port is news to who asked for another, not to who has the example.
        let refusal = choice.refusal.filter(|refusal| asked_for.is_some() || *refusal != Refusal::HasAnother);
        let refused = request.preferred.zip(refusal.as_ref());
        let refused = conflict.or_else(|| refused.map(|(port, refusal)| RefusedPort::new(port, refusal)));
        let service = registry
            .project(self.key)
            .and_then(|project| project.get(variable))
            .map_or(service, |assignment| assignment.service);
        self.settled.push((variable.clone(), choice.port));
        let is_new = choice.is_new || self.adopted.contains(variable);
        Ok(ProjectPort { variable: variable.clone(), port: choice.port, service, is_new, refused })
    }

    /// Writes the registry, then the project's files, as far as they have changed. Nobody else changes
    /// either until this is done.
    pub(super) fn finish(mut self) -> Result<Changes> {
        let settled = || self.settled.iter().map(|(variable, port)| (variable, *port));
        self.env.set_all(settled());
        self.example.add_all(settled());
        // Before anything is written: the next run could not read it.
        self.env.ensure_bounded(self.root, ports_env::FILE_NAME)?;
        self.example.ensure_bounded(self.root)?;
        let registry = self.transaction.commit()?;
        let written = [
            self.env.save(self.root)?,
            self.example.save(self.root)?,
            ports_env::ignore_ports_env(self.root)?,
        ];
        Ok(Changes { registry, written: written.into_iter().flatten().collect() })
    }

    /// Registers what `.ports.env` says, where it and the registry differ.
    fn adopt(&mut self) -> Result<()> {
        self.take_over_from_moved();
        let registry = &mut self.transaction.registry;
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
        // All of these give up what they have before any takes what it wants: two may have swapped.
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
                None => Service::of_variable(&variable, Some(port)),
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
            let registry = &mut self.transaction.registry;
            let Some(Owner::Project { key, variable, .. }) = registry.owner(definition.port) else {
                continue;
            };
            if key != self.key && *variable == definition.variable && Root::of(key) == Root::Gone {
                let former = key.to_owned();
                registry.hand_over(&former, self.key, &self.name);
            }
        }
    }
}

/// Whether the reservation that was asked for in `directory` is the project's, so that it may use the port.
fn is_reserved_for(root: &ProjectRoot, directory: &str) -> bool {
    owner::lies_in(Path::new(directory), root.as_path())
}
