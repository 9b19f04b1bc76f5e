//! Runs a command with a project's ports in its environment.

mod frameworks;
mod taken;

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use frameworks::Served;
pub(super) use frameworks::obeyed_by;
pub use taken::{TakenBy, TakenPort};

use super::environment::{Environment, Precedence, environment};
use super::port_map::port_map;
use crate::error::{Error, Result};
use crate::port::Port;
use crate::ports_env::Example;
use crate::program;
use crate::project::map::{MappedPort, Role};
use crate::registry::Store;
use crate::service::Service;
use crate::variable::Variable;

/// A command that has its project's ports, not yet started.
#[derive(Debug)]
pub struct PortsCommand {
    command: Command,
    /// The program, as it was named.
    program: OsString,
    /// What it gets.
    pub environment: Environment,
    /// The ports on which somebody listens already, ordered. It is empty where the system does not tell.
    pub taken: Vec<TakenPort>,
    /// The variables that the surrounding environment does not have with that value.
    pub changed: Vec<Variable>,
    /// Whether a program that reads no variable gets a port by a flag; `None` for any other command.
    pub flag: Option<PortFlag>,
}

/// How a command gets what it gets.
#[derive(Debug)]
pub struct RunOptions<'a> {
    /// Which number counts where `.ports.env` and the environment differ.
    pub precedence: Precedence,
    /// The variables that it gets; all of them where none is named.
    pub only: &'a [Variable],
    /// Whether a program that reads no variable is given a port by its flag.
    pub pass_port: PassPort,
}

/// Whether a program that reads no variable is given a port by its flag, as in `vite --port 8000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassPort {
    /// Where the command names no port, and one variable is clearly meant.
    WhereClear,
    /// The number of this variable.
    Of(Variable),
    /// No.
    Never,
}

/// A flag for a program that reads no variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortFlag {
    /// It was added.
    Passed {
        /// The program: `vite dev`.
        program: String,
        /// The words: `--port 8000`.
        words: String,
        /// The variable that holds the number.
        variable: Variable,
    },
    /// It was not, as several variables may be meant.
    Unclear {
        /// The program.
        program: String,
        /// The variables.
        candidates: Vec<Variable>,
    },
}

/// Makes a command that gets what [`environment`] reads for the directory. `surrounding` is what variables are set to
/// already.
///
/// # Errors
/// As [`environment`]; [`NameError::UnknownVariable`](crate::error::NameError::UnknownVariable) when an option names a variable that is not set here, and
/// [`Error::NoPortFlag`] when a port is to be passed to a command that is not known to take one.
pub fn with_ports(
    store: Result<Store>,
    directory: &Path,
    name: &OsStr,
    arguments: &[OsString],
    options: &RunOptions<'_>,
    surrounding: impl Fn(&str) -> Option<OsString>,
) -> Result<PortsCommand> {
    let mut environment = environment(store, directory, options.precedence, &surrounding)?;
    environment.keep_only(options.only)?;
    let (flag, arguments) = with_flag(&environment, name, arguments, &options.pass_port, &surrounding)?;
    let mut command = program::command(name);
    command.args(arguments);
    command.envs(environment.variables().into_iter().map(|(name, value)| (name.as_str(), value)));
    let changed = environment.variables().into_iter();
    let changed =
        changed.filter(|(name, value)| surrounding(name.as_str()).is_none_or(|there| there != *value));
    let changed = changed.map(|(name, _)| name.clone()).collect();
    let Environment { root, registry, numbers, .. } = &environment;
    let taken = taken::taken(root, registry, numbers).unwrap_or_default();
    Ok(PortsCommand { command, program: name.to_owned(), environment, taken, changed, flag })
}

/// The arguments, with a port's flag where the program needs one and it is clear which.
fn with_flag(
    environment: &Environment,
    program: &OsStr,
    arguments: &[OsString],
    pass_port: &PassPort,
    surrounding: impl Fn(&str) -> Option<OsString>,
) -> Result<(Option<PortFlag>, Vec<OsString>)> {
    let variables = environment.variables();
    let is_set = |name: &str| {
        variables.keys().any(|variable| variable.as_str() == name)
            || surrounding(name).is_some_and(|value| !value.is_empty())
    };
    let is_asked = matches!(pass_port, PassPort::Of(_));
    let served = match pass_port {
        PassPort::Never => None,
        // Who names a variable means that one, and not what the program would read.
        _ => Served::of(program, arguments, |name| !is_asked && is_set(name)),
    };
    let Some(served) = served else {
        return match is_asked {
            true => Err(Error::NoPortFlag { program: program.to_string_lossy().into_owned() }),
            false => Ok((None, arguments.to_vec())),
        };
    };
    Ok(match variable_for(environment, served.service(), pass_port)? {
        Ok((variable, _)) if !is_asked && is_of_another(environment, &variable, &served)? => (
            Some(PortFlag::Unclear { program: served.program(), candidates: vec![variable] }),
            arguments.to_vec(),
        ),
        Ok((variable, port)) => {
            let (program, words) = (served.program(), served.words(port).join(" "));
            (Some(PortFlag::Passed { program, words, variable }), served.arguments(arguments, port))
        }
        Err(candidates) if candidates.is_empty() => (None, arguments.to_vec()),
        Err(candidates) => {
            (Some(PortFlag::Unclear { program: served.program(), candidates }), arguments.to_vec())
        }
    })
}

/// Whether a variable is for a port of the code that the program does not listen on by itself: the server beside a page, say.
/// Who has `port-manager.toml` name the variable for this directory means it.
fn is_of_another(environment: &Environment, variable: &Variable, served: &Served) -> Result<bool> {
    let is_named = environment.renamed.iter().any(|it| it.name == *variable);
    let default = Example::load(&environment.root)?.get(variable);
    if is_named || default.is_none_or(|default| served.listens_on(default)) {
        return Ok(false);
    }
    let map = port_map(&environment.root, environment.registry.types())?.map;
    let is_in_code = |port: &MappedPort| port.places.iter().any(|place| place.role != Role::Defines);
    Ok(map.of_variable(variable).is_some_and(is_in_code))
}

/// The variable whose number a program that serves so gets: the named one, or the one that is [meant](Environment::meant).
fn variable_for(
    environment: &Environment,
    service: Service,
    pass_port: &PassPort,
) -> Result<Result<(Variable, Port), Vec<Variable>>> {
    Ok(match pass_port {
        PassPort::Of(variable) => Ok((variable.clone(), environment.named_port(variable)?)),
        _ => environment.meant(service),
    })
}

impl PortsCommand {
    /// Becomes the command: it has this process's number, terminal and signals, and its exit code is this
    /// process's. It comes back only when the command cannot be started.
    #[cfg(unix)]
    pub fn run(mut self) -> Error {
        use std::os::unix::process::CommandExt;
        let source = self.command.exec();
        self.not_started(source)
    }

    /// Runs the command to its end, and ends this process with its exit code. It comes back only when the command cannot
    /// be started. The terminal sends Ctrl+C to both.
    #[cfg(not(unix))]
    pub fn run(mut self) -> Error {
        match self.command.status() {
            Ok(status) => std::process::exit(status.code().unwrap_or(1)),
            Err(source) => self.not_started(source),
        }
    }

    /// The program and its arguments.
    pub fn words(&self) -> impl Iterator<Item = &OsStr> {
        std::iter::once(self.program.as_os_str()).chain(self.command.get_args())
    }

    fn not_started(&self, source: std::io::Error) -> Error {
        Error::Command { program: self.program.to_string_lossy().into_owned(), source }
    }
}
