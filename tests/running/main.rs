//! Small applications that really run. Each is started as its README says, before and after `init` and `check --fix`:
//! in two git worktrees at once, where each has to reach its own services, and without port-manager, where it has to do
//! what it always did.
//!
//! An application is a directory of `apps/` and one [`App`] that says what it needs, how it is started and what it answers.
//! The slow ones are run by `make prove-running`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "what could not be run here")]
#![allow(unreachable_pub, reason = "the modules of a test are seen by nobody else")]

#[path = "../support/mod.rs"]
mod support;

mod app;
mod browser;
mod http;
mod numbers;
mod others;
mod packages;
mod processes;
mod tools;
mod worktrees;

mod bundled;
mod bundlers;
mod node;
mod python;
mod shop;
