//! A request about an open document: its newest text and analysis, with what is known of its project.

use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::analyse;
use super::client_features::ClientFeatures;
use super::documents::Analysed;
use super::server::Server;
use crate::analysis::{Analysis, Language, Packs};
use crate::rules::{Document, Facts, NamedPort, SETTINGS_FILE_NAME};

/// What is asked about.
pub(super) struct DocumentRequest {
    /// The server that is asked.
    pub(super) server: Server,
    /// The document, as the client names it.
    pub(super) uri: lsp::Uri,
    /// Its path, as the client names it.
    pub(super) path: PathBuf,
    /// What the client can do.
    pub(super) features: ClientFeatures,
    /// Its newest text, and what was found in it.
    pub(super) analysed: Analysed,
    /// What is known of its project, with what the document says on the map.
    pub(super) facts: Facts,
    text: String,
}

/// How the facts of a project are gathered.
pub(super) type Gather = fn(&Server, &Document<'_>) -> Option<Facts>;

impl DocumentRequest {
    /// Answers a request about a document off the protocol's task; `None` where the document is not open, not a file, in no
    /// language that is understood, or its project cannot be judged.
    ///
    /// # Errors
    /// When the document changes meanwhile: the client asks again then. And when the answer panics.
    pub(super) async fn answer<T: Send + 'static>(
        server: &Server,
        uri: &lsp::Uri,
        gather: Gather,
        answer: impl FnOnce(&Self) -> Option<T> + Send + 'static,
    ) -> Result<Option<T>> {
        let (features, path) = {
            let state = server.state();
            (state.features, state.path_of(uri))
        };
        let Some(path) = path else { return Ok(None) };
        let analysed = analyse::newest(server, uri).await?.or_else(|| settings_file(server, uri));
        let Some(analysed) = analysed else { return Ok(None) };
        let (server, uri) = (server.clone(), uri.clone());
        let work = move || {
            let text = analysed.text.to_string();
            let document = Document {
                path: &path,
                text: &text,
                language: analysed.language,
                analysis: &analysed.analysis,
            };
            let facts = gather(&server, &document)?;
            answer(&Self { server, uri, path, features, analysed, facts, text })
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::internal_error())
    }

    /// The document as the rules see it.
    pub(super) fn document(&self) -> Document<'_> {
        let Analysed { language, analysis, .. } = &self.analysed;
        Document { path: &self.path, text: &self.text, language: *language, analysis }
    }

    /// The port that the document names at a position.
    pub(super) fn named_at(&self, position: lsp::Position) -> Option<NamedPort<'_>> {
        let offset = self.analysed.text.offset(position, self.features.encoding);
        NamedPort::at(&self.document(), &self.facts, offset)
    }

    /// Every place of the document that names a port.
    pub(super) fn named(&self) -> Vec<NamedPort<'_>> {
        NamedPort::all_in(&self.document(), &self.facts)
    }

    /// The range of some bytes of the document.
    pub(super) fn range(&self, span: &std::ops::Range<usize>) -> lsp::Range {
        self.analysed.text.range(span, self.features.encoding)
    }
}

/// `port-manager.toml`: its numbers are no ports of the project, but it names variables.
fn settings_file(server: &Server, uri: &lsp::Uri) -> Option<Analysed> {
    let state = server.state();
    let document = state.documents.get(uri)?;
    if document.path.as_ref()?.file_name()? != SETTINGS_FILE_NAME {
        return None;
    }
    Some(Analysed {
        version: document.version,
        revision: document.revision,
        text: document.text.clone(),
        language: Language::Toml,
        analysis: Arc::new(Analysis::default()),
        packs: Arc::clone(Packs::built_in()),
    })
}
