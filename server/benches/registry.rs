//! What one change of the registry costs with 1,000 projects of four ports each, and what it costs to set
//! up a project of 250 and of 1,000 variables: `make bench`.
//!
//! The budget is 10 ms besides the disk's fsync, so it is measured on a disk, and, where the machine
//! has one, in memory, where fsync costs nothing.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and fails by panicking")]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use port_manager::operations::{Context, init};
use port_manager::port::Port;
use port_manager::project::ProjectRoot;
use port_manager::registry::Store;
use port_manager::service::Service;
use tempfile::TempDir;

const PROJECTS: u16 = 1_000;
const PORTS: u16 = 4;
/// Where the numbers begin.
const FIRST: u16 = 10_000;

fn main() {
    // `cargo test --all-targets` runs this too: once is enough to see that it works.
    let times = if std::env::args().any(|argument| argument == "--bench") { 200 } else { 1 };
    measure("on disk", Path::new(env!("CARGO_TARGET_TMPDIR")), times);
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        measure("in memory, without fsync", memory, times);
    }
    println!("init of a project; four times the variables should take about four times as long");
    for variables in [250, 1_000] {
        set_up(variables, times.div_ceil(20));
    }
}

/// Sets up a project with so many variables, each with a number of its own in `.ports.env.example`.
fn set_up(variables: u16, times: usize) {
    let mut prepared: Vec<(TempDir, Context)> = Vec::new();
    for _ in 0..times {
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let lines = (0..variables).map(|number| format!("PORT_{number}={}\n", FIRST + number));
        fs::create_dir(directory.path().join("shop")).unwrap();
        fs::write(directory.path().join("shop/.ports.env.example"), lines.collect::<String>()).unwrap();
        let context = Context::new(Store::at(&directory.path().join("config")), |_| true);
        prepared.push((directory, context));
    }
    let mut next = prepared.iter();
    report(&format!("{variables}"), times, || {
        let (directory, context) = next.next().unwrap();
        let root = ProjectRoot::exact(&directory.path().join("shop")).unwrap();
        assert_eq!(init(context, &root).unwrap().ports.len(), usize::from(variables));
    });
}

fn measure(place: &str, parent: &Path, times: usize) {
    let directory = tempfile::tempdir_in(parent).unwrap();
    let store = Store::at(directory.path());
    store
        .change(|registry| {
            for project in 0..PROJECTS {
                let key = format!("/home/dev/code/project-{project}");
                for number in 0..PORTS {
                    let variable = format!("SERVICE_{number}_PORT").parse().unwrap();
                    let port = Port::new(FIRST + project * PORTS + number).unwrap();
                    registry.assign(&key, "project", &variable, port, Service::Web)?;
                }
            }
            Ok(())
        })
        .unwrap();
    let size = fs::metadata(store.path()).unwrap().len() / 1024;
    println!("{place}: {PROJECTS} projects, {} ports, {size} KiB", PROJECTS * PORTS);
    report("load", times, || drop(black_box(store.load().unwrap())));
    let variable = "COUNTER_PORT".parse().unwrap();
    let mut port = FIRST - 1;
    report("one change", times, || {
        port = if port == FIRST - 1 { FIRST - 2 } else { FIRST - 1 };
        let port = Port::new(port).unwrap();
        store
            .change(|registry| registry.assign("/home/dev/code/project-7", "", &variable, port, Service::Web))
            .unwrap();
    });
}

/// Prints the median and the 99th percentile.
fn report(what: &str, times: usize, mut work: impl FnMut()) {
    let mut durations: Vec<Duration> = (0..times)
        .map(|_| {
            let started = Instant::now();
            work();
            started.elapsed()
        })
        .collect();
    durations.sort();
    let milliseconds = |index: usize| durations[index].as_secs_f64() * 1_000.0;
    println!(
        "  {what:<10}  p50 {:6.2} ms  p99 {:6.2} ms",
        milliseconds(times / 2),
        milliseconds(times * 99 / 100)
    );
}
