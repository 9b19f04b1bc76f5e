//! The texts that the client has open, as they were at one moment: they count before the disk's.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tower_lsp::gen_lsp_types as lsp;

use super::server::{Server, State};
use super::text::Text;
use super::uri;
use super::workspace_edit::{DocumentEdits, workspace_edit};
use crate::error::Result;
use crate::files;
use crate::operations::fix::{FileFixes, write_names};

/// Open texts, by where their files really lie.
pub(super) struct OpenTexts(HashMap<PathBuf, Open>);

/// An open document, as an edit has to name it.
struct Open {
    uri: lsp::Uri,
    version: i32,
    text: Text,
}

impl OpenTexts {
    pub(super) fn of(state: &State) -> Self {
        let open = state.documents.iter().filter_map(|(uri, document)| {
            let path = files::canonicalize_new(document.path.as_deref()?).ok()?;
            Some((path, Open { uri: uri.clone(), version: document.version, text: document.text.clone() }))
        });
        Self(open.collect())
    }

    /// The text of a file that is open.
    pub(super) fn text(&self, path: &Path) -> Option<String> {
        self.0.get(path).map(|document| document.text.to_string())
    }

    /// The paths of the files that are open.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }

    /// Asks the client to make the repairs as one edit, which it can undo as one. Nobody waits for it; `then` is done once
    /// the client has made the edit. A client that refuses, as where a document has changed meanwhile, changes nothing.
    ///
    /// # Errors
    /// When a `port-manager.toml` that has to name what pages read cannot be written.
    pub(super) fn repair(
        &self,
        server: &Server,
        found: &[FileFixes],
        then: impl FnOnce() + Send + 'static,
    ) -> Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        write_names(found)?;
        let texts: Vec<Text> = found.iter().map(|file| Text::new(&file.text)).collect();
        let documents = found.iter().zip(&texts).filter_map(|(file, text)| self.edits(file, text));
        let edit = workspace_edit(documents, &server.state().features);
        let server = server.clone();
        tokio::runtime::Handle::current().spawn(async move {
            let refusal = match server.client.apply_edit(edit).await {
                Ok(answer) if answer.applied => {
                    let done = tokio::task::spawn_blocking(then).await;
                    // A panic in it has been reported.
                    return done.unwrap_or_default();
                }
                Ok(answer) => answer.failure_reason.unwrap_or_else(|| "the editor refused it".to_owned()),
                Err(error) => error.to_string(),
            };
            server.show_message(
                lsp::MessageType::Error,
                format!("port-manager: nothing was fixed: {refusal}."),
            );
        });
        Ok(())
    }

    fn edits<'a>(&self, file: &'a FileFixes, text: &'a Text) -> Option<DocumentEdits<'a>> {
        let open = files::canonicalize_new(&file.path).ok().and_then(|path| self.0.get(&path));
        let (uri, version) = match open {
            Some(document) => (document.uri.clone(), Some(document.version)),
            None => (uri::from_file(&file.path)?, None),
        };
        Some(DocumentEdits { uri, version, text, edits: &file.edits })
    }
}
