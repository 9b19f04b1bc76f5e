//! `WorkspaceEdit` (LSP 3.17): edits in the form that the client understands.

use std::collections::HashMap;

use tower_lsp::gen_lsp_types as lsp;

use super::client_features::ClientFeatures;
use super::text::Text;
use crate::fixes::Edit;

/// The edits of one document.
pub(super) struct DocumentEdits<'a> {
    pub(super) uri: lsp::Uri,
    /// The client's number for the text that they are made for, where the document is open.
    pub(super) version: Option<i32>,
    pub(super) text: &'a Text,
    pub(super) edits: &'a [Edit],
}

/// All of them as one, which the client can undo as one.
pub(super) fn workspace_edit<'a>(
    documents: impl IntoIterator<Item = DocumentEdits<'a>>,
    features: &ClientFeatures,
) -> lsp::WorkspaceEdit {
    let documents = documents.into_iter().map(|DocumentEdits { uri, version, text, edits }| {
        let edits = edits.iter().map(|edit| lsp::TextEdit {
            range: text.range(&edit.span, features.encoding),
            new_text: edit.text.clone(),
        });
        (uri, version, edits.collect::<Vec<_>>())
    });
    if !features.document_changes {
        let changes: HashMap<_, _> = documents.map(|(uri, _, edits)| (uri, edits)).collect();
        return lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() };
    }
    let changes = documents.map(|(uri, version, edits)| {
        let change = lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                version,
                text_document_identifier: lsp::TextDocumentIdentifier { uri },
            },
            edits: edits.into_iter().map(lsp::Edit::from).collect(),
        };
        change.into()
    });
    lsp::WorkspaceEdit { document_changes: Some(changes.collect()), ..Default::default() }
}
