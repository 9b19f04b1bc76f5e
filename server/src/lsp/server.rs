//! What all requests share: the client, the open documents, the workspace.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, watch};
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;

use super::analyses::Analyses;
use super::client_features::ClientFeatures;
use super::client_process::ClientProcess;
use super::documents::Documents;
use super::knowledge::Knowledge;
use super::news::Changed;
use super::port_maps::PortMaps;
use super::port_offers::PortOffers;
use super::publish::Publication;
use super::pulls::Pulls;
use super::settings::Settings;
use crate::error::Result;
use crate::operations::Context;
use crate::port::Port;
use crate::text::printable;

/// The server. Cloning it clones a handle.
#[derive(Debug, Clone)]
pub(super) struct Server(Arc<Shared>);

/// What all requests share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) client: Client,
    /// What is known outside the documents: the registry and the projects.
    pub(super) knowledge: Knowledge,
    pub(super) port_maps: PortMaps,
    /// What was found when fixes for whole ports were offered.
    pub(super) port_offers: PortOffers,
    /// Keeps the many analyses that a refresh asks for from taking every core at once.
    pub(super) analyses: Analyses,
    /// What clients that ask for diagnostics are to hear of.
    pub(super) pulls: Pulls,
    pub(super) publications: mpsc::UnboundedSender<Publication>,
    /// Told the client's process, once it is known.
    pub(super) client_process: watch::Sender<Option<ClientProcess>>,
    state: Mutex<State>,
}

/// What changes. Held only for moments, never across an await.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) features: ClientFeatures,
    pub(super) documents: Documents,
    pub(super) folders: Vec<PathBuf>,
    /// Whether the client asks for diagnostics, so that none are pushed.
    pub(super) pulls: bool,
    /// What the user has set in the editor.
    pub(super) settings: Settings,
    /// Whether the client watches the files of its folders for us.
    pub(super) is_watching: bool,
    /// Whether the files that decide over open documents have changed a moment ago, and are not quiet yet.
    pub(super) is_settling: bool,
    /// What a client is going to be told has changed.
    pub(super) news: Option<Changed>,
    /// Whether the client shows who listens, and wants to be told when that changes.
    pub(super) watches_listeners: bool,
    /// The ports on which something listened at the last look, while the client shows who listens.
    pub(super) listening: Option<HashSet<Port>>,
    /// After `shutdown` nothing is analysed or published any more.
    pub(super) is_shut_down: bool,
}

impl State {
    /// The path of an open document, if it has one.
    pub(super) fn path_of(&self, uri: &lsp::Uri) -> Option<PathBuf> {
        self.documents.get(uri)?.path.clone()
    }

    /// The URI under which the file at the path is open.
    pub(super) fn uri_of(&self, path: &Path) -> Option<lsp::Uri> {
        let mut open = self.documents.iter();
        open.find(|(_, document)| document.path.as_deref() == Some(path)).map(|(uri, _)| uri.clone())
    }

    /// Whether the file at the path is open.
    pub(super) fn is_open(&self, path: &Path) -> bool {
        self.documents.paths().any(|open| open == path)
    }

    /// Whether the client shows who listens, all the time or in an open document.
    pub(super) fn shows_listeners(&self) -> bool {
        let refreshes = self.features.refreshes_inlay_hints || self.features.refreshes_code_lenses;
        self.watches_listeners
            || (refreshes && self.documents.iter().any(|(_, document)| document.shows_listeners))
    }

    /// The workspace folder that a path lies in, the innermost where they are nested.
    pub(super) fn folder_of(&self, path: &Path) -> Option<&Path> {
        self.folders
            .iter()
            .map(PathBuf::as_path)
            .filter(|folder| path.starts_with(folder))
            .max_by_key(|folder| folder.as_os_str().len())
    }
}

impl std::ops::Deref for Server {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Server {
    /// A server that knows nothing of its client yet.
    pub(super) fn new(
        client: Client,
        knowledge: Knowledge,
        publications: mpsc::UnboundedSender<Publication>,
    ) -> Self {
        Self(Arc::new(Shared {
            client,
            knowledge,
            port_maps: PortMaps::default(),
            port_offers: PortOffers::default(),
            analyses: Analyses::new(),
            pulls: Pulls::default(),
            publications,
            client_process: watch::Sender::new(None),
            state: Mutex::default(),
        }))
    }

    /// The state. A panic elsewhere left it as whole as it is between any two statements.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What operations work with.
    ///
    /// # Errors
    /// When the registry has no place.
    pub(super) fn context(&self) -> Result<Context> {
        match self.knowledge.store() {
            Ok(store) => Ok(Context::on_this_machine(store.clone())),
            // Once more, for the error itself.
            Err(_) => Context::from_environment(),
        }
    }

    /// Sends the client a document's diagnostics. The caller holds the state's lock until then, so
    /// that the client hears it in the order in which it became true.
    pub(super) fn publish(&self, publication: Publication) {
        // The receiver lives as long as the process.
        drop(self.publications.send(publication));
    }

    /// Shows people a message, some time soon: nobody waits for the client.
    pub(super) fn show_message(&self, kind: lsp::MessageType, message: String) {
        let client = self.client.clone();
        tokio::spawn(async move { client.show_message(kind, printable(&message)).await });
    }

    /// Writes a message into the client's log, some time soon.
    pub(super) fn log_message(&self, kind: lsp::MessageType, message: String) {
        let client = self.client.clone();
        tokio::spawn(async move { client.log_message(kind, printable(&message)).await });
    }
}
