//! Signals to a process that cannot be mistaken for another.

use std::io;

#[cfg(target_os = "linux")]
use std::os::fd::{AsFd, OwnedFd};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// What a process is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// To end in good order (SIGTERM). Windows has no such thing for a program without a window.
    Terminate,
    /// To be ended at once (SIGKILL, `TerminateProcess`).
    Kill,
}

/// A process, pinned down: on Linux by a descriptor that no later process of the same number can take
/// over, elsewhere by number and start time.
#[derive(Debug)]
pub(super) struct Handle {
    pid: u32,
    #[cfg(target_os = "linux")]
    descriptor: Option<OwnedFd>,
}

impl Handle {
    /// Pins the process down.
    ///
    /// # Errors
    /// When there is no such process.
    pub(super) fn open(pid: u32) -> io::Result<Self> {
        Ok(Self {
            pid,
            #[cfg(target_os = "linux")]
            descriptor: open_descriptor(pid)?,
        })
    }

    /// Sends the signal. The caller has made sure that the process is the one that is meant.
    ///
    /// # Errors
    /// When it is gone (`NotFound`), is not ours to signal (`PermissionDenied`), or the system has no
    /// such signal (`Unsupported`).
    pub(super) fn send(&self, signal: Signal) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        if let Some(descriptor) = &self.descriptor {
            let signal = match signal {
                Signal::Terminate => rustix::process::Signal::TERM,
                Signal::Kill => rustix::process::Signal::KILL,
            };
            return rustix::process::pidfd_send_signal(descriptor.as_fd(), signal).map_err(
                |error| match error {
                    rustix::io::Errno::SRCH => io::ErrorKind::NotFound.into(),
                    error => error.into(),
                },
            );
        }
        send_by_number(self.pid, signal)
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
    };
    match process.kill_with(signal) {
        Some(true) => Ok(()),
        Some(false) => Err(io::ErrorKind::PermissionDenied.into()),
        None => Err(io::ErrorKind::Unsupported.into()),
    }
}
