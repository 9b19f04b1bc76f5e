//! What a client that shows ports all the time is told has changed: `port-manager/changed`.

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;

/// What has changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Changed {
    /// The registry, or a `.ports.env`.
    pub(super) assignments: bool,
    /// Who listens.
    pub(super) listeners: bool,
}

/// `port-manager/changed`: server to client.
pub(super) enum ChangedNotification {}

impl lsp::Notification for ChangedNotification {
    type Params = Changed;
    const METHOD: lsp::LspNotificationMethod<'static> =
        lsp::LspNotificationMethod::Custom("port-manager/changed");
    const MESSAGE_DIRECTION: lsp::MessageDirection = lsp::MessageDirection::ServerToClient;
}
