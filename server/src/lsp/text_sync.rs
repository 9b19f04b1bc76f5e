//! `textDocument/didOpen`, `didChange`, `didSave`, `didClose`: the client's text becomes ours.
//!
//! Each changes the state before its first await (it has none), so edits keep their order.

use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp::gen_lsp_types as lsp;

use super::analyse;
use super::place_of::place_of;
use super::publish::Publication;
use super::server::Server;
use super::{uri, watched_files};

pub(super) async fn did_open(server: &Server, params: lsp::DidOpenTextDocumentParams) {
    let document = params.text_document;
    let folders = server.state().folders.clone();
    let path = place_of(&document.uri, document.language_id.as_str(), &folders);
    open(server, document, path);
}

pub(super) async fn did_change(server: &Server, params: lsp::DidChangeTextDocumentParams) {
    change(server, params.text_document, params.content_changes);
}

/// What was saved may be what others are judged by: `.ports.env`, `port-manager.toml`.
pub(super) async fn did_save(server: &Server, params: lsp::DidSaveTextDocumentParams) {
    let saved = uri::to_path(&params.text_document.uri);
    watched_files::look_at(server, saved.into_iter().collect());
}

pub(super) async fn did_close(server: &Server, params: lsp::DidCloseTextDocumentParams) {
    close(server, params.text_document.uri);
}

/// Opens a document that counts as lying at `path`.
pub(super) fn open(server: &Server, document: lsp::TextDocumentItem, path: Option<PathBuf>) {
    let uri = document.uri.clone();
    let mut state = server.state();
    state.documents.open(document, path);
    analyse::schedule(server, &mut state, &uri);
}

/// Makes the client's edits.
pub(super) fn change(
    server: &Server,
    document: lsp::VersionedTextDocumentIdentifier,
    changes: Vec<lsp::TextDocumentContentChangeEvent>,
) {
    let uri = document.text_document_identifier.uri;
    let mut state = server.state();
    let encoding = state.features.encoding;
    let Some(open) = state.documents.get_mut(&uri) else { return };
    open.change(document.version, changes, encoding);
    analyse::schedule(server, &mut state, &uri);
}

/// Nothing is said of a closed document, and what was said is taken back; a client that asks forgets it by itself.
pub(super) fn close(server: &Server, uri: lsp::Uri) {
    let mut state = server.state();
    let path = state.path_of(&uri);
    if state.documents.close(&uri) && !state.pulls {
        server.publish(Publication { uri, version: None, diagnostics: Arc::default() });
    }
    drop(state);
    if let Some(path) = path {
        let server = server.clone();
        tokio::task::spawn_blocking(move || server.close_on_map(&path));
    }
}
