//! Stopping the processes that listen on a port, and no others.

use std::io;
use std::net::IpAddr;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::listeners::{Protocol, listeners_on};
use super::process::{self, Process};
use super::signal::{Handle, Signal};
use crate::error::Result;
use crate::port::Port;

/// How often we look whether a port has been let go of.
const INTERVAL: Duration = Duration::from_millis(25);

/// A process that listens on a port, pinned down so that no other can be taken for it.
#[derive(Debug)]
pub struct Holder {
    /// The process, as it was when we looked.
    pub process: Process,
    /// The addresses on which it listens.
    pub addresses: Vec<IpAddr>,
    /// Why it is never stopped, if so.
    pub protection: Option<Protection>,
    handle: Handle,
}

/// Why a process is never stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// It is the system's first process, or the kernel.
    System,
    /// It is this very process.
    Itself,
    /// This process descends from it: stopping it would stop us, and the terminal or editor with us.
    Ancestor,
}

/// How to stop.
#[derive(Debug, Clone, Copy)]
pub struct StopOptions {
    /// How long a process may take to end after it was asked to.
    pub timeout: Duration,
    /// Whether a process that takes longer is killed.
    pub force: bool,
}

/// What became of a holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It let go of the port when asked to.
    Stopped,
    /// It had to be killed.
    Killed,
    /// It was gone, or had let go of the port, before any signal was sent.
    Gone,
    /// It listens still.
    Listening,
    /// It is protected, and was sent no signal.
    Protected,
    /// It is another user's, and may not be signalled.
    NotPermitted,
    /// This system cannot ask a process to end, only kill it, which was not wanted.
    CannotAsk,
}

/// The visible processes that listen on the TCP port, the lowest number first.
///
/// # Errors
/// When the system does not let us look at all.
pub fn holders(port: Port) -> Result<Vec<Holder>> {
    let listeners = listeners_on(port, Protocol::Tcp)?;
    let mut pids: Vec<u32> = listeners.iter().filter_map(|listener| listener.pid).collect();
    pids.sort_unstable();
    pids.dedup();
    // Pinned first, described afterwards: so the description is of the one that is pinned.
    let mut handles: Vec<(u32, Handle)> =
        pids.iter().filter_map(|pid| Some((*pid, Handle::open(*pid).ok()?))).collect();
    let ancestors = process::ancestors();
    let mut found: Vec<Holder> = Process::find(&pids)
        .into_iter()
        .filter_map(|process| {
            let index = handles.iter().position(|(pid, _)| *pid == process.pid)?;
            let (pid, handle) = handles.swap_remove(index);
            let addresses = listeners
                .iter()
                .filter(|listener| listener.pid == Some(pid))
                .map(|listener| listener.address)
                .collect();
            Some(Holder { protection: protection(pid, &ancestors), process, addresses, handle })
        })
        .collect();
    found.sort_by_key(|holder| holder.process.pid);
    Ok(found)
}

fn protection(pid: u32, ancestors: &[u32]) -> Option<Protection> {
    if pid <= 1 {
        Some(Protection::System)
    } else if pid == std::process::id() {
        Some(Protection::Itself)
    } else if ancestors.contains(&pid) {
        Some(Protection::Ancestor)
    } else {
        None
    }
}

/// Asks every holder to end, waits until each has let go of the port, and kills those that have not
/// in time, if that is wanted. The outcomes are in the order of the holders. Before every signal it
/// is made sure anew that the process is the one that was looked at, and that it still listens there.
///
/// # Errors
/// When the system does not let us look any more.
pub fn stop(port: Port, holders: &[Holder], options: StopOptions) -> Result<Vec<Outcome>> {
    let mut outcomes =
        signal_all(port, holders, Signal::Terminate, &vec![Outcome::Listening; holders.len()])?;
    wait(port, holders, &mut outcomes, Outcome::Stopped, options.timeout)?;
    if options.force {
        let is_pending = |outcome| matches!(outcome, Outcome::Listening | Outcome::CannotAsk);
        if outcomes.iter().copied().any(is_pending) {
            for outcome in &mut outcomes {
                if *outcome == Outcome::CannotAsk {
                    *outcome = Outcome::Listening;
                }
            }
            outcomes = signal_all(port, holders, Signal::Kill, &outcomes)?;
            wait(port, holders, &mut outcomes, Outcome::Killed, options.timeout.max(Duration::from_secs(2)))?;
        }
    }
    Ok(outcomes)
}

/// Signals each holder that has not been dealt with (`Outcome::Listening`).
fn signal_all(port: Port, holders: &[Holder], signal: Signal, before: &[Outcome]) -> Result<Vec<Outcome>> {
    holders
        .iter()
        .zip(before)
        .map(|(holder, before)| match before {
            Outcome::Listening => holder.signal(port, signal),
            settled => Ok(*settled),
        })
        .collect()
}

impl Holder {
    fn signal(&self, port: Port, signal: Signal) -> Result<Outcome> {
        if self.protection.is_some() {
            return Ok(Outcome::Protected);
        }
        if !self.still_listens(port)? {
            return Ok(if signal == Signal::Kill { Outcome::Stopped } else { Outcome::Gone });
        }
        Ok(match self.handle.send(signal) {
            Ok(()) => Outcome::Listening,
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound => Outcome::Gone,
                io::ErrorKind::Unsupported => Outcome::CannotAsk,
                _ => Outcome::NotPermitted,
            },
        })
    }

    /// Whether it is the process that was looked at, and listens on the port now.
    fn still_listens(&self, port: Port) -> Result<bool> {
        let pid = self.process.pid;
        let listens = listeners_on(port, Protocol::Tcp)?.iter().any(|listener| listener.pid == Some(pid));
        Ok(listens && process::started(pid) == Some(self.process.started))
    }
}

/// Waits until no holder that was signalled listens any more, or the time is up.
fn wait(
    port: Port,
    holders: &[Holder],
    outcomes: &mut [Outcome],
    success: Outcome,
    timeout: Duration,
) -> Result<()> {
    let deadline = Instant::now() + timeout;
    loop {
        for (holder, outcome) in holders.iter().zip(outcomes.iter_mut()) {
            if *outcome == Outcome::Listening && !holder.still_listens(port)? {
                *outcome = success;
            }
        }
        let is_done = !outcomes.contains(&Outcome::Listening);
        if is_done || Instant::now() >= deadline {
            return Ok(());
        }
        thread::sleep(INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn this_process_is_never_stopped() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = Port::new(listener.local_addr().unwrap().port()).unwrap();
        let holders = holders(port).unwrap();
        assert_eq!(holders.len(), 1);
        assert_eq!(holders[0].protection, Some(Protection::Itself));
        let options = StopOptions { timeout: Duration::from_millis(10), force: true };
        assert_eq!(stop(port, &holders, options).unwrap(), [Outcome::Protected]);
    }

    #[test]
    fn ancestors_and_the_first_process_are_protected() {
        assert_eq!(protection(0, &[]), Some(Protection::System));
        assert_eq!(protection(1, &[]), Some(Protection::System));
        assert_eq!(protection(4242, &[17, 4242]), Some(Protection::Ancestor));
        assert_eq!(protection(4242, &[17]), None);
    }
}
