//! The language server: one file a request. Nothing outside of here knows a type of the protocol.
//!
//! Handlers change state synchronously before their first await, so edits keep their order. No
//! handler awaits a request to the client. Slow work runs off the protocol's task; its results carry
//! the version that they are for, and stale ones are dropped. A panic in analysis loses one result,
//! not the server. Standard output is the protocol, and nothing else prints to it.

mod adopt;
mod analyse;
mod analyses;
mod apply_edit;
mod cancellation;
mod changed;
mod client_features;
mod client_process;
mod closed_files;
mod code_action;
mod code_action_resolve;
mod code_lens;
mod commands;
mod completion;
mod configuration;
mod definition;
mod diagnostics;
mod document_highlight;
mod document_link;
mod document_request;
mod document_symbol;
mod documents;
mod execute_command;
mod facts;
mod file_operations;
mod fix_all;
mod fix_port;
mod frame;
mod free_port;
mod hover;
mod initialize;
mod inlay_hint;
mod knowledge;
mod news;
mod notebook_sync;
mod open_port;
mod open_texts;
mod place_of;
mod port_maps;
mod port_offers;
mod project_places;
mod publish;
mod pull;
mod pull_again;
mod pulls;
mod recent_changes;
mod references;
mod refresh;
mod rename;
mod routes;
mod server;
mod settings;
mod settling;
mod shown;
mod spelling;
mod surrogates;
mod text;
mod text_sync;
mod transport;
mod uri;
mod warnings;
mod watched_files;
mod workspace_diagnostic;
mod workspace_edit;
mod workspace_folders;
mod workspace_symbol;

use tokio::sync::mpsc;

use self::knowledge::Knowledge;
use self::server::Server;
use crate::error::{Error, Result};

/// Threads for work that blocks, such as waiting for a process to end.
const BLOCKING_THREADS: usize = 16;

/// How a session ended (LSP 3.17, "Exit Notification").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The client had asked for a shutdown before.
    Orderly,
    /// It said `exit` without, closed its end, or is gone.
    Abrupt,
}

/// Serves one client over standard input and output, until it leaves.
///
/// # Errors
/// When the system gives us no threads.
pub fn run() -> Result<Ending> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_time()
        .build()
        .map_err(|source| Error::Start { source })?;
    let ending = runtime.block_on(async {
        let (publications, published) = mpsc::unbounded_channel();
        let (service, socket, server) = routes::service(Knowledge::from_environment(), publications);
        tokio::select! {
            () = transport::serve(service, socket, published) => {}
            () = client_gone(&server) => {}
        }
        if server.state().is_shut_down { Ending::Orderly } else { Ending::Abrupt }
    });
    // What is still under way has nobody left to report to.
    runtime.shutdown_background();
    Ok(ending)
}

/// Returns when the client's process, named at `initialize`, has ended.
async fn client_gone(server: &Server) {
    let mut named = server.client_process.subscribe();
    loop {
        let process = *named.borrow_and_update();
        match process {
            Some(process) => return process.ended().await,
            // The sender lives as long as the server.
            None => drop(named.changed().await),
        }
    }
}
