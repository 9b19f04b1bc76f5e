//! Processes that are never stopped, and why.

use serde::Serialize;

/// Why a process is never stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// It is the system's first process, or the kernel.
    System,
    /// It is this very process.
    Itself,
    /// This process descends from it: stopping it would stop us, and the terminal or editor with us.
    Ancestor,
    /// It is a shell, which has inherited the socket.
    Shell,
    /// It is a terminal, or what keeps terminals.
    Terminal,
    /// It keeps somebody logged in, or their desktop.
    Session,
    /// It is an editor, or runs an editor's extensions.
    Editor,
    /// It starts and stops services, and listens for one of them.
    ServiceManager,
    /// It runs containers, and listens for one of them.
    ContainerRuntime,
    /// It runs in a container, with this machine's network.
    Container,
}

impl Protection {
    /// Whether the port stays held whatever becomes of the others that hold it, so that stopping
    /// these would be for nothing. A shell ends or lets go with the server that it was started by.
    #[must_use]
    pub fn is_final(self) -> bool {
        self != Self::Shell
    }
}
