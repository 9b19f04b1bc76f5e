//! `textDocument/inlayHint`: who listens on each port of `.ports.env`, behind its line.

use std::collections::HashMap;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::analyse;
use super::server::Server;
use crate::analysis::{Language, Meaning};
use crate::port::Port;
use crate::ports::{self, Listener, Protocol};
use crate::registry::Owner;
use crate::rules::Facts;
use crate::text::printable;

pub(super) async fn inlay_hint(
    server: &Server,
    params: lsp::InlayHintParams,
) -> Result<Option<Vec<lsp::InlayHint>>> {
    let uri = params.text_document.uri;
    let (features, path) = {
        let state = server.state();
        (state.features, state.path_of(&uri).filter(|_| state.settings.inlay_hints.enabled))
    };
    let Some(path) = path.filter(|path| Language::of_path(path) == Some(Language::PortsEnv)) else {
        return Ok(None);
    };
    let Some(analysed) = analyse::newest(server, &uri).await? else { return Ok(None) };
    // When that changes, the client is asked to ask again.
    server.state().documents.show_listeners(&uri);
    let asked_for = analysed.text.span(params.range, features.encoding);

    let server = server.clone();
    let look = move || {
        let facts = server.facts(&path)?;
        let definitions: Vec<(usize, Port)> = analysed
            .analysis
            .occurrences
            .iter()
            .filter(|found| found.span.end >= asked_for.start && found.span.start <= asked_for.end)
            .filter_map(|found| match found.meaning {
                Meaning::Definition { port: Some(port), .. } => Some((found.span.end, port)),
                _ => None,
            })
            .collect();
        let is_wanted = |port| definitions.iter().any(|(_, defined)| *defined == port);
        let listening = ports::listeners_by_port(&is_wanted).ok()?;
        let hints = definitions.iter().map(|(end, port)| {
            let (label, tooltip) = describe(*port, &listening, &facts);
            let label = printable(&label);
            lsp::InlayHint {
                padding_left: Some(true),
                // A text, which is plain, not Markdown.
                tooltip: Some(printable(&tooltip).into()),
                ..lsp::InlayHint::new(
                    analysed.text.position(*end, features.encoding),
                    label.into(),
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                )
            }
        });
        Some(hints.collect())
    };
    tokio::task::spawn_blocking(look).await.map_err(|_| Error::internal_error())
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
