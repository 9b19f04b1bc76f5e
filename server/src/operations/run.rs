//! Runs a command with a project's ports in its environment.

mod taken;

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

pub use taken::{TakenBy, TakenPort};

use super::environment::{Environment, Precedence, environment};
use crate::error::{Error, Result};
use crate::registry::Store;

/// A command that has its project's ports, not yet started.
#[derive(Debug)]
pub struct PortsCommand {
    command: Command,
    /// What it gets.
    pub environment: Environment,
    /// The ports on which somebody listens already, ordered. It is empty where the system does not tell.
    pub taken: Vec<TakenPort>,
}

/// Makes a command that gets what [`environment`] reads for the directory. `surrounding` is what variables are set to
/// already.
///
/// # Errors
/// As [`environment`].
pub fn with_ports(
    store: Result<Store>,
    directory: &Path,
    program: &OsStr,
    arguments: &[OsString],
    precedence: Precedence,
    surrounding: impl Fn(&str) -> Option<OsString>,
) -> Result<PortsCommand> {
    let environment = environment(store, directory, precedence, surrounding)?;
    let mut command = Command::new(program);
    command.args(arguments);
    command.envs(environment.variables.iter().map(|(name, value)| (name.as_str(), value)));
    let Environment { root, registry, numbers, .. } = &environment;
    let taken = taken::taken(root, registry, numbers).unwrap_or_default();
    Ok(PortsCommand { command, environment, taken })
}

impl PortsCommand {
    /// Becomes the command: it has this process's number, terminal and signals, and its exit code is this
    /// process's. It comes back only when the command cannot be started.
    #[cfg(unix)]
    pub fn run(mut self) -> Result<u8> {
        use std::os::unix::process::CommandExt;
        let source = self.command.exec();
        Err(self.not_started(source))
    }

    /// Runs the command to its end, and gives its exit code. The terminal sends Ctrl+C to both.
    #[cfg(not(unix))]
    pub fn run(mut self) -> Result<u8> {
        let status = self.command.status().map_err(|source| self.not_started(source))?;
        Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
    }

    fn not_started(&self, source: std::io::Error) -> Error {
        Error::Command { program: self.command.get_program().to_string_lossy().into_owned(), source }
    }
}
