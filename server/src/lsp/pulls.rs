//! What a client that asks for diagnostics was given, and whether that has changed since.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tower_lsp::gen_lsp_types as lsp;

use crate::files::fingerprint;

/// What the client was given, and what has changed.
#[derive(Debug, Default)]
pub(super) struct Pulls {
    /// Counts the changes of what files that are not open are judged by.
    changes: AtomicU64,
    /// The last answer about the workspace.
    workspace: Mutex<Option<WorkspaceAnswer>>,
    /// Whether what was answered about the workspace has changed on disk.
    is_workspace_stale: AtomicBool,
    /// Whether the client is going to be asked to pull again.
    is_refresh_due: AtomicBool,
}

/// What was answered about the files of the workspace that are not open.
#[derive(Debug, Clone)]
pub(super) struct WorkspaceAnswer {
    /// The number of changes before the files were judged.
    pub(super) changes: u64,
    /// The files with diagnostics, and what identifies these.
    pub(super) result_ids: HashMap<lsp::Uri, String>,
}

impl Pulls {
    /// Notes that the text of an open document has changed in a way that other files are judged by.
    pub(super) fn text_has_changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// Notes that files, or settings, have changed; whether the client has to pull the workspace again.
    pub(super) fn files_have_changed(&self) -> bool {
        self.text_has_changed();
        let is_known = self.workspace.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        self.is_workspace_stale.fetch_or(is_known, Ordering::SeqCst);
        is_known
    }

    /// How many changes there were.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// The last answer about the workspace, if nothing has changed since.
    pub(super) fn workspace(&self) -> Option<WorkspaceAnswer> {
        let answer = self.workspace.lock().unwrap_or_else(PoisonError::into_inner).clone();
        answer.filter(|answer| answer.changes == self.changes())
    }

    /// Keeps an answer about the workspace.
    pub(super) fn answered(&self, answer: WorkspaceAnswer) {
        let is_newest = answer.changes == self.changes();
        *self.workspace.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        if is_newest {
            self.is_workspace_stale.store(false, Ordering::SeqCst);
        }
    }

    /// Notes that the client is going to be asked to pull again; whether nobody has noted that yet.
    pub(super) fn begin_refresh(&self) -> bool {
        !self.is_refresh_due.swap(true, Ordering::SeqCst)
    }

    /// Ends what [`Self::begin_refresh`] began; whether the workspace has to be pulled again.
    pub(super) fn end_refresh(&self) -> bool {
        self.is_refresh_due.store(false, Ordering::SeqCst);
        self.is_workspace_stale.swap(false, Ordering::SeqCst)
    }
}

/// What identifies diagnostics (LSP 3.17, `resultId`): equal ones have the same.
pub(super) fn result_id(diagnostics: &[lsp::Diagnostic]) -> String {
    // They cannot fail to be JSON: the client gets them so.
    format!("{:016x}", fingerprint(&serde_json::to_string(diagnostics).unwrap_or_default()))
}
