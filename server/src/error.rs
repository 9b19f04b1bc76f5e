//! Everything that can go wrong: what happened, where, and what to do next.
//!
//! One file for each subject; what belongs to none is here.

mod assignment;
mod git;
mod listener;
mod name;
mod plan;
mod registry;
mod unreadable;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use assignment::AssignmentError;
pub use git::GitError;
pub use listener::ListenerError;
pub use name::NameError;
pub use plan::PlanError;
pub use registry::RegistryError;
pub use unreadable::Unreadable;

use crate::service::Service;
use crate::variable::Variable;

/// The one error of the crate. Its text says what happened and where; [`Error::help`] says what to
/// do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The registry cannot be read or changed.
    #[error(transparent)]
    Registry(RegistryError),
    /// A name that names nothing, or more than one thing.
    #[error(transparent)]
    Name(NameError),
    /// A project cannot have a variable or a number, or has none.
    #[error(transparent)]
    Assignment(AssignmentError),
    /// Planned changes of files were not made.
    #[error(transparent)]
    Plan(PlanError),
    /// git does not have something, or refuses it.
    #[error(transparent)]
    Git(GitError),
    /// The listener on a port was not found or not stopped.
    #[error(transparent)]
    Listener(ListenerError),
    /// A `port-manager.toml` sets something that cannot be set.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The user's `config.toml` is not TOML, or sets something that cannot be set.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong with it, and what to do.
        message: String,
    },
    /// `VISUAL` and `EDITOR` do not say which editor to start.
    #[error("{}", match named {
        None => "neither VISUAL nor EDITOR is set".to_owned(),
        Some((name, value)) => format!("{name} names no program: {value}"),
    })]
    NoEditor {
        /// The file that was to be edited.
        path: PathBuf,
        /// The variable that names no program, and its value.
        named: Option<(String, String)>,
    },
    /// An error that several callers report.
    #[error(transparent)]
    Shared(Arc<Error>),
    /// Arguments of a command do not go together.
    #[error("{message}")]
    Arguments {
        /// What is wrong with them.
        message: String,
        /// What to do.
        help: String,
    },
    /// The baseline of a check could not be read.
    #[error("cannot read the baseline {}: {source}", path.display())]
    BaselineUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file named as the baseline of a check is not one.
    #[error("{}:{line}:{column}: this is not a baseline: {message}", path.display())]
    BaselineInvalid {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// The system does not report changes of files.
    #[error("cannot watch for changes: {reason}")]
    Watch {
        /// What the system said.
        reason: String,
        /// Whether too many directories were to be watched.
        is_limit: bool,
    },
    /// A file or directory could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or directory could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of a project is a symbolic link that leads out of it.
    #[error("{} is a symbolic link to {}, which lies outside of the project", path.display(), target.display())]
    LinkOutOfProject {
        /// The link.
        path: PathBuf,
        /// Where it leads, as far as that is known.
        target: PathBuf,
    },
    /// A file of a project has far more lines than a project has ports.
    #[error("{} has {count} lines besides comments; port-manager reads at most {most}", path.display())]
    TooManyLines {
        /// The file.
        path: PathBuf,
        /// How many lines are neither empty nor a comment.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// A path that cannot be a key of the registry, which is JSON and so Unicode.
    #[error("the path {} is not valid Unicode, so it cannot be a project", path.display())]
    PathNotUnicode {
        /// The path.
        path: PathBuf,
    },
    /// A path that should be a project's directory is not a directory.
    #[error("{} is not a directory", path.display())]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// A directory that holds more than a project: `/`, a home, a directory of the system.
    #[error("{} is not a project: it holds other directories of the system or of its users", root.display())]
    TooLarge {
        /// The directory.
        root: PathBuf,
    },
    /// A web address was asked for, of a service that speaks no HTTP.
    #[error("{variable} is the port of a {service} service, which has no web address")]
    NoWebAddress {
        /// The variable.
        variable: Variable,
        /// What listens on its port.
        service: Service,
    },
    /// No browser could be started.
    #[error("cannot open {url} in a browser: {source}")]
    Browser {
        /// What was to be opened.
        url: String,
        /// Why not.
        source: io::Error,
    },
    /// Only git's hook can be installed, and a shell's was asked for.
    #[error("only the hook of git can be installed")]
    NotInstallable,
    /// The path of port-manager itself is not known.
    #[error("cannot find the program of port-manager: {source}")]
    CurrentProgram {
        /// What the system said.
        source: io::Error,
    },
    /// No flag is known by which a command takes its port.
    #[error("{program} is not a command that takes its port by a known flag, or it names a port already")]
    NoPortFlag {
        /// The program.
        program: String,
    },
    /// A command could not be started.
    #[error("cannot run {program}: {source}")]
    Command {
        /// What was to be run.
        program: String,
        /// Why not.
        source: io::Error,
    },
    /// A tree could not be walked.
    #[error("cannot walk: {source}")]
    Walk {
        /// What went wrong, and where.
        source: ignore::Error,
    },
    /// port-manager itself failed on a file.
    #[error("port-manager failed on {}: this is a fault of its own", path.display())]
    Panic {
        /// The file.
        path: PathBuf,
    },
    /// There is no current directory, mostly because it has been removed.
    #[error("cannot find the current directory: {source}")]
    CurrentDirectory {
        /// What the system said.
        source: io::Error,
    },
    /// The standard output could not be written.
    #[error("cannot write to the standard output: {source}")]
    Output {
        /// What the system said.
        source: io::Error,
    },
    /// A server could not be started.
    #[error("cannot start the server: {source}")]
    Start {
        /// What the system said.
        source: io::Error,
    },
    /// A client of a server breaks the protocol.
    #[error("the client does not keep to the protocol: {reason}")]
    Protocol {
        /// What it did.
        reason: String,
    },
}

/// What a fallible function of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A closure for `map_err` on reading `path`.
    pub fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }

    /// A closure for `map_err` on writing `path`.
    pub fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }

    /// The error of a walk, with the path where it happened.
    #[must_use]
    pub fn from_walk(error: ignore::Error) -> Self {
        match (path_of(&error).map(Path::to_owned), error.io_error()) {
            (Some(path), Some(source)) => {
                // Without the path, which the walk's own text has once more.
                let source =
                    source.raw_os_error().map_or_else(|| source.kind().into(), io::Error::from_raw_os_error);
                Self::Read { path, source }
            }
            _ => Self::Walk { source: error },
        }
    }

    /// What to do next, as one sentence or a command; `None` where the text already says it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Registry(error) => return error.help(),
            Self::Name(error) => return Some(error.help()),
            Self::Assignment(error) => return error.help(),
            Self::Plan(error) => return error.help(),
            Self::Git(error) => return error.help(),
            Self::Listener(error) => return error.help(),
            Self::Shared(error) => return error.help(),
            Self::Arguments { help, .. } => return Some(help.clone()),
            Self::NoEditor { path, .. } => {
                return Some(format!("Set EDITOR to your editor, or edit {} yourself.", path.display()));
            }
            Self::NoWebAddress { variable, .. } => {
                return Some(format!(
                    "`port-manager get {variable}` prints its number. If it does speak HTTP, add `--scheme http`."
                ));
            }
            Self::LinkOutOfProject { path, .. } => {
                return Some(format!("Replace {} by a file of its own.", path.display()));
            }
            Self::Read { source, .. } if Unreadable::in_error(source).is_some() => {
                "Remove it, or put a regular file of at most 1 MB in its place."
            }
            Self::Read { source, .. } if source.kind() == io::ErrorKind::InvalidData => {
                "Save the file as UTF-8."
            }
            Self::BaselineUnreadable { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "Write it with --write-baseline."
            }
            Self::BaselineUnreadable { .. } => "Name a file that --write-baseline has written.",
            Self::BaselineInvalid { .. } => {
                "The file was left as it is. Name another one; or remove it and write it again with \
                 --write-baseline."
            }
            Self::Command { program, source }
                if program == "git" && source.kind() == io::ErrorKind::NotFound =>
            {
                "Install git, or leave --diff out."
            }
            Self::Watch { is_limit: true, .. } => {
                "Name fewer directories; or raise the limit, which is fs.inotify.max_user_watches on Linux."
            }
            Self::TooLarge { .. } => "Name the project's own directory: port-manager init PATH.",
            Self::Browser { .. } => "Set BROWSER to the program of a browser.",
            Self::NotInstallable => {
                "Add what `port-manager hook SHELL` prints to the shell's rc file; its --help has the line."
            }
            Self::NoPortFlag { .. } => {
                "Write the flag yourself: port-manager run sh -c 'PROGRAM --port $WEB_PORT'."
            }
            Self::Config { .. } => {
                "Edit it with `port-manager config edit`; docs/configuration.md names what can be set."
            }
            Self::Settings { .. } => "docs/configuration.md names what can be set.",
            Self::Panic { .. } => {
                "Please report it with the message above, and the file if you can share it."
            }
            Self::TooManyLines { .. } => "Remove the lines that are not ports of this project.",
            Self::PathNotUnicode { .. } => "Rename the directory.",
            Self::Watch { .. }
            | Self::Read { .. }
            | Self::Write { .. }
            | Self::Walk { .. }
            | Self::CurrentDirectory { .. }
            | Self::CurrentProgram { .. }
            | Self::Output { .. }
            | Self::Start { .. }
            | Self::Protocol { .. }
            | Self::Command { .. }
            | Self::NotADirectory { .. } => return None,
        };
        Some(help.to_owned())
    }
}

/// The path that an error of a walk names.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}
