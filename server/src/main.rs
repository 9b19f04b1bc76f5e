//! Arguments in, exit code out; nothing else. The command line and the language server meet only here.

use std::process::ExitCode;

use port_manager::lsp::Ending;
use port_manager::{cli, lsp};

fn main() -> ExitCode {
    cli::main(|| Ok(lsp::run()? == Ending::Orderly))
}
