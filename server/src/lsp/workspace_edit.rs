//! `WorkspaceEdit` (LSP 3.17): edits in the form that the client understands.

use std::collections::HashMap;

use similar::{DiffTag, TextDiff};
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

/// What the client asks people about before it makes an edit.
pub(super) struct Annotation {
    pub(super) label: String,
    pub(super) description: Option<String>,
}

/// The only annotation of an edit.
const ANNOTATION: &str = "port-manager";

/// All of them as one, which the client can undo as one.
pub(super) fn workspace_edit<'a>(
    documents: impl IntoIterator<Item = DocumentEdits<'a>>,
    features: &ClientFeatures,
) -> lsp::WorkspaceEdit {
    with_annotation(documents, features, None)
}

/// The same, with an annotation where the client knows them: it shows the edits first, and people choose which are made.
pub(super) fn annotated_edit<'a>(
    documents: impl IntoIterator<Item = DocumentEdits<'a>>,
    features: &ClientFeatures,
    annotation: Annotation,
) -> lsp::WorkspaceEdit {
    with_annotation(documents, features, Some(annotation).filter(|_| features.annotates_edits))
}

fn with_annotation<'a>(
    documents: impl IntoIterator<Item = DocumentEdits<'a>>,
    features: &ClientFeatures,
    annotation: Option<Annotation>,
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
    let is_annotated = annotation.is_some();
    let edit = |text_edit: lsp::TextEdit| match is_annotated {
        true => lsp::AnnotatedTextEdit { annotation_id: ANNOTATION.to_owned(), text_edit }.into(),
        false => lsp::Edit::from(text_edit),
    };
    let changes = documents.map(|(uri, version, edits)| {
        let change = lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                version,
                text_document_identifier: lsp::TextDocumentIdentifier { uri },
            },
            edits: edits.into_iter().map(edit).collect(),
        };
        change.into()
    });
    let annotations = annotation.map(|Annotation { label, description }| {
        let annotation = lsp::ChangeAnnotation { label, needs_confirmation: Some(true), description };
        HashMap::from([(ANNOTATION.to_owned(), annotation)])
    });
    lsp::WorkspaceEdit {
        document_changes: Some(changes.collect()),
        change_annotations: annotations,
        ..Default::default()
    }
}

/// The edits that make one text of another: whole lines, and no more of them than differ.
pub(super) fn line_edits(before: &str, after: &str) -> Vec<Edit> {
    let difference = TextDiff::from_lines(before, after);
    let (old, new) = (difference.old_slices(), difference.new_slices());
    let length = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    let changed = difference.ops().iter().filter(|operation| operation.tag() != DiffTag::Equal);
    let edits = changed.map(|operation| {
        let start = length(&old[..operation.old_range().start]);
        let end = start + length(&old[operation.old_range()]);
        Edit { span: start..end, text: new[operation.new_range()].concat() }
    });
    edits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixes::apply;

    #[test]
    fn only_lines_that_differ_are_edited() {
        for (before, after, count) in [
            ("a\nb\nc\n", "a\nB\nc\n", 1),
            ("a\nb\nc\nd\ne", "x\na\nb\nd\ne\n", 3),
            ("", "a\n", 1),
            ("a\r\nb", "a\r\nb", 0),
            ("🚢\na\n", "🚢\n", 1),
        ] {
            let edits = line_edits(before, after);
            assert_eq!(edits.len(), count, "{before:?}");
            assert_eq!(apply(before, &edits).as_deref(), Some(after));
        }
    }
}
