//! The editor's text and the server's stay the same, however fast it is typed.

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::Editor;
use crate::support::machine::Machine;
use crate::support::marks;

#[test]
fn a_thousand_quick_edits_end_in_the_right_text() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let (text, mut at) = marks::one("// 🚢 ‸\napp.listen(8080);\n");
    let uri = editor.open(&project.path("server.js"), &text);
    for number in 0..1000 {
        let word = format!("ä{number}🚢\n// ");
        editor.replace(&uri, at..at, &word);
        at += word.len();
        if number % 3 == 0 {
            // Second thoughts: what was typed last goes again.
            editor.replace(&uri, at - word.len()..at, "");
            at -= word.len();
        }
    }
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "8080 hardcoded-port Warning");
    assert_eq!(found[0].range.start, editor.position(&uri, editor.text(&uri).find("8080").unwrap()));

    let version = editor.version(&uri);
    let later = editor.wire.unread("textDocument/publishDiagnostics");
    let of_last = later.iter().filter(|params| params["version"] == version).count();
    assert_eq!(of_last, 0, "the last version is told of once");
}

#[test]
fn versions_are_told_of_in_order_and_only_as_they_were() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let (text, at) = marks::one("app.listen(8080‸);\n");
    let uri = editor.open(&project.path("server.js"), &text);
    // Odd versions have the number, even ones have none.
    for _ in 0..200 {
        editor.replace(&uri, at - 4..at, "");
        editor.replace(&uri, at - 4..at - 4, "8080");
    }
    let found = editor.diagnostics(&uri);
    assert_eq!(found.len(), 1);
    let mut before = 0;
    for params in editor.wire.unread("textDocument/publishDiagnostics") {
        let version = params["version"].as_i64().unwrap();
        assert!(version > before, "{version} after {before}");
        before = version;
        let count = params["diagnostics"].as_array().unwrap().len();
        assert_eq!(count as i64, version % 2, "version {version}");
    }
}

#[test]
fn several_changes_in_one_message_apply_one_after_the_other() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("server.js"), "");
    let at = |line, character| json!({"line": line, "character": character});
    editor.wire.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
        "textDocument": {"uri": uri, "version": 7},
        "contentChanges": [
            {"text": "one\r\ntwo"},
            {"range": {"start": at(1, 0), "end": at(1, 99)}, "text": "listen(8080)"},
            {"range": {"start": at(1, 0), "end": at(1, 0)}, "text": "app."},
            {"range": {"start": at(0, 0), "end": at(1, 0)}, "text": ""}
        ]
    }}));
    let params =
        editor.wire.wait_for_notification("textDocument/publishDiagnostics", |params| params["version"] == 7);
    let range = &params["diagnostics"][0]["range"];
    assert_eq!(*range, json!({"start": at(0, 11), "end": at(0, 15)}));
}

#[test]
fn an_edit_of_a_document_that_is_not_open_is_ignored() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("server.js"), "app.listen(8080);\n");
    editor.diagnostics(&uri);
    editor.close(&uri);
    editor.wire.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
        "textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": ""}]
    }}));
    let hover = editor.wire.request::<lsp::HoverRequest>(lsp::HoverParams {
        text_document_position_params: lsp::TextDocumentPositionParams {
            text_document: lsp::TextDocumentIdentifier { uri },
            position: lsp::Position::default(),
        },
        work_done_progress_params: Default::default(),
    });
    assert_eq!(hover, Ok(None));
}

/// Helix 25.01 sends changes in orders like these.
#[test]
fn changes_that_come_late_are_applied_where_they_belong() {
    const TYPED: &str = "\nAPI_PORT=99999";
    let machine = Machine::new();
    for order in [
        [1, 2, 6, 3, 7, 4, 5, 8, 9, 10, 11, 15, 12, 13, 14],
        [1, 2, 4, 5, 6, 7, 8, 3, 9, 10, 13, 11, 12, 14, 15],
        [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
    ] {
        let project = machine.project("shop", &[(".ports.env", "WEB_PORT=8000\n")]);
        let mut editor = Editor::new(&machine, &project);
        let uri = editor.open(&project.path(".ports.env"), "WEB_PORT=8000\n");
        let mut positions: Vec<(u32, u32)> = vec![(0, 13)];
        positions.extend((0..14).map(|character| (1, character)));
        for number in order {
            let ((line, character), typed) = (positions[number - 1], &TYPED[number - 1..number]);
            let at = json!({"line": line, "character": character});
            let params = json!({
                // The editor's first version is 1.
                "textDocument": {"uri": uri, "version": number + 1},
                "contentChanges": [{"range": {"start": at, "end": at}, "text": typed}]
            });
            editor
                .wire
                .send(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}));
        }
        // While some are missing the text is another one.
        let is_right = |params: &serde_json::Value| {
            let found = &params["diagnostics"];
            let of_api = found.as_array().unwrap().iter().find(|it| it["code"] == "invalid-ports-env");
            params["version"] == 16
                && of_api.is_some_and(|it| it["message"].as_str().unwrap().contains("value of API_PORT"))
        };
        editor.wire.wait_for_notification("textDocument/publishDiagnostics", is_right);
    }
}
