//! `port-manager/changed` and `port-manager/watchListeners`: what a client that shows ports all the time
//! has to know, so that it need not ask again and again.

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;

use super::server::Server;

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Changed {
    /// The registry, or a `.ports.env`.
    pub(super) assignments: bool,
    /// Who listens.
    pub(super) listeners: bool,
}

/// `port-manager/changed`: server to client.
enum ChangedNotification {}

impl lsp::Notification for ChangedNotification {
    type Params = Changed;
    const METHOD: lsp::LspNotificationMethod<'static> =
        lsp::LspNotificationMethod::Custom("port-manager/changed");
    const MESSAGE_DIRECTION: lsp::MessageDirection = lsp::MessageDirection::ServerToClient;
}

/// Tells a client that wants to know, some time soon: nobody waits for it.
pub(super) fn tell(server: &Server, changed: Changed) {
    let features = server.state().features;
    let server = server.clone();
    tokio::spawn(async move {
        if features.hears_changes {
            server.client.send_notification::<ChangedNotification>(changed).await;
        }
        if features.refreshes_inlay_hints {
            // A client that refuses shows what it knew.
            let _ = server.client.inlay_hint_refresh().await;
        }
    });
}

/// Whether the client shows who listens. As long as it does not, nobody looks.
#[derive(Debug, Deserialize)]
pub(super) struct WatchListenersParams {
    enabled: bool,
}

/// `port-manager/watchListeners`: client to server.
pub(super) async fn watch_listeners(server: &Server, params: WatchListenersParams) {
    server.state().watches_listeners = params.enabled;
}
