//! `initialize` and `initialized`: who the client is and what it can do.

use std::path::PathBuf;

use tower_lsp::gen_lsp_types as lsp;

use super::client_features::{ClientFeatures, Diagnosing};
use super::client_process::ClientProcess;
use super::server::Server;
use super::settings::Settings;
use super::{configuration, pull, uri, watched_files};

/// Remembers what the client says of itself; what it can do.
pub(super) fn initialize(server: &Server, params: lsp::InitializeParams) -> ClientFeatures {
    let name = params.client_info.as_ref().map_or("", |client| client.name.as_str());
    let features = ClientFeatures::new(&params.capabilities, name);
    server.client_process.send_replace(params.process_id.and_then(ClientProcess::running));
    let mut state = server.state();
    state.features = features;
    state.pulls = features.diagnosing != Diagnosing::Pushed;
    state.folders = folders(&params);
    // Clients that give no settings later give them here, if at all.
    if let Some(Ok(settings)) = params.initialization_options.map(Settings::parse) {
        state.settings = settings;
    }
    features
}

/// The workspace's folders, also from a client that knows but one root.
fn folders(params: &lsp::InitializeParams) -> Vec<PathBuf> {
    if let Some(lsp::WorkspaceFolders::WorkspaceFolderList(folders)) =
        &params.workspace_folders_initialize_params.workspace_folders
    {
        return folders.iter().filter_map(|folder| uri::to_path(&folder.uri)).collect();
    }
    #[allow(deprecated, reason = "what clients from before workspace folders send")]
    params.root_uri.as_ref().and_then(uri::to_path).into_iter().collect()
}

/// Begins what needs a client that listens.
pub(super) fn initialized(server: &Server) {
    pull::begin(server);
    watched_files::begin(server);
    configuration::begin(server);
}

/// `$/setTrace`: there is no trace to be set, and clients send it unasked.
pub(super) async fn set_trace(_: &Server, _: serde_json::Value) {}
