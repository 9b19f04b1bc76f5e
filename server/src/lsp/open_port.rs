//! `port-manager.open`: has the client open the page of a port in a browser.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use super::commands::{Call, Failure, Outcome};
use crate::port::Port;

/// `{port}`
pub(super) fn open(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        port: Port,
    }
    let Arguments { port } = serde_json::from_value(argument)?;
    let url = format!("http://localhost:{port}/");
    let uri = lsp::Uri::parse(&url).ok().filter(|_| call.server.state().features.shows_documents);
    let Some(uri) = uri else {
        return Err(Failure::Arguments(format!(
            "this editor opens no pages for a server; open {url} in a browser"
        )));
    };
    let client = call.server.client.clone();
    let params = lsp::ShowDocumentParams { uri, external: Some(true), take_focus: None, selection: None };
    // A client that cannot open it says so itself.
    tokio::runtime::Handle::current().spawn(async move { client.show_document(params).await });
    Ok(json!({ "url": url }))
}
