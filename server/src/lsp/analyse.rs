//! Documents are analysed off the protocol's task, one analysis a document at a time, and only its
//! newest text: what changes meanwhile is looked at when the one under way is done.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use super::analyses::LIMIT;
use super::diagnostics::{Terms, of_fault};
use super::documents::{Analysed, OpenDocument};
use super::publish::Publication;
use super::pull_again;
use super::server::{Server, State};
use super::text::{SyntaxChange, Text};
use crate::analysis::{self, Analysis, Language, Packs, SyntaxCache};
use crate::operations::SkipReason;
use crate::rules::{self, Document, Facts, SETTINGS_FILE_NAME};

/// Has a document analysed whose text, or whose facts, have changed.
pub(super) fn schedule(server: &Server, state: &mut State, uri: &lsp::Uri) {
    if state.is_shut_down {
        return;
    }
    let Some(document) = state.documents.get_mut(uri) else { return };
    document.is_stale = true;
    if !document.is_busy {
        document.is_busy = true;
        tokio::spawn(keep_up(server.clone(), uri.clone(), document.opening));
    }
}

/// Has every open document analysed. Files that are not open may have other diagnostics, too.
pub(super) fn schedule_all(server: &Server) {
    pull_again::files_have_changed(server);
    let mut state = server.state();
    for uri in state.documents.uris() {
        schedule(server, &mut state, &uri);
    }
}

/// Has every open document analysed but that of a file.
pub(super) fn schedule_others(server: &Server, file: &Path) {
    server.pulls.text_has_changed();
    let mut state = server.state();
    for uri in state.documents.uris() {
        if state.path_of(&uri).as_deref() != Some(file) {
            schedule(server, &mut state, &uri);
        }
    }
}

/// What was found in the document as it is when this is called; `None` where it is not open, or in
/// no language that is understood.
///
/// # Errors
/// When the document changes meanwhile: the client asks again then.
pub(super) async fn newest(server: &Server, uri: &lsp::Uri) -> Result<Option<Analysed>> {
    let is_same = |document: &OpenDocument, (opening, revision)| {
        document.opening == opening && document.revision == revision
    };
    let Some(asked_for) =
        server.state().documents.get(uri).map(|document| (document.opening, document.revision))
    else {
        return Ok(None);
    };
    loop {
        let caught_up = {
            let state = server.state();
            let document = state.documents.get(uri).filter(|document| is_same(document, asked_for));
            let document = document.ok_or_else(|| Error::new(ErrorCode::ContentModified))?;
            match &document.analysed {
                Some(analysed) if analysed.revision == document.revision => {
                    return Ok(Some(analysed.clone()));
                }
                _ if !document.is_busy || document.is_overdue => return Ok(None),
                _ => document.caught_up.clone().notified_owned(),
            }
        };
        caught_up.await;
    }
}

/// Analyses a document until nothing of it is stale.
async fn keep_up(server: Server, uri: lsp::Uri, opening: u64) {
    while let Some(job) = next_job(&server, &uri, opening) {
        let (version, revision) = (job.version, job.revision);
        let worker = server.clone();
        let run = move || std::panic::catch_unwind(AssertUnwindSafe(|| job.run(&worker)));
        let outcome = server.analyses.run(run, || give_up(&server, &uri, opening, version)).await;
        let outcome = outcome.and_then(std::result::Result::ok);
        if outcome.is_none() {
            server.log_message(
                lsp::MessageType::Error,
                format!("port-manager: the analysis of {uri} (version {version}) failed; this is a bug."),
            );
        }
        finish(&server, &uri, opening, revision, outcome.unwrap_or_default());
    }
}

/// Says that a document's analysis takes too long. What was found in it before is taken back, for it is no longer
/// true; the next analysis begins when this one has ended, however the text changes meanwhile.
fn give_up(server: &Server, uri: &lsp::Uri, opening: u64, version: i32) {
    let mut state = server.state();
    let pulls = state.pulls;
    let Some(document) = state.documents.get_mut(uri).filter(|document| document.opening == opening) else {
        return;
    };
    document.is_overdue = true;
    document.analysed = None;
    document.caught_up.notify_waiters();
    if document.found.take().is_some_and(|(_, diagnostics)| !diagnostics.is_empty()) {
        tell(
            server,
            pulls,
            Publication { uri: uri.clone(), version: Some(version), diagnostics: Arc::default() },
        );
    }
    let limit = LIMIT.as_secs();
    server.log_message(
        lsp::MessageType::Warning,
        format!(
            "port-manager: the analysis of {uri} (version {version}) takes longer than {limit} s. It has no \
             diagnostics until that has ended."
        ),
    );
}

/// Has the client hear of a document's new diagnostics, by a notification or by its next question.
fn tell(server: &Server, pulls: bool, publication: Publication) {
    match pulls {
        true => pull_again::document_has_changed(server),
        false => server.publish(publication),
    }
}

/// An analysis to be made.
struct Job {
    uri: lsp::Uri,
    version: i32,
    revision: u64,
    path: Option<PathBuf>,
    text: Text,
    /// What is known already of this very text.
    known: Option<Analysed>,
    syntax: SyntaxCache,
    syntax_changes: Vec<SyntaxChange>,
}

/// What came of it; nothing, where it failed.
#[derive(Default)]
struct Outcome {
    analysed: Option<Analysed>,
    diagnostics: Vec<lsp::Diagnostic>,
    syntax: SyntaxCache,
    /// Why the text was not looked at, although its language is understood.
    skipped: Option<SkipReason>,
}

fn next_job(server: &Server, uri: &lsp::Uri, opening: u64) -> Option<Job> {
    let mut state = server.state();
    let is_shut_down = state.is_shut_down;
    let document = state.documents.get_mut(uri).filter(|document| document.opening == opening)?;
    if !document.is_stale || is_shut_down {
        document.is_busy = false;
        document.caught_up.notify_waiters();
        return None;
    }
    document.is_stale = false;
    Some(Job {
        uri: uri.clone(),
        version: document.version,
        revision: document.revision,
        path: document.path.clone(),
        text: document.text.clone(),
        known: document.analysed.clone().filter(|known| known.revision == document.revision),
        syntax: std::mem::take(&mut document.syntax),
        syntax_changes: std::mem::take(&mut document.syntax_changes),
    })
}

fn finish(server: &Server, uri: &lsp::Uri, opening: u64, revision: u64, outcome: Outcome) {
    let mut state = server.state();
    let (is_shut_down, pulls) = (state.is_shut_down, state.pulls);
    let Some(document) = state.documents.get_mut(uri).filter(|document| document.opening == opening) else {
        return;
    };
    document.syntax = outcome.syntax;
    document.is_overdue = false;
    if let Some(reason) = outcome.skipped.filter(|reason| document.skipped != Some(*reason)) {
        server.log_message(lsp::MessageType::Info, format!("port-manager: {uri}: {reason}"));
    }
    document.skipped = outcome.skipped;
    document.analysed = outcome.analysed;
    let is_current = document.revision == revision && !is_shut_down;
    // Nothing is ever said of a file in a language that is not known.
    let is_silent = document.analysed.is_none() && document.found.is_none();
    let news = (document.version, Arc::from(outcome.diagnostics));
    if is_current && !is_silent && document.found.as_ref() != Some(&news) {
        let (version, diagnostics) = news.clone();
        document.found = Some(news);
        tell(server, pulls, Publication { uri: uri.clone(), version: Some(version), diagnostics });
    }
    document.caught_up.notify_waiters();
}

impl Job {
    fn run(mut self, server: &Server) -> Outcome {
        for change in &self.syntax_changes {
            match change {
                SyntaxChange::Edit(edit) => self.syntax.edit(edit),
                SyntaxChange::Reset => self.syntax = SyntaxCache::default(),
            }
        }
        let text = String::from(&self.text);
        if let Some(path) =
            self.path.clone().filter(|path| path.file_name().is_some_and(|name| name == SETTINGS_FILE_NAME))
        {
            return self.settings(&path, &text, server);
        }
        let place = self.path.as_deref().and_then(|path| Some((path, Language::of(path, &text)?)));
        let skipped = place.and_then(|_| SkipReason::of(text.as_bytes()));
        let Some((path, language)) = place.filter(|_| skipped.is_none()) else {
            return Outcome { syntax: self.syntax, skipped, ..Outcome::default() };
        };
        let packs = server.packs_of(path);
        let analysis = match self.known.filter(|known| known.packs == packs) {
            Some(known) => known.analysis,
            None => Arc::new(analysis::analyze_by(&text, language, &packs, &mut self.syntax)),
        };
        if let Some(refused) = analysis.refused {
            let skipped = Some(SkipReason::Refused(refused));
            return Outcome { syntax: self.syntax, skipped, ..Outcome::default() };
        }
        let document = Document { path, text: &text, language, analysis: &analysis };
        let facts = server.known_facts_of(&document);
        let diagnostics =
            facts.map_or_else(Vec::new, |facts| judged(&self.uri, &self.text, document, &facts, server));
        let Self { version, revision, text, syntax, .. } = self;
        let analysed = Analysed { version, revision, text, language, analysis, packs };
        Outcome { analysed: Some(analysed), diagnostics, syntax, ..Outcome::default() }
    }

    /// Looks at a project's `port-manager.toml`: its numbers are no ports of the project, but it may be wrong, or name a
    /// variable that is.
    fn settings(self, path: &Path, text: &str, server: &Server) -> Outcome {
        let analysis = Arc::new(Analysis::of_comments(text));
        let language = Language::Toml;
        let document = Document { path, text, language, analysis: &analysis };
        let faults = rules::settings_faults(text, path.parent().unwrap_or(path));
        let diagnostics = if faults.is_empty() {
            // Rules are asked by the settings that are saved, which may be wrong too.
            let facts = server.known_facts(path);
            facts.map_or_else(Vec::new, |facts| judged(&self.uri, &self.text, document, &facts, server))
        } else {
            let features = server.state().features;
            faults.iter().map(|fault| of_fault(fault, &self.text, &features)).collect()
        };
        let packs = Arc::clone(Packs::built_in());
        let Self { version, revision, text, syntax, .. } = self;
        let analysed = Analysed { version, revision, text, language, analysis, packs };
        Outcome { analysed: Some(analysed), diagnostics, syntax, ..Outcome::default() }
    }
}

/// What the rules say about a document, in the client's terms.
fn judged(
    uri: &lsp::Uri,
    text: &Text,
    document: Document<'_>,
    facts: &Facts,
    server: &Server,
) -> Vec<lsp::Diagnostic> {
    let found = rules::check(&document, facts);
    let features = server.state().features;
    Terms { uri, text, document, facts, features: &features, server }.all(&found)
}
