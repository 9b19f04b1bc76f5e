//! The language server, end to end: the built binary over real stdio.

// A test fails by panicking. (Clippy knows that of test functions only, not of what they call.)
#![allow(clippy::expect_used, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod bare;
mod by_port;
mod cancelled;
mod code_actions;
mod commands;
mod completion;
mod diagnostics;
mod file_operations;
#[cfg(unix)]
mod hostile;
mod hover;
#[cfg(target_os = "linux")]
mod idle;
mod lenses;
mod lifecycle;
mod looked_at;
mod navigation;
mod notebooks;
mod odd_messages;
mod own_rows;
mod plain_client;
mod pulled;
mod refactorings;
mod refresh;
mod related;
mod rename;
mod settings;
mod showing;
mod sync;
mod typos;
