//! `workspace/didRenameFiles`, `workspace/didDeleteFiles`: the client has renamed or deleted files, directories, whole projects.
//! What was said of them is taken back. The registry knows projects by their directories, so people hear what became of the
//! ports of one that is gone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp::gen_lsp_types as lsp;

use super::knowledge::describe;
use super::publish::Publication;
use super::server::Server;
use super::{changed, pull_again, uri, watched_files};
use crate::error::{Error, NameError, Result};
use crate::operations::{self, Context, Initialized};
use crate::ports_env;
use crate::project::ProjectRoot;
use crate::text::printable;

/// What people choose so that a project keeps its ports.
const KEEP: &str = "Keep its ports";

/// Every file and directory.
pub(super) fn options() -> lsp::FileOperationRegistrationOptions {
    let pattern = lsp::FileOperationPattern { glob: "**".to_owned(), matches: None, options: None };
    let filter = lsp::FileOperationFilter { scheme: Some("file".to_owned()), pattern };
    lsp::FileOperationRegistrationOptions { filters: vec![filter] }
}

pub(super) async fn did_rename(server: &Server, params: lsp::RenameFilesParams) {
    let renamed = |file: &lsp::FileRename| Some((uri::to_path(&file.old_uri)?, uri::to_path(&file.new_uri)?));
    let renamed: Vec<_> = params.files.iter().filter_map(renamed).collect();
    for (old, _) in &renamed {
        take_back(server, old);
    }
    watched_files::look_at(
        server,
        renamed.iter().flat_map(|(old, new)| [old.clone(), new.clone()]).collect(),
    );
    for (old, new) in renamed {
        for gone in registered_below(server, &old) {
            let Ok(below) = gone.root.strip_prefix(&old) else { continue };
            let root = if below.as_os_str().is_empty() { new.clone() } else { new.join(below) };
            offer_to_keep(server, gone, root);
        }
        tell_of_ports_env(server, &old, "was renamed");
    }
}

pub(super) async fn did_delete(server: &Server, params: lsp::DeleteFilesParams) {
    let deleted: Vec<PathBuf> = params.files.iter().filter_map(|file| uri::to_path(&file.uri)).collect();
    for path in &deleted {
        take_back(server, path);
        for Registered { name, root, ports } in registered_below(server, path) {
            let message = format!(
                "{name}: {} was deleted, and the registry keeps its ports ({ports}). `port-manager clean` releases them.",
                root.display()
            );
            server.show_message(lsp::MessageType::Info, message);
        }
        tell_of_ports_env(server, path, "was deleted");
    }
    watched_files::look_at(server, deleted);
}

/// Takes back what was said of documents at or below a path. One that stays open is judged again when it changes.
fn take_back(server: &Server, path: &Path) {
    let mut state = server.state();
    let pulls = state.pulls;
    for uri in state.documents.uris() {
        let Some(document) = state.documents.get_mut(&uri) else { continue };
        let is_gone = uri::to_path(&uri).is_some_and(|document| document.starts_with(path));
        if is_gone && document.found.take().is_some_and(|(_, found)| !found.is_empty()) {
            match pulls {
                true => pull_again::document_has_changed(server),
                false => server.publish(Publication { uri, version: None, diagnostics: Arc::default() }),
            }
        }
    }
}

/// A project of the registry.
struct Registered {
    name: String,
    root: PathBuf,
    ports: usize,
}

/// The registered projects with their root at or below a path where nothing is any more.
fn registered_below(server: &Server, path: &Path) -> Vec<Registered> {
    let Ok(registry) = server.knowledge.registry() else { return Vec::new() };
    let below = registry.projects().filter(|(key, _)| Path::new(key).starts_with(path) && !path.exists());
    let registered = |(key, project): (&str, &crate::registry::Project)| Registered {
        name: project.name().to_owned(),
        root: PathBuf::from(key),
        ports: project.ports().count(),
    };
    below.map(registered).collect()
}

/// Asks whether a project that was moved is to keep its ports. Nobody waits for the answer.
fn offer_to_keep(server: &Server, gone: Registered, root: PathBuf) {
    let message = printable(&format!(
        "{} was moved. The registry still has its ports ({}) for {}.",
        gone.name,
        gone.ports,
        gone.root.display()
    ));
    let server = server.clone();
    tokio::spawn(async move {
        let keep = lsp::MessageActionItem { title: KEEP.to_owned(), properties: Default::default() };
        let asked = server.client.show_message_request(lsp::MessageType::Info, message, Some(vec![keep]));
        // A client that shows no questions has said nothing.
        let is_kept = asked.await.is_ok_and(|answer| answer.is_some_and(|answer| answer.title == KEEP));
        if !is_kept {
            return;
        }
        let mover = server.clone();
        let moved = tokio::task::spawn_blocking(move || {
            let store = mover.knowledge.store().map_err(|_| None)?.clone();
            move_ports(&Context::on_this_machine(store), &root, &gone.root.to_string_lossy()).map_err(Some)
        });
        if let Ok(Err(Some(error))) = moved.await {
            server.show_message(lsp::MessageType::Error, format!("port-manager: {}", describe(&error)));
        }
        changed::by_command(&server);
    });
}

/// Gives a project the ports that it had in its former directory.
fn move_ports(context: &Context, root: &Path, former: &str) -> Result<Initialized> {
    let root = ProjectRoot::exact(root)?;
    match operations::init_moved(context, &root, former) {
        // Its `.ports.env` told already where it was.
        Err(Error::Name(NameError::UnknownProject { .. })) => operations::init(context, &root),
        outcome => outcome,
    }
}

/// Says what becomes of the ports of a project whose `.ports.env` is gone.
fn tell_of_ports_env(server: &Server, path: &Path, what: &str) {
    let Some(root) = path.parent().filter(|_| path.file_name().is_some_and(|it| it == ports_env::FILE_NAME))
    else {
        return;
    };
    let Ok(registry) = server.knowledge.registry() else { return };
    let key = root.to_string_lossy();
    if let Some(project) = registry.project(&key).filter(|_| root.exists() && !path.exists()) {
        let message = format!(
            "{}: {} {what}, and the registry keeps the ports. `port-manager init` writes it again; `port-manager remove` releases \
             them.",
            project.name(),
            ports_env::FILE_NAME
        );
        server.show_message(lsp::MessageType::Info, message);
    }
}
