//! `textDocument/codeLens` and `codeLens/resolve`: who listens on a port, above its line of `.ports.env` and above the place
//! where the project listens on it, and what can be done about it.
//!
//! A lens has only commands that the client can run: its own, as far as it names them, and those of the server.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::client_features::{ClientFeatures, FREE_COMMAND, OPEN_COMMAND, REFERENCES_COMMAND};
use super::document_request::DocumentRequest;
use super::execute_command::{FREE, OPEN, SHOW};
use super::project_places::ProjectPlaces;
use super::references;
use super::server::Server;
use crate::analysis::Language;
use crate::port::Port;
use crate::ports::{self, Protocol};
use crate::rules::{Mention, NamedPort};
use crate::service::Service;
use crate::text::printable;
use crate::variable::Variable;

/// What a lens keeps until it is shown: the port whose listener it tells, and the project's root.
#[derive(Debug, Serialize, Deserialize)]
struct Unresolved {
    port: Port,
    root: String,
}

/// A place that lenses are above.
struct Anchor {
    range: lsp::Range,
    variable: Variable,
    port: Port,
}

pub(super) async fn code_lens(
    server: &Server,
    params: lsp::CodeLensParams,
) -> Result<Option<Vec<lsp::CodeLens>>> {
    if !server.state().settings.code_lens.enabled {
        return Ok(None);
    }
    let look = |request: &DocumentRequest| {
        // The kernel's tables alone: no process is looked into before a lens is shown.
        let listening = ports::listening().unwrap_or_default();
        let places = ProjectPlaces::of(&request.server, &request.facts);
        let anchors = anchors(request);
        if !anchors.is_empty() {
            request.show_listeners();
        }
        let lenses = anchors.into_iter();
        Some(lenses.flat_map(|anchor| lenses_of(&anchor, request, &places, &listening)).collect())
    };
    DocumentRequest::answer(server, &params.text_document.uri, Server::known_facts_of, look).await
}

/// The lines of `.ports.env`, and in other files the places where the project listens, one for each line.
fn anchors(request: &DocumentRequest) -> Vec<Anchor> {
    let mut anchors: Vec<Anchor> = Vec::new();
    for named in request.named() {
        let Some(variable) = named.variable.clone() else { continue };
        let assigned = request.facts.port(&variable);
        let port = match named.mention {
            Mention::Defined(_, value) if request.analysed.language == Language::PortsEnv => value,
            Mention::Number(number) if listens(&named) => assigned.or(Some(number)),
            Mention::Read(_) if listens(&named) => assigned,
            _ => None,
        };
        let range = request.range(&named.span);
        let is_same =
            |other: &Anchor| other.variable == variable && other.range.start.line == range.start.line;
        if let Some(port) = port.filter(|_| !anchors.iter().any(is_same)) {
            anchors.push(Anchor { range, variable, port });
        }
    }
    anchors
}

/// Whether the project listens on the port there, on this machine.
fn listens(named: &NamedPort<'_>) -> bool {
    let at = named.port.zip(named.place);
    at.is_some_and(|(port, place)| place.runtime.is_here() && port.listens()(place))
}

fn lenses_of(
    anchor: &Anchor,
    request: &DocumentRequest,
    places: &ProjectPlaces<'_>,
    listening: &HashSet<Port>,
) -> Vec<lsp::CodeLens> {
    let Anchor { range, variable, port } = anchor;
    let features = &request.features;
    let root = request.facts.root.as_path().display().to_string();
    let mut lenses = vec![lsp::CodeLens {
        range: *range,
        command: None,
        data: serde_json::to_value(Unresolved { port: *port, root }).ok(),
    }];
    let mapped = request.facts.map.of_variable(variable);
    let service = mapped.map_or_else(
        || request.facts.registry.types().of_variable(variable, Some(*port)),
        |mapped| mapped.service,
    );
    // The other types do not speak HTTP.
    let has_pages = matches!(service, Service::Web | Service::Api | Service::Monitoring);
    if has_pages && listening.contains(port) {
        lenses.extend(opening(*port, features).map(|command| resolved(*range, command)));
    }
    lenses.extend(other_places(anchor, request, places).map(|command| resolved(*range, command)));
    lenses
}

fn resolved(range: lsp::Range, command: lsp::Command) -> lsp::CodeLens {
    lsp::CodeLens { range, command: Some(command), data: None }
}

/// Opens the port's page, where the client can.
fn opening(port: Port, features: &ClientFeatures) -> Option<lsp::Command> {
    let name = match (features.opens_by_lens, features.shows_documents) {
        (true, _) => OPEN_COMMAND,
        (false, true) => OPEN,
        (false, false) => return None,
    };
    Some(command(format!("open http://localhost:{port}"), name, vec![json!(port)]))
}

/// Shows the other places of the port, where the client can.
fn other_places(
    anchor: &Anchor,
    request: &DocumentRequest,
    places: &ProjectPlaces<'_>,
) -> Option<lsp::Command> {
    if !request.features.references_by_lens {
        return None;
    }
    let DocumentRequest { facts, uri, .. } = request;
    let locations = references::of_variable(places, facts, &anchor.variable, false);
    let count = match locations.len() {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    let arguments = vec![json!(uri), json!(anchor.range.start), json!(locations)];
    Some(command(count, REFERENCES_COMMAND, arguments))
}

fn command(title: String, name: &str, arguments: Vec<serde_json::Value>) -> lsp::Command {
    lsp::Command { title, command: name.to_owned(), arguments: Some(arguments), ..Default::default() }
}

/// `codeLens/resolve`: says who listens. A lens of somebody else comes back as it is.
pub(super) async fn resolve(server: &Server, lens: lsp::CodeLens) -> Result<lsp::CodeLens> {
    let data = lens.data.clone().and_then(|data| serde_json::from_value::<Unresolved>(data).ok());
    let Some(data) = data.filter(|_| lens.command.is_none()) else { return Ok(lens) };
    let features = server.state().features;
    let look = move || listener(&data, &features);
    let command = tokio::task::spawn_blocking(look).await.map_err(|_| Error::internal_error())?;
    Ok(lsp::CodeLens { command: Some(command), data: None, ..lens })
}

/// Who listens on the port; the command frees it, where somebody is asked first. Otherwise it shows the project's ports, as a
/// client takes no lens without a command.
fn listener(Unresolved { port, root }: &Unresolved, features: &ClientFeatures) -> lsp::Command {
    let show = |title: String| match features.has_interface {
        // It has a view of them.
        true => command(title, "", Vec::new()),
        false => command(title, SHOW, vec![json!({"path": root})]),
    };
    let found = ports::listeners_on(*port, Protocol::Tcp).unwrap_or_default();
    let Some(listener) = found.first() else { return show(format!("○ {port} is free")) };
    let who = match (&listener.program, listener.pid) {
        (Some(program), Some(pid)) => format!("{} ({pid})", printable(program)),
        (None, Some(pid)) => format!("process {pid}"),
        _ => "a process that is not visible to you".to_owned(),
    };
    let title = format!("● {who} listens on {port}");
    let freeing = format!("{title}: free it");
    match (features.frees_by_lens, features.has_interface) {
        (true, _) => command(freeing, FREE_COMMAND, vec![json!(port)]),
        // The server asks.
        (false, false) => command(freeing, FREE, vec![json!({"port": port})]),
        // Such a client is trusted to have asked, and does not know that it has to.
        (false, true) => show(title),
    }
}
