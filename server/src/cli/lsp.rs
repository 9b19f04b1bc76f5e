//! `port-manager lsp`

use clap::Args;

use super::exit::Exit;
use crate::error::Result;

/// Serve an editor: the Language Server Protocol over standard input and output.
///
/// Editors start this; `editors/` has their plugins.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vim.lsp.start { cmd = { 'port-manager', 'lsp' } }                               Neovim
  language-server.port-manager = { command = \"port-manager\", args = [\"lsp\"] }     Helix

Exit code 0 says that the editor ended the session as the protocol wants it, 1 that it did not.")]
pub(super) struct Arguments {
    /// What most editors add, and what is done anyway.
    #[arg(long, hide = true)]
    stdio: bool,
    /// The editor's process. It is in `initialize`, too.
    #[arg(long = "clientProcessId", hide = true)]
    client_process_id: Option<u32>,
}

pub(super) fn run(arguments: Arguments, serve: fn() -> Result<bool>) -> Result<Exit> {
    let Arguments { stdio: _, client_process_id: _ } = arguments;
    Ok(Exit::fine_if(serve()?))
}
