//! Signals to a process that cannot be mistaken for another.

#[cfg(windows)]
mod windows;

use std::io;

#[cfg(target_os = "linux")]
use std::os::fd::{AsFd, OwnedFd};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// What is sent to a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// To end in good order (SIGTERM), and to go on for that where it is suspended (SIGCONT). Windows has no such
    /// thing for a program without a window.
    Terminate,
    /// To be ended at once (SIGKILL, `TerminateProcess`).
    Kill,
    /// To go on where it was suspended (SIGCONT). Windows has no such thing.
    Continue,
}

/// A process that cannot be taken for another: on Linux it is held by a descriptor, and on Windows by a handle, that no later
/// process of the same number can take over, elsewhere by its number.
#[derive(Debug)]
pub(super) struct Handle {
    pid: u32,
    #[cfg(target_os = "linux")]
    descriptor: Option<OwnedFd>,
    #[cfg(windows)]
    held: Option<windows::Held>,
}

impl Handle {
    /// Opens the process of that number.
    ///
    /// # Errors
    /// When there is no such process.
    pub(super) fn open(pid: u32) -> io::Result<Self> {
        Ok(Self {
            pid,
            #[cfg(target_os = "linux")]
            descriptor: open_descriptor(pid)?,
            #[cfg(windows)]
            held: windows::Held::open(pid)?,
        })
    }

    /// Sends the signal. The caller has made sure that the process is the one that is meant.
    ///
    /// # Errors
    /// When it is gone (`NotFound`), is not ours to signal (`PermissionDenied`), or the system has no
    /// such signal (`Unsupported`).
    pub(super) fn send(&self, signal: Signal) -> io::Result<()> {
        self.send_one(signal)?;
        if signal == Signal::Terminate {
            // A suspended process takes SIGTERM only when it goes on; to any other, this is nothing. By an error, it has
            // ended already.
            let _ = self.send_one(Signal::Continue);
        }
        Ok(())
    }

    fn send_one(&self, signal: Signal) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        if let Some(descriptor) = &self.descriptor {
            let signal = match signal {
                Signal::Terminate => rustix::process::Signal::TERM,
                Signal::Kill => rustix::process::Signal::KILL,
                Signal::Continue => rustix::process::Signal::CONT,
            };
            return rustix::process::pidfd_send_signal(descriptor.as_fd(), signal).map_err(
                |error| match error {
                    rustix::io::Errno::SRCH => io::ErrorKind::NotFound.into(),
                    error => error.into(),
                },
            );
        }
        #[cfg(windows)]
        if let Some(held) = &self.held {
            return match signal {
                Signal::Kill => held.end(),
                Signal::Terminate | Signal::Continue => Err(io::ErrorKind::Unsupported.into()),
            };
        }
        send_by_number(self.pid, signal)
    }

    /// Whether this user may signal the process; `true` where only trying tells.
    pub(super) fn may_signal(&self) -> bool {
        #[cfg(unix)]
        {
            let pid = i32::try_from(self.pid).ok().and_then(rustix::process::Pid::from_raw);
            pid.map(rustix::process::test_kill_process) != Some(Err(rustix::io::Errno::PERM))
        }
        #[cfg(windows)]
        {
            self.held.as_ref().is_some_and(windows::Held::may_end)
        }
    }
}

/// Whether this process has the rights of the system's administrator; `false` where the system has no such user.
#[must_use]
pub fn is_root() -> bool {
    #[cfg(unix)]
    {
        rustix::process::geteuid().is_root()
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// The descriptor; `None` on a kernel before 5.3 or in a sandbox that has none.
#[cfg(target_os = "linux")]
fn open_descriptor(pid: u32) -> io::Result<Option<OwnedFd>> {
    use rustix::process::{Pid, PidfdFlags, pidfd_open};
    let number = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::NotFound)?;
    match pidfd_open(number, PidfdFlags::empty()) {
        Ok(descriptor) => Ok(Some(descriptor)),
        Err(rustix::io::Errno::SRCH) => Err(io::ErrorKind::NotFound.into()),
        Err(_) => Ok(None),
    }
}

fn send_by_number(pid: u32, signal: Signal) -> io::Result<()> {
    let pid = Pid::from_u32(pid);
    let mut system = System::new().map_err(|error| io::Error::other(error.to_string()))?;
    let what = ProcessRefreshKind::nothing().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, what);
    let process = system.process(pid).ok_or(io::ErrorKind::NotFound)?;
    let signal = match signal {
        Signal::Terminate => sysinfo::Signal::Term,
        Signal::Kill => sysinfo::Signal::Kill,
        Signal::Continue => sysinfo::Signal::Continue,
    };
    match process.kill_with(signal) {
        Some(true) => Ok(()),
        Some(false) => Err(io::ErrorKind::PermissionDenied.into()),
        None => Err(io::ErrorKind::Unsupported.into()),
    }
}
