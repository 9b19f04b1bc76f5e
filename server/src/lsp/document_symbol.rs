//! `textDocument/documentSymbol`: the ports that a document names.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::document_request::DocumentRequest;
use super::server::Server;
use crate::rules::{Mention, NamedPort};

pub(super) async fn document_symbol(
    server: &Server,
    params: lsp::DocumentSymbolParams,
) -> Result<Option<lsp::DocumentSymbolResponse>> {
    let look = |request: &DocumentRequest| {
        let named = request.named();
        // The default of a lookup is no symbol beside the lookup, and a number without a variable is not ours.
        let shown = named.iter().filter(|it| it.is_name(request.document().text) || is_port(it));
        let symbols = shown.filter_map(|named| symbol(request, named));
        Some(match request.features.symbol_trees {
            true => lsp::DocumentSymbolResponse::DocumentSymbolList(symbols.collect()),
            false => lsp::DocumentSymbolResponse::SymbolInformationList(
                symbols.map(|symbol| flat(symbol, request)).collect(),
            ),
        })
    };
    DocumentRequest::answer(server, &params.text_document.uri, Server::known_facts_of, look).await
}

/// Whether a number is that of a port of the project.
fn is_port(named: &NamedPort<'_>) -> bool {
    matches!(named.mention, Mention::Number(_)) && named.variable.is_some()
}

fn symbol(request: &DocumentRequest, named: &NamedPort<'_>) -> Option<lsp::DocumentSymbol> {
    let variable = named.variable.as_ref()?;
    let assigned = request.facts.port(variable);
    let range = request.range(&named.span);
    let (kind, detail) = match &named.mention {
        Mention::Number(number) => (lsp::SymbolKind::Number, Some(*number)),
        Mention::Read(_) => (lsp::SymbolKind::Variable, assigned),
        Mention::Defined(_, value) => (lsp::SymbolKind::Constant, value.or(assigned)),
    };
    Some(lsp::DocumentSymbol {
        name: named.mention.name().unwrap_or(variable).to_string(),
        detail: detail.map(|port| port.to_string()),
        kind,
        tags: None,
        #[allow(deprecated)]
        deprecated: None,
        range,
        selection_range: range,
        children: None,
    })
}

/// The symbol as a client takes it that knows no trees of symbols.
fn flat(symbol: lsp::DocumentSymbol, request: &DocumentRequest) -> lsp::SymbolInformation {
    lsp::SymbolInformation {
        location: lsp::Location { uri: request.uri.clone(), range: symbol.range },
        base_symbol_information: lsp::BaseSymbolInformation {
            name: symbol.name,
            kind: symbol.kind,
            tags: None,
            container_name: symbol.detail,
        },
        #[allow(deprecated)]
        deprecated: None,
    }
}
