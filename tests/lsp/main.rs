//! The language server, end to end: the built binary over real stdio.

#[path = "../support/mod.rs"]
mod support;

mod code_actions;
mod commands;
mod diagnostics;
mod hover;
mod lifecycle;
mod refresh;
mod sync;
