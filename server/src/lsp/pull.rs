//! `textDocument/diagnostic`: the diagnostics of a document, for a client that asks for them.

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::analyse;
use super::client_features::Diagnosing;
use super::closed_files::judge_closed;
use super::documents::Pulled;
use super::pulls::result_id;
use super::server::Server;
use super::uri;

/// What the server says of itself to a client that asks for diagnostics.
pub(super) fn options() -> lsp::DiagnosticOptions {
    lsp::DiagnosticOptions {
        identifier: Some("port-manager".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        work_done_progress_options: lsp::WorkDoneProgressOptions { work_done_progress: Some(true) },
    }
}

/// Asks the client to ask for diagnostics, where it wants to be asked. One that refuses is sent them.
pub(super) fn begin(server: &Server) {
    if server.state().features.diagnosing != Diagnosing::PulledOnceRegistered {
        return;
    }
    let server = server.clone();
    tokio::spawn(async move {
        let registration = lsp::Registration {
            id: "port-manager.diagnostics".to_owned(),
            method: "textDocument/diagnostic".to_owned(),
            register_options: Some(json!({
                // The documents that the client has for us anyway.
                "documentSelector": null,
                "identifier": options().identifier,
                "interFileDependencies": options().inter_file_dependencies,
                "workspaceDiagnostics": options().workspace_diagnostics,
            })),
        };
        if server.client.register_capability(vec![registration]).await.is_ok() {
            return;
        }
        {
            let mut state = server.state();
            state.pulls = false;
            state.documents.forget_found();
        }
        analyse::schedule_all(&server);
    });
}

pub(super) async fn diagnostic(
    server: &Server,
    params: lsp::DocumentDiagnosticParams,
) -> Result<lsp::DocumentDiagnosticReport> {
    let uri = params.text_document.uri;
    let items = match newest(server, &uri).await {
        Some(newest) => {
            if let Some(document) = server.state().documents.get_mut(&uri) {
                let result_id = result_id(&newest.diagnostics);
                document.pulled = Some(Pulled { revision: newest.revision, result_id });
            }
            newest.diagnostics
        }
        None => of_closed(server, uri).await?,
    };
    let result_id = result_id(&items);
    if params.previous_result_id.as_ref() == Some(&result_id) {
        let report = lsp::UnchangedDocumentDiagnosticReport { result_id };
        return Ok(lsp::RelatedUnchangedDocumentDiagnosticReport {
            unchanged_document_diagnostic_report: report,
            related_documents: None,
        }
        .into());
    }
    let report = lsp::FullDocumentDiagnosticReport { result_id: Some(result_id), items };
    Ok(lsp::RelatedFullDocumentDiagnosticReport {
        full_document_diagnostic_report: report,
        related_documents: None,
    }
    .into())
}

/// The diagnostics of an open document.
pub(super) struct Newest {
    pub(super) version: i32,
    revision: u64,
    pub(super) diagnostics: Vec<lsp::Diagnostic>,
}

/// The diagnostics of a document once nothing is left to be found in it; `None` where it is not open.
pub(super) async fn newest(server: &Server, uri: &lsp::Uri) -> Option<Newest> {
    loop {
        let caught_up = {
            let state = server.state();
            let document = state.documents.get(uri)?;
            if document.is_settled() {
                let diagnostics = document.diagnostics().to_vec();
                return Some(Newest { version: document.version, revision: document.revision, diagnostics });
            }
            document.caught_up.clone().notified_owned()
        };
        caught_up.await;
    }
}

/// The diagnostics of a file that is not open.
async fn of_closed(server: &Server, uri: lsp::Uri) -> Result<Vec<lsp::Diagnostic>> {
    let Some(path) = uri::to_path(&uri).filter(|path| path.is_absolute()) else { return Ok(Vec::new()) };
    let server = server.clone();
    let judge = move || {
        let found = Mutex::new(Vec::new());
        if path.is_file() && server.locate(&path).is_looked_at(&path) {
            judge_closed(&server, &[path], &AtomicBool::new(false), &|_, diagnostics| {
                *found.lock().unwrap_or_else(PoisonError::into_inner) = diagnostics;
            });
        }
        found.into_inner().unwrap_or_else(PoisonError::into_inner)
    };
    tokio::task::spawn_blocking(judge).await.map_err(|_| Error::internal_error())
}
