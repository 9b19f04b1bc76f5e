//! `textDocument/completion`: the project's port variables where one is read, and what the files of port-manager may hold.

use std::path::Path;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::client_features::ClientFeatures;
use super::server::Server;
use super::text::Text;
use crate::completion::{self, Kind, Offer};
use crate::operations::SkipReason;
use crate::rewrite::Edit;
use crate::text::printable;

pub(super) async fn completion(
    server: &Server,
    params: lsp::CompletionParams,
) -> Result<Option<lsp::CompletionResponse>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let (features, path, text) = {
        let state = server.state();
        let Some(document) = state.documents.get(&text_document.uri) else { return Ok(None) };
        let Some(path) = document.path.clone() else { return Ok(None) };
        (state.features, path, document.text.clone())
    };
    let server = server.clone();
    let look = move || {
        let offset = text.offset(position, features.encoding);
        let offers = offers(&server, &path, &text, offset)?;
        let place = Place { text: &text, offset, rest: word_behind(&text, offset), features: &features };
        let items = offers.iter().enumerate().map(|(rank, offer)| place.item(rank, offer));
        Some(items.collect::<Vec<_>>().into())
    };
    tokio::task::spawn_blocking(look).await.map_err(|_| Error::internal_error())
}

/// What may be written at a byte offset; `None` in a file that is not read.
fn offers(server: &Server, path: &Path, text: &Text, offset: usize) -> Option<Vec<Offer>> {
    let text = String::from(text);
    if !completion::may_be_offered(path, &text) || SkipReason::of(text.as_bytes()).is_some() {
        return None;
    }
    let facts = server.facts_while_typing(path)?;
    Some(completion::offers(completion::At { path, text: &text, offset }, &facts))
}

/// What is advertised: the signs behind which a client asks.
pub(super) fn options() -> lsp::CompletionOptions {
    lsp::CompletionOptions {
        trigger_characters: Some(completion::TRIGGERS.iter().map(ToString::to_string).collect()),
        ..Default::default()
    }
}

/// The place that is completed, for a client of these features.
struct Place<'a> {
    text: &'a Text,
    offset: usize,
    /// How many bytes of a word follow.
    rest: usize,
    features: &'a ClientFeatures,
}

/// How many bytes of a word follow a byte offset.
fn word_behind(text: &Text, offset: usize) -> usize {
    let text = String::from(text);
    let rest = text.get(offset..).unwrap_or_default();
    rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

impl Place<'_> {
    fn item(&self, rank: usize, offer: &Offer) -> lsp::CompletionItem {
        lsp::CompletionItem {
            label: printable(&offer.label),
            label_details: offer.hint.as_ref().filter(|_| self.features.completion_label_details).map(
                |hint| lsp::CompletionItemLabelDetails { detail: None, description: Some(printable(hint)) },
            ),
            kind: Some(match offer.kind {
                Kind::Variable => lsp::CompletionItemKind::Variable,
                Kind::Number | Kind::Choice => lsp::CompletionItemKind::Value,
                Kind::Key => lsp::CompletionItemKind::Property,
                Kind::Table => lsp::CompletionItemKind::Module,
                Kind::Path => lsp::CompletionItemKind::File,
            }),
            detail: offer.detail.as_deref().map(printable),
            // Plain text, so that no name formats anything.
            documentation: (!offer.lines.is_empty()).then(|| {
                let lines: Vec<String> = offer.lines.iter().map(|line| printable(line)).collect();
                lines.join("\n").into()
            }),
            sort_text: Some(format!("{rank:04}")),
            filter_text: Some(offer.filter.clone()),
            text_edit: Some(self.edit(&offer.edit)),
            additional_text_edits: (!offer.besides.is_empty())
                .then(|| offer.besides.iter().map(|edit| self.text_edit(edit)).collect()),
            ..Default::default()
        }
    }

    /// The edit at the place. A client that lets people choose may keep what follows in the same word.
    fn edit(&self, edit: &Edit) -> lsp::CompletionItemTextEdit {
        let edit = self.without_what_closes(edit);
        let whole = self.text_edit(&edit);
        let is_rest_of_word = edit.span.end > self.offset && edit.span.end <= self.offset + self.rest;
        if !self.features.completion_insert_replace || !is_rest_of_word {
            return whole.into();
        }
        let insert = self.text.range(&(edit.span.start..self.offset), self.features.encoding);
        lsp::InsertReplaceEdit { new_text: whole.new_text, insert, replace: whole.range }.into()
    }

    /// The edit without the brackets and quotes behind the place that it would write again. Some clients insert the text and
    /// leave what follows (Neovim's omni completion).
    fn without_what_closes(&self, edit: &Edit) -> Edit {
        let behind = self.text.slice(self.offset.min(edit.span.end)..edit.span.end);
        let closing = edit.text.bytes().rev().zip(behind.bytes().rev());
        let same =
            closing.take_while(|(new, old)| new == old && new.is_ascii_punctuation() && *new != b'_').count();
        Edit::replace(edit.span.start..edit.span.end - same, &edit.text[..edit.text.len() - same])
    }

    fn text_edit(&self, edit: &Edit) -> lsp::TextEdit {
        let range = self.text.range(&edit.span, self.features.encoding);
        lsp::TextEdit { range, new_text: edit.text.clone() }
    }
}
