//! `workspace/didChangeWorkspaceFolders`.

use tower_lsp::gen_lsp_types as lsp;

use super::server::Server;
use super::{analyse, uri};

/// Folders were opened or closed: the project of a file may be another now.
pub(super) async fn did_change(server: &Server, params: lsp::DidChangeWorkspaceFoldersParams) {
    let paths = |folders: Vec<lsp::WorkspaceFolder>| -> Vec<_> {
        folders.iter().filter_map(|folder| uri::to_path(&folder.uri)).collect()
    };
    let removed = paths(params.event.removed);
    let added = paths(params.event.added);
    {
        let mut state = server.state();
        state.folders.retain(|folder| !removed.contains(folder) && !added.contains(folder));
        state.folders.extend(added);
    }
    server.knowledge.forget();
    analyse::schedule_all(server);
}
