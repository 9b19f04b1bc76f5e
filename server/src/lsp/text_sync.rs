//! `textDocument/didOpen`, `didChange`, `didSave`, `didClose`: the client's text becomes ours.
//!
//! Each changes the state before its first await (it has none), so edits keep their order.

use tower_lsp::gen_lsp_types as lsp;

use super::analyse;
use super::publish::Publication;
use super::server::Server;
use super::{uri, watched_files};

pub(super) async fn did_open(server: &Server, params: lsp::DidOpenTextDocumentParams) {
    let uri = params.text_document.uri.clone();
    let mut state = server.state();
    state.documents.open(params.text_document);
    analyse::schedule(server, &mut state, &uri);
}

pub(super) async fn did_change(server: &Server, params: lsp::DidChangeTextDocumentParams) {
    let uri = params.text_document.text_document_identifier.uri;
    let mut state = server.state();
    let encoding = state.features.encoding;
    let Some(document) = state.documents.get_mut(&uri) else { return };
    document.change(params.text_document.version, params.content_changes, encoding);
    analyse::schedule(server, &mut state, &uri);
}

/// What was saved may be what others are judged by: `.ports.env`, `port-manager.toml`.
pub(super) async fn did_save(server: &Server, params: lsp::DidSaveTextDocumentParams) {
    let saved = uri::to_path(&params.text_document.uri);
    watched_files::look_at(server, saved.into_iter().collect());
}

/// Nothing is said of a closed document, and what was said is taken back; a client that asks forgets it by itself.
pub(super) async fn did_close(server: &Server, params: lsp::DidCloseTextDocumentParams) {
    let uri = params.text_document.uri;
    let mut state = server.state();
    let path = state.path_of(&uri);
    if state.documents.close(&uri) && !state.pulls {
        server.publish(Publication { uri, version: None, diagnostics: Vec::new() });
    }
    drop(state);
    if let Some(path) = path {
        let server = server.clone();
        tokio::task::spawn_blocking(move || server.close_on_map(&path));
    }
}
