//! What the map of a project of 5,000 files costs: made from nothing, after a change, and at a keystroke; and what memory the
//! server needs that keeps it: `make bench`.
//!
//! The budget is 1 s from nothing and 20 ms after one file has changed, on two cores with a warm cache, and 40 MB for a
//! server with 20 open files.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and fails by panicking")]

// An editor from the tests. What needs a test's process is left out.
#[allow(dead_code, unreachable_pub, clippy::expect_used, reason = "as in the tests")]
#[path = "../../tests/support"]
mod support {
    pub mod editor;
    pub mod machine;
    pub mod wire;
}

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use port_manager::analysis::{Language, Packs, SyntaxCache, analyze};
use port_manager::operations::{OpenSurveys, ProjectFiles, Reading, Touched, port_map};
use port_manager::project::ProjectRoot;
use port_manager::project::map::{FilePlaces, Memory, PortMap};
use port_manager::service::ServiceTypes;
use support::editor::Editor;
use support::machine::{Machine, Project};
use support::wire::DEADLINE;

const PACKAGES: usize = 100;
const FILES: usize = 5_000;

fn main() {
    // `cargo test --all-targets` runs this too: once, and with few files, is enough to see that it works.
    let is_benchmark = std::env::args().any(|argument| argument == "--bench");
    let (files, times) = if is_benchmark { (FILES, 20) } else { (1_200, 1) };
    for (every, what) in [(5, "one file in five has a port"), (1, "every file has a port")] {
        println!("a project of {files} files, {what}");
        let machine = Machine::new();
        let project = generate(&machine, files, every);
        measure(&project, times);
        server(&machine, &project);
    }
}

/// A project of packages with a manifest each, whose files have a server, clients of others' servers, or no port.
fn generate(machine: &Machine, files: usize, every: usize) -> Project {
    let project =
        machine.project("shop", &[(".ports.env", "WEB_PORT=8000\n"), (".gitignore", ".ports.env\n")]);
    let filler: String = (0..40).fold(String::new(), |mut text, number| {
        let _ = writeln!(
            text,
            "export function step{number}(items) {{\n  const limit = {number}; // since 19{number:02}\n  return items.filter((item) => item.size > limit);\n}}\n"
        );
        text
    });
    for number in 0..files {
        let (package, index) = (number % PACKAGES, number / PACKAGES);
        let directory = format!("packages/p{package}");
        let port = 3000 + package;
        let text = match index {
            0 => {
                format!("{{\"name\": \"@shop/p{package}\", \"scripts\": {{\"dev\": \"node server.js\"}}}}\n")
            }
            1 => format!("{filler}app.listen(process.env.P{package}_PORT || {port});\n"),
            _ if index % every == 0 => format!("{filler}fetch(\"http://localhost:{port}/items\");\n"),
            _ => filler.clone(),
        };
        let name = match index {
            0 => "package.json".to_owned(),
            1 => "server.js".to_owned(),
            _ => format!("src/step{index}.js"),
        };
        project.write(&format!("{directory}/{name}"), &text);
    }
    project
}

fn measure(project: &Project, times: usize) {
    let root = ProjectRoot::exact(&project.root).unwrap();
    report("the map from nothing", times, |_| {
        drop(black_box(port_map(&root, &ServiceTypes::default()).unwrap()))
    });

    let Reading { mut map, mut files } = port_map(&root, &ServiceTypes::default()).unwrap();
    println!("  {} ports", map.ports().len());
    let nobody = OpenSurveys::new();
    let refresh = |map: &mut Arc<PortMap>, files: &mut ProjectFiles, touched: Touched| {
        let refreshed = files.refresh(&touched, &nobody, Packs::built_in());
        *map = map.updated(refreshed.files, Memory::default(), refreshed.survey);
    };
    let path =
        |number: usize| format!("packages/p{}/src/step{}.js", number % PACKAGES, 2 + number / PACKAGES);
    let client = |number: usize| format!("fetch(\"http://localhost:{}/\");\n", 3000 + number % 7);
    report_after(
        "one file has changed",
        times,
        |time| project.write(&path(7), &client(time)),
        |_| {
            let mut touched = Touched::default();
            touched.add(path(7).into());
            refresh(&mut map, &mut files, touched);
        },
    );
    let hundreds = times * 25;
    report_after(
        &format!("{hundreds} files have changed (git checkout)"),
        times.min(5),
        |time| (0..hundreds).for_each(|number| project.write(&path(number), &client(number + time))),
        |_| {
            let mut touched = Touched::default();
            (0..hundreds).for_each(|number| touched.add(path(number).into()));
            refresh(&mut map, &mut files, touched);
        },
    );
    settle();
    refresh(&mut map, &mut files, Touched::everything());
    report("a look at all, and nothing has changed", times, |_| {
        refresh(&mut map, &mut files, Touched::everything());
    });

    let open = |text: &str| {
        let path = Path::new("packages/p1/server.js");
        let language = Language::of_path(path).unwrap();
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        FilePlaces::of(path, text, language, &analysis, Packs::built_in(), &map.around(path))
    };
    let texts =
        ["app.listen(process.env.P1_PORT || 3001);\n", "\napp.listen(process.env.P1_PORT || 3001);\n"];
    let moved = texts.map(open);
    let mut typed = map.with(moved[0].clone(), Memory::default());
    report("a keystroke that moves a port", times * 10, |time| {
        typed = typed.with(moved[(time + 1) % 2].clone(), Memory::default());
    });
    let other = [open("app.listen(3001);\n"), open("app.listen(4001);\n")];
    report("a keystroke that makes it another port", times, |time| {
        typed = typed.with(other[time % 2].clone(), Memory::default());
    });
}

/// Waits until what was written last counts as settled.
fn settle() {
    std::thread::sleep(Duration::from_millis(2_100));
}

/// What memory the server needs with 20 open files.
fn server(machine: &Machine, project: &Project) {
    let mut editor = Editor::new(machine, project);
    let documents = (0..20).map(|package| {
        let path = project.path(&format!("packages/p{package}/server.js"));
        let text = fs::read_to_string(&path).unwrap();
        (editor.open(&path, &text), text.rfind("_PORT").unwrap())
    });
    let documents: Vec<_> = documents.collect();
    let (uri, offset) = &documents[7];
    let started = Instant::now();
    // The clients are in other files, so they are known once the map is there.
    while !editor.hover(uri, *offset).is_some_and(|(_, hover)| hover.contains("Connects")) {
        assert!(started.elapsed() < DEADLINE, "the map is made");
    }
    println!("  server: the map is there after {:.2} s", started.elapsed().as_secs_f64());
    match fs::read_to_string(format!("/proc/{}/status", editor.wire.pid())) {
        Ok(status) => {
            let line = |name| {
                status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
            };
            println!("  server with 20 open files: {} now, {} at most", line("VmRSS:"), line("VmHWM:"));
        }
        Err(_) => println!("  server with 20 open files: its memory is not known on this system"),
    }
}

fn report(what: &str, times: usize, work: impl FnMut(usize)) {
    report_after(what, times, |_| (), work);
}

/// Prints the median and the longest time of the work, each after a preparation that is not measured; and the processors'
/// time, which does not depend on what else the machine does.
fn report_after(what: &str, times: usize, mut prepare: impl FnMut(usize), mut work: impl FnMut(usize)) {
    let mut processors = Some(Duration::ZERO);
    let mut durations: Vec<Duration> = (0..times)
        .map(|time| {
            prepare(time);
            let (started, before) = (Instant::now(), processor_time());
            work(time);
            let used = processor_time().zip(before).map(|(after, before)| after - before);
            processors = processors.zip(used).map(|(sum, used)| sum + used);
            started.elapsed()
        })
        .collect();
    durations.sort();
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1_000.0;
    let (median, longest) = (milliseconds(durations[times / 2]), milliseconds(durations[times - 1]));
    let processors = processors
        .map_or_else(|| "not known".to_owned(), |sum| format!("{:8.2} ms", milliseconds(sum) / times as f64));
    println!("  {what:<42}  median {median:8.2} ms  longest {longest:8.2} ms  processors {processors}");
}

/// The time that all processors have worked for this process, where the system tells (proc_pid_stat(5)).
fn processor_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
}
