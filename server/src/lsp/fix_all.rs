//! `port-manager.fix-all`: what fix-all can do in every file of the workspace, as one edit that the
//! client makes and can undo.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tower_lsp::gen_lsp_types as lsp;

use super::server::Server;
use super::text::Text;
use super::uri;
use super::workspace_edit::{DocumentEdits, workspace_edit};
use crate::error::Result;
use crate::files;
use crate::operations::fix::{FileFixes, FixOptions, extent, find_fixes};
use crate::registry::Registry;

/// What the edit does that the client was asked to make.
#[derive(Debug, Serialize)]
pub(super) struct Fixed {
    /// How many findings it repairs.
    fixes: usize,
    /// In how many files.
    files: usize,
}

/// An open document, as the edit has to name it.
struct Open {
    uri: lsp::Uri,
    version: i32,
    text: Text,
}

/// Finds the repairs below the paths and asks the client to make them. Nobody waits for it.
pub(super) fn fix_all(server: &Server, paths: Vec<PathBuf>, registry: Registry) -> Result<Fixed> {
    let (features, open) = {
        let state = server.state();
        let open: HashMap<PathBuf, Open> = state
            .documents
            .iter()
            .filter_map(|(uri, document)| {
                let path = files::canonicalize(document.path.as_deref()?).ok()?;
                let open = Open { uri: uri.clone(), version: document.version, text: document.text.clone() };
                Some((path, open))
            })
            .collect();
        (state.features, open)
    };
    let newer = |path: &Path| open.get(path).map(|document| document.text.to_string());
    let options = FixOptions { paths, ..FixOptions::default() };
    let found = find_fixes(&options, registry, Some(&newer))?.files;
    let (fixes, files) = extent(&found);
    if files > 0 {
        let texts: Vec<Text> = found.iter().map(|file| Text::new(&file.text)).collect();
        let documents = found.iter().zip(&texts).filter_map(|(file, text)| document(file, text, &open));
        let edit = workspace_edit(documents, &features);
        let server = server.clone();
        tokio::runtime::Handle::current().spawn(async move {
            let refusal = match server.client.apply_edit(edit).await {
                Ok(answer) if answer.applied => return,
                Ok(answer) => answer.failure_reason.unwrap_or_else(|| "the editor refused it".to_owned()),
                Err(error) => error.to_string(),
            };
            server.show_message(
                lsp::MessageType::Error,
                format!("port-manager: nothing was fixed: {refusal}."),
            );
        });
    }
    Ok(Fixed { fixes, files })
}

fn document<'a>(
    file: &'a FileFixes,
    text: &'a Text,
    open: &HashMap<PathBuf, Open>,
) -> Option<DocumentEdits<'a>> {
    let open = files::canonicalize(&file.path).ok().and_then(|path| open.get(&path));
    let (uri, version) = match open {
        Some(document) => (document.uri.clone(), Some(document.version)),
        None => (uri::from_file(&file.path)?, None),
    };
    Some(DocumentEdits { uri, version, text, edits: &file.edits })
}
