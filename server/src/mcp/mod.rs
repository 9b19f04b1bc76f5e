//! `port-manager mcp`: the Model Context Protocol over standard input and output, for coding agents.
//!
//! An agent that starts servers needs what a person needs: the project's ports, who holds them, and a way to free
//! one without stopping the wrong process. Each tool is an operation of [`operations`](crate::operations) and answers
//! with the same JSON as the command line (`docs/json.md`). Only this module knows the protocol's types.

mod arguments;
mod server;

use rmcp::ServiceExt;
use rmcp::transport::stdio;
use server::Server;

use crate::error::{Error, Result};

/// Serves one client over standard input and output, until it closes its end.
///
/// # Errors
/// [`Error::Start`] when the system gives us no threads; [`Error::Protocol`] when the client does not start a session
/// as the protocol wants it.
pub fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .map_err(|source| Error::Start { source })?;
    let protocol = |reason: String| Error::Protocol { reason };
    let ended = runtime.block_on(async {
        let session = Server::new().serve(stdio()).await.map_err(|error| protocol(error.to_string()))?;
        session.waiting().await.map_err(|error| protocol(error.to_string()))?;
        Ok(())
    });
    // A read of standard input cannot be cancelled, and an operation under way has nobody left to answer.
    runtime.shutdown_background();
    ended
}
