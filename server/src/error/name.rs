//! Names that a user gave and that name nothing, or more than one thing.

use std::ffi::OsString;

use crate::text;
use crate::variable::Variable;

/// A name that names nothing, or more than one thing.
#[derive(Debug, thiserror::Error)]
pub enum NameError {
    /// There is no service type of that name.
    #[error("there is no service type `{name}`")]
    UnknownServiceType {
        /// What was asked for.
        name: String,
        /// The names that exist.
        known: Vec<String>,
    },
    /// No variable was named, and the project has none or several that may be meant.
    #[error("{}", if candidates.is_empty() { "the project has no ports" } else { "it is not clear which variable is meant" })]
    UnclearVariable {
        /// The variables.
        candidates: Vec<Variable>,
    },
    /// A variable is set for the project's commands, and is not a port.
    #[error("{variable} is not a port")]
    NotAPort {
        /// The variable.
        variable: Variable,
    },
    /// `SHELL` names a shell that `env` has no format for.
    #[error("SHELL is {}, and there is no format for it", shell.display())]
    UnknownShell {
        /// What `SHELL` says.
        shell: OsString,
    },
    /// port-manager has no such command.
    #[error("there is no command '{name}'")]
    UnknownCommand {
        /// What was asked for.
        name: String,
        /// The commands that exist.
        known: Vec<String>,
    },
    /// The registry has no such project.
    #[error("no project '{name}' is registered")]
    UnknownProject {
        /// What was asked for.
        name: String,
        /// The names that exist.
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
    /// Several projects have the name.
    #[error("{} projects are named '{name}'", roots.len())]
    AmbiguousProject {
        /// What was asked for.
        name: String,
        /// Their roots.
        roots: Vec<String>,
    },
}

impl NameError {
    /// What to do next.
    pub(super) fn help(&self) -> String {
        match self {
            Self::UnknownServiceType { name, known } => {
                match text::nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean {near}?"),
                    None => {
                        format!("The types are {}; `port-manager config edit` can add one.", known.join(", "))
                    }
                }
            }
            Self::UnknownCommand { name, known } => did_you_mean(name, known, "The commands are"),
            Self::NotAPort { variable } => format!("`port-manager get {variable}` prints its value."),
            Self::UnknownShell { .. } => {
                "Name a format: port-manager env --format sh. `port-manager env --help` lists them."
                    .to_owned()
            }
            Self::UnknownProject { known, .. } if known.is_empty() => {
                "Run `port-manager init` in the project's directory.".to_owned()
            }
            Self::UnknownProject { name, known } => did_you_mean(name, known, "The projects are"),
            Self::AmbiguousProject { roots, .. } => format!("Name one by its path: {}.", roots.join(", ")),
            Self::UnknownVariable { known, .. } if known.is_empty() => {
                "It has no ports yet: run `port-manager init` there.".to_owned()
            }
            Self::UnknownVariable { variable, known, .. } => {
                did_you_mean(variable.as_str(), &names(known), "Its variables are")
            }
            Self::UnclearVariable { candidates } if candidates.is_empty() => {
                "Run `port-manager init` to give the project ports.".to_owned()
            }
            Self::UnclearVariable { candidates } => format!("Name one of {}.", names(candidates).join(", ")),
        }
    }
}

fn names(variables: &[Variable]) -> Vec<&str> {
    variables.iter().map(Variable::as_str).collect()
}

/// The known name that is nearest to an unknown one; all known names where none is near.
fn did_you_mean<S: AsRef<str>>(name: &str, known: &[S], all: &str) -> String {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    match text::nearest(name, known.iter().copied()) {
        Some(near) => format!("Did you mean {near}?"),
        None => format!("{all} {}.", known.join(", ")),
    }
}
