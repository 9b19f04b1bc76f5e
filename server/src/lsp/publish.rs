//! `textDocument/publishDiagnostics`: diagnostics for a client that does not ask for them, in order.

use tokio::sync::mpsc;
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;

/// What the client is to be told of a document.
#[derive(Debug)]
pub(super) struct Publication {
    pub(super) uri: lsp::Uri,
    pub(super) version: Option<i32>,
    pub(super) diagnostics: Vec<lsp::Diagnostic>,
}

/// Sends publications one after the other.
pub(super) async fn deliver(client: Client, mut publications: mpsc::UnboundedReceiver<Publication>) {
    while let Some(Publication { uri, version, diagnostics }) = publications.recv().await {
        client.publish_diagnostics(uri, diagnostics, version).await;
    }
}
