//! Why a project cannot have a variable or a number, or has none.

use std::path::PathBuf;

use crate::paste;
use crate::port::Port;
use crate::service::Service;
use crate::variable::{NotAPortVariable, Variable};

/// A project cannot have a variable or a number, or has none.
#[derive(Debug, thiserror::Error)]
pub enum AssignmentError {
    /// A project has no `.ports.env` yet.
    #[error("{} has no .ports.env", root.display())]
    NoPortsEnv {
        /// The project's root.
        root: PathBuf,
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
    /// The port belongs to somebody else.
    #[error("port {port} belongs to {owner}")]
    PortOwned {
        /// The port.
        port: Port,
        /// Its owner.
        owner: String,
    },
    /// Every port of a service's range, and of the range that it overflows into, is taken.
    #[error(
        "no port is left for service {service}: all of {} are taken: {}", ranges.join(" and "), holders.join("; ")
    )]
    RangeFull {
        /// The service.
        service: Service,
        /// Its range and what that overflows into: `5670 to 5680`, `5700 to 5799`.
        ranges: Vec<String>,
        /// Their holders, with the ports of each: `shop (QUEUE_PORT 5670)`, `running programs (5671, 5672)`.
        holders: Vec<String>,
    },
    /// A project's ports were to go to another, as if it had been moved.
    #[error("{root} is still there, so it keeps its ports")]
    ProjectStillThere {
        /// The directory, or the name that the script left.
        root: String,
    },
}

impl AssignmentError {
    /// What to do next; `None` where the text already says it.
    pub(super) fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoPortsEnv { .. } => "Run `port-manager init` there.".to_owned(),
            Self::NotSetUp { .. } => return None,
            Self::NoNumber { variable, .. } => format!(
                "Run `port-manager init` to give it one, or `port-manager set {variable}=NUMBER` to choose it."
            ),
            Self::PortsOfAnotherProject { .. } => {
                "If it was copied from there, `port-manager init` gives this project numbers of its own."
                    .to_owned()
            }
            Self::NotAPortVariable { variable, reason: NotAPortVariable::OtherName } => {
                let name = variable.renamed_for_port().map_or("WEB_PORT".to_owned(), |name| name.to_string());
                format!("Give it a name that has the word PORT, such as {name}.")
            }
            Self::NotAPortVariable { reason: NotAPortVariable::Setting { .. }, .. } => {
                "Give it another name, such as WEB_PORT.".to_owned()
            }
            Self::NumberRefused { help, .. } | Self::CannotRename { help, .. } => help.clone(),
            Self::NameTaken { .. } => "Choose another name, such as SHOP_WEB_PORT.".to_owned(),
            Self::PortOwned { .. } => "Choose another port.".to_owned(),
            Self::RangeFull { .. } => "Choose a number yourself: `port-manager set VARIABLE=PORT`. \
                 `port-manager remove PROJECT` releases the ports of a project that no longer needs them."
                .to_owned(),
            Self::ProjectStillThere { root } => {
                match paste::command_line(&["port-manager", "remove", root]) {
                    Some(command) => format!("Release them first: {command}"),
                    None => paste::NO_COMMAND.to_owned(),
                }
            }
        })
    }
}
