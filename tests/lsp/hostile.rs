//! What a cloned repository may hold to stop the server: files without an end, texts that end a parser.

use std::process::Command;

use serde_json::json;

use crate::support::editor::Editor;
use crate::support::machine::{Machine, Project};

const HARDCODED: &str = "8080 hardcoded-port Warning";

fn fifo(project: &Project, name: &str) {
    assert!(Command::new("mkfifo").arg(project.path(name)).status().unwrap().success());
}

/// Whether the server still says what is wrong in another project's file.
fn serves(editor: &mut Editor, other: &Project) {
    let uri = editor.open(&other.path("server.js"), "app.listen(8080);\n");
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), HARDCODED);
}

#[test]
fn files_without_an_end_keep_no_document_waiting() {
    let machine = Machine::new();
    let other = machine.project("other", &[(".ports.env", "")]);
    let shop = machine.project("shop", &[(".ports.env", "")]);
    for name in [".env", ".env.local", ".gitignore", ".ports.env.example"] {
        fifo(&shop, name);
    }
    let mut editor = Editor::new(&machine, &shop);
    for number in 0..8 {
        let uri = editor.open(&shop.path(&format!("server{number}.js")), "app.listen(8080);\n");
        let found = editor.diagnostics(&uri);
        assert_eq!(editor.describe(&uri, &found), HARDCODED);
    }
    serves(&mut editor, &other);
}

#[test]
fn what_cannot_be_read_is_shown_and_init_refuses_it() {
    let machine = Machine::new();
    let other = machine.project("other", &[(".ports.env", "")]);
    let shop = machine.project("shop", &[]);
    fifo(&shop, ".ports.env");
    let mut editor = Editor::new(&machine, &shop);
    editor.open(&shop.path("server.js"), "app.listen(8080);\n");
    let shown = editor.wire.wait_for_notification("window/showMessage", |_| true);
    assert!(shown["message"].as_str().unwrap().contains(".ports.env: a FIFO, not a regular file"), "{shown}");
    let refused = editor.execute("port-manager.init", vec![json!({ "path": shop.path("") })]).unwrap_err();
    assert!(format!("{refused:?}").contains("a FIFO, not a regular file"), "{refused:?}");
    serves(&mut editor, &other);
}

#[test]
fn a_text_that_a_grammar_cannot_take_is_skipped_with_a_reason() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &shop);
    let maps: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    editor.open(&shop.path("compose.yaml"), &format!("{maps}port: 8080\n"));
    editor.wire.wait_for_notification("window/logMessage", |logged| {
        logged["message"].as_str().is_some_and(|message| message.contains("nested more than 240 deep"))
    });
    serves(&mut editor, &shop);
}

#[test]
fn a_hostile_project_gets_every_answer() {
    let machine = Machine::new();
    let outside = machine.project("outside", &[(".ports.env", ""), ("server.js", "app.listen(8080);\n")]);
    let nested = |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    let services: String = (0..90_000)
        .map(|number| format!("  s{number}:\n    ports: [\"{}:80\"]\n", 9_000 + number % 999))
        .collect();
    let large = format!("services:\n{services}{}", "# large\n".repeat(300_000));
    let shop = machine.project(
        "shop",
        &[
            (".ports.env", ""),
            ("web/package.json", &nested("{\"a\":", "}")),
            ("api/pyproject.toml", &format!("a = {}", nested("[", "]"))),
            ("compose.yaml", &large),
        ],
    );
    fifo(&shop, "package.json");
    std::os::unix::fs::symlink(outside.path(""), shop.path("linked")).unwrap();
    std::os::unix::fs::symlink(shop.path(""), shop.path("loop")).unwrap();
    let mut editor = Editor::new(&machine, &shop);
    let uri = editor.open(&shop.path("server.js"), "app.listen(8080);\n");
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), HARDCODED);
    let at = "app.listen(".len();
    assert!(!editor.code_actions(&uri, at).is_empty());
    assert!(editor.hover(&uri, at).is_some());
    for (path, text) in
        [("compose.yaml", &*large), ("web/package.json", &nested("[", "]")), ("linked/server.js", "")]
    {
        let uri = editor.open(&shop.path(path), text);
        editor.code_actions(&uri, 0);
        editor.hover(&uri, 0);
    }
    serves(&mut editor, &outside);
    assert!(editor.quit().success());
}
