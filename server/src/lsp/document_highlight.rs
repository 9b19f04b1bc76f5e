//! `textDocument/documentHighlight`: the places of a port in one document.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::document_request::DocumentRequest;
use super::server::Server;
use crate::rules::{Mention, NamedPort};

pub(super) async fn document_highlight(
    server: &Server,
    params: lsp::DocumentHighlightParams,
) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let look = move |request: &DocumentRequest| {
        let at = request.named_at(position)?;
        // A number of no port of the project is at least the same number elsewhere.
        let is_same = |named: &NamedPort<'_>| match &at.variable {
            Some(_) => named.variable == at.variable,
            None => named.variable.is_none() && named.mention == at.mention,
        };
        let highlight = |named: &NamedPort<'_>| lsp::DocumentHighlight {
            range: request.range(&named.span),
            kind: Some(match named.mention {
                Mention::Defined(..) => lsp::DocumentHighlightKind::Write,
                Mention::Read(_) => lsp::DocumentHighlightKind::Read,
                Mention::Number(_) => lsp::DocumentHighlightKind::Text,
            }),
        };
        Some(request.named().iter().filter(|named| is_same(named)).map(highlight).collect())
    };
    DocumentRequest::answer(server, &text_document.uri, Server::known_facts_of, look).await
}
