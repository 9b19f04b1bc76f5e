//! Stopping the processes that listen on a port, and no others.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::holders::{Holder, Holders};
use super::listeners::listeners_on;
use super::process::Process;
use super::roles::{Role, role};
use super::signal::Signal;
use super::supervisors::Supervisor;
use super::suspended::Suspended;
use crate::error::Result;

/// How often we look whether a port has been let go of.
pub(super) const INTERVAL: Duration = Duration::from_millis(25);

/// How long a killed process may take to be gone: it is the kernel's work then.
const KILLED: Duration = Duration::from_secs(2);

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
    /// It runs another program than the one that was looked at, and was sent no signal.
    Replaced,
    /// It runs still: a supervisor.
    Running,
    /// It is protected, and was sent no signal.
    Protected,
    /// It was left alone, because another process that cannot be stopped holds the port as well.
    Spared,
    /// It is another user's, and may not be signalled.
    NotPermitted,
    /// This system cannot ask a process to end, only kill it, which was not wanted.
    CannotAsk,
}

/// What became of all processes, in the order of [`Holders`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcomes {
    /// Of the processes that listened.
    pub holders: Vec<Outcome>,
    /// Of the processes that would have started them again.
    pub supervisors: Vec<Outcome>,
}

impl Outcomes {
    /// Whether killing may help where asking did not.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.holders.iter().chain(&self.supervisors).any(|outcome| outcome.is_pending())
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
    /// Whether a process holds the port that we cannot stop, so that stopping the others would gain nothing.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        let is_kept_by = |holder: &Holder| match holder.protection {
            Some(protection) => protection.is_final(),
            None => !holder.is_permitted(),
        };
        !self.hidden.is_empty() || self.holders.iter().any(is_kept_by)
    }

    /// Asks every holder to end, and before them whatever would start them again; waits until they have
    /// ended, at most `timeout`. None of them is asked where the port [stays held](Self::is_kept). Before every
    /// signal it is checked that the process is still the one that was looked at, runs the same program, and listens there.
    ///
    /// # Errors
    /// When the system does not let us look any more.
    pub fn ask(&self, timeout: Duration) -> Result<Outcomes> {
        if self.is_kept() {
            let outcome = |holder: &Holder| match holder.protection {
                Some(_) => Outcome::Protected,
                None if holder.is_permitted() => Outcome::Spared,
                None => Outcome::NotPermitted,
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
        let stoppable = self.holders.iter().filter(|holder| holder.protection.is_none());
        let suspended = Suspended::around(&stoppable.map(|holder| &holder.process).collect::<Vec<_>>());
        self.signal(Signal::Terminate, &mut outcomes)?;
        if outcomes.is_pending() {
            suspended.resume();
        }
        self.wait(&mut outcomes, Outcome::Stopped, timeout)?;
        Ok(outcomes)
    }

    /// Kills the processes that were asked and have not ended.
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
            let has_ended: Vec<bool> =
                (self.holders.iter()).map(|holder| self.has_let_go(holder)).collect::<Result<_>>()?;
            if !has_ended.contains(&false) || Instant::now() >= deadline {
                return Ok(has_ended);
            }
            thread::sleep(INTERVAL);
        }
    }

    /// Signals every process that is still pending.
    fn signal(&self, signal: Signal, outcomes: &mut Outcomes) -> Result<()> {
        for (supervisor, outcome) in self.supervisors.iter().zip(&mut outcomes.supervisors) {
            if *outcome == Outcome::Running {
                *outcome = self.signal_supervisor(supervisor, signal)?;
            }
        }
        // A server that ended with its supervisor was stopped by us, too.
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
        Ok(match current(&holder.process) {
            Current::Gone => Outcome::Gone,
            Current::Replaced => Outcome::Replaced,
            Current::Same => outcome(holder.handle.send(signal), Outcome::Listening),
        })
    }

    /// A supervisor is signalled for the sake of its servers: when these have gone by themselves, it
    /// has nothing to do with us any more.
    fn signal_supervisor(&self, supervisor: &Supervisor, signal: Signal) -> Result<Outcome> {
        match current(&supervisor.process) {
            Current::Gone if signal == Signal::Kill => return Ok(Outcome::Stopped),
            Current::Gone => return Ok(Outcome::Gone),
            Current::Replaced => return Ok(Outcome::Replaced),
            Current::Same => {}
        }
        let mut servers =
            self.holders.iter().filter(|holder| supervisor.servers.contains(&holder.process.pid));
        let is_needed = signal == Signal::Kill
            || servers.try_fold(false, |any, holder| Ok(any || self.still_listens(holder)?))?;
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
        self.holds_listener(holder, |pid| pid == Some(holder.process.pid))
    }

    /// Whether the process has released the port. While a process with several threads ends, its socket listens for some
    /// milliseconds more and has no owner in `/proc`. Where a listener was hidden from the start, nobody was asked to end.
    fn has_let_go(&self, holder: &Holder) -> Result<bool> {
        Ok(!self.holds_listener(holder, |pid| pid.is_none_or(|pid| pid == holder.process.pid))?)
    }

    /// Whether the process that was looked at runs, and a listener of the port is its own by the number of its process.
    fn holds_listener(&self, holder: &Holder, is_its_own: impl Fn(Option<u32>) -> bool) -> Result<bool> {
        let listeners = listeners_on(self.port, self.protocol)?;
        Ok(listeners.iter().any(|listener| is_its_own(listener.pid)) && holder.process.is_running())
    }

    /// Waits until every process that was signalled has ended or let go of the port, or the time is up.
    fn wait(&self, outcomes: &mut Outcomes, success: Outcome, timeout: Duration) -> Result<()> {
        let deadline = Instant::now() + timeout;
        loop {
            for (holder, outcome) in self.holders.iter().zip(&mut outcomes.holders) {
                if *outcome == Outcome::Listening && self.has_let_go(holder)? {
                    *outcome = success;
                }
            }
            for (supervisor, outcome) in self.supervisors.iter().zip(&mut outcomes.supervisors) {
                if *outcome == Outcome::Running && !supervisor.process.is_running() {
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

impl Holder {
    /// Whether this user may signal it.
    #[must_use]
    pub fn is_permitted(&self) -> bool {
        self.handle.may_signal()
    }
}

/// What has become of a process since it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Current {
    /// It is the same.
    Same,
    /// It has ended.
    Gone,
    /// The same process runs another program by now (`exec`), or one that is never stopped.
    Replaced,
}

fn current(seen: &Process) -> Current {
    // A dead process that its parent has not waited for yet has no program any more.
    if !seen.is_running() {
        return Current::Gone;
    }
    let Some(now) = Process::find(&[seen.pid]).pop() else { return Current::Gone };
    let is_protected = matches!(role(&now), Some(Role::Never(_)));
    // Not its file's path: that changes where the program is built or upgraded while it runs.
    if is_protected || now.program != seen.program { Current::Replaced } else { Current::Same }
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
