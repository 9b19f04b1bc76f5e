//! `workspace/diagnostic/refresh`: a client that asks for diagnostics is asked to do so again when they have changed and it
//! cannot know that. One change of files is one such request, however many documents it concerns.

use std::time::{Duration, Instant};

use super::pulls::result_id;
use super::server::Server;

/// How long to wait for more to change.
const QUIET: Duration = Duration::from_millis(50);

/// How long to wait for documents that are still being analysed, and for files that are being read.
const LONGEST: Duration = Duration::from_secs(2);

/// A document may have other diagnostics than the client has pulled.
pub(super) fn document_has_changed(server: &Server) {
    if server.pulls.begin_refresh() {
        tokio::spawn(refresh(server.clone()));
    }
}

/// Files, settings or ports have changed, so that any file may have other diagnostics.
pub(super) fn files_have_changed(server: &Server) {
    if server.pulls.files_have_changed() {
        document_has_changed(server);
    }
}

async fn refresh(server: Server) {
    let began = Instant::now();
    loop {
        tokio::time::sleep(QUIET).await;
        let are_judged = server.state().documents.iter().all(|(_, document)| document.is_settled());
        if are_judged && !server.is_reading() || began.elapsed() > LONGEST {
            break;
        }
    }
    let is_workspace_stale = server.pulls.end_refresh();
    if is_asked(&server) && (is_workspace_stale || has_outdated_documents(&server)) {
        // A client that refuses shows what it knew.
        let _ = server.client.workspace_diagnostic_refresh().await;
    }
}

fn is_asked(server: &Server) -> bool {
    let state = server.state();
    state.pulls && !state.is_shut_down
}

/// Whether the client has pulled other diagnostics of a document than it would get now. One whose text has changed since, it
/// pulls again by itself.
fn has_outdated_documents(server: &Server) -> bool {
    let state = server.state();
    state.documents.iter().any(|(_, document)| {
        document.pulled.as_ref().is_some_and(|pulled| {
            pulled.revision == document.revision && pulled.result_id != result_id(document.diagnostics())
        })
    })
}
