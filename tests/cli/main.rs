//! The command line, end to end: the real binary in a temporary home, with real sockets and real
//! processes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "child processes announce themselves")]

#[cfg(unix)]
mod adopt;
mod check;
mod check_baseline;
mod check_changes;
mod check_formats;
mod check_selection;
mod check_stdin;
#[cfg(target_os = "linux")]
mod check_watch;
#[path = "../../server/build/commit.rs"]
mod commit;
#[cfg(target_os = "linux")]
mod completions;
#[cfg(unix)]
mod compose_project;
mod config;
mod deinit;
mod doctor;
mod documentation;
mod env;
mod free;
mod grades;
mod help;
mod home;
#[cfg(target_os = "linux")]
mod hook;
#[cfg(target_os = "linux")]
mod hostile_text;
mod init;
#[cfg(unix)]
mod integrate;
#[cfg(target_os = "linux")]
mod man;
#[cfg(unix)]
mod map_findings;
#[cfg(unix)]
mod old_script;
mod one_port;
mod own_rows;
mod paste;
mod ports;
#[allow(dead_code, reason = "the tests of this machine's ports use more of it")]
mod process;
#[cfg(target_os = "linux")]
mod pty;
#[cfg(unix)]
mod readme;
mod registry;
mod release;
mod rename;
mod run;
mod run_tables;
mod set;
mod small_projects;
mod status;
mod unset;
mod unwired;
#[cfg(target_os = "linux")]
mod unwritable;
mod version;

/// Whether a program that a test needs is installed. Where REQUIRE_PROGRAMS is set, as in `.ci/run`, one that is missing is a
/// failure.
#[cfg(target_os = "linux")]
fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_installed = std::env::split_paths(&path).any(|directory| directory.join(program).exists());
    if !is_installed {
        assert!(std::env::var_os("REQUIRE_PROGRAMS").is_none(), "{program} is not installed");
        not_possible(program, "it is not installed");
    }
    is_installed
}

/// Says why a test could not show what it is for on this machine.
#[cfg(target_os = "linux")]
fn not_possible(what: &str, reason: impl std::fmt::Display) {
    println!("NOT POSSIBLE HERE: {what}: {reason}");
}
