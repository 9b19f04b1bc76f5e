//! Runs a command with a project's ports in its environment.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use crate::error::{Error, Result};
use crate::port::Port;
use crate::ports_env::PortsEnv;
use crate::project::ProjectRoot;
use crate::variable::Variable;

/// A command that has its project's ports, not yet started.
#[derive(Debug)]
pub struct PortsCommand {
    command: Command,
    /// The variables that the environment has with another value, which stays: who sets `WEB_PORT=9000` before a
    /// command means it.
    pub kept: Vec<KeptVariable>,
    /// How many lines of `.ports.env` are not understood, and give the command nothing.
    pub ignored_lines: usize,
}

/// A variable that the environment has already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptVariable {
    /// The variable.
    pub variable: Variable,
    /// What the environment says, and the command gets.
    pub value: OsString,
    /// What `.ports.env` says.
    pub port: Port,
}

/// Makes a command that gets what the `.ports.env` of the directory's project says. `environment` tells what a variable
/// is set to already.
///
/// # Errors
/// When the project has no `.ports.env`, or it cannot be read.
pub fn with_ports(
    directory: &Path,
    program: &OsStr,
    arguments: &[OsString],
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<PortsCommand> {
    let root = ProjectRoot::of_directory(directory, None);
    let file = PortsEnv::load(&root)?.ok_or_else(|| Error::NoPortsEnv { root: root.as_path().to_owned() })?;
    let mut command = Command::new(program);
    command.args(arguments);
    let mut kept = Vec::new();
    for variable in file.variables() {
        let Some(port) = file.get(variable) else { continue };
        match environment(variable.as_str()) {
            Some(value) if !value.is_empty() && value != *port.to_string() => {
                kept.push(KeptVariable { variable: variable.clone(), value, port });
            }
            _ => {
                command.env(variable.as_str(), port.to_string());
            }
        }
    }
    kept.dedup_by(|later, earlier| later.variable == earlier.variable);
    Ok(PortsCommand { command, kept, ignored_lines: file.problems().len() })
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
