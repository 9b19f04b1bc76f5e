//! Why the listener on a port was not found or not stopped.

use crate::port::Port;

/// The listener on a port was not found or not stopped.
#[derive(Debug, thiserror::Error)]
pub enum ListenerError {
    /// There was no terminal to ask whether a process may be stopped.
    #[error("port {port} is taken, and there is no terminal to ask whether to stop who listens there")]
    NotAsked {
        /// The port.
        port: Port,
    },
    /// A process that was not shown listens on the port.
    #[error("port {port} is held by {now} now, which was not shown before; no process was stopped")]
    HoldersChanged {
        /// The port.
        port: Port,
        /// The processes that were not shown.
        now: String,
    },
    /// The system does not report who listens.
    #[error("cannot find out who listens on this machine: {reason}")]
    Unknown {
        /// What the system said.
        reason: String,
    },
}

impl ListenerError {
    /// What to do next; `None` where the text already says it.
    pub(super) fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::NotAsked { .. } => {
                    "Pass --yes to stop it without being asked, or --dry-run to see who it is."
                }
                Self::HoldersChanged { .. } => "Look at the port again, and decide about these processes.",
                Self::Unknown { .. } => return None,
            }
            .to_owned(),
        )
    }
}
