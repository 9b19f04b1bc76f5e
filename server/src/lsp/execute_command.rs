//! `workspace/executeCommand`: what people can do in a terminal, from the editor. Each command is
//! the command line's operation and answers with the same JSON.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{self, ErrorCode};

use super::changed::{self, Changed};
use super::knowledge::describe;
use super::server::Server;
use super::{analyse, fix_all, uri};
use crate::error::{Error, Result};
use crate::fixes::Action;
use crate::operations::{self, Context, FreeOptions, ProjectPort, RefusedPort, ShownHolder, Which};
use crate::port::Port;
use crate::ports::Protocol;
use crate::project::ProjectRoot;
use crate::rules::Exception;
use crate::service::Service;
use crate::variable::Variable;

/// A command of the server. Its argument is an object, or the one member that mostly matters.
struct Command {
    name: &'static str,
    /// What it is doing, as a progress bar says it.
    title: &'static str,
    /// The member that an argument which is no object stands for.
    shorthand: &'static str,
    /// Whether it may change the registry, a file, or who listens.
    changes: bool,
    run: fn(&Call, Value) -> Outcome,
}

const ALLOCATE: &str = "port-manager.allocate";
const INIT: &str = "port-manager.init";
const CONFIGURE: &str = "port-manager.configure";

/// Every command: what is offered and what is run, in one place.
const COMMANDS: [Command; 10] = [
    Command {
        name: INIT,
        title: "Giving the project its ports",
        shorthand: "path",
        changes: true,
        run: init,
    },
    Command { name: ALLOCATE, title: "Choosing a port", shorthand: "variable", changes: true, run: allocate },
    Command {
        name: CONFIGURE,
        title: "Writing the project's settings",
        shorthand: "exception",
        changes: true,
        run: configure,
    },
    Command {
        name: "port-manager.free",
        title: "Freeing a port",
        shorthand: "port",
        changes: true,
        run: free,
    },
    Command {
        name: "port-manager.show",
        title: "Looking up the project",
        shorthand: "project",
        changes: false,
        run: show,
    },
    Command {
        name: "port-manager.status",
        title: "Looking who listens",
        shorthand: "all",
        changes: false,
        run: status,
    },
    Command {
        name: "port-manager.project",
        title: "Looking up the project",
        shorthand: "path",
        changes: false,
        run: project,
    },
    Command {
        name: "port-manager.get-port",
        title: "Choosing a port",
        shorthand: "service",
        changes: true,
        run: get_port,
    },
    Command {
        name: "port-manager.clean",
        title: "Cleaning the registry",
        shorthand: "dry_run",
        changes: true,
        run: clean,
    },
    Command {
        name: "port-manager.fix-all",
        title: "Looking for what can be fixed",
        shorthand: "path",
        changes: false,
        run: fix,
    },
];

/// The commands' names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|command| command.name)
}

/// The command that does what a fix does besides its edits, and its argument.
pub(super) fn of_action(action: &Action, root: &ProjectRoot) -> (&'static str, Value) {
    let root = root.as_path();
    match action {
        Action::Allocate { variable, service, preferred } => (
            ALLOCATE,
            json!({"root": root, "variable": variable, "service": service, "preferred": preferred}),
        ),
        Action::Initialize => (INIT, json!({"path": root})),
        Action::Configure(exception) => (CONFIGURE, json!({"root": root, "exception": exception})),
    }
}

pub(super) async fn execute_command(
    server: &Server,
    params: lsp::ExecuteCommandParams,
) -> jsonrpc::Result<Option<Value>> {
    let Some(command) = COMMANDS.iter().find(|command| command.name == params.command) else {
        let names = names().collect::<Vec<_>>().join(", ");
        return Err(jsonrpc::Error::invalid_params(format!(
            "no command {:?}; there are {names}",
            params.command
        )));
    };
    let argument = match params.arguments.unwrap_or_default().into_iter().next() {
        None | Some(Value::Null) => json!({}),
        Some(object @ Value::Object(_)) => object,
        Some(other) => json!({ command.shorthand: other }),
    };
    let call = Call { server: server.clone(), folders: server.state().folders.clone() };
    let progress = match params.work_done_progress_params.work_done_token {
        Some(token) => Some(server.client.progress(token, command.title).begin().await),
        None => None,
    };
    let outcome = tokio::task::spawn_blocking(move || (command.run)(&call, argument)).await;
    if let Some(progress) = progress {
        progress.finish().await;
    }
    let outcome = outcome.map_err(|_| jsonrpc::Error::internal_error())?;
    // What the command changed is seen at once, not only when the file system has told us.
    if command.changes {
        analyse::schedule_all(server);
        changed::tell(server, Changed { assignments: true, listeners: true });
    }
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Arguments(error)) => {
            Err(jsonrpc::Error::invalid_params(format!("{}: {error}", command.name)))
        }
        Err(Failure::Operation(error)) => {
            // Clients show it: a message of ours beside it would be the same once more.
            Err(jsonrpc::Error {
                code: ErrorCode::from(REQUEST_FAILED),
                message: describe(&error).into(),
                data: error.help().map(|help| json!({ "help": help })),
            })
        }
    }
}

/// "The request was syntactically correct" and failed all the same (LSP 3.17, `RequestFailed`).
const REQUEST_FAILED: i64 = -32803;

/// What a command works with.
struct Call {
    server: Server,
    folders: Vec<PathBuf>,
}

type Outcome = std::result::Result<Value, Failure>;

enum Failure {
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
            if let Some(RefusedPort { port: refused, reason }) = refused {
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
fn init(call: &Call, argument: Value) -> Outcome {
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
fn allocate(call: &Call, argument: Value) -> Outcome {
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
fn configure(call: &Call, argument: Value) -> Outcome {
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
fn free(call: &Call, argument: Value) -> Outcome {
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
    to_value(&found.free(FreeOptions { timeout, containers }, &mut |_| Ok(force))?)
}

/// `{project?}`, by its name or root, or `{path?}`, of a directory in it; else that of the only folder.
fn show(call: &Call, argument: Value) -> Outcome {
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
fn status(call: &Call, argument: Value) -> Outcome {
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
fn project(call: &Call, argument: Value) -> Outcome {
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
fn get_port(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        service: Service,
        preferred: Option<Port>,
    }
    let Arguments { service, preferred } = serde_json::from_value(argument)?;
    to_value(&operations::get_port(&call.context()?, service, preferred)?)
}

/// `{dry_run?}`: gives up what nobody needs any more.
fn clean(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        #[serde(default)]
        dry_run: bool,
    }
    let Arguments { dry_run } = serde_json::from_value(argument)?;
    to_value(&operations::clean(&call.context()?, dry_run)?)
}

/// `{path?}`: below a file or directory, else in all open folders.
fn fix(call: &Call, argument: Value) -> Outcome {
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
