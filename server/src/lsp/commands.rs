//! What each command of `workspace/executeCommand` does, and the shape of its argument.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;

use super::cancellation::Cancellation;
use super::knowledge::describe;
use super::server::Server;
use super::{fix_all, fix_port, shown, uri, warnings};
use crate::error::{Error, NameError, PlanError, Result};
use crate::files;
use crate::operations::{self, Context, Target, Which};
use crate::port::Port;
use crate::project::ProjectRoot;
use crate::project::map::Renamed;
use crate::rules::Exception;
use crate::service::Service;
use crate::variable::Variable;

/// What a command works with.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) server: Server,
    pub(super) folders: Vec<PathBuf>,
    /// The open documents that are files.
    pub(super) documents: Vec<PathBuf>,
    pub(super) cancellation: Cancellation,
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
        match error {
            // Which types there are is not known before the user's settings are.
            Error::Name(NameError::UnknownServiceType { .. }) => Self::Arguments(describe(&error)),
            error => Self::Operation(error),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Arguments(error.to_string())
    }
}

impl Call {
    /// What operations work with. They ask before they write whether the request was cancelled.
    pub(super) fn context(&self) -> Result<Context> {
        let mut context = self.server.context()?;
        let cancellation = self.cancellation.clone();
        context.store = context.store.asking(move || cancellation.begin_to_act());
        Ok(context)
    }

    /// Whether the client asks people and shows them results by itself.
    pub(super) fn has_interface(&self) -> bool {
        self.server.state().features.has_interface
    }

    /// The command's answer, which is shown as well where the client does not.
    pub(super) fn answer<T: Serialize + ?Sized>(&self, result: &T, shown: fn(&T) -> String) -> Outcome {
        if !self.has_interface() {
            self.server.show_message(lsp::MessageType::Info, format!("port-manager: {}", shown(result)));
        }
        Ok(serde_json::to_value(result)?)
    }

    /// The project whose root is named, as a path or a URI; else that of the only folder. A directory that is not
    /// open is written into only where the user `chose` it: a path that reached the editor in another way, from a link
    /// or a file, is not the user's wish.
    pub(super) fn root(
        &self,
        root: Option<String>,
        chosen: bool,
    ) -> std::result::Result<ProjectRoot, Failure> {
        let Some(root) = root else { return Ok(ProjectRoot::of_directory(self.only_folder()?, None)) };
        // Who names a directory means that one, as on the command line.
        let root = ProjectRoot::exact(&to_path(root))?;
        if !chosen {
            self.ensure_open(root.as_path())?;
        }
        Ok(root)
    }

    /// Checks that the canonical path lies in an open folder, or in the project of an open folder or document.
    fn ensure_open(&self, path: &Path) -> Result<()> {
        let in_folder =
            |folder: &PathBuf| files::canonicalize(folder).is_ok_and(|folder| path.starts_with(folder));
        let in_project = |root: ProjectRoot| root.as_path() == path;
        let is_open = self.folders.iter().any(in_folder)
            || self.folders.iter().any(|folder| in_project(ProjectRoot::of_directory(folder, None)))
            || self.documents.iter().any(|it| in_project(ProjectRoot::of_file(it, self.folder_of(it))));
        if is_open { Ok(()) } else { Err(Error::Plan(PlanError::NotOpen { path: path.to_owned() })) }
    }

    /// The workspace folder that a path lies in, the innermost where they are nested.
    fn folder_of(&self, path: &Path) -> Option<&Path> {
        let around = self.folders.iter().filter(|folder| path.starts_with(folder));
        around.max_by_key(|folder| folder.as_os_str().len()).map(PathBuf::as_path)
    }

    /// A path below which files are fixed, as it is named; it has to lie in what is open, or be an open document.
    fn path_to_fix(&self, path: &Path, chosen: bool) -> std::result::Result<PathBuf, Failure> {
        let canonical = files::canonicalize(path).map_err(Error::reading(path))?;
        let is_document =
            || self.documents.iter().any(|it| files::canonicalize(it).is_ok_and(|it| it == canonical));
        if !chosen && !is_document() {
            self.ensure_open(&canonical)?;
        }
        Ok(path.to_owned())
    }

    pub(super) fn ensure_client_edits(&self) -> std::result::Result<(), Failure> {
        match self.server.state().features.applies_edits {
            true => Ok(()),
            false => Err(Failure::Arguments(
                "this editor makes no edits that a server asks for; `port-manager check --fix` does the same"
                    .to_owned(),
            )),
        }
    }

    fn only_folder(&self) -> std::result::Result<&Path, Failure> {
        match self.folders.as_slice() {
            [folder] => Ok(folder),
            [] => Err(Failure::Arguments("no folder is open, so name the project's root".to_owned())),
            _ => Err(Failure::Arguments("several folders are open, so name the project's root".to_owned())),
        }
    }

    fn warn(&self, warnings: Vec<String>) {
        for warning in warnings {
            self.server.show_message(lsp::MessageType::Warning, warning);
        }
    }
}

/// A path, also from clients that know files by their URI.
fn to_path(text: String) -> PathBuf {
    lsp::Uri::parse(&text).ok().as_ref().and_then(uri::to_path).unwrap_or_else(|| PathBuf::from(text))
}

/// `{path?, chosen?}`: sets a project up.
pub(super) fn init(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        path: Option<String>,
        #[serde(default)]
        chosen: bool,
    }
    let Arguments { path, chosen } = serde_json::from_value(argument)?;
    let done = operations::init(&call.context()?, &call.root(path, chosen)?)?;
    call.warn(warnings::of_init(&done));
    call.answer(&done, shown::init)
}

/// `{root?, chosen?, variable, service?, preferred?}`: gives the variable a port.
pub(super) fn allocate(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        root: Option<String>,
        #[serde(default)]
        chosen: bool,
        variable: Variable,
        service: Option<Service>,
        preferred: Option<Port>,
        public_name: Option<Variable>,
    }
    let Arguments { root, chosen, variable, service, preferred, public_name } =
        serde_json::from_value(argument)?;
    let root = call.root(root, chosen)?;
    let public_name = public_name.as_ref();
    let done =
        operations::allocate_for_page(&call.context()?, &root, &variable, service, preferred, public_name)?;
    call.warn(warnings::of_ports(&done.project, std::slice::from_ref(&done.port)));
    call.answer(&done, shown::allocate)
}

/// `{root?, chosen?, variable, port}`: gives the variable just that number, or fails.
pub(super) fn set(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        root: Option<String>,
        #[serde(default)]
        chosen: bool,
        variable: Variable,
        port: Port,
    }
    let Arguments { root, chosen, variable, port } = serde_json::from_value(argument)?;
    let done = operations::set(&call.context()?, &call.root(root, chosen)?, &[(variable, port)])?;
    call.answer(&done, shown::set)
}

/// `{root?, chosen?, variable}`: removes the variable from the project.
pub(super) fn unset(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        root: Option<String>,
        #[serde(default)]
        chosen: bool,
        variable: Variable,
    }
    let Arguments { root, chosen, variable } = serde_json::from_value(argument)?;
    let done = operations::unset(&call.context()?, &call.root(root, chosen)?, &[variable])?;
    call.answer(&done, shown::unset)
}

/// `{root?, chosen?, exception}`: has the project's `port-manager.toml` say that rules are to be quiet about
/// `{"allowed-port": 5432}`, `{"ignore": "legacy/a.js"}` or `{"off": "port-conflict"}`.
pub(super) fn configure(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        root: Option<String>,
        #[serde(default)]
        chosen: bool,
        exception: Exception,
    }
    let Arguments { root, chosen, exception } = serde_json::from_value(argument)?;
    let root = call.root(root, chosen)?;
    call.cancellation.begin_to_act()?;
    call.answer(&operations::configure(&root, &exception)?, shown::configure)
}

/// `{root?, chosen?, target}`: has a way of starting the project load `.ports.env`.
pub(super) fn integrate(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        root: Option<String>,
        #[serde(default)]
        chosen: bool,
        target: String,
    }
    let Arguments { root, chosen, target } = serde_json::from_value(argument)?;
    let known =
        Target::of_name(&target).ok_or_else(|| Failure::Arguments(format!("no target {target:?}")))?;
    let types = call.context()?.store.shown_types();
    let done = operations::plan_integrate(&call.root(root, chosen)?, &types, &[known], false)?;
    call.cancellation.begin_to_act()?;
    done.apply()?;
    let messages = done.integrations.iter().filter_map(|it| it.message.clone());
    call.warn(messages.chain(done.plan().notes().iter().cloned()).collect());
    call.answer(done.integrations.as_slice(), shown::integrate)
}

/// `{root?, chosen?, names}`: has the project's `port-manager.toml` say which variables pages read under which names,
/// `{"VITE_API_PORT": "API_PORT"}`.
pub(super) fn name(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        root: Option<String>,
        #[serde(default)]
        chosen: bool,
        names: BTreeMap<Variable, Variable>,
    }
    let Arguments { root, chosen, names } = serde_json::from_value(argument)?;
    let entry = |(name, variable)| Renamed { directory: PathBuf::new(), name, variable };
    let entries: Vec<Renamed> = names.into_iter().map(entry).collect();
    let root = call.root(root, chosen)?;
    call.cancellation.begin_to_act()?;
    call.answer(&operations::rename(&root, &entries)?, shown::configure)
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
    call.answer(&shown?, shown::show)
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
    call.answer(&operations::status(&call.context()?, all)?, shown::status)
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
    to_value(&operations::project_status(&call.context()?, &path, call.folder_of(&path))?)
}

/// The settings of this machine, with the service types.
pub(super) fn config(call: &Call, _: Value) -> Outcome {
    to_value(&operations::config_report(&call.context()?.store)?)
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
    let done = operations::get_port(&call.context()?, service, preferred, folder)?;
    call.answer(&done, shown::get_port)
}

/// `{dry_run?}`: removes the projects whose directories are gone, and what is reserved no longer.
pub(super) fn clean(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        #[serde(default)]
        dry_run: bool,
    }
    let Arguments { dry_run } = serde_json::from_value(argument)?;
    call.answer(&operations::clean(&call.context()?, dry_run)?, shown::clean)
}

/// `{root, variable, state}`: every certain place of the variable's port, as the quick fix offered it.
pub(super) fn fix_port(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        root: String,
        variable: Variable,
        state: String,
    }
    let Arguments { root, variable, state } = serde_json::from_value(argument)?;
    call.ensure_client_edits()?;
    let root = call.root(Some(root), false)?;
    let context = call.context()?;
    let root = root.as_path();
    let done = fix_port::fix_port(&call.server, &call.cancellation, context, root, &variable, &state)?;
    call.answer(&done, shown::fixed)
}

/// `{path?, chosen?}`: below a file or directory, else in all open folders.
pub(super) fn fix(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        path: Option<String>,
        #[serde(default)]
        chosen: bool,
    }
    let Arguments { path, chosen } = serde_json::from_value(argument)?;
    call.ensure_client_edits()?;
    let paths = match path {
        Some(path) => vec![call.path_to_fix(&to_path(path), chosen)?],
        None if call.folders.is_empty() => {
            return Err(Failure::Arguments("no folder is open, so name a path".to_owned()));
        }
        None => call.folders.clone(),
    };
    let registry = call.context()?.store.load()?;
    call.answer(&fix_all::fix_all(&call.server, &call.cancellation, paths, registry)?, shown::fixed)
}

fn to_value(result: &impl Serialize) -> Outcome {
    Ok(serde_json::to_value(result)?)
}
