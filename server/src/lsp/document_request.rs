//! A request about an open document: its newest text and analysis, with what is known of its project.

use std::path::PathBuf;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::analyse;
use super::client_features::ClientFeatures;
use super::documents::Analysed;
use super::server::Server;
use crate::rules::{Document, Facts, NamedPort};

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
    /// Whether that map is made of all the project's files.
    pub(super) has_whole_map: bool,
    text: String,
}

/// What is known of a document's project, with the map of all its files, also where that has not been read yet.
pub(super) fn with_whole_map(server: &Server, document: &Document<'_>) -> Option<Facts> {
    let root = server.locate(document.path).root;
    // Asked before its map is taken: that of another moment may lack files.
    if root.is_marked() && !server.port_maps.is_whole(&root) {
        server.whole_facts(root.as_path())?;
    }
    server.known_facts_of(document)
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
        let Some(analysed) = analyse::newest(server, uri).await? else { return Ok(None) };
        let (server, uri) = (server.clone(), uri.clone());
        let work = move || {
            let text = String::from(&analysed.text);
            let document = Document {
                path: &path,
                text: &text,
                language: analysed.language,
                analysis: &analysed.analysis,
            };
            // Asked before the map is taken, which may be made of all files a moment later.
            let has_whole_map = server.port_maps.is_whole(&server.locate(&path).root);
            let facts = gather(&server, &document)?;
            answer(&Self { server, uri, path, features, analysed, facts, has_whole_map, text })
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

    /// Notes that the client shows who listens on ports of the document: it is asked to ask again when that changes.
    pub(super) fn show_listeners(&self) {
        self.server.state().documents.show_listeners(&self.uri);
    }

    /// The last byte of the assignment in `.ports.env` whose name is at these bytes.
    pub(super) fn end_of_assignment(&self, name: &std::ops::Range<usize>) -> usize {
        let found = self.analysed.analysis.occurrences.iter().find(|it| it.span.contains(&name.start));
        found.map_or(name.end, |occurrence| occurrence.span.end)
    }

    /// The range of some bytes of the document.
    pub(super) fn range(&self, span: &std::ops::Range<usize>) -> lsp::Range {
        self.analysed.text.range(span, self.features.encoding)
    }
}
