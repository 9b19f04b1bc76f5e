//! What `docs/reliability.md` promises of the registry, under fire: real processes, real signals.
//!
//! Each test has a quick form, which `make test` runs, and a long one, which `make soak` runs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "child processes announce themselves")]

#[cfg(unix)]
mod bad_input;
mod child;
mod concurrency;
mod crash;
mod fuzz;
#[path = "../cli/home.rs"]
#[allow(dead_code, reason = "the tests of the command line use more of it")]
mod home;
#[cfg(unix)]
mod own_files;
mod places;
#[cfg(unix)]
mod special_files;

/// How often something is done: the first in `make test`, the second in `make soak`.
fn times(quick: usize, soak: usize) -> usize {
    if std::env::var_os("PORT_MANAGER_SOAK").is_some() { soak } else { quick }
}

/// The names in a directory, in order.
fn names(directory: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
