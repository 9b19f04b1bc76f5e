//! Everything that can go wrong, said in full: what, where, and what to do next.

mod unreadable;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use unreadable::Unreadable;

use crate::paste;
use crate::port::Port;
use crate::service::Service;
use crate::text;
use crate::variable::{NotAPortVariable, Variable};

/// The one error of the crate. Its text says what happened and where; [`Error::help`] says what to
/// do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
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
    /// An error that is reported by each who needs what it keeps from them.
    #[error(transparent)]
    Shared(Arc<Error>),
    /// There is no service type of that name.
    #[error("there is no service type `{name}`")]
    UnknownServiceType {
        /// What was asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
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
    /// What should be the baseline of a check is something else.
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
    /// A directory that git was to be asked about lies in no repository.
    #[error("{} is not in a git repository", path.display())]
    NoRepository {
        /// The directory.
        path: PathBuf,
    },
    /// A repository does not have a revision.
    #[error("{} has no revision '{revision}'", root.display())]
    UnknownRevision {
        /// What was asked for.
        revision: String,
        /// The repository's root.
        root: PathBuf,
    },
    /// The system does not tell of changes of files.
    #[error("cannot watch for changes: {reason}")]
    Watch {
        /// What the system said.
        reason: String,
        /// Whether too many directories were to be watched.
        is_limit: bool,
    },
    /// git failed.
    #[error("git failed: {said}")]
    Git {
        /// What it said.
        said: String,
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
        /// Where it leads, as far as that can be told.
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
    /// What should be a project's directory is not one.
    #[error("{} is not a directory", path.display())]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// A directory that is far more than a project: `/`, a home, a directory of the system.
    #[error("{} is not a project: it holds other directories of the system or of its users", root.display())]
    TooLarge {
        /// The directory.
        root: PathBuf,
    },
    /// A project has no `.ports.env` yet.
    #[error("{} has no .ports.env", root.display())]
    NoPortsEnv {
        /// The project's root.
        root: PathBuf,
    },
    /// Several variables may be meant.
    #[error("it is not clear which variable is meant")]
    UnclearVariable {
        /// The variables.
        candidates: Vec<Variable>,
    },
    /// A web address was asked of what speaks no HTTP.
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
    /// A hook of git is another tool's, or cannot be added to.
    #[error("the hook {} is left as it is: {reason}", path.display())]
    ForeignHook {
        /// The hook's file.
        path: PathBuf,
        /// Why.
        reason: &'static str,
    },
    /// A shell's code was to be installed.
    #[error("only the hook of git can be installed")]
    NotInstallable,
    /// The path of port-manager itself is not known.
    #[error("cannot find the program of port-manager: {source}")]
    CurrentProgram {
        /// What the system said.
        source: io::Error,
    },
    /// A port was to be passed to a command by a flag that is not known.
    #[error("{program} is not a command that takes its port by a known flag, or it names a port already")]
    NoPortFlag {
        /// The program.
        program: String,
    },
    /// `SHELL` names a shell that no format is for.
    #[error("SHELL is {}, and there is no format for it", shell.display())]
    UnknownShell {
        /// What `SHELL` says.
        shell: std::ffi::OsString,
    },
    /// `port-manager.toml` names a variable for a command that has no number.
    #[error(
        "port-manager.toml says that {name} is {variable} here, but .ports.env has no number for {variable}"
    )]
    NoNumber {
        /// What the command reads: `PORT`.
        name: Variable,
        /// The variable without a number.
        variable: Variable,
    },
    /// A project's `.ports.env` has a number of another project.
    #[error(
        "the .ports.env of {} gives {variable} port {port}, which belongs to {owner}",
        root.display()
    )]
    PortsOfAnotherProject {
        /// The project's root.
        root: PathBuf,
        /// The variable of its `.ports.env`.
        variable: Variable,
        /// The number.
        port: Port,
        /// Its owner: `WEB_PORT of shop (/home/dev/shop)`.
        owner: String,
    },
    /// A name that is not that of a port variable.
    #[error("{variable} {reason}")]
    NotAPortVariable {
        /// The name.
        variable: Variable,
        /// Why not.
        reason: NotAPortVariable,
    },
    /// A variable cannot have another name.
    #[error("{variable} cannot be renamed: {reason}")]
    CannotRename {
        /// The variable.
        variable: Variable,
        /// Why not.
        reason: String,
        /// What to do.
        help: String,
    },
    /// A variable cannot be given that name.
    #[error("no variable can be renamed to {variable}: {reason}")]
    NameTaken {
        /// The name.
        variable: Variable,
        /// Why not.
        reason: String,
    },
    /// A number that somebody chose for a variable cannot be given to it.
    #[error("{variable} cannot have port {port}: {reason}")]
    NumberRefused {
        /// The variable.
        variable: Variable,
        /// The number.
        port: Port,
        /// Why not.
        reason: String,
        /// What to do.
        help: String,
    },
    /// A directory has nothing that `init` wrote.
    #[error("{} is not set up: neither its files nor the registry have ports", root.display())]
    NotSetUp {
        /// The project's root.
        root: PathBuf,
    },
    /// There was no terminal to ask whether something is to be removed.
    #[error("there is no terminal to ask whether to remove this")]
    NotConfirmed,
    /// An editor asked to write into a directory that is not open in it.
    #[error("{} is not open in the editor, so nothing is written there", path.display())]
    NotOpen {
        /// The directory or file.
        path: PathBuf,
    },
    /// The request was cancelled before anything was changed.
    #[error("cancelled, so nothing was changed")]
    Cancelled,
    /// A fix for all places of a port was offered, and a file with one of them has changed since.
    #[error("the files that {variable} is for have changed since this fix was offered, so nothing was fixed")]
    FixOutdated {
        /// The variable.
        variable: Variable,
    },
    /// A file has changed since a plan of changes was made of it.
    #[error("{} has changed since the plan was made, so nothing was changed", path.display())]
    PlanOutdated {
        /// The file.
        path: PathBuf,
    },
    /// A plan would change a file whose text in the editor is not saved.
    #[error("{} is not saved", path.display())]
    NotSaved {
        /// The file.
        path: PathBuf,
    },
    /// A plan failed, and a file could not get its old text back.
    #[error("cannot restore {}: {source}; its old text is in {}", path.display(), kept.display())]
    NotRestored {
        /// The file.
        path: PathBuf,
        /// What has its old text.
        kept: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that is to be edited is not written in its format.
    #[error("{}:{line}:{column}: {message}", path.display())]
    NotUnderstood {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// There was no terminal to ask whether a plan is to be applied.
    #[error("there is no terminal to ask whether to make these changes")]
    PlanNotConfirmed,
    /// A command could not be started.
    #[error("cannot run {program}: {source}")]
    Command {
        /// What was to be run.
        program: String,
        /// Why not.
        source: io::Error,
    },
    /// There is no home directory, so the registry has no place.
    #[error("there is no home directory to keep the registry in")]
    NoHome,
    /// The registry does not parse.
    #[error("{}:{line}:{column}: the registry is damaged: {message}", path.display())]
    RegistryDamaged {
        /// The registry's file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
        /// The last good version, where there is one.
        backup: Option<PathBuf>,
    },
    /// There was a registry, and it is gone.
    #[error("the registry {} is gone; its backup {} is there", path.display(), backup.display())]
    RegistryGone {
        /// The registry's file.
        path: PathBuf,
        /// The last good version.
        backup: PathBuf,
    },
    /// A link on the way to the registry leads nowhere.
    #[error("the registry is reached through {}, a link to {}, which does not exist", link.display(), target.display())]
    RegistryLinkDangling {
        /// The link.
        link: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// What should be a damaged registry is another file, to which a link leads.
    #[error("{} is a link to {}, which is not a registry", link.display(), target.display())]
    NotARegistry {
        /// The link.
        link: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// Somebody removed the lock's file while this process had it.
    #[error("{} was removed while the registry was being changed", path.display())]
    RegistryLockLost {
        /// The lock's file.
        path: PathBuf,
    },
    /// Something changed the registry without its lock.
    #[error("{} was changed by another program at the same time", path.display())]
    RegistryChanged {
        /// The registry's file.
        path: PathBuf,
    },
    /// The registry was written by a newer port-manager.
    #[error(
        "{}: the registry has version {version}; this port-manager understands up to {understood}",
        path.display()
    )]
    RegistryTooNew {
        /// The registry's file.
        path: PathBuf,
        /// Its version.
        version: u64,
        /// The newest version that is understood.
        understood: u64,
    },
    /// The registry may not be changed: its disk or its directory is read-only, mostly.
    #[error("cannot change the registry: {}: {source}", path.display())]
    RegistryNotWritable {
        /// What was to be made or opened.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process has had the registry locked for too long.
    #[error(
        "{} is locked{}; waited {seconds} s",
        path.display(),
        holder.map(|pid| format!(" by process {pid}")).unwrap_or_default()
    )]
    RegistryLocked {
        /// The lock's file.
        path: PathBuf,
        /// The process that holds it, where known.
        holder: Option<u32>,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The port belongs to somebody else.
    #[error("port {port} belongs to {owner}")]
    PortOwned {
        /// The port.
        port: Port,
        /// Its owner.
        owner: String,
    },
    /// Every port of a service's range is taken, and of what it overflows into.
    #[error(
        "no port is left for service {service}: all of {} are taken: {}", ranges.join(" and "), holders.join("; ")
    )]
    RangeFull {
        /// The service.
        service: Service,
        /// Its range and what that overflows into: `5670 to 5680`, `5700 to 5799`.
        ranges: Vec<String>,
        /// Who holds how much of it: `shop (QUEUE_PORT 5670)`, `running programs (5671, 5672)`.
        holders: Vec<String>,
    },
    /// There is no such command of port-manager.
    #[error("there is no command '{name}'")]
    UnknownCommand {
        /// What was asked for.
        name: String,
        /// The commands that there are.
        known: Vec<String>,
    },
    /// There is no such project in the registry.
    #[error("no project '{name}' is registered")]
    UnknownProject {
        /// What was asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// A project has no such variable.
    #[error("{project} has no variable {variable}")]
    UnknownVariable {
        /// What was asked for.
        variable: Variable,
        /// The project's name.
        project: String,
        /// The variables that it has.
        known: Vec<Variable>,
    },
    /// A project's ports were to go to another, as if it had been moved.
    #[error("{root} is still there, so it keeps its ports")]
    ProjectStillThere {
        /// The directory, or the name that the script left.
        root: String,
    },
    /// Several projects have the name.
    #[error("{} projects are named '{name}'", roots.len())]
    AmbiguousProject {
        /// What was asked for.
        name: String,
        /// Their roots.
        roots: Vec<String>,
    },
    /// A tree could not be walked.
    #[error("cannot walk: {source}")]
    Walk {
        /// What went wrong, and where.
        source: ignore::Error,
    },
    /// A fault of port-manager itself, met while it looked at a file.
    #[error("port-manager failed on {}: this is a fault of its own", path.display())]
    Panic {
        /// The file.
        path: PathBuf,
    },
    /// There is no current directory: it has been removed, mostly.
    #[error("cannot find the current directory: {source}")]
    CurrentDirectory {
        /// What the system said.
        source: io::Error,
    },
    /// What was to be shown could not be written to the standard output.
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
    /// A client of a server does not keep to the protocol.
    #[error("the client does not keep to the protocol: {reason}")]
    Protocol {
        /// What it did.
        reason: String,
    },
    /// Nobody was there to say that a process may be stopped.
    #[error("port {port} is taken, and there is no terminal to ask whether to stop who listens there")]
    NotAsked {
        /// The port.
        port: Port,
    },
    /// Other processes listen on the port than those that were shown.
    #[error("port {port} is held by {now} now, which was not shown before; nobody was stopped")]
    HoldersChanged {
        /// The port.
        port: Port,
        /// Who listens there that was not shown.
        now: String,
    },
    /// The system does not tell who listens.
    #[error("cannot find out who listens on this machine: {reason}")]
    Listeners {
        /// What the system said.
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

    /// What a walk stumbled over.
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

    /// What to do next, as one sentence or a command; `None` where the text already says it all.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Read { source, .. } if Unreadable::in_error(source).is_some() => {
                Some("Remove it, or put a regular file of at most 1 MB in its place.".to_owned())
            }
            Self::Read { source, .. } if source.kind() == io::ErrorKind::InvalidData => {
                Some("Save the file as UTF-8.".to_owned())
            }
            Self::Arguments { help, .. } => Some(help.clone()),
            Self::BaselineUnreadable { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("Write it with --write-baseline.".to_owned())
            }
            Self::BaselineUnreadable { .. } => Some("Name a file that --write-baseline has written.".to_owned()),
            Self::BaselineInvalid { .. } => Some(
                "The file was left as it is. Name another one; or remove it and write it again with \
                 --write-baseline."
                    .to_owned(),
            ),
            Self::NoRepository { .. } => Some("Name files or a directory of a repository; `git init` makes one.".to_owned()),
            Self::UnknownRevision { .. } => Some(
                "Name a branch, a tag or a commit. A build often has the newest commit only: fetch the other \
                 one first."
                    .to_owned(),
            ),
            Self::Command { program, source } if program == "git" && source.kind() == io::ErrorKind::NotFound => {
                Some("Install git, or leave --diff out.".to_owned())
            }
            Self::Watch { is_limit: true, .. } => Some(
                "Name fewer directories; or raise the limit, which is fs.inotify.max_user_watches on Linux."
                    .to_owned(),
            ),
            Self::Watch { .. }
            | Self::Git { .. }
            | Self::Read { .. }
            | Self::Write { .. }
            | Self::Walk { .. }
            | Self::CurrentDirectory { .. }
            | Self::CurrentProgram { .. }
            | Self::Output { .. }
            | Self::Start { .. }
            | Self::Protocol { .. }
            | Self::Listeners { .. }
            | Self::Command { .. }
            | Self::NotADirectory { .. }
            | Self::NotSetUp { .. }
            | Self::Cancelled => None,
            Self::TooLarge { .. } => {
                Some("Name the project's own directory: port-manager init PATH.".to_owned())
            }
            Self::NoPortsEnv { .. } => Some("Run `port-manager init` there.".to_owned()),
            Self::UnclearVariable { candidates } if candidates.is_empty() => {
                Some("Run `port-manager init` to give the project ports.".to_owned())
            }
            Self::UnclearVariable { candidates } => {
                let candidates: Vec<&str> = candidates.iter().map(Variable::as_str).collect();
                Some(format!("Name one of {}.", candidates.join(", ")))
            }
            Self::NoWebAddress { variable, .. } => Some(format!(
                "`port-manager get {variable}` prints its number. If it does speak HTTP, add `--scheme http`."
            )),
            Self::Browser { .. } => Some("Set BROWSER to the program of a browser.".to_owned()),
            Self::ForeignHook { .. } => {
                Some("Add what `port-manager hook git` prints to it yourself.".to_owned())
            }
            Self::NotInstallable => Some(
                "Add what `port-manager hook SHELL` prints to the shell's rc file; its --help has the line."
                    .to_owned(),
            ),
            Self::NoPortFlag { .. } => {
                Some("Write the flag yourself: port-manager run sh -c 'PROGRAM --port $WEB_PORT'.".to_owned())
            }
            Self::UnknownShell { .. } => Some(
                "Name a format: port-manager env --format sh. `port-manager env --help` lists them."
                    .to_owned(),
            ),
            Self::NoNumber { variable, .. } => Some(format!(
                "Run `port-manager init` to give it one, or `port-manager set {variable}=NUMBER` to choose it."
            )),
            Self::PortsOfAnotherProject { .. } => Some(
                "If it was copied from there, `port-manager init` gives this project numbers of its own."
                    .to_owned(),
            ),
            Self::NotAPortVariable { variable, reason: NotAPortVariable::OtherName } => {
                let name = variable.renamed_for_port().map_or("WEB_PORT".to_owned(), |name| name.to_string());
                Some(format!("Give it a name that has the word PORT, such as {name}."))
            }
            Self::NotAPortVariable { reason: NotAPortVariable::Setting { .. }, .. } => {
                Some("Give it another name, such as WEB_PORT.".to_owned())
            }
            Self::NumberRefused { help, .. } | Self::CannotRename { help, .. } => Some(help.clone()),
            Self::NameTaken { .. } => Some("Choose another name, such as SHOP_WEB_PORT.".to_owned()),
            Self::NotConfirmed => {
                Some("Pass --yes to remove it without being asked, or --dry-run to see it.".to_owned())
            }
            Self::NotOpen { .. } => {
                Some("Open the folder, or run port-manager in a terminal there.".to_owned())
            }
            Self::PlanOutdated { .. } => Some("Run the command again.".to_owned()),
            Self::NotSaved { .. } => Some("Save it, and run the command again.".to_owned()),
            Self::NotRestored { kept, path, .. } => {
                Some(format!("Move {} to {}.", kept.display(), path.display()))
            }
            Self::NotUnderstood { .. } => {
                Some("The file was left as it is. Correct it, then run this again.".to_owned())
            }
            Self::PlanNotConfirmed => Some(
                "Pass --yes to make them without being asked, or --diff to see them as a patch.".to_owned(),
            ),
            Self::FixOutdated { .. } => Some("Ask for the quick fixes again.".to_owned()),
            Self::Config { .. } => {
                Some("Edit it with `port-manager config edit`; docs/configuration.md names what can be set.".to_owned())
            }
            Self::NoEditor { path, .. } => {
                Some(format!("Set EDITOR to your editor, or edit {} yourself.", path.display()))
            }
            Self::Shared(error) => error.help(),
            Self::UnknownServiceType { name, known } => {
                Some(match text::nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean {near}?"),
                    None => format!("The types are {}; `port-manager config edit` can add one.", known.join(", ")),
                })
            }
            Self::Settings { .. } => Some("docs/configuration.md names what can be set.".to_owned()),
            Self::Panic { .. } => {
                Some("Please report it with the message above, and the file if you can share it.".to_owned())
            }
            Self::NotAsked { .. } => {
                Some("Pass --yes to stop it without being asked, or --dry-run to see who it is.".to_owned())
            }
            Self::HoldersChanged { .. } => {
                Some("Look at the port again, and decide about these processes.".to_owned())
            }
            Self::LinkOutOfProject { path, .. } => {
                Some(format!("Replace {} by a file of its own.", path.display()))
            }
            Self::TooManyLines { .. } => {
                Some("Remove the lines that are not ports of this project.".to_owned())
            }
            Self::PathNotUnicode { .. } => Some("Rename the directory.".to_owned()),
            Self::NoHome => Some("Set PORT_MANAGER_CONFIG_DIR to a directory.".to_owned()),
            Self::RegistryDamaged { backup, .. } => Some(recovery(backup.as_deref())),
            Self::RegistryTooNew { .. } => {
                Some("The file was left as it is. Update port-manager.".to_owned())
            }
            Self::RegistryGone { backup, .. } => Some(format!(
                "Run `port-manager doctor --repair` to restore it from the backup; or remove {} to start \
                 with an empty registry.",
                backup.display()
            )),
            Self::RegistryLinkDangling { link, target } => Some(format!(
                "Restore {} (is its disk mounted?); or remove the link {} to start with an empty registry.",
                target.display(),
                link.display()
            )),
            Self::NotARegistry { link, .. } => Some(format!(
                "Both were left as they are. Make the link lead to the registry, or remove {} to start with \
                 an empty one.",
                link.display()
            )),
            Self::RegistryLockLost { .. } | Self::RegistryChanged { .. } => {
                Some("Nothing was changed. Run the command again.".to_owned())
            }
            // Its text says it already.
            Self::RegistryNotWritable { source, .. } if source.kind() == io::ErrorKind::InvalidInput => None,
            Self::RegistryNotWritable { .. } => {
                Some("Make it writable, or set PORT_MANAGER_CONFIG_DIR to a directory that is.".to_owned())
            }
            Self::RegistryLocked { holder: Some(pid), .. } => {
                Some(format!("Wait for process {pid} to finish, or end it; then try again."))
            }
            Self::RegistryLocked { holder: None, .. } => Some(
                "Another port-manager is at work. Wait for it to finish, or end it; then try again."
                    .to_owned(),
            ),
            Self::PortOwned { .. } => Some("Choose another port.".to_owned()),
            Self::RangeFull { .. } => Some(
                "Choose a number yourself: `port-manager set VARIABLE=PORT`. \
                 `port-manager remove PROJECT` releases the ports of a project that no longer needs them."
                    .to_owned(),
            ),
            Self::UnknownProject { known, .. } if known.is_empty() => {
                Some("Run `port-manager init` in the project's directory.".to_owned())
            }
            Self::UnknownProject { name, known } => Some(did_you_mean(name, known, "The projects are")),
            Self::UnknownCommand { name, known } => Some(did_you_mean(name, known, "The commands are")),
            Self::UnknownVariable { known, .. } if known.is_empty() => Some(
                "It has no ports yet: run `port-manager init` there, or give a number from 1 to 65535."
                    .to_owned(),
            ),
            Self::UnknownVariable { variable, known, .. } => {
                let known: Vec<&str> = known.iter().map(Variable::as_str).collect();
                Some(did_you_mean(variable.as_str(), &known, "Its variables are"))
            }
            Self::ProjectStillThere { root } => {
                Some(match paste::command_line(&["port-manager", "remove", root]) {
                    Some(command) => format!("Release them first: {command}"),
                    None => paste::NO_COMMAND.to_owned(),
                })
            }
            Self::AmbiguousProject { roots, .. } => {
                Some(format!("Name one by its path: {}.", roots.join(", ")))
            }
        }
    }
}

/// What somebody may have meant who gave a name that is not known; where no name is near, all that are known.
fn did_you_mean<S: AsRef<str>>(name: &str, known: &[S], all: &str) -> String {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    match text::nearest(name, known.iter().copied()) {
        Some(near) => format!("Did you mean {near}?"),
        None => format!("{all} {}.", known.join(", ")),
    }
}

/// How to get out of a damaged registry.
fn recovery(backup: Option<&Path>) -> String {
    let sources = match backup {
        Some(backup) => format!("its backup {} and", backup.display()),
        None => "what can be read of it and".to_owned(),
    };
    format!(
        "The file was left as it is. Run `port-manager doctor --repair` to keep it aside and rebuild it \
         from {sources} the projects' .ports.env."
    )
}

/// The path that an error of a walk speaks of.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}
