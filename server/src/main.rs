//! Arguments in, exit code out; nothing else. The command line and the servers meet only here.

use std::process::ExitCode;

use port_manager::cli::{self, Servers};
use port_manager::lsp::{self, Ending};
use port_manager::mcp;

fn main() -> ExitCode {
    cli::main(Servers { lsp: || Ok(lsp::run()? == Ending::Orderly), mcp: mcp::run })
}
