//! `notebookDocument/didOpen`, `didChange`, `didSave`, `didClose`: the cells of a notebook are documents, each in the language
//! that the client says, in the project of the notebook.

use tower_lsp::gen_lsp_types as lsp;

use super::place_of::{cell_of, place_of};
use super::server::Server;
use super::{text_sync, uri, watched_files};

/// All cells of all notebooks.
pub(super) fn options() -> lsp::NotebookDocumentSyncOptions {
    let all = lsp::NotebookDocumentFilterWithNotebook { notebook: "*".to_owned().into(), cells: None };
    lsp::NotebookDocumentSyncOptions { notebook_selector: vec![all.into()], save: Some(true) }
}

pub(super) async fn did_open(server: &Server, params: lsp::DidOpenNotebookDocumentParams) {
    open(server, &params.notebook_document.uri, params.cell_text_documents);
}

pub(super) async fn did_change(server: &Server, params: lsp::DidChangeNotebookDocumentParams) {
    let Some(cells) = params.change.cells else { return };
    if let Some(structure) = cells.structure {
        for closed in structure.did_close.unwrap_or_default() {
            text_sync::close(server, closed.uri);
        }
        open(server, &params.notebook_document.uri, structure.did_open.unwrap_or_default());
    }
    for changed in cells.text_content.unwrap_or_default() {
        text_sync::change(server, changed.document, changed.changes);
    }
}

pub(super) async fn did_save(server: &Server, params: lsp::DidSaveNotebookDocumentParams) {
    let saved = uri::to_path(&params.notebook_document.uri);
    watched_files::look_at(server, saved.into_iter().collect());
}

pub(super) async fn did_close(server: &Server, params: lsp::DidCloseNotebookDocumentParams) {
    for cell in params.cell_text_documents {
        text_sync::close(server, cell.uri);
    }
}

/// Opens the cells. A notebook that is not saved yet belongs where its cells say.
fn open(server: &Server, notebook: &lsp::Uri, cells: Vec<lsp::TextDocumentItem>) {
    let folders = server.state().folders.clone();
    for cell in cells {
        let language_id = cell.language_id.as_str();
        let path = match uri::to_path(notebook) {
            Some(notebook) => cell_of(&notebook, &cell.uri, language_id),
            None => place_of(&cell.uri, language_id, &folders),
        };
        text_sync::open(server, cell, path);
    }
}
