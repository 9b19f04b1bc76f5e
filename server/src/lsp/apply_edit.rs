//! `workspace/applyEdit`: repairs that the client makes, all of them or none.

use tower_lsp::gen_lsp_types as lsp;

use super::open_texts::OpenTexts;
use super::server::Server;
use super::text::Text;
use super::workspace_edit::workspace_edit;
use crate::error::Result;
use crate::operations::fix::{FileFixes, write_names};

/// Asks the client to make the repairs as one edit, which it can undo as one. Nobody waits for it; `then` is done once
/// the client has made the edit. A client that refuses, as where a document has changed meanwhile, changes nothing.
///
/// # Errors
/// When a `port-manager.toml` that has to name what pages read cannot be written.
pub(super) fn repair(
    server: &Server,
    open: &OpenTexts,
    found: &[FileFixes],
    then: impl FnOnce() + Send + 'static,
) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    write_names(found)?;
    let texts: Vec<Text> = found.iter().map(|file| Text::new(&file.text)).collect();
    let documents = found.iter().zip(&texts).filter_map(|(file, text)| open.edits(file, text));
    let edit = workspace_edit(documents, &server.state().features);
    ask(server, edit, then);
    Ok(())
}

/// Asks the client to make an edit; `then` is done once it has made it. A client whose user did not want it gives an empty
/// reason: there is nothing to report then.
pub(super) fn ask(server: &Server, edit: lsp::WorkspaceEdit, then: impl FnOnce() + Send + 'static) {
    let server = server.clone();
    tokio::runtime::Handle::current().spawn(async move {
        let refusal = match server.client.apply_edit(edit).await {
            Ok(answer) if answer.applied => {
                let done = tokio::task::spawn_blocking(then).await;
                // A panic in it has been reported.
                return done.unwrap_or_default();
            }
            Ok(answer) if answer.failure_reason.as_deref() == Some("") => return,
            Ok(answer) => answer.failure_reason.unwrap_or_else(|| "the editor refused it".to_owned()),
            Err(error) => error.to_string(),
        };
        server.show_message(lsp::MessageType::Error, format!("port-manager: nothing was fixed: {refusal}."));
    });
}
