//! `workspace/diagnostic`: the diagnostics of all files of the workspace, for a client that asks for them. Some clients ask
//! every two seconds, so that the files are judged again only when something has changed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::closed_files::judge_closed;
use super::pull;
use super::pulls::{WorkspaceAnswer, result_id};
use super::server::Server;

/// How many documents are reported at once to a client that takes partial results.
const BATCH: usize = 100;

/// The title of the progress that a client may show.
const TITLE: &str = "Checking the ports of the workspace";

type Report = lsp::WorkspaceDocumentDiagnosticReport;

pub(super) async fn workspace_diagnostic(
    server: &Server,
    params: lsp::WorkspaceDiagnosticParams,
) -> Result<lsp::WorkspaceDiagnosticReport> {
    let previous = params.previous_result_ids.into_iter().map(|it| (it.uri, it.value)).collect();
    let token = params.partial_result_params.partial_result_token;
    let mut answer = Answer { server, token, previous, items: Vec::new() };
    answer.open_documents().await;
    let known = server.pulls.workspace();
    match known.filter(|known| answer.client_has(known)) {
        Some(known) => {
            let unchanged = known.result_ids.into_iter();
            answer.add(unchanged.map(|(uri, id)| unchanged_report(uri, None, id)).collect()).await;
        }
        None => answer.closed_files(params.work_done_progress_params.work_done_token).await,
    }
    answer.files_without_diagnostics().await;
    Ok(lsp::WorkspaceDiagnosticReport { items: answer.items })
}

/// What is reported to the client.
struct Answer<'a> {
    server: &'a Server,
    /// For a client that takes partial results.
    token: Option<lsp::ProgressToken>,
    /// What the client has of each document that was not reported yet.
    previous: HashMap<lsp::Uri, String>,
    items: Vec<Report>,
}

impl Answer<'_> {
    async fn add(&mut self, reports: Vec<Report>) {
        if reports.is_empty() {
            return;
        }
        for report in &reports {
            self.previous.remove(uri_of(report));
        }
        match &self.token {
            Some(token) => {
                let items = lsp::WorkspaceDiagnosticReportPartialResult { items: reports };
                let client = &self.server.client;
                client.send_partial_result::<lsp::WorkspaceDiagnosticRequest>(token.clone(), items).await;
            }
            None => self.items.extend(reports),
        }
    }

    /// Whether the client has all that was answered before.
    fn client_has(&self, known: &WorkspaceAnswer) -> bool {
        known.result_ids.iter().all(|(uri, id)| self.previous.get(uri) == Some(id))
    }

    /// The report of a document; `None` where nothing is to be said of it, and the client knows nothing else.
    fn report(&self, uri: lsp::Uri, version: Option<i32>, items: Vec<lsp::Diagnostic>) -> Option<Report> {
        let id = result_id(&items);
        match self.previous.get(&uri) {
            Some(before) if *before == id => Some(unchanged_report(uri, version, id)),
            None if items.is_empty() => None,
            _ => Some(full_report(uri, version, id, items)),
        }
    }

    /// Reports the documents that are open and lie in the workspace.
    async fn open_documents(&mut self) {
        let uris: Vec<lsp::Uri> = {
            let state = self.server.state();
            let is_in_workspace = |path: &PathBuf| state.folder_of(path).is_some();
            let open = state.documents.iter();
            open.filter(|(_, it)| it.path.as_ref().is_some_and(is_in_workspace))
                .map(|(uri, _)| uri.clone())
                .collect()
        };
        for uri in uris {
            let Some(newest) = pull::newest(self.server, &uri).await else { continue };
            let report = self.report(uri.clone(), Some(newest.version), newest.diagnostics);
            self.add(report.into_iter().collect()).await;
            // The client has nothing of it that would be taken back below.
            self.previous.remove(&uri);
        }
    }

    /// Judges the files that are not open. It ends when the client cancels the request, with which this future goes away.
    async fn closed_files(&mut self, progress: Option<lsp::ProgressToken>) {
        let server = self.server.clone();
        let folders = {
            let state = server.state();
            if state.settings.checks_workspace() { state.folders.clone() } else { Vec::new() }
        };
        let mut result_ids = HashMap::new();
        let changes = server.pulls.changes();
        let cancelled = Arc::new(AtomicBool::new(false));
        let _guard = CancelOnDrop(Arc::clone(&cancelled));
        let (sender, mut judged) = mpsc::unbounded_channel();
        // Its own task, so that the progress ends whatever becomes of this one.
        tokio::spawn(async move {
            let progress = match progress {
                Some(token) => Some(server.client.progress(token, TITLE).begin().await),
                None => None,
            };
            let judge = move || {
                judge_closed(&server, &folders, &cancelled, &|uri, diagnostics| {
                    // Nobody listens any more to what was cancelled.
                    let _ = sender.send((uri, diagnostics));
                });
            };
            // A panic in it has been reported, and loses what was not judged yet.
            let _ = tokio::task::spawn_blocking(judge).await;
            if let Some(progress) = progress {
                progress.finish().await;
            }
        });
        let mut batch = Vec::new();
        while judged.recv_many(&mut batch, BATCH).await > 0 {
            let mut reports = Vec::new();
            for (uri, diagnostics) in batch.drain(..) {
                if !diagnostics.is_empty() {
                    result_ids.insert(uri.clone(), result_id(&diagnostics));
                }
                reports.extend(self.report(uri, None, diagnostics));
            }
            self.add(reports).await;
        }
        self.server.pulls.answered(WorkspaceAnswer { changes, result_ids });
    }

    /// Takes back what the client has of documents in which nothing is found any more.
    async fn files_without_diagnostics(&mut self) {
        let empty = result_id(&[]);
        let left = std::mem::take(&mut self.previous).into_iter();
        let reports = left.map(|(uri, id)| match id == empty {
            true => unchanged_report(uri, None, id),
            false => full_report(uri, None, empty.clone(), Vec::new()),
        });
        self.add(reports.collect()).await;
    }
}

/// Stops the work when nobody waits for it any more.
struct CancelOnDrop(Arc<AtomicBool>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn uri_of(report: &Report) -> &lsp::Uri {
    match report {
        Report::WorkspaceFullDocumentDiagnosticReport(report) => &report.uri,
        Report::WorkspaceUnchangedDocumentDiagnosticReport(report) => &report.uri,
    }
}

fn full_report(uri: lsp::Uri, version: Option<i32>, id: String, items: Vec<lsp::Diagnostic>) -> Report {
    lsp::WorkspaceFullDocumentDiagnosticReport {
        uri,
        version,
        full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport { result_id: Some(id), items },
    }
    .into()
}

fn unchanged_report(uri: lsp::Uri, version: Option<i32>, result_id: String) -> Report {
    lsp::WorkspaceUnchangedDocumentDiagnosticReport {
        uri,
        version,
        unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport { result_id },
    }
    .into()
}
