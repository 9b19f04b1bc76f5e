//! URIs as the client spells them. Inside of the server equal URIs are spelled alike; the client compares those that it gets
//! with its own, letter by letter (`file://localhost/a.js`, `file:///a b.js`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tower_lsp::gen_lsp_types::Uri;

/// The client's spelling of each URI that the server spells in another way.
#[derive(Debug, Clone, Default)]
pub(super) struct Spellings(Arc<Mutex<HashMap<String, String>>>);

impl Spellings {
    /// Notes how the client spells a document that it opens.
    pub(super) fn note(&self, method: &str, params: Option<&Value>) {
        let Some(params) = params else { return };
        let documents = match method {
            "textDocument/didOpen" => std::slice::from_ref(&params["textDocument"]),
            "notebookDocument/didOpen" => {
                params["cellTextDocuments"].as_array().map_or(&[][..], Vec::as_slice)
            }
            _ => return,
        };
        let mut known = self.known();
        for theirs in documents.iter().filter_map(|document| document["uri"].as_str()) {
            match Uri::parse(theirs) {
                Ok(ours) if ours.as_str() != theirs => known.insert(ours.into(), theirs.to_owned()),
                _ => known.remove(theirs),
            };
        }
    }

    /// Whether every URI is spelled as the client does.
    pub(super) fn is_empty(&self) -> bool {
        self.known().is_empty()
    }

    /// Spells each URI in a message as the client does.
    pub(super) fn restore(&self, message: &mut Value) {
        restore(message, &self.known());
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn restore(value: &mut Value, known: &HashMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(theirs) = known.get(text) {
                text.clone_from(theirs);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| restore(value, known)),
        Value::Object(members) => {
            // The edits of a client that knows no versions have URIs for names.
            let named: Vec<String> =
                members.keys().filter(|name| known.contains_key(*name)).cloned().collect();
            for name in named {
                if let (Some(theirs), Some(edits)) = (known.get(&name), members.remove(&name)) {
                    members.insert(theirs.clone(), edits);
                }
            }
            members.values_mut().for_each(|value| restore(value, known));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_uri_in_a_message_is_the_clients() {
        let spellings = Spellings::default();
        let open =
            |uri: &str| spellings.note("textDocument/didOpen", Some(&json!({"textDocument": {"uri": uri}})));
        open("file:///usual.js");
        assert!(spellings.is_empty());
        open("file://localhost/a b.js");
        let mut message = json!({"uri": "file:///a%20b.js", "edit": {"changes": {"file:///a%20b.js": [1]}}});
        spellings.restore(&mut message);
        let theirs = "file://localhost/a b.js";
        assert_eq!(message, json!({"uri": theirs, "edit": {"changes": {theirs: [1]}}}));
        open("file:///a%20b.js");
        assert!(spellings.is_empty(), "the last spelling counts");
    }
}
