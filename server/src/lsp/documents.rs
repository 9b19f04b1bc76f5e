//! The documents that the client has open: their text, and what was last found in it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Notify;
use tower_lsp::gen_lsp_types as lsp;

use super::recent_changes::RecentChanges;
use super::text::{Encoding, SyntaxChange, Text};
use crate::analysis::{Analysis, Language, Packs, SyntaxCache};
use crate::operations::SkipReason;

/// A document that the client has open.
#[derive(Debug)]
pub(super) struct OpenDocument {
    /// Where it lies, or would lie if it were a file.
    pub(super) path: Option<PathBuf>,
    /// The client's number for this state of the text.
    pub(super) version: i32,
    /// Our own, for not every client counts.
    pub(super) revision: u64,
    pub(super) text: Text,
    /// The last changes of the text, for one that comes late.
    recent: RecentChanges,
    /// What was found in the newest text that has been analysed.
    pub(super) analysed: Option<Analysed>,
    /// Why the newest such text was not looked at.
    pub(super) skipped: Option<SkipReason>,
    /// Tells one opening from the next of the same URI.
    pub(super) opening: u64,
    /// Wakes those who wait for `analysed` to catch up with `revision`.
    pub(super) caught_up: Arc<Notify>,
    /// The newest diagnostics and the version that they are for. A client that does not pull has them.
    pub(super) found: Option<(i32, Arc<[lsp::Diagnostic]>)>,
    /// What the client has pulled last.
    pub(super) pulled: Option<Pulled>,
    /// Whether the client was told who listens on a port of it, and shows that.
    pub(super) shows_listeners: bool,
    /// Whether text or facts have changed since the last analysis was started.
    pub(super) is_stale: bool,
    /// Whether an analysis is under way: there is never more than one for a document.
    pub(super) is_busy: bool,
    /// Whether that one takes longer than anybody should wait.
    pub(super) is_overdue: bool,
    /// The tree of the last analysis, away while one is under way.
    pub(super) syntax: SyntaxCache,
    /// What has happened to the text since that tree.
    pub(super) syntax_changes: Vec<SyntaxChange>,
}

/// The diagnostics that a client has pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pulled {
    /// The text that they are for.
    pub(super) revision: u64,
    /// Identifies them.
    pub(super) result_id: String,
}

/// A text with what was found in it.
#[derive(Debug, Clone)]
pub(super) struct Analysed {
    /// The client's number for the text.
    pub(super) version: i32,
    /// Our own.
    pub(super) revision: u64,
    pub(super) text: Text,
    pub(super) language: Language,
    pub(super) analysis: Arc<Analysis>,
    /// The rows by which it was found.
    pub(super) packs: Arc<Packs>,
}

/// All open documents, by their URI.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open: HashMap<lsp::Uri, OpenDocument>,
    openings: u64,
}

impl Documents {
    /// Opens a document that counts as lying at `path`; one that is open already is opened again.
    pub(super) fn open(&mut self, document: lsp::TextDocumentItem, path: Option<PathBuf>) {
        self.openings += 1;
        let opened = OpenDocument {
            path,
            version: document.version,
            revision: 0,
            text: Text::new(&document.text),
            recent: RecentChanges::since(document.version),
            analysed: None,
            skipped: None,
            opening: self.openings,
            caught_up: Arc::new(Notify::new()),
            found: None,
            pulled: None,
            shows_listeners: false,
            is_stale: false,
            is_busy: false,
            is_overdue: false,
            syntax: SyntaxCache::default(),
            syntax_changes: Vec::new(),
        };
        if let Some(before) = self.open.insert(document.uri, opened) {
            before.caught_up.notify_waiters();
        }
    }

    /// Closes a document; whether it was open.
    pub(super) fn close(&mut self, uri: &lsp::Uri) -> bool {
        let closed = self.open.remove(uri);
        if let Some(document) = &closed {
            document.caught_up.notify_waiters();
        }
        closed.is_some()
    }

    pub(super) fn get(&self, uri: &lsp::Uri) -> Option<&OpenDocument> {
        self.open.get(uri)
    }

    pub(super) fn get_mut(&mut self, uri: &lsp::Uri) -> Option<&mut OpenDocument> {
        self.open.get_mut(uri)
    }

    /// Notes that the client shows of a document who listens on a port.
    pub(super) fn show_listeners(&mut self, uri: &lsp::Uri) {
        if let Some(document) = self.open.get_mut(uri) {
            document.shows_listeners = true;
        }
    }

    /// All open documents.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&lsp::Uri, &OpenDocument)> {
        self.open.iter()
    }

    /// Forgets which diagnostics were found, so that all of them are new to the client.
    pub(super) fn forget_found(&mut self) {
        self.open.values_mut().for_each(|document| document.found = None);
    }

    /// The URIs of all open documents.
    pub(super) fn uris(&self) -> Vec<lsp::Uri> {
        self.open.keys().cloned().collect()
    }

    /// The paths of all open documents that are files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.open.values().filter_map(|document| document.path.as_deref())
    }
}

impl OpenDocument {
    /// Whether nothing is left to be found: the newest diagnostics are those of the newest text, or take too long.
    pub(super) fn is_settled(&self) -> bool {
        !self.is_busy || self.is_overdue
    }

    /// The newest diagnostics.
    pub(super) fn diagnostics(&self) -> &[lsp::Diagnostic] {
        self.found.as_ref().map_or(&[], |(_, diagnostics)| diagnostics)
    }

    /// Applies the client's edits, each to the text that the one before it left. Edits that come late, behind a newer version,
    /// are applied where they belong.
    pub(super) fn change(
        &mut self,
        version: i32,
        changes: Vec<lsp::TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        self.revision += 1;
        let newer = self.recent.take_newer(version);
        match newer.first() {
            Some(first) => {
                self.text = first.before.clone();
                self.syntax_changes = vec![SyntaxChange::Reset];
            }
            None => self.version = version,
        }
        let newer = newer.into_iter().map(|change| (change.version, change.changes));
        for (version, changes) in std::iter::once((version, changes)).chain(newer) {
            self.recent.add(version, &self.text, &changes);
            changes.into_iter().for_each(|change| self.apply(change, encoding));
        }
    }

    fn apply(&mut self, change: lsp::TextDocumentContentChangeEvent, encoding: Encoding) {
        use lsp::TextDocumentContentChangeEvent as Change;
        let syntax_change = match change {
            Change::TextDocumentContentChangePartial(edit) => {
                let span = self.text.span(edit.range, encoding);
                self.text.replace(span, &edit.text)
            }
            Change::TextDocumentContentChangeWholeDocument(whole) => {
                self.text = Text::new(&whole.text);
                SyntaxChange::Reset
            }
        };
        if syntax_change == SyntaxChange::Reset {
            self.syntax_changes.clear();
        }
        self.syntax_changes.push(syntax_change);
    }
}
