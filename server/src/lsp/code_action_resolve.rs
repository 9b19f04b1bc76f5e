//! `codeAction/resolve`: the edit of an action that was chosen, where it would take too long for one that is only offered.

use std::path::PathBuf;

use serde::Deserialize;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use super::fix_port;
use super::server::Server;
use crate::variable::Variable;

/// What an action says of the port whose places it repairs.
#[derive(Deserialize)]
struct Data {
    root: PathBuf,
    variable: Variable,
    state: String,
}

pub(super) async fn resolve(server: &Server, mut action: lsp::CodeAction) -> Result<lsp::CodeAction> {
    let Some(data) = action.data.clone() else { return Ok(action) };
    let Data { root, variable, state } =
        serde_json::from_value(data).map_err(|error| Error::invalid_params(error.to_string()))?;
    let server = server.clone();
    let name = variable.clone();
    let edit = move || fix_port::edit(&server, &root, &variable, &state);
    let edit = tokio::task::spawn_blocking(edit).await.map_err(|_| Error::internal_error())?;
    // The places are others than those that were offered: the client asks for the actions again.
    let edit = edit.ok_or_else(|| Error {
        code: ErrorCode::ContentModified,
        message: format!("a file with a place of {name} has changed; ask for the fix again").into(),
        data: None,
    })?;
    action.edit = Some(edit);
    Ok(action)
}
