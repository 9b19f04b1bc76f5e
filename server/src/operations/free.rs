//! Stop whoever listens on a port.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Context;
use super::owner::{PortOwner, ProjectName, is_telling};
use crate::error::{Error, Result};
use crate::port::Port;
use crate::ports::{
    self, Holder, Holders, Outcome, Outcomes, Principal, Process, Protection, Protocol, Supervisor,
};
use crate::registry::Registry;

/// The longest time that a process may be given to end, on the command line and from an editor.
pub const LONGEST_TIMEOUT: Duration = Duration::from_secs(3600);

/// A number of seconds, whole or not, as the time that a process is given to end; `None` where it is not one, or is
/// longer than [`LONGEST_TIMEOUT`].
#[must_use]
pub fn timeout_of_seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok().filter(|timeout| *timeout <= LONGEST_TIMEOUT)
}

/// A port as it is found, before anything is done about it.
#[derive(Debug)]
pub struct FoundHolders {
    registry: Registry,
    report: FreeReport,
    holders: Holders,
}

/// What may be done to free a port.
#[derive(Debug, Clone, Copy)]
pub struct FreeOptions {
    /// How long a process may take to end after it was asked to.
    pub timeout: Duration,
    /// Whether a container is stopped whose proxy listens there.
    pub containers: bool,
}

/// What is known of a port, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FreeReport {
    /// The port.
    pub port: Port,
    /// What is spoken there.
    pub protocol: Protocol,
    /// Whether nothing listens there now.
    pub is_free: bool,
    /// Whether nothing listened there in the first place.
    pub was_free: bool,
    /// Whose it is by the registry.
    pub owner: Option<PortOwner>,
    /// The visible processes that listened there.
    pub holders: Vec<HolderReport>,
    /// The processes that would start one of them anew, the outermost first.
    pub supervisors: Vec<SupervisorReport>,
    /// For whom the port is held, where the processes only stand in.
    pub principal: Option<PrincipalReport>,
    /// The users of whom processes listen there that are hidden from us, where the system tells.
    pub hidden_users: Vec<String>,
    /// The processes that took the port meanwhile, as one that restarts what was stopped.
    pub successors: Vec<HolderReport>,
}

/// A process as a report told of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShownHolder {
    /// Its number.
    pub pid: u32,
    /// When it was started.
    pub started_at: Option<Timestamp>,
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
    /// The service of systemd that it belongs to.
    pub service: Option<String>,
    /// The name of the registered project in whose tree it was started.
    pub project: Option<String>,
    /// That project's root directory.
    pub root: Option<String>,
    /// Why it is never stopped, if so.
    pub protection: Option<Protection>,
    /// What became of it; `None` where nothing was tried.
    pub outcome: Option<Outcome>,
}

/// A process that would start a server anew, and is stopped with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupervisorReport {
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
    /// What became of it; `None` where nothing was tried.
    pub outcome: Option<Outcome>,
}

/// For whom a port is held, where the processes only stand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrincipalReport {
    /// Who it is.
    #[serde(flatten)]
    pub principal: Principal,
    /// The command line that lets go of the port, word by word, where it is known.
    pub remedy: Option<Vec<String>>,
    /// Whether that was run, and went well; `None` where it was not run.
    pub is_stopped: Option<bool>,
    /// What the program said when it did not go well.
    pub complaint: Option<String>,
}

/// Looks at who listens on the port. Nothing is done yet.
///
/// # Errors
/// When the registry cannot be read, or the system does not tell who listens.
pub fn find_holders(context: &Context, port: Port, protocol: Protocol) -> Result<FoundHolders> {
    let registry = context.store.load()?;
    let holders = Holders::find(port, protocol)?;
    let is_free = holders.holders.is_empty() && ports::is_free_to_bind(port, protocol);
    let mut hidden_users: Vec<String> =
        holders.hidden.iter().filter_map(|listener| listener.user.clone()).collect();
    hidden_users.dedup();
    let principal = Principal::find(&holders).map(|principal| PrincipalReport {
        remedy: principal.remedy(),
        principal,
        is_stopped: None,
        complaint: None,
    });
    let report = FreeReport {
        port,
        protocol,
        is_free,
        was_free: is_free,
        owner: PortOwner::of(port, &registry),
        holders: holders.holders.iter().map(|holder| HolderReport::new(holder, &registry)).collect(),
        supervisors: holders.supervisors.iter().map(SupervisorReport::new).collect(),
        principal,
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

    /// The same, if all who listen there were shown to somebody before, who decided about them.
    ///
    /// # Errors
    /// [`Error::HoldersChanged`] where that is not so.
    pub fn expect(self, shown: &[ShownHolder]) -> Result<Self> {
        let is_shown = |holder: &HolderReport| {
            shown.iter().any(|shown| shown.pid == holder.pid && shown.started_at == holder.started_at)
        };
        let new = self.report.holders.iter().filter(|holder| !is_shown(holder));
        let new: Vec<String> = new.map(|holder| format!("{} (pid {})", holder.program, holder.pid)).collect();
        match new.is_empty() {
            true => Ok(self),
            false => Err(Error::HoldersChanged { port: self.report.port, now: new.join(", ") }),
        }
    }

    /// What is known, where nothing is to be done about it.
    #[must_use]
    pub fn leave(self) -> FreeReport {
        self.report
    }

    /// Stops the processes that were found and who would start them anew, and no others, and looks
    /// whether the port is free then. Those who do not end in time are killed if `may_kill` says so,
    /// which is asked once, and only then.
    ///
    /// # Errors
    /// When the system does not tell who listens any more, or `may_kill` fails.
    pub fn free(
        mut self,
        options: FreeOptions,
        may_kill: &mut dyn FnMut(&FreeReport) -> Result<bool>,
    ) -> Result<FreeReport> {
        let mut outcomes = self.holders.ask(options.timeout)?;
        self.record(&outcomes);
        if outcomes.is_pending() && may_kill(&self.report)? {
            self.holders.kill(&mut outcomes)?;
            self.record(&outcomes);
        }
        let is_containers = |principal: &&mut PrincipalReport| {
            matches!(principal.principal, Principal::Container { .. }) && principal.remedy.is_some()
        };
        if options.containers
            && let Some(principal) = self.report.principal.as_mut().filter(is_containers)
        {
            principal.complaint = principal.principal.stop().err();
            principal.is_stopped = Some(principal.complaint.is_none());
            let has_ended = self.holders.await_end(options.timeout)?;
            for (report, _) in
                self.report.holders.iter_mut().zip(has_ended).filter(|(_, has_ended)| *has_ended)
            {
                report.outcome = Some(Outcome::Stopped);
            }
        } else if outcomes.has_stopped_any() {
            self.holders.watch()?;
        }
        let Self { registry, mut report, holders } = self;
        let left = Holders::find(holders.port, holders.protocol)?;
        report.is_free = left.holders.is_empty() && ports::is_free_to_bind(holders.port, holders.protocol);
        report.successors = left
            .holders
            .iter()
            .map(|holder| HolderReport::new(holder, &registry))
            .filter(|left| !report.holders.iter().any(|before| before.is_same_process(left)))
            .collect();
        Ok(report)
    }

    fn record(&mut self, outcomes: &Outcomes) {
        for (holder, outcome) in self.report.holders.iter_mut().zip(&outcomes.holders) {
            holder.outcome = Some(*outcome);
        }
        for (supervisor, outcome) in self.report.supervisors.iter_mut().zip(&outcomes.supervisors) {
            supervisor.outcome = Some(*outcome);
        }
    }
}

impl FreeReport {
    /// Whether there is anybody who may be stopped.
    #[must_use]
    pub fn has_stoppable(&self) -> bool {
        let is_final = |holder: &HolderReport| holder.protection.is_some_and(Protection::is_final);
        !self.holders.iter().any(is_final) && self.holders.iter().any(|holder| holder.protection.is_none())
    }

    /// The command that stops the container whose proxy listens there, where there is one and it is
    /// known.
    #[must_use]
    pub fn container_remedy(&self) -> Option<&[String]> {
        let principal = self.principal.as_ref()?;
        match principal.principal {
            Principal::Container { .. } => principal.remedy.as_deref(),
            Principal::Unit { .. } => None,
        }
    }
}

/// When the process was started.
fn started_at(process: &Process) -> Option<Timestamp> {
    i64::try_from(process.started).ok().and_then(|at| Timestamp::from_second(at).ok())
}

impl HolderReport {
    fn new(holder: &Holder, registry: &Registry) -> Self {
        let process = holder.process.clone();
        let telling = process.directory.as_deref().filter(|directory| is_telling(directory));
        let project = telling.and_then(|directory| ProjectName::around(directory, registry));
        Self {
            project: project.as_ref().map(|project| project.name.clone()),
            root: project.map(|project| project.root),
            pid: process.pid,
            started_at: started_at(&process),
            service: holder.service(),
            program: process.program,
            command: process.command,
            directory: process.directory,
            user: process.user,
            addresses: holder.addresses.clone(),
            protection: holder.protection,
            outcome: None,
        }
    }

    fn is_same_process(&self, other: &Self) -> bool {
        self.pid == other.pid && self.started_at == other.started_at
    }
}

impl SupervisorReport {
    fn new(supervisor: &Supervisor) -> Self {
        let process = supervisor.process.clone();
        Self {
            pid: process.pid,
            started_at: started_at(&process),
            program: process.program,
            command: process.command,
            directory: process.directory,
            user: process.user,
            outcome: None,
        }
    }
}
