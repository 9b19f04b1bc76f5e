//! `textDocument/publishDiagnostics`: diagnostics for a client that does not ask for them, in order.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::mpsc;
use tower_lsp::gen_lsp_types::{self as lsp, Notification as _};

/// The diagnostics of a document that the client is to show from now on.
#[derive(Debug, Serialize)]
pub(super) struct Publication {
    pub(super) uri: lsp::Uri,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<i32>,
    #[serde(serialize_with = "elements")]
    pub(super) diagnostics: Arc<[lsp::Diagnostic]>,
}

/// What is to be published, and the way there.
pub(super) type Publications = mpsc::UnboundedReceiver<Publication>;

/// A publication as it is sent. `tower-lsp` would make a tree of JSON values of it first, which for the diagnostics of a long document
/// takes longer than the analysis of a keystroke.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    jsonrpc: &'static str,
    method: &'static str,
    params: Publication,
}

impl From<Publication> for Message {
    fn from(params: Publication) -> Self {
        Self { jsonrpc: "2.0", method: lsp::PublishDiagnosticsNotification::METHOD.as_str(), params }
    }
}

fn elements<S: serde::Serializer>(diagnostics: &[lsp::Diagnostic], to: S) -> Result<S::Ok, S::Error> {
    diagnostics.serialize(to)
}
