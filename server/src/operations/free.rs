//! Stop the processes that listen on a port.

mod report;

use std::path::Path;
use std::time::Duration;

use report::other_ports;
pub use report::{
    DependantReport, FreeReport, HolderReport, PrincipalReport, RestarterReport, ShownHolder,
    SupervisorReport,
};

use super::Context;
use super::owner::PortOwner;
use super::project_status::project_status;
use crate::error::{Error, ListenerError, NameError, Result};
use crate::port::Port;
use crate::ports::{self, Holders, Outcome, Outcomes, Principal, Protocol, Restarter};
use crate::registry::Registry;
use crate::variable::Variable;

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
    restarters: Vec<Restarter>,
}

/// What may be done to free a port.
#[derive(Debug, Clone, Copy)]
pub struct FreeOptions {
    /// How long a process may take to end after it was asked to.
    pub timeout: Duration,
    /// Whether the container is stopped for which a proxy listens there.
    pub containers: bool,
}

/// Looks at the processes that listen on the port. Nothing is done yet.
///
/// # Errors
/// When the registry cannot be read, or the system does not tell which processes listen.
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
    let restarters = holders.restarters();
    let others = other_ports(port, protocol);
    let report = FreeReport {
        port,
        protocol,
        is_free,
        was_free: is_free,
        owner: PortOwner::of(port, &registry),
        holders: (holders.holders.iter())
            .map(|holder| HolderReport::new(holder, &registry, &others))
            .collect(),
        supervisors: (holders.supervisors.iter())
            .map(|supervisor| SupervisorReport::new(supervisor, &others))
            .collect(),
        principal,
        is_kept: holders.is_kept(),
        is_hidden: !holders.hidden.is_empty() || (holders.holders.is_empty() && !is_free),
        hidden_users,
        restarters: restarters.iter().map(RestarterReport::new).collect(),
        successors: Vec::new(),
    };
    Ok(FoundHolders { registry, report, holders, restarters })
}

/// Who is asked and informed while a port is freed.
pub trait Attendant {
    /// Whether the processes that have not ended in time may be killed. Asked at most once.
    ///
    /// # Errors
    /// When the answer cannot be had.
    fn may_kill(&mut self, report: &FreeReport) -> Result<bool>;

    /// The port is watched for so long, since that process may start the server again.
    fn is_watching(&mut self, restarter: &RestarterReport, time: Duration) {
        let _ = (restarter, time);
    }
}

/// One who is not there: what may be done was decided before.
#[derive(Debug, Clone, Copy)]
pub struct Unattended {
    /// Whether the processes that have not ended in time are killed.
    pub may_kill: bool,
}

impl Attendant for Unattended {
    fn may_kill(&mut self, _: &FreeReport) -> Result<bool> {
        Ok(self.may_kill)
    }
}

/// The port of a variable of the directory's project.
///
/// # Errors
/// [`NameError::UnknownVariable`] when the project has no such variable, or when its files cannot be read.
pub fn port_of_variable(context: &Context, directory: &Path, variable: &Variable) -> Result<Port> {
    let project = project_status(context, directory, None)?;
    let port = project.ports.iter().find(|port| port.variable == *variable).map(|port| port.port);
    port.ok_or_else(|| {
        Error::Name(NameError::UnknownVariable {
            variable: variable.clone(),
            project: project.project,
            known: project.ports.into_iter().map(|port| port.variable).collect(),
        })
    })
}

impl FoundHolders {
    /// What is known so far.
    #[must_use]
    pub fn report(&self) -> &FreeReport {
        &self.report
    }

    /// The same, if all processes that listen there were shown to a person before, who decided about them.
    ///
    /// # Errors
    /// [`ListenerError::HoldersChanged`] where that is not so.
    pub fn expect(self, shown: &[ShownHolder]) -> Result<Self> {
        let is_shown = |holder: &HolderReport| {
            shown.iter().any(|shown| shown.pid == holder.pid && shown.started_at == holder.started_at)
        };
        let new = self.report.holders.iter().filter(|holder| !is_shown(holder));
        let new: Vec<String> = new.map(|holder| format!("{} (pid {})", holder.program, holder.pid)).collect();
        match new.is_empty() {
            true => Ok(self),
            false => Err(Error::Listener(ListenerError::HoldersChanged {
                port: self.report.port,
                now: new.join(", "),
            })),
        }
    }

    /// What is known, where nothing is to be done about it.
    #[must_use]
    pub fn leave(self) -> FreeReport {
        self.report
    }

    /// Stops the processes that were found and what would start them again, and no others; then watches the port for a
    /// while, and says what became of it. Those that do not end in time are killed if the attendant says so.
    ///
    /// # Errors
    /// When the system does not tell any more which processes listen, or the attendant fails.
    pub fn free(mut self, options: FreeOptions, attendant: &mut dyn Attendant) -> Result<FreeReport> {
        let mut outcomes = self.holders.ask(options.timeout)?;
        self.record(&outcomes);
        if outcomes.is_pending() && attendant.may_kill(&self.report)? {
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
        }
        if !self.holders.holders.is_empty() {
            self.holders.watch(&self.restarters, &mut |restarter, time| {
                attendant.is_watching(&RestarterReport::new(restarter), time);
            })?;
        }
        self.look_again()
    }

    /// Looks at the port and the processes once more.
    fn look_again(self) -> Result<FreeReport> {
        let Self { registry, mut report, holders, restarters } = self;
        let mut left = Holders::find(holders.port, holders.protocol)?;
        report.is_free = left.holders.is_empty() && ports::is_free_to_bind(holders.port, holders.protocol);
        if !report.is_free && left.holders.is_empty() {
            // A process may have begun to listen between the two.
            left = Holders::find(holders.port, holders.protocol)?;
        }
        let others = other_ports(holders.port, holders.protocol);
        report.successors = (left.holders.iter())
            .map(|holder| HolderReport::new(holder, &registry, &others))
            .filter(|left| !report.holders.iter().any(|before| before.is_same_process(left)))
            .collect();
        for (holder, report) in holders.holders.iter().zip(&mut report.holders) {
            report.is_running = Some(holder.process.is_running());
        }
        for (restarter, report) in restarters.iter().zip(&mut report.restarters) {
            report.is_running = Some(restarter.process.is_running());
            report.is_suspended = restarter.is_suspended();
        }
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
