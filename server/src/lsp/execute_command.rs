//! `workspace/executeCommand`: what people can do in a terminal, from the editor. Each command is
//! the command line's operation and answers with the same JSON.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{self, ErrorCode};

use super::adopt;
use super::apply_edit;
use super::cancellation::Cancellation;
use super::changed;
use super::commands::{self, Call, Failure, Outcome};
use super::free_port;
use super::knowledge::describe;
use super::open_port;
use super::server::Server;
use crate::fixes::Action;
use crate::project::ProjectRoot;
use crate::project::map::Renamed;
use crate::text::printable;

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
/// Stops who listens on a port.
pub(super) const FREE: &str = "port-manager.free";
/// Shows the ports of a project.
pub(super) const SHOW: &str = "port-manager.show";
/// Opens the page of a port.
pub(super) const OPEN: &str = "port-manager.open";
/// Repairs every certain place of a port.
pub(super) const FIX_PORT: &str = "port-manager.fix-port";
const NAME: &str = "port-manager.name";
const INTEGRATE: &str = "port-manager.integrate";
/// Has the client make an edit, and runs another command then.
pub(super) const APPLY: &str = "port-manager.apply";
/// Adopts a project.
pub(super) const ADOPT: &str = "port-manager.adopt";

/// Every command: what is offered and what is run, in one place.
const COMMANDS: [Command; 19] = [
    Command {
        name: INIT,
        title: "Giving the project its ports",
        shorthand: "path",
        changes: true,
        run: commands::init,
    },
    Command {
        name: ALLOCATE,
        title: "Choosing a port",
        shorthand: "variable",
        changes: true,
        run: commands::allocate,
    },
    Command {
        name: "port-manager.set",
        title: "Setting a port",
        shorthand: "variable",
        changes: true,
        run: commands::set,
    },
    Command {
        name: "port-manager.unset",
        title: "Removing a variable",
        shorthand: "variable",
        changes: true,
        run: commands::unset,
    },
    Command {
        name: CONFIGURE,
        title: "Writing the project's settings",
        shorthand: "exception",
        changes: true,
        run: commands::configure,
    },
    Command {
        name: NAME,
        title: "Naming variables for pages",
        shorthand: "names",
        changes: true,
        run: commands::name,
    },
    Command {
        name: INTEGRATE,
        title: "Loading .ports.env",
        shorthand: "target",
        changes: true,
        run: commands::integrate,
    },
    Command { name: FREE, title: "Freeing a port", shorthand: "port", changes: true, run: free_port::free },
    Command {
        name: SHOW,
        title: "Looking up the project",
        shorthand: "project",
        changes: false,
        run: commands::show,
    },
    Command {
        name: "port-manager.status",
        title: "Looking who listens",
        shorthand: "all",
        changes: false,
        run: commands::status,
    },
    Command {
        name: "port-manager.project",
        title: "Looking up the project",
        shorthand: "path",
        changes: false,
        run: commands::project,
    },
    Command {
        name: "port-manager.config",
        title: "Looking at the settings",
        shorthand: "",
        changes: false,
        run: commands::config,
    },
    Command {
        name: "port-manager.get-port",
        title: "Choosing a port",
        shorthand: "service",
        changes: true,
        run: commands::get_port,
    },
    Command {
        name: "port-manager.clean",
        title: "Cleaning the registry",
        shorthand: "dry_run",
        changes: true,
        run: commands::clean,
    },
    Command { name: APPLY, title: "Making an edit", shorthand: "edit", changes: false, run: apply },
    Command {
        name: ADOPT,
        title: "Looking for what the project needs",
        shorthand: "root",
        changes: false,
        run: adopt::adopt,
    },
    Command {
        name: "port-manager.fix-all",
        title: "Looking for what can be fixed",
        shorthand: "path",
        changes: false,
        run: commands::fix,
    },
    Command { name: OPEN, title: "Opening a page", shorthand: "port", changes: false, run: open_port::open },
    Command {
        name: FIX_PORT,
        title: "Looking for the port's places",
        shorthand: "variable",
        changes: false,
        run: commands::fix_port,
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
        Action::Allocate { variable, service, preferred, public_name } => (
            ALLOCATE,
            json!({
                "root": root,
                "variable": variable,
                "service": service,
                "preferred": preferred,
                "public_name": public_name,
            }),
        ),
        Action::Rename(renamed) => of_names(std::slice::from_ref(renamed), root),
        Action::Initialize => (INIT, json!({"path": root})),
        Action::Integrate(target) => (INTEGRATE, json!({"root": root, "target": target})),
        Action::Configure(exception) => (CONFIGURE, json!({"root": root, "exception": exception})),
    }
}

/// The command that has `port-manager.toml` name variables for pages, and its argument.
pub(super) fn of_names(renamed: &[Renamed], root: &Path) -> (&'static str, Value) {
    let names: serde_json::Map<String, Value> =
        renamed.iter().map(|entry| (entry.name.to_string(), json!(entry.variable))).collect();
    (NAME, json!({"root": root, "names": names}))
}

/// `{edit, command?, argument?}`: asks the client for the edit, and runs the command once that is made. It is for clients of
/// which nobody knows that they make the edit of a code action before they run its command.
fn apply(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        edit: lsp::WorkspaceEdit,
        command: Option<String>,
        #[serde(default)]
        argument: Value,
    }
    let Arguments { edit, command, argument } = serde_json::from_value(argument)?;
    call.ensure_client_edits()?;
    let names = [ALLOCATE, INIT, CONFIGURE, NAME, INTEGRATE];
    let command = match command {
        None => None,
        Some(name) => {
            let known = COMMANDS.iter().find(|it| it.name == name && names.contains(&it.name));
            let wrong = || Failure::Arguments(format!("`command` is one of {}", names.join(", ")));
            Some(known.ok_or_else(wrong)?)
        }
    };
    let then = call.clone();
    apply_edit::ask(&call.server, edit, move || {
        let Some(command) = command else { return };
        let outcome = (command.run)(&then, argument);
        changed::by_command(&then.server);
        let message = match outcome {
            Ok(_) => return,
            Err(Failure::Arguments(message)) => message,
            Err(Failure::Operation(error)) => describe(&error),
        };
        then.server.show_message(lsp::MessageType::Error, format!("port-manager: {message}"));
    });
    Ok(Value::Null)
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
    let (folders, documents) = {
        let state = server.state();
        (state.folders.clone(), state.documents.paths().map(Path::to_owned).collect())
    };
    let call = Call { server: server.clone(), folders, documents, cancellation: Cancellation::current() };
    // A task of its own: a cancelled request is answered at once, and what was begun for it is still ended.
    let done = tokio::spawn(run(command, call, argument, params.work_done_progress_params.work_done_token));
    match done.await.ok().flatten().ok_or_else(jsonrpc::Error::internal_error)? {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Arguments(error)) => {
            Err(jsonrpc::Error::invalid_params(printable(&format!("{}: {error}", command.name))))
        }
        Err(Failure::Operation(error)) => {
            // Clients show it: a message of ours beside it would be the same once more.
            Err(request_failed(&describe(&error), error.help().as_deref()))
        }
    }
}

/// Runs a command on a thread of its own and reports its progress; `None` where it panicked.
async fn run(
    command: &'static Command,
    call: Call,
    argument: Value,
    token: Option<lsp::ProgressToken>,
) -> Option<Outcome> {
    let server = call.server.clone();
    let progress = match token {
        Some(token) => Some(server.client.progress(token, command.title).begin().await),
        None => None,
    };
    let outcome = tokio::task::spawn_blocking(move || (command.run)(&call, argument)).await;
    if let Some(progress) = progress {
        progress.finish().await;
    }
    // What the command changed is seen at once, not only when the file system is looked at.
    if command.changes {
        changed::by_command(&server);
    }
    outcome.ok()
}

/// The failure of a request that is as it should be, with what to do about it.
pub(super) fn request_failed(message: &str, help: Option<&str>) -> jsonrpc::Error {
    jsonrpc::Error {
        code: ErrorCode::from(REQUEST_FAILED),
        message: printable(message).into(),
        data: help.map(|help| json!({ "help": printable(help) })),
    }
}

/// "The request was syntactically correct" and failed all the same (LSP 3.17, `RequestFailed`).
const REQUEST_FAILED: i64 = -32803;
