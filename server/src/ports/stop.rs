//! Stopping the processes that listen on a port, and no others.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::holders::{Holder, Holders};
use super::listeners::listeners_on;
use super::process::{self, Process};
use super::roles::{Role, role};
use super::signal::Signal;
use super::supervisors::Supervisor;
use crate::error::Result;

/// How often we look whether a port has been let go of.
const INTERVAL: Duration = Duration::from_millis(25);

/// How long a killed process may take to be gone: it is the kernel's work then.
const KILLED: Duration = Duration::from_secs(2);

/// How long a port is watched for somebody who takes it anew.
const WATCHED: Duration = Duration::from_millis(300);

/// What became of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It let go of the port when asked to; a supervisor ended.
    Stopped,
    /// It had to be killed.
    Killed,
    /// It was gone, or had let go of the port, before any signal was sent.
    Gone,
    /// It listens still.
    Listening,
    /// It runs still: a supervisor.
    Running,
    /// It is protected, and was sent no signal.
    Protected,
    /// It was left alone, because another process that is never stopped holds the port as well.
    Spared,
    /// It is another user's, and may not be signalled.
    NotPermitted,
    /// This system cannot ask a process to end, only kill it, which was not wanted.
    CannotAsk,
}

/// What became of everybody, in the order of [`Holders`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcomes {
    /// Of those who listened.
    pub holders: Vec<Outcome>,
    /// Of those who would have started them anew.
    pub supervisors: Vec<Outcome>,
}

impl Outcomes {
    /// Whether killing may help where asking did not.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.holders.iter().chain(&self.supervisors).any(|outcome| outcome.is_pending())
    }

    /// Whether anybody has let go of the port because of us.
    #[must_use]
    pub fn has_stopped_any(&self) -> bool {
        self.holders.iter().any(|outcome| matches!(outcome, Outcome::Stopped | Outcome::Killed))
    }
}

impl Outcome {
    /// Whether killing may help where asking did not.
    #[must_use]
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Listening | Self::Running | Self::CannotAsk)
    }
}

impl Holders {
    /// Asks every holder to end, and before them whoever would start them anew; waits until they have
    /// ended, at most `timeout`. Nobody is asked where one of them is never stopped: it would be for
    /// nothing. Before every signal it is made sure anew that the process is the one that was looked
    /// at, and that it still listens there.
    ///
    /// # Errors
    /// When the system does not let us look any more.
    pub fn ask(&self, timeout: Duration) -> Result<Outcomes> {
        let is_for_nothing = self
            .holders
            .iter()
            .any(|holder| holder.protection.is_some_and(|protection| protection.is_final()));
        if is_for_nothing {
            let outcome = |holder: &Holder| match holder.protection {
                Some(_) => Outcome::Protected,
                None => Outcome::Spared,
            };
            return Ok(Outcomes {
                holders: self.holders.iter().map(outcome).collect(),
                supervisors: vec![Outcome::Spared; self.supervisors.len()],
            });
        }
        let mut outcomes = Outcomes {
            holders: vec![Outcome::Listening; self.holders.len()],
            supervisors: vec![Outcome::Running; self.supervisors.len()],
        };
        self.signal(Signal::Terminate, &mut outcomes)?;
        self.wait(&mut outcomes, Outcome::Stopped, timeout)?;
        Ok(outcomes)
    }

    /// Kills those who were asked and have not ended.
    ///
    /// # Errors
    /// When the system does not let us look any more.
    pub fn kill(&self, outcomes: &mut Outcomes) -> Result<()> {
        for (outcome, pending) in (outcomes.holders.iter_mut().map(|outcome| (outcome, Outcome::Listening)))
            .chain(outcomes.supervisors.iter_mut().map(|outcome| (outcome, Outcome::Running)))
        {
            if outcome.is_pending() {
                *outcome = pending;
            }
        }
        self.signal(Signal::Kill, outcomes)?;
        self.wait(outcomes, Outcome::Killed, KILLED)
    }

    /// Waits until the holders have let go of the port by themselves, at most `timeout`: which of them
    /// have.
    ///
    /// # Errors
    /// When the system does not let us look any more.
    pub fn await_end(&self, timeout: Duration) -> Result<Vec<bool>> {
        let deadline = Instant::now() + timeout;
        loop {
            let has_ended: Vec<bool> = (self.holders.iter())
                .map(|holder| Ok(!self.still_listens(holder)?))
                .collect::<Result<_>>()?;
            if !has_ended.contains(&false) || Instant::now() >= deadline {
                return Ok(has_ended);
            }
            thread::sleep(INTERVAL);
        }
    }

    /// Watches for a while whether somebody takes the port anew who is not known to us, where the
    /// servers were not started by hand.
    ///
    /// # Errors
    /// When the system does not let us look any more.
    pub fn watch(&self) -> Result<()> {
        // A terminal's shell and the like start nothing by themselves.
        let may_return = self.holders.iter().any(|holder| {
            let parent = holder.process.parent.filter(|pid| *pid > 1);
            let parent = parent.and_then(|pid| Process::find(&[pid]).pop());
            parent.is_some_and(|parent| !matches!(role(&parent), Some(Role::Never(_))))
        });
        let deadline = Instant::now() + WATCHED;
        while may_return && Instant::now() < deadline && listeners_on(self.port, self.protocol)?.is_empty() {
            thread::sleep(INTERVAL);
        }
        Ok(())
    }

    /// Signals everybody who has not been dealt with.
    fn signal(&self, signal: Signal, outcomes: &mut Outcomes) -> Result<()> {
        for (supervisor, outcome) in self.supervisors.iter().zip(&mut outcomes.supervisors) {
            if *outcome == Outcome::Running {
                *outcome = self.signal_supervisor(supervisor, signal)?;
            }
        }
        // Whom a supervisor has taken along was stopped by us, too.
        let has_asked = outcomes.supervisors.contains(&Outcome::Running);
        for (holder, outcome) in self.holders.iter().zip(&mut outcomes.holders) {
            if *outcome == Outcome::Listening {
                *outcome = match self.signal_holder(holder, signal)? {
                    Outcome::Gone if signal == Signal::Kill || has_asked => Outcome::Stopped,
                    outcome => outcome,
                };
            }
        }
        Ok(())
    }

    fn signal_holder(&self, holder: &Holder, signal: Signal) -> Result<Outcome> {
        if holder.protection.is_some() {
            return Ok(Outcome::Protected);
        }
        if !self.still_listens(holder)? {
            return Ok(Outcome::Gone);
        }
        Ok(outcome(holder.handle.send(signal), Outcome::Listening))
    }

    /// A supervisor is signalled for the sake of its servers: when these have gone by themselves, it
    /// has nothing to do with us any more.
    fn signal_supervisor(&self, supervisor: &Supervisor, signal: Signal) -> Result<Outcome> {
        if !supervisor.still_runs() {
            return Ok(if signal == Signal::Kill { Outcome::Stopped } else { Outcome::Gone });
        }
        let mut servers =
            self.holders.iter().filter(|holder| supervisor.servers.contains(&holder.process.pid));
        let is_needed = match signal {
            Signal::Kill => true,
            Signal::Terminate => {
                servers.try_fold(false, |any, holder| Ok(any || self.still_listens(holder)?))?
            }
        };
        if !is_needed {
            return Ok(Outcome::Spared);
        }
        let servers: Vec<&Process> = self.stoppable().map(|holder| &holder.process).collect();
        // Since the supervisor was looked at, somebody may have thought about it for minutes.
        if signal == Signal::Terminate && supervisor.has_dependants(&servers, self.port, self.protocol)? {
            return Ok(Outcome::Spared);
        }
        Ok(outcome(supervisor.handle.send(signal), Outcome::Running))
    }

    /// Whether it is the process that was looked at, and listens on the port now.
    fn still_listens(&self, holder: &Holder) -> Result<bool> {
        let pid = holder.process.pid;
        let listeners = listeners_on(self.port, self.protocol)?;
        let listens = listeners.iter().any(|listener| listener.pid == Some(pid));
        Ok(listens && process::started(pid) == Some(holder.process.started))
    }

    /// Waits until nobody who was signalled is left, or the time is up.
    fn wait(&self, outcomes: &mut Outcomes, success: Outcome, timeout: Duration) -> Result<()> {
        let deadline = Instant::now() + timeout;
        loop {
            for (holder, outcome) in self.holders.iter().zip(&mut outcomes.holders) {
                if *outcome == Outcome::Listening && !self.still_listens(holder)? {
                    *outcome = success;
                }
            }
            for (supervisor, outcome) in self.supervisors.iter().zip(&mut outcomes.supervisors) {
                if *outcome == Outcome::Running && !supervisor.still_runs() {
                    *outcome = success;
                }
            }
            let is_done = !outcomes.holders.contains(&Outcome::Listening)
                && !outcomes.supervisors.contains(&Outcome::Running);
            if is_done || Instant::now() >= deadline {
                return Ok(());
            }
            thread::sleep(INTERVAL);
        }
    }
}

impl Supervisor {
    /// Whether it is the process that was looked at.
    fn still_runs(&self) -> bool {
        process::started(self.process.pid) == Some(self.process.started)
    }
}

/// What came of a signal.
fn outcome(sent: io::Result<()>, pending: Outcome) -> Outcome {
    match sent.map_err(|error| error.kind()) {
        Ok(()) => pending,
        Err(io::ErrorKind::NotFound) => Outcome::Gone,
        Err(io::ErrorKind::Unsupported) => Outcome::CannotAsk,
        Err(_) => Outcome::NotPermitted,
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::port::Port;
    use crate::ports::{Protection, Protocol};

    #[test]
    fn this_process_is_never_stopped() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = Port::new(listener.local_addr().unwrap().port()).unwrap();
        let holders = Holders::find(port, Protocol::Tcp).unwrap();
        assert_eq!(holders.holders.len(), 1);
        assert_eq!(holders.holders[0].protection, Some(Protection::Itself));
        let mut outcomes = holders.ask(Duration::from_millis(10)).unwrap();
        assert_eq!(outcomes.holders, [Outcome::Protected]);
        holders.kill(&mut outcomes).unwrap();
        assert_eq!(outcomes.holders, [Outcome::Protected]);
    }
}
