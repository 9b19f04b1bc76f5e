//! `textDocument/definition`: from a number or a lookup to the lines of `.ports.env` and `.ports.env.example`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::document_request::DocumentRequest;
use super::project_places::{DeclaredPort, ProjectPlaces};
use super::server::Server;
use crate::rules::{Mention, NamedPort};
use crate::variable::Variable;

pub(super) async fn definition(
    server: &Server,
    params: lsp::DefinitionParams,
) -> Result<Option<lsp::DefinitionResponse>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let look = move |request: &DocumentRequest| {
        let named = request.named_at(position)?;
        let places = ProjectPlaces::of(&request.server, &request.facts);
        let variables = variables(&named, request);
        let lines: Vec<DeclaredPort> = variables.iter().flat_map(|it| places.declared_as(it)).collect();
        if lines.is_empty() {
            return None;
        }
        if !request.features.definition_links {
            let locations = lines.into_iter().map(DeclaredPort::location).collect();
            return Some(lsp::DefinitionResponse::Definition(lsp::Definition::LocationList(locations)));
        }
        let origin = request.range(&named.span);
        let links = lines.into_iter().map(|DeclaredPort { uri, line, name, .. }| lsp::LocationLink {
            origin_selection_range: Some(origin),
            target_uri: uri,
            target_range: line,
            target_selection_range: name,
        });
        Some(lsp::DefinitionResponse::DefinitionLinkList(links.collect()))
    };
    DocumentRequest::answer(server, &text_document.uri, Server::known_facts_of, look).await
}

/// The variables that may be meant: several where a number is the default number of several ports.
fn variables(named: &NamedPort<'_>, request: &DocumentRequest) -> Vec<Variable> {
    match (&named.variable, &named.mention) {
        (Some(variable), _) => vec![variable.clone()],
        (None, Mention::Number(number)) => {
            request.facts.map.with_default(*number).map(|port| port.variable.clone()).collect()
        }
        (None, _) => Vec::new(),
    }
}
