//! Stop whoever listens on a port.

use std::net::IpAddr;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::Context;
use super::owner::{PortOwner, ProjectName, is_telling};
use crate::error::Result;
use crate::port::Port;
use crate::ports::{self, Holder, Outcome, Protection, Protocol, StopOptions};
use crate::registry::Registry;

/// A port as it is found, before anything is done about it.
#[derive(Debug)]
pub struct FoundHolders {
    registry: Registry,
    report: FreeReport,
    holders: Vec<Holder>,
}

/// What is known of a port, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FreeReport {
    /// The port.
    pub port: Port,
    /// Whether nothing listens there now.
    pub is_free: bool,
    /// Whether nothing listened there in the first place.
    pub was_free: bool,
    /// Whose it is by the registry.
    pub owner: Option<PortOwner>,
    /// The visible processes that listened there.
    pub holders: Vec<HolderReport>,
    /// The users of whom processes listen there that are hidden from us, where the system tells.
    pub hidden_users: Vec<String>,
    /// The processes that took the port meanwhile, as one that restarts what was stopped.
    pub successors: Vec<HolderReport>,
}

/// A process that listens on the port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HolderReport {
    /// Its number.
    pub pid: u32,
    /// The file name of its program.
    pub program: String,
    /// Its command line, word by word.
    pub command: Vec<String>,
    /// Its working directory.
    pub directory: Option<PathBuf>,
    /// The user it runs as.
    pub user: Option<String>,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// The addresses on which it listens.
    pub addresses: Vec<IpAddr>,
    /// The name of the registered project in whose tree it was started.
    pub project: Option<String>,
    /// That project's root directory.
    pub root: Option<String>,
    /// Why it is never stopped, if so.
    pub protection: Option<Protection>,
    /// What became of it; `None` where nothing was tried.
    pub outcome: Option<Outcome>,
}

/// Looks at who listens on the TCP port. Nothing is done yet.
///
/// # Errors
/// When the registry cannot be read, or the system does not tell who listens.
pub fn find_holders(context: &Context, port: Port) -> Result<FoundHolders> {
    let registry = context.store.load()?;
    let holders = ports::holders(port)?;
    let is_free = holders.is_empty() && ports::is_free(port);
    let hidden =
        ports::listeners_on(port, Protocol::Tcp)?.into_iter().filter(|listener| listener.pid.is_none());
    let mut hidden_users: Vec<String> = hidden.filter_map(|listener| listener.user).collect();
    hidden_users.dedup();
    let report = FreeReport {
        port,
        is_free,
        was_free: is_free,
        owner: PortOwner::of(port, &registry),
        holders: holders.iter().map(|holder| HolderReport::new(holder, &registry)).collect(),
        hidden_users,
        successors: Vec::new(),
    };
    Ok(FoundHolders { registry, report, holders })
}

impl FoundHolders {
    /// What is known so far.
    #[must_use]
    pub fn report(&self) -> &FreeReport {
        &self.report
    }

    /// What is known, where nothing is to be done about it.
    #[must_use]
    pub fn leave(self) -> FreeReport {
        self.report
    }

    /// Stops the processes that were found, and no others, and looks whether the port is free then.
    ///
    /// # Errors
    /// When the system does not tell who listens any more.
    pub fn free(self, options: StopOptions) -> Result<FreeReport> {
        let Self { registry, mut report, holders } = self;
        let port = report.port;
        for (holder, outcome) in report.holders.iter_mut().zip(ports::stop(port, &holders, options)?) {
            holder.outcome = Some(outcome);
        }
        let left = ports::holders(port)?;
        report.is_free = left.is_empty() && ports::is_free(port);
        report.successors = left
            .iter()
            .map(|holder| HolderReport::new(holder, &registry))
            .filter(|left| !report.holders.iter().any(|before| before.is_same_process(left)))
            .collect();
        Ok(report)
    }
}

impl HolderReport {
    fn new(holder: &Holder, registry: &Registry) -> Self {
        let process = holder.process.clone();
        let telling = process.directory.as_deref().filter(|directory| is_telling(directory));
        let started_at = i64::try_from(process.started).ok().and_then(|at| Timestamp::from_second(at).ok());
        let project = telling.and_then(|directory| ProjectName::around(directory, registry));
        Self {
            project: project.as_ref().map(|project| project.name.clone()),
            root: project.map(|project| project.root),
            pid: process.pid,
            program: process.program,
            command: process.command,
            directory: process.directory,
            user: process.user,
            started_at,
            addresses: holder.addresses.clone(),
            protection: holder.protection,
            outcome: None,
        }
    }

    fn is_same_process(&self, other: &Self) -> bool {
        self.pid == other.pid && self.started_at == other.started_at
    }
}
