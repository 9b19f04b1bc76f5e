//! This machine's ports, with real sockets and real processes: whether one can be had, and who may be
//! stopped for it. What `docs/reliability.md` promises of both.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "child processes announce themselves")]

mod availability;
mod bystanders;
#[cfg(unix)]
mod editors;
#[path = "../cli/home.rs"]
#[allow(dead_code, reason = "the tests of the command line use more of it")]
mod home;
#[cfg(unix)]
mod identity;
mod own_server;
#[cfg(unix)]
mod principals;
#[path = "../cli/process.rs"]
#[allow(dead_code, reason = "the tests of the command line use more of it")]
mod process;
#[cfg(unix)]
mod restarters;
#[cfg(unix)]
mod supervisors;
#[cfg(unix)]
mod suspended;
#[cfg(target_os = "linux")]
mod terminal;
#[cfg(target_os = "linux")]
mod threads;

/// Says why a test could not show what it is for on this machine.
fn not_possible(what: &str, reason: impl std::fmt::Display) {
    println!("NOT POSSIBLE HERE: {what}: {reason}");
}
