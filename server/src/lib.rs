//! Stable ports for every project on a developer's machine.
//!
//! One binary is both the command-line tool and the language server, because both stand on
//! the same registry. A module stands above all that it imports, which `module_order` tests:
//!
//! `version, text, pattern, paste, error, clock, port, variable, service, files, program, config, schema, grammar, ports_env` < `registry, ports` < `analysis` <
//! `project` < `rewrite` < `rules` < `completion, fixes` < `operations` < `cli, lsp, mcp`.
//!
//! `docs/architecture.md` walks through one keystroke, module by module.

pub mod analysis;
pub mod cli;
pub mod clock;
pub mod completion;
pub mod config;
pub mod error;
mod files;
pub mod fixes;
mod grammar;
pub mod lsp;
pub mod mcp;
#[cfg(test)]
mod module_order;
pub mod operations;
pub mod paste;
pub mod pattern;
pub mod port;
pub mod ports;
pub mod ports_env;
mod program;
pub mod project;
pub mod registry;
pub mod rewrite;
pub mod rules;
#[cfg(test)]
mod schema;
pub mod service;
pub mod text;
pub mod variable;
pub mod version;
