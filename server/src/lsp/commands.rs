//! What each command of `workspace/executeCommand` does, and the shape of its argument.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;

use super::server::Server;
use super::{fix_all, uri};
use crate::error::{Error, Result};
use crate::operations::{
    self, Context, FreeOptions, ProjectPort, RefusedPort, ShownHolder, Unattended, Which,
};
use crate::port::Port;
use crate::ports::Protocol;
use crate::project::ProjectRoot;
use crate::rules::Exception;
use crate::service::Service;
use crate::variable::Variable;

/// What a command works with.
pub(super) struct Call {
    pub(super) server: Server,
    pub(super) folders: Vec<PathBuf>,
}

pub(super) type Outcome = std::result::Result<Value, Failure>;

pub(super) enum Failure {
    /// The arguments are not the command's.
    Arguments(String),
    /// The command cannot do what it should.
    Operation(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Operation(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Arguments(error.to_string())
    }
}

impl Call {
    fn context(&self) -> Result<Context> {
        match self.server.knowledge.store() {
            Ok(store) => Ok(Context::on_this_machine(store.clone())),
            // Once more, for the error itself.
            Err(_) => Context::from_environment(),
        }
    }

    /// The project whose root is named, as a path or a URI; else that of the only folder.
    fn root(&self, root: Option<String>) -> std::result::Result<ProjectRoot, Failure> {
        match root {
            // Who names a directory means that one, as on the command line.
            Some(root) => Ok(ProjectRoot::exact(&to_path(root))?),
            None => Ok(ProjectRoot::of_directory(self.only_folder()?, None)),
        }
    }

    fn only_folder(&self) -> std::result::Result<&Path, Failure> {
        match self.folders.as_slice() {
            [folder] => Ok(folder),
            [] => Err(Failure::Arguments("no folder is open, so name the project's root".to_owned())),
            _ => Err(Failure::Arguments("several folders are open, so name the project's root".to_owned())),
        }
    }

    /// Says which numbers could not be had, for they may stand in the code that asked for them.
    fn tell_refused(&self, project: &str, ports: &[ProjectPort]) {
        for ProjectPort { variable, port, refused, .. } in ports {
            if let Some(RefusedPort { port: refused, reason, .. }) = refused {
                let message = format!("{project}: {variable} is {port}, not {refused}: {reason}.");
                self.server.show_message(lsp::MessageType::Warning, message);
            }
        }
    }
}

/// A path, also from clients that know files by their URI.
fn to_path(text: String) -> PathBuf {
    lsp::Uri::parse(&text).ok().as_ref().and_then(uri::to_path).unwrap_or_else(|| PathBuf::from(text))
}

/// `{path?}`: sets a project up.
pub(super) fn init(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        path: Option<String>,
    }
    let Arguments { path } = serde_json::from_value(argument)?;
    let done = operations::init(&call.context()?, &call.root(path)?)?;
    call.tell_refused(&done.project, &done.ports);
    to_value(&done)
}

/// `{root?, variable, service?, preferred?}`: gives the variable a port.
pub(super) fn allocate(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        root: Option<String>,
        variable: Variable,
        service: Option<Service>,
        preferred: Option<Port>,
    }
    let Arguments { root, variable, service, preferred } = serde_json::from_value(argument)?;
    let done = operations::allocate(&call.context()?, &call.root(root)?, &variable, service, preferred)?;
    call.tell_refused(&done.project, std::slice::from_ref(&done.port));
    to_value(&done)
}

/// `{root?, exception}`: has the project's `port-manager.toml` say that rules are to be quiet about
/// `{"allowed-port": 5432}`, `{"ignore": "legacy/a.js"}` or `{"off": "port-conflict"}`.
pub(super) fn configure(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        root: Option<String>,
        exception: Exception,
    }
    let Arguments { root, exception } = serde_json::from_value(argument)?;
    to_value(&operations::configure(&call.root(root)?, &exception)?)
}

/// `{port, udp?, dry_run?, expected?, force?, containers?, timeout?}`: stops who listens there, and a
/// container that publishes the port if that is asked for. Whoever runs it has asked people before, by
/// what `dry_run` told; with the holders of that as `expected` nobody else is stopped.
pub(super) fn free(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        port: Port,
        #[serde(default)]
        udp: bool,
        #[serde(default)]
        dry_run: bool,
        expected: Option<Vec<ShownHolder>>,
        #[serde(default)]
        force: bool,
        #[serde(default)]
        containers: bool,
        /// Seconds.
        #[serde(default = "usual_patience")]
        timeout: f64,
    }
    fn usual_patience() -> f64 {
        3.0
    }
    let Arguments { port, udp, dry_run, expected, force, containers, timeout } =
        serde_json::from_value(argument)?;
    let timeout =
        Duration::try_from_secs_f64(timeout).map_err(|error| Failure::Arguments(error.to_string()))?;
    let found =
        operations::find_holders(&call.context()?, port, if udp { Protocol::Udp } else { Protocol::Tcp })?;
    if dry_run {
        return to_value(&found.leave());
    }
    let found = match expected {
        Some(expected) => found.expect(&expected)?,
        None => found,
    };
    to_value(&found.free(FreeOptions { timeout, containers }, &mut Unattended { may_kill: force })?)
}

/// `{project?}`, by its name or root, or `{path?}`, of a directory in it; else that of the only folder.
pub(super) fn show(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        project: Option<String>,
        path: Option<String>,
    }
    let Arguments { project, path } = serde_json::from_value(argument)?;
    let context = call.context()?;
    let shown = match (project, path) {
        (Some(project), _) => operations::show(&context, Which::Named(&project)),
        (None, Some(path)) => operations::show(&context, Which::Of(&to_path(path))),
        (None, None) => operations::show(&context, Which::Of(call.only_folder()?)),
    };
    to_value(&shown?)
}

/// `{all?}`: every registered port, and who listens there; with `all`, every other port, too, on which
/// something listens.
pub(super) fn status(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        #[serde(default)]
        all: bool,
    }
    let Arguments { all } = serde_json::from_value(argument)?;
    to_value(&operations::status(&call.context()?, all)?)
}

/// `{path?}`: the project that a file or directory belongs to, registered or not; else that of the only
/// folder.
pub(super) fn project(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        path: Option<String>,
    }
    let Arguments { path } = serde_json::from_value(argument)?;
    let path = match path {
        Some(path) => to_path(path),
        None => call.only_folder()?.to_owned(),
    };
    let folder =
        call.folders.iter().filter(|folder| path.starts_with(folder)).max_by_key(|it| it.as_os_str().len());
    to_value(&operations::project_status(&call.context()?, &path, folder.map(PathBuf::as_path))?)
}

/// `{service, preferred?}`: reserves a port for a short time.
pub(super) fn get_port(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        service: Service,
        preferred: Option<Port>,
    }
    let Arguments { service, preferred } = serde_json::from_value(argument)?;
    let folder = call.only_folder().ok();
    to_value(&operations::get_port(&call.context()?, service, preferred, folder)?)
}

/// `{dry_run?}`: gives up what nobody needs any more.
pub(super) fn clean(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        #[serde(default)]
        dry_run: bool,
    }
    let Arguments { dry_run } = serde_json::from_value(argument)?;
    to_value(&operations::clean(&call.context()?, dry_run)?)
}

/// `{path?}`: below a file or directory, else in all open folders.
pub(super) fn fix(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        path: Option<String>,
    }
    let Arguments { path } = serde_json::from_value(argument)?;
    if !call.server.state().features.applies_edits {
        return Err(Failure::Arguments(
            "this editor makes no edits that a server asks for; `port-manager check --fix` does the same"
                .to_owned(),
        ));
    }
    let paths = match path {
        Some(path) => vec![to_path(path)],
        None if call.folders.is_empty() => {
            return Err(Failure::Arguments("no folder is open, so name a path".to_owned()));
        }
        None => call.folders.clone(),
    };
    let registry = call.context()?.store.load()?;
    to_value(&fix_all::fix_all(&call.server, paths, registry)?)
}

fn to_value(result: &impl Serialize) -> Outcome {
    Ok(serde_json::to_value(result)?)
}
