//! `port-manager mcp`

use clap::Args;

use super::exit::Exit;
use crate::error::Result;

/// Serve a coding agent: the Model Context Protocol over standard input and output.
///
/// The agent gets tools that list and allocate ports, free one after it has said whose process it stops, check files,
/// and explain findings. Agents start this themselves, from their configuration.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  claude mcp add port-manager -- port-manager mcp
  { \"mcpServers\": { \"port-manager\": { \"command\": \"port-manager\", \"args\": [\"mcp\"] } } }")]
pub(super) struct Arguments {}

pub(super) fn run(_: Arguments, serve: fn() -> Result<()>) -> Result<Exit> {
    serve()?;
    Ok(Exit::Fine)
}
