//! What an agent passes to each tool. The first line of a field is what the agent reads about it.

use std::path::PathBuf;

use rmcp::schemars::{self, JsonSchema};
use serde::Deserialize;

use crate::operations::ShownHolder;
use crate::port::Port;
use crate::service::Service;
use crate::variable::Variable;

/// A directory of a project.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Directory {
    /// A directory in the project, absolute. The directory in which the server was started, where it is left out.
    pub(super) directory: Option<PathBuf>,
}

/// One variable of a project.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Allocate {
    /// The variable, as in `WEB_PORT`.
    #[schemars(with = "String")]
    pub(super) variable: Variable,
    /// A directory in the project, absolute. The directory in which the server was started, where it is left out.
    pub(super) directory: Option<PathBuf>,
    /// What listens there: web, api, db, cache, queue, monitoring, temporal, misc, or a type that the user's `config.toml`
    /// adds. Read from the variable's name, where it is left out.
    #[schemars(with = "Option<String>")]
    pub(super) service: Option<Service>,
    /// The number that the code uses without the variable.
    #[schemars(with = "Option<u16>")]
    pub(super) preferred: Option<Port>,
}

/// A port and the processes that may be stopped there.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Free {
    /// The port.
    #[schemars(with = "u16")]
    pub(super) port: Port,
    /// The `holders` of an earlier answer. Leave it out to see who listens; nothing is stopped then.
    pub(super) expected: Option<Vec<Expected>>,
    /// Whether a process that does not end within 3 seconds is killed.
    #[serde(default)]
    pub(super) force: bool,
    /// Whether a container that publishes the port is stopped.
    #[serde(default)]
    pub(super) containers: bool,
}

/// A process as an earlier answer had it.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Expected {
    /// Its number.
    pub(super) pid: u32,
    /// When it was started, as that answer had it.
    pub(super) started_at: Option<String>,
}

impl Expected {
    /// The same for the operation; `None` where the time is not one.
    pub(super) fn shown(self) -> Option<ShownHolder> {
        let started_at = match self.started_at {
            Some(text) => Some(text.parse().ok()?),
            None => None,
        };
        Some(ShownHolder { pid: self.pid, started_at })
    }
}

/// A file or directory.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    /// The file or directory, absolute.
    pub(super) path: PathBuf,
}

/// A rule, or a place in a file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Explain {
    /// The rule, as in `hardcoded-port`.
    pub(super) rule: Option<String>,
    /// The file, absolute; needs `line`.
    pub(super) path: Option<PathBuf>,
    /// The line, from 1.
    pub(super) line: Option<usize>,
}
