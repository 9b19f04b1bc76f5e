//! For whom a port is held, where the process that listens only stands in: a container whose proxy it
//! is, or a unit of systemd that is started by the first connection.

mod container;
mod unit;

use std::time::Duration;

use serde::Serialize;

use super::control_group::ControlGroup;
use super::holders::Holders;
use super::protection::Protection;
use super::tool;

/// How long a program that knows may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long a container may take to stop: it is given ten seconds by its runtime before it is killed.
const STOPPING: Duration = Duration::from_secs(30);

/// For whom a port is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Principal {
    /// A container.
    Container {
        /// The program that knows it: `docker` or `podman`.
        runtime: &'static str,
        /// Its name, where that could be found out.
        name: Option<String>,
        /// Its identifier, where that could be found out.
        id: Option<String>,
        /// Where it listens in its own network: `172.18.0.2:5432`.
        address: Option<String>,
    },
    /// A unit of systemd that listens for a service: `ssh.socket`.
    Unit {
        /// Its name, where that could be found out.
        name: Option<String>,
        /// Whether it is a user's own.
        is_users: bool,
    },
}

impl Principal {
    /// For whom a port is held, where nobody of those who hold it can be stopped for it. Programs
    /// that know are asked, where they are there.
    #[must_use]
    pub fn find(holders: &Holders) -> Option<Self> {
        let is = |protection| holders.holders.iter().find(|holder| holder.protection == Some(protection));
        if let Some(holder) = is(Protection::ContainerRuntime) {
            return Some(container::behind_proxy(&holder.process, holders.port, holders.protocol));
        }
        if let Some(holder) = is(Protection::Container) {
            let id = ControlGroup::of(holder.process.pid).container?;
            return Some(container::of_id(&id));
        }
        let manager = is(Protection::System).or_else(|| is(Protection::ServiceManager));
        if let Some(holder) = manager.filter(|holder| matches!(&*holder.process.program, "systemd" | "init"))
        {
            let is_users = holder.process.pid != 1;
            let name = unit::listening_on(holders.port, holders.protocol, is_users);
            return (name.is_some() || holder.process.program == "systemd")
                .then_some(Self::Unit { name, is_users });
        }
        // Both kinds belong to root, and are hidden from everybody else.
        let is_roots = holders.hidden.iter().any(|listener| listener.user.as_deref() == Some("root"));
        if !is_roots {
            return None;
        }
        container::publishing(holders.port, holders.protocol).or_else(|| {
            let name = unit::listening_on(holders.port, holders.protocol, false)?;
            Some(Self::Unit { name: Some(name), is_users: false })
        })
    }

    /// The command line that lets go of the port, word by word; `None` where a name is missing.
    #[must_use]
    pub fn remedy(&self) -> Option<Vec<String>> {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Some(match self {
            Self::Container { runtime, name, id, .. } => {
                words(&[runtime, "stop", name.as_deref().or(id.as_deref())?])
            }
            Self::Unit { name, is_users: true } => words(&["systemctl", "--user", "stop", name.as_deref()?]),
            Self::Unit { name, is_users: false } => words(&["sudo", "systemctl", "stop", name.as_deref()?]),
        })
    }

    /// Stops a container. Units are left to the administrator.
    ///
    /// # Errors
    /// The program's own words when it could not do it.
    pub fn stop(&self) -> Result<(), String> {
        let (Self::Container { runtime, .. }, Some(remedy)) = (self, self.remedy()) else {
            return Err("it is not known which one".to_owned());
        };
        let arguments: Vec<&str> = remedy.iter().skip(1).map(String::as_str).collect();
        match tool::run(runtime, &arguments, STOPPING) {
            Some(said) if said.is_fine => Ok(()),
            Some(said) => Err(said.complaint.trim().to_owned()),
            None => Err(format!("{runtime} is not there, or takes too long")),
        }
    }
}
