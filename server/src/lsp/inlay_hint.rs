//! `textDocument/inlayHint`: who listens on each port of `.ports.env`, behind its line, and in code the number of each variable
//! that is read.

use std::collections::HashMap;
use std::ops::Range;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::document_request::DocumentRequest;
use super::server::Server;
use crate::analysis::Language;
use crate::port::Port;
use crate::ports::{self, Listener, Protocol};
use crate::registry::Owner;
use crate::rules::{Facts, Mention, NamedPort};
use crate::text::printable;

pub(super) async fn inlay_hint(
    server: &Server,
    params: lsp::InlayHintParams,
) -> Result<Option<Vec<lsp::InlayHint>>> {
    let settings = server.state().settings.inlay_hints.clone();
    let look = move |request: &DocumentRequest| {
        let asked_for = request.analysed.text.span(params.range, request.features.encoding);
        let is_asked_for =
            |named: &NamedPort<'_>| named.span.end >= asked_for.start && named.span.start <= asked_for.end;
        let named = request.named().into_iter().filter(is_asked_for).collect();
        match request.analysed.language {
            Language::PortsEnv if settings.enabled => listeners(named, request),
            Language::PortsEnv => None,
            _ if settings.lookups => Some(numbers(&named, request)),
            _ => None,
        }
    };
    DocumentRequest::answer(server, &params.text_document.uri, Server::known_facts_of, look).await
}

/// Who listens on each port, behind its line.
fn listeners(named: Vec<NamedPort<'_>>, request: &DocumentRequest) -> Option<Vec<lsp::InlayHint>> {
    let lines = named.into_iter().filter_map(|named| match named.mention {
        // The whole assignment is one occurrence.
        Mention::Defined(_, Some(port)) => Some((request.end_of_assignment(&named.span), port)),
        _ => None,
    });
    let lines: Vec<(usize, Port)> = lines.collect();
    // When that changes, the client is asked to ask again.
    request.show_listeners();
    let is_wanted = |port| lines.iter().any(|(_, defined)| *defined == port);
    let listening = ports::listeners_by_port(&is_wanted).ok()?;
    let hint = |(end, port): &(usize, Port)| {
        let (label, tooltip) = describe(*port, &listening, &request.facts);
        hint(request, *end, &label, &tooltip)
    };
    Some(lines.iter().map(hint).collect())
}

/// The number of each variable that is read, behind its name.
fn numbers(named: &[NamedPort<'_>], request: &DocumentRequest) -> Vec<lsp::InlayHint> {
    let text = request.document().text;
    let read = named.iter().filter(|named| matches!(named.mention, Mention::Read(_)) && named.is_name(text));
    let hints = read.filter_map(|named| {
        let variable = named.variable.as_ref()?;
        let port = request.facts.port(variable)?;
        let tooltip = format!("{variable} is {port} on this machine.");
        Some(hint(request, named.span.end, &format!("= {port}"), &tooltip))
    });
    hints.collect()
}

/// A hint behind a byte of the document.
fn hint(request: &DocumentRequest, at: usize, label: &str, tooltip: &str) -> lsp::InlayHint {
    let position = request.range(&Range { start: at, end: at }).start;
    let label = printable(label).into();
    lsp::InlayHint {
        padding_left: Some(true),
        // A text, which is plain, not Markdown.
        tooltip: Some(printable(tooltip).into()),
        ..lsp::InlayHint::new(position, label, None, None, None, None, None, None)
    }
}

/// The hint and what it says when one points at it. Each state has a sign and words of its own, so that
/// nobody has to tell colours apart.
fn describe(port: Port, listening: &HashMap<Port, Vec<Listener>>, facts: &Facts) -> (String, String) {
    let tcp = |listener: &&Listener| listener.protocol == Protocol::Tcp;
    let listening = match listening.get(&port).and_then(|listeners| listeners.iter().find(tcp)) {
        None => ("○ free".to_owned(), format!("Nothing listens on port {port}.")),
        Some(Listener { program: Some(program), pid: Some(pid), .. }) => {
            (format!("● {program} ({pid})"), format!("{program}, process {pid}, listens on port {port}."))
        }
        Some(_) => {
            ("● in use".to_owned(), format!("A process that is not visible to you listens on port {port}."))
        }
    };
    match facts.registry.owner(port) {
        Some(Owner::Project { key, name, variable, .. }) if facts.root.key().ok() != Some(key) => (
            format!("⚠ belongs to {name}"),
            format!("Port {port} is {variable} of {name} in {key}. {}", listening.1),
        ),
        _ => listening,
    }
}
