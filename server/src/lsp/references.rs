//! `textDocument/references`: all places of a port, numbers and lookups, in all files of the project.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::document_request::{DocumentRequest, with_whole_map};
use super::project_places::{DeclaredPort, ProjectPlaces};
use super::server::Server;
use crate::project::map::{Place, Role};
use crate::rules::Facts;
use crate::variable::Variable;

pub(super) async fn references(
    server: &Server,
    params: lsp::ReferenceParams,
) -> Result<Option<Vec<lsp::Location>>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let with_declaration = params.context.include_declaration;
    let look = move |request: &DocumentRequest| {
        let variable = request.named_at(position)?.variable?;
        let places = ProjectPlaces::of(&request.server, &request.facts);
        Some(of_variable(&places, &request.facts, &variable, with_declaration))
    };
    DocumentRequest::answer(server, &text_document.uri, with_whole_map, look).await
}

/// All places of the variable's port. The lines of `.ports.env` and `.ports.env.example` declare it.
pub(super) fn of_variable(
    places: &ProjectPlaces<'_>,
    facts: &Facts,
    variable: &Variable,
    with_declaration: bool,
) -> Vec<lsp::Location> {
    let declared = if with_declaration { places.declared_as(variable) } else { Vec::new() };
    let mut locations: Vec<lsp::Location> = declared.into_iter().map(DeclaredPort::location).collect();
    locations.extend(places.in_settings(variable));
    let mut of_port: Vec<&Place> = facts.places_of_variable(variable).collect();
    of_port.sort_by_key(|place| (&place.path, place.span.start));
    let mut before: Option<&Place> = None;
    for place in of_port {
        if !is_default_of(place, before) {
            locations.extend(places.location(place));
        }
        before = Some(place);
    }
    locations
}

/// Whether a number is the default of the lookup before it, which is a place of its own.
fn is_default_of(place: &Place, before: Option<&Place>) -> bool {
    let reads = |before: &Place| {
        before.path == place.path
            && before.line == place.line
            && before.variable == place.variable
            && before.number.is_none()
    };
    place.number.is_some()
        && place.variable.is_some()
        && matches!(place.role, Role::Falls | Role::Publishes)
        && before.is_some_and(reads)
}
