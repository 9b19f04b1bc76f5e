//! `textDocument/publishDiagnostics`: what the rules say, in the client's terms and in order.

use tokio::sync::mpsc;
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;

use super::client_features::ClientFeatures;
use super::text::Text;
use crate::rules::{Diagnostic, Severity};
use crate::text::printable;

/// Where a diagnostic comes from, as clients show it.
const SOURCE: &str = "port-manager";

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

/// A rule's diagnostic in the client's terms.
pub(super) fn to_lsp(diagnostic: &Diagnostic, text: &Text, features: &ClientFeatures) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range: text.range(&diagnostic.span, features.encoding),
        severity: Some(match diagnostic.severity {
            Severity::Warning => lsp::DiagnosticSeverity::Warning,
            Severity::Information => lsp::DiagnosticSeverity::Information,
            Severity::Hint => lsp::DiagnosticSeverity::Hint,
        }),
        code: Some(diagnostic.rule.name().to_owned().into()),
        source: Some(SOURCE.to_owned()),
        message: printable(&diagnostic.message).into(),
        ..Default::default()
    }
}
