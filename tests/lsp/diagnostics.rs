//! What the editor is told of a document.

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::machine::Machine;

/// A hardcoded port, as far as clients see it: the number, the rule, the severity.
const HARDCODED: &str = "8080 hardcoded-port Warning";

#[test]
fn a_hardcoded_port_is_marked_where_it_stands() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("server.js"), "const ship = '🚢'; app.listen(8080);\n");
    let diagnostics = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &diagnostics), HARDCODED);
    assert_eq!(diagnostics[0].source.as_deref(), Some("port-manager"));
}

#[test]
fn positions_are_counted_as_negotiated() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let before = "const ship = '🚢'; app.listen(";
    for (encodings, kind, character) in [
        (json!(["utf-16"]), lsp::PositionEncodingKind::UTF16, before.encode_utf16().count()),
        (json!(["utf-8", "utf-16"]), lsp::PositionEncodingKind::UTF8, before.len()),
        (json!(null), lsp::PositionEncodingKind::UTF16, before.encode_utf16().count()),
    ] {
        let mut capabilities = modern();
        capabilities["general"]["positionEncodings"] = encodings;
        let mut editor = Editor::with(&machine, &project, capabilities);
        assert_eq!(editor.capabilities.position_encoding, Some(kind));
        let uri = editor.open(&project.path("server.js"), &format!("{before}8080);\n"));
        let start = editor.diagnostics(&uri)[0].range.start;
        assert_eq!((start.line, start.character as usize), (0, character));
    }
}

#[test]
fn closing_takes_back_what_was_said() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("server.js"), "app.listen(8080);\n");
    assert_eq!(editor.diagnostics(&uri).len(), 1);
    editor.close(&uri);
    let last = editor.wire.wait_for_notification("textDocument/publishDiagnostics", |params| {
        params["uri"] == uri.as_str() && params.get("version").is_none()
    });
    assert_eq!(last["diagnostics"], json!([]));
}

#[test]
fn a_file_may_have_brackets_and_spaces_in_its_path() {
    let machine = Machine::new();
    let project = machine.project("my shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let path = project.path("app/[id]/a page (1).js");
    let plain = editor.open(&path, "app.listen(8080);\n");
    let found = editor.diagnostics(&plain);
    assert_eq!(editor.describe(&plain, &found), HARDCODED);

    // As VS Code writes it.
    let escaped =
        plain.as_str().replace('[', "%5B").replace(']', "%5D").replace('(', "%28").replace(')', "%29");
    let escaped = lsp::Uri::parse(&escaped).unwrap();
    assert_ne!(escaped, plain);
    editor.open_uri(escaped.clone(), "app.listen(8080);\n");
    let found = editor.diagnostics(&escaped);
    assert_eq!(editor.describe(&escaped, &found), HARDCODED);
}

#[test]
fn a_document_that_is_no_file_is_let_alone() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let untitled = lsp::Uri::parse("untitled:Untitled-1").unwrap();
    editor.open_uri(untitled.clone(), "app.listen(8080);\n");
    assert_eq!(editor.hover(&untitled, "app.listen(80".len()), None);
    assert_eq!(editor.code_actions(&untitled, 0), []);
    // A file that the server does answer for comes after it, so everything before has been seen.
    let file = editor.open(&project.path("server.js"), "app.listen(8080);\n");
    editor.diagnostics(&file);
    let said = editor.wire.unread("textDocument/publishDiagnostics");
    assert!(said.iter().all(|params| params["uri"] != untitled.as_str()), "{said:?}");
}

#[test]
fn a_damaged_registry_is_told_once_and_does_not_stop_the_rest() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    std::fs::create_dir_all(machine.config_directory()).unwrap();
    std::fs::write(machine.registry_path(), "{").unwrap();
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("server.js"), "app.listen(8080);\n");
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), HARDCODED);
    let message = editor.wire.wait_for_notification("window/showMessage", |_| true);
    assert_eq!(message["type"], 1, "an error");
    assert!(message["message"].as_str().unwrap().contains("registry.json:1:"), "{message}");

    let end = editor.text(&uri).len();
    editor.replace(&uri, end..end, "\n");
    editor.diagnostics(&uri);
    assert_eq!(editor.wire.unread("window/showMessage"), Vec::<&serde_json::Value>::new());
}

#[test]
fn a_minified_file_is_passed_over_and_that_is_said() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("bundle.js"), &"app.listen(8080);".repeat(5000));
    let said = format!("port-manager: {uri}: skipped, minified");
    editor.wire.wait_for_notification("window/logMessage", |logged| logged["message"] == said);
    // Made readable, it is read.
    let text = editor.text(&uri).to_owned();
    editor.replace(&uri, "app.listen(8080);".len()..text.len(), "\n");
    assert_eq!(editor.diagnostics(&uri).len(), 1);
}

#[test]
fn a_script_without_an_ending_tells_its_language_itself() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("serve"), "#!/usr/bin/env node\napp.listen(8080);\n");
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), HARDCODED);
}
