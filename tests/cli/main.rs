//! The command line, end to end: the real binary in a temporary home, with real sockets and real
//! processes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "child processes announce themselves")]

mod check;
mod doctor;
mod documentation;
mod free;
mod help;
mod home;
mod init;
#[allow(dead_code, reason = "the tests of this machine's ports use more of it")]
mod process;
mod registry;
mod run;
mod status;
