//! The registry that all projects of a machine share: who has which port.
//!
//! - the model, here: one owner a port, by construction;
//! - `format`: the file; `version_1`: what the script before us left;
//! - `store`: lock, load, replace;
//! - `repair`: rebuild what was damaged;
//! - `allocation`: choosing a port.

mod allocation;
mod format;
mod repair;
mod store;
#[cfg(test)]
mod tests;
mod unique_keys;
mod version_1;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub use allocation::{Choice, Refusal, Request, allocate, choose, is_range_full, needs_room, refusal};
pub use repair::Repair;
pub use store::{Store, Transaction};

use crate::config::Config;
use crate::error::{AssignmentError, Error, Result};
use crate::port::Port;
use crate::service::{Service, ServiceTypes};
use crate::variable::Variable;

/// How long a port is held for somebody who asked without a project, and is about to listen on it or to
/// write it down.
pub const HELD: SignedDuration = SignedDuration::from_mins(5);

/// How far the clock may have been set back since a reservation was made.
const GRACE: SignedDuration = SignedDuration::from_mins(1);

/// What a newer port-manager wrote and this one does not know; kept as it is.
type Unknown = BTreeMap<String, Value>;

/// Who has which port, at one moment.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    projects: BTreeMap<String, Project>,
    reservations: BTreeMap<Port, Reservation>,
    /// Reservations that had expired when the registry was loaded, or last longer than any can: they hold
    /// nothing.
    expired: BTreeMap<Port, Reservation>,
    /// Where each assigned port is found in `projects`.
    assigned: BTreeMap<Port, (String, Variable)>,
    unknown: Unknown,
    now: Timestamp,
    is_changed: bool,
    /// The settings of the user who loaded it; the built-in ones where they cannot be read.
    config: Config,
    config_error: Option<Arc<Error>>,
}

/// A project's entry.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Project {
    name: String,
    ports: BTreeMap<Variable, Assignment>,
    unknown: Unknown,
}

/// A port that a project has been given for a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The port.
    pub port: Port,
    /// What listens there.
    pub service: Service,
    /// Since when.
    pub assigned_at: Timestamp,
    unknown: Unknown,
}

/// A port that is held for a short time without a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Reservation {
    /// What will listen there.
    pub service: Service,
    /// Until when it is held.
    pub expires_at: Timestamp,
    /// The root of the project that it was asked for in, or the directory where that is in no project;
    /// `None` where an older version did not note it.
    pub directory: Option<String>,
    unknown: Unknown,
}

/// Who a port belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner<'a> {
    /// A project's assignment.
    Project {
        /// The key in the registry: the canonical root, or a bare name that the script left.
        key: &'a str,
        /// The name that people see.
        name: &'a str,
        /// The variable.
        variable: &'a Variable,
        /// The service.
        service: Service,
    },
    /// A reservation that has not expired.
    Reservation {
        /// The service.
        service: Service,
        /// Where it was asked for: see [`Reservation::directory`].
        directory: Option<&'a str>,
        /// For how many minutes it lasts still.
        minutes: i64,
    },
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Project { key, name, variable, .. } if key == name => write!(f, "{variable} of {name}"),
            Self::Project { key, name, variable, .. } => write!(f, "{variable} of {name} ({key})"),
            Self::Reservation { service, directory, minutes } => {
                write!(f, "a reservation for {service} (")?;
                if let Some(directory) = directory {
                    write!(f, "get-port in {directory}, ")?;
                }
                write!(f, "{minutes} more minute{})", if *minutes == 1 { "" } else { "s" })
            }
        }
    }
}

impl Reservation {
    /// Whether it holds its port at that moment. One that was made by a clock that was ahead, perhaps by
    /// years, holds nothing: it would keep others from a whole range for as long.
    fn holds_at(&self, now: Timestamp) -> bool {
        let latest = now.saturating_add(HELD + GRACE).unwrap_or(Timestamp::MAX);
        now < self.expires_at && self.expires_at <= latest
    }
}

impl Project {
    /// The name that people see.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its assignments, in the order of the variables' names.
    pub fn ports(&self) -> impl Iterator<Item = (&Variable, &Assignment)> {
        self.ports.iter()
    }

    /// The assignment of a variable.
    #[must_use]
    pub fn get(&self, variable: &Variable) -> Option<&Assignment> {
        self.ports.get(variable)
    }
}

impl Registry {
    /// A registry with nothing in it, at the given moment.
    #[must_use]
    pub fn empty(now: Timestamp) -> Self {
        Self { now, ..Self::default() }
    }

    /// The moment at which it was loaded: what "expired" is measured by, and what new assignments
    /// are dated with.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The settings of the user who loaded it, by which numbers are chosen.
    ///
    /// # Errors
    /// When they cannot be read: they may avoid the very number that would be chosen.
    pub fn config(&self) -> Result<&Config> {
        match &self.config_error {
            Some(error) => Err(Error::Shared(Arc::clone(error))),
            None => Ok(&self.config),
        }
    }

    /// The service types; those that are built in where the settings cannot be read. This is enough to show things.
    #[must_use]
    pub fn types(&self) -> &ServiceTypes {
        self.config.types()
    }

    fn set_config(&mut self, config: Result<Config>) {
        match config {
            Ok(config) => (self.config, self.config_error) = (config, None),
            Err(error) => (self.config, self.config_error) = (Config::default(), Some(Arc::new(error))),
        }
    }

    /// Who owns the port.
    #[must_use]
    pub fn owner(&self, port: Port) -> Option<Owner<'_>> {
        if let Some((key, variable)) = self.assigned.get(&port) {
            let project = self.projects.get(key)?;
            let service = project.get(variable)?.service;
            return Some(Owner::Project { key, name: &project.name, variable, service });
        }
        let reservation = self.reservations.get(&port)?;
        let left = reservation.expires_at.duration_since(self.now).as_secs();
        Some(Owner::Reservation {
            service: reservation.service,
            directory: reservation.directory.as_deref(),
            minutes: left.saturating_add(59) / 60,
        })
    }

    /// Whether it differs from what was loaded.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// The project of that key: a canonical root, or a bare name that the script left.
    #[must_use]
    pub fn project(&self, key: &str) -> Option<&Project> {
        self.projects.get(key)
    }

    /// Every project with its key, in the order of the keys.
    pub fn projects(&self) -> impl Iterator<Item = (&str, &Project)> {
        self.projects.iter().map(|(key, project)| (key.as_str(), project))
    }

    /// Every reservation that has not expired, in the order of the ports.
    pub fn reservations(&self) -> impl Iterator<Item = (Port, &Reservation)> {
        self.reservations.iter().map(|(port, reservation)| (*port, reservation))
    }

    /// Gives a project a port for a variable, in place of the one that it had. The project is made
    /// where there is none. A reservation of the port is used up by this.
    ///
    /// # Errors
    /// When the port belongs to another project, or to another variable of this one.
    pub fn assign(
        &mut self,
        key: &str,
        name: &str,
        variable: &Variable,
        port: Port,
        service: Service,
    ) -> Result<()> {
        let current = self.project(key).and_then(|project| project.get(variable));
        if current.is_some_and(|current| current.port == port && current.service == service) {
            return Ok(());
        }
        match self.owner(port) {
            Some(Owner::Project { key: other, variable: its, .. }) if other != key || its != variable => {
                let owner = self.owner(port).map(|owner| owner.to_string()).unwrap_or_default();
                return Err(Error::Assignment(AssignmentError::PortOwned { port, owner }));
            }
            _ => {}
        }
        let now = self.now;
        let unknown = current.map(|current| current.unknown.clone()).unwrap_or_default();
        if let Some(current) = current.map(|current| current.port) {
            self.assigned.remove(&current);
        }
        self.reservations.remove(&port);
        let project = self
            .projects
            .entry(key.to_owned())
            .or_insert_with(|| Project { name: name.to_owned(), ..Project::default() });
        project.ports.insert(variable.clone(), Assignment { port, service, assigned_at: now, unknown });
        self.assigned.insert(port, (key.to_owned(), variable.clone()));
        self.is_changed = true;
        Ok(())
    }

    /// Takes a variable's port from a project.
    pub fn unassign(&mut self, key: &str, variable: &Variable) -> Option<Assignment> {
        let project = self.projects.get_mut(key)?;
        let assignment = project.ports.remove(variable)?;
        self.assigned.remove(&assignment.port);
        self.is_changed = true;
        Some(assignment)
    }

    /// Gives an assignment of a project the name of another variable: the port, its type and since when stay. Nothing changes
    /// where the project has no such assignment.
    ///
    /// # Errors
    /// When the project has an assignment of the other name.
    pub fn rename(&mut self, key: &str, from: &Variable, to: &Variable) -> Result<()> {
        let Some(project) = self.projects.get_mut(key).filter(|it| it.ports.contains_key(from)) else {
            return Ok(());
        };
        if project.ports.contains_key(to) {
            let reason = "the registry has a variable of that name for the project".to_owned();
            return Err(Error::Assignment(AssignmentError::NameTaken { variable: to.clone(), reason }));
        }
        if let Some(assignment) = project.ports.remove(from) {
            self.assigned.insert(assignment.port, (key.to_owned(), to.clone()));
            project.ports.insert(to.clone(), assignment);
            self.is_changed = true;
        }
        Ok(())
    }

    /// Removes a project with all its assignments.
    pub fn remove_project(&mut self, key: &str) -> Option<Project> {
        let project = self.projects.remove(key)?;
        for assignment in project.ports.values() {
            self.assigned.remove(&assignment.port);
        }
        self.is_changed = true;
        Some(project)
    }

    /// Hands the assignments of the project `from` to the project `to`, as far as that one has none
    /// for the same variable; a project that is left with nothing goes.
    pub fn hand_over(&mut self, from: &str, to: &str, name: &str) {
        let Some(source) = self.projects.get(from).filter(|_| from != to) else { return };
        let is_had = |variable: &Variable| self.project(to).is_some_and(|it| it.ports.contains_key(variable));
        let moved: Vec<Variable> =
            source.ports.keys().filter(|variable| !is_had(variable)).cloned().collect();
        if moved.is_empty() && !source.ports.is_empty() {
            return;
        }
        let Some(mut source) = self.projects.remove(from) else { return };
        let target = self
            .projects
            .entry(to.to_owned())
            .or_insert_with(|| Project { name: name.to_owned(), ..Project::default() });
        for variable in moved {
            if let Some(assignment) = source.ports.remove(&variable) {
                self.assigned.insert(assignment.port, (to.to_owned(), variable.clone()));
                target.ports.insert(variable, assignment);
            }
        }
        if source.ports.is_empty() {
            for (field, value) in source.unknown {
                target.unknown.entry(field).or_insert(value);
            }
        } else {
            self.projects.insert(from.to_owned(), source);
        }
        self.is_changed = true;
    }

    /// Holds a port without a project until the given moment, for what was asked for in `directory`.
    ///
    /// # Errors
    /// When the port belongs to a project or is held already.
    pub fn reserve(
        &mut self,
        port: Port,
        service: Service,
        expires_at: Timestamp,
        directory: Option<&str>,
    ) -> Result<()> {
        if let Some(owner) = self.owner(port) {
            return Err(Error::Assignment(AssignmentError::PortOwned { port, owner: owner.to_string() }));
        }
        let directory = directory.map(str::to_owned);
        let unknown = Unknown::new();
        self.reservations.insert(port, Reservation { service, expires_at, directory, unknown });
        self.is_changed = true;
        Ok(())
    }

    /// Ends the reservation of a port.
    pub fn release(&mut self, port: Port) -> Option<Reservation> {
        let released = self.reservations.remove(&port)?;
        self.is_changed = true;
        Some(released)
    }

    /// The reservations that hold nothing: they had expired when the registry was loaded, or last longer
    /// than any can. In the order of the ports.
    pub fn expired(&self) -> impl Iterator<Item = (Port, &Reservation)> {
        self.expired.iter().map(|(port, reservation)| (*port, reservation))
    }

    /// Forgets the expired reservations. Any other change does so too.
    pub fn remove_expired(&mut self) {
        if !self.expired.is_empty() {
            self.expired.clear();
            self.is_changed = true;
        }
    }

    /// Whether a project's key is a bare name, as the script left it, which knew no paths.
    #[must_use]
    pub fn is_bare_name(key: &str) -> bool {
        !Path::new(key).is_absolute() && !key.contains(['/', '\\'])
    }
}
