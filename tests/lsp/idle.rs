//! What the server does while nobody types: as good as nothing. Its calls of the system are read with strace.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, initialize_params, modern};
use crate::support::machine::Machine;
use crate::support::wire::Wire;

/// How long the server may take to look twice whether its client still runs: it does so every three seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until the server has looked once more whether this process runs; the calls of the system until then.
fn calls_until_next_look(log: &Path, known: &str) -> String {
    let started = Instant::now();
    let client = format!("\"/proc/{}/status\"", std::process::id());
    loop {
        let calls = fs::read_to_string(log).unwrap_or_default();
        if calls.matches(&client).count() > known.matches(&client).count() {
            return calls;
        }
        assert!(started.elapsed() < PATIENCE, "the server does not look at its client: {calls}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_the_client_watches_is_not_touched() {
    let mut attempt = Command::new("strace");
    attempt.args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null());
    if !attempt.status().is_ok_and(|status| status.success()) {
        println!("NOT POSSIBLE HERE: strace is missing, or may trace nothing");
        return;
    }
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "WEB_PORT=8000\n")]);
    let log = machine.root().join("calls");
    let server = machine.command();
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-e", "trace=file", "-o"]).arg(&log).arg(server.get_program()).arg("lsp");
    traced.envs(server.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut wire = Wire::start(traced);
    wire.watches_files = true;
    let mut editor = Editor::initialized(wire, initialize_params(&project, modern()));
    let uris: Vec<lsp::Uri> = (0..20)
        .map(|number| {
            let path = format!("packages/p{number}/server.js");
            project.write(&path, "app.listen(8080);\n");
            editor.open(&project.path(&path), "app.listen(8080);\n")
        })
        .collect();
    for uri in &uris {
        editor.diagnostics(uri);
    }
    // The answer to the server's own request is read with the next message.
    editor.hover(&uris[0], "app.listen(".len()).unwrap();
    let before = calls_until_next_look(&log, "");
    let before = calls_until_next_look(&log, &before);
    let after = calls_until_next_look(&log, &before);
    let root = machine.root();
    let touched: Vec<&str> =
        after[before.len()..].lines().filter(|line| line.contains(root.to_str().unwrap())).collect();
    assert!(touched.is_empty(), "{touched:#?}");
}
