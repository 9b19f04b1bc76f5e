//! What a client may send that nobody expects: wrong lengths, places that do not exist, large and many documents, URIs of all
//! kinds. The server answers, keeps the text, and goes on.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::Editor;
use crate::support::machine::{Machine, Project};

const TEXT: &str = "app.listen(8080);\n";
const HARDCODED: &str = "8080 hardcoded-port Warning";

fn shop() -> (Machine, Project, Editor) {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let editor = Editor::new(&machine, &project);
    (machine, project, editor)
}

/// Whether a document that is opened now is judged as ever.
fn serves(editor: &mut Editor, project: &Project) {
    let uri = editor.open(&project.path("next.js"), TEXT);
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), HARDCODED);
    editor.close(&uri);
}

/// The diagnostics that are published for a URI, spelled like that.
fn published(editor: &mut Editor, uri: &str) -> Value {
    editor.wire.wait_for_notification("textDocument/publishDiagnostics", |it| it["uri"] == uri)
}

fn open(editor: &mut Editor, uri: &str, text: &str) {
    editor.wire.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {
        "textDocument": {"uri": uri, "languageId": "javascript", "version": 1, "text": text}
    }}));
}

#[test]
fn a_wrong_length_does_not_end_the_session() {
    let (_machine, project, mut editor) = shop();
    let hover = r#"{"jsonrpc":"2.0","id":"h","method":"textDocument/hover","params":{}}"#;
    for length in [0, 1, hover.len() - 3, hover.len() + 7] {
        editor.wire.send_bytes(format!("Content-Length: {length}\r\n\r\n{hover}").as_bytes());
        // Two messages may be lost.
        for _ in 0..2 {
            editor.wire.send(&json!({"jsonrpc": "2.0", "method": "$/lost"}));
        }
        serves(&mut editor, &project);
    }
}

#[test]
fn places_outside_of_the_text_have_answers() {
    let (_machine, project, mut editor) = shop();
    let uri = editor.open(&project.path("server.js"), TEXT);
    editor.diagnostics(&uri);
    let far = json!({"line": 4_000_000_000_u32, "character": 4_000_000_000_u32});
    let near = json!({"line": 0, "character": 0});
    let document = json!({"uri": uri});
    for (start, end) in [(&near, &far), (&far, &far), (&far, &near)] {
        let range = json!({"start": start, "end": end});
        for (method, params) in [
            ("textDocument/hover", json!({"textDocument": document, "position": start})),
            (
                "textDocument/codeAction",
                json!({"textDocument": document, "range": range, "context": {"diagnostics": []}}),
            ),
            ("textDocument/inlayHint", json!({"textDocument": document, "range": range})),
        ] {
            let id = editor.wire.send_request(method, params);
            let answer = editor.wire.wait("an answer", |it| it["id"] == id && it.get("method").is_none());
            assert!(answer.get("result").is_some(), "{method} {range}: {answer}");
        }
    }
    // An edit there is one at the end.
    editor.wire.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
        "textDocument": {"uri": uri, "version": 9},
        "contentChanges": [{"range": {"start": far, "end": far}, "text": "api.listen(5000);\n"}]
    }}));
    let found = editor.wire.wait_for_notification("textDocument/publishDiagnostics", |it| it["version"] == 9);
    let starts: Vec<&Value> =
        found["diagnostics"].as_array().unwrap().iter().map(|it| &it["range"]["start"]).collect();
    assert_eq!(starts, [&json!({"line": 0, "character": 11}), &json!({"line": 1, "character": 11})]);
}

#[test]
fn a_document_of_20_megabytes_is_edited_and_not_analysed() {
    let (_machine, project, mut editor) = shop();
    let uri = editor.open(&project.path("server.js"), &"// 🚢 padding\n".repeat(1_300_000));
    let is_about = |it: &Value| it["message"].as_str().is_some_and(|text| text.contains("server.js"));
    editor.wire.wait_for_notification("window/logMessage", is_about);
    let end = editor.text(&uri).len();
    editor.replace(&uri, 0..end - 14, TEXT);
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), HARDCODED);
    assert!(editor.text(&uri).ends_with("padding\n"));
}

#[test]
fn five_thousand_documents_are_open_at_once() {
    let (_machine, project, mut editor) = shop();
    for number in 0..5_000 {
        editor.open(&project.path(&format!("notes/{number}.txt")), "nothing that is understood\n");
    }
    let uri = editor.open(&project.path("server.js"), TEXT);
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), HARDCODED);
    assert!(editor.quit().success());
}

/// The memory that the server occupies, in KiB.
#[cfg(target_os = "linux")]
fn memory(editor: &Editor) -> i64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", editor.wire.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Where the numbers of the document stand, by the server.
#[cfg(target_os = "linux")]
fn numbers(editor: &mut Editor, uri: &lsp::Uri) -> Vec<lsp::Range> {
    let found = editor.diagnostics(uri);
    found.iter().map(|it| it.range).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn twenty_thousand_edits_leave_the_text_right_and_the_memory_flat() {
    let (_machine, project, mut editor) = shop();
    let line = "app.listen(8080); // 🚢 ä\n";
    let uri = editor.open(&project.path("server.js"), &line.repeat(20));
    let mut early = 0;
    let mut random = 1_u32;
    for number in 0..20_000 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let lines = editor.text(&uri).matches('\n').count();
        let starts: Vec<usize> =
            [0].into_iter().chain(editor.text(&uri).match_indices('\n').map(|(at, _)| at + 1)).collect();
        let at = starts[random as usize % lines];
        // Adds lines and takes them away again, so that the text stays as long as it is.
        if number % 2 == 0 {
            editor.replace(&uri, at..at, line);
        } else {
            let end = at + line.len();
            editor.replace(&uri, at..end, "");
        }
        if number == 4_000 {
            numbers(&mut editor, &uri);
            early = memory(&editor);
        }
    }
    let edited = numbers(&mut editor, &uri);
    let growth = memory(&editor) - early;
    assert!(growth < 20_000, "16,000 edits take {growth} KiB");
    let text = editor.text(&uri).to_owned();
    let fresh = editor.open(&project.path("fresh.js"), &text);
    assert_eq!(edited, numbers(&mut editor, &fresh));
    assert_eq!(edited.len(), 20);
}

#[test]
fn half_a_character_is_one_unit_of_the_text() {
    let (_machine, project, mut editor) = shop();
    let uri = editor.open(&project.path("server.js"), "// \napp.listen(8080);\n");
    editor.diagnostics(&uri);
    let change = |version: i32, text: &str, at: u32| {
        format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didChange","params":{{"textDocument":{{"uri":"{uri}","version":{version}}},"contentChanges":[{{"range":{{"start":{{"line":0,"character":{at}}},"end":{{"line":0,"character":{at}}}}},"text":"{text}"}}]}}}}"#
        )
    };
    let (first, second) = (change(2, r"\ud83d", 3), change(3, r"x\udea2y\n", 4));
    editor.wire.send_text(&first);
    editor.wire.send_text(&second);
    let found = editor.wire.wait_for_notification("textDocument/publishDiagnostics", |it| it["version"] == 3);
    assert_eq!(found["diagnostics"][0]["range"]["start"], json!({"line": 2, "character": 11}));
}

#[test]
fn uris_come_back_as_they_were_sent() {
    let (_machine, project, mut editor) = shop();
    let root = project.root.to_str().unwrap();
    for uri in [
        format!("file://{root}/usual.js"),
        format!("file://{root}/a%20b.js"),
        format!("file://{root}/a c.js"),
        format!("file://{root}/%5bid%5d/page.js"),
        format!("file://{root}/[id]/other.js"),
        format!("file://{root}/%73erver.js"),
        format!("file://localhost{root}/local.js"),
        format!("FILE://{root}/loud.js"),
        format!("file://{root}/sub/../above.js"),
        format!("file://{root}/gr%C3%B6%C3%9Fe.js"),
        format!("file://{root}/größe.js"),
        "file:///c%3A/Users/dev/server.js".to_owned(),
        "file:///C:/Users/dev/server.js".to_owned(),
    ] {
        open(&mut editor, &uri, TEXT);
        let found = published(&mut editor, &uri);
        assert_eq!(found["diagnostics"][0]["code"], "hardcoded-port", "{uri}: {found}");
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 12}});
        let id = editor.wire.send_request("textDocument/hover", params);
        let hover = editor.wire.wait("a hover", |it| it["id"] == id && it.get("method").is_none());
        assert!(hover["result"]["contents"].is_object(), "{uri}: {hover}");
        let close = json!({"textDocument": {"uri": uri}});
        editor.wire.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didClose", "params": close}));
        assert_eq!(published(&mut editor, &uri)["diagnostics"], json!([]), "{uri}");
    }
}

#[test]
fn documents_that_are_no_files_and_uris_that_are_none_are_survived() {
    let (_machine, project, mut editor) = shop();
    for uri in [
        "untitled:Untitled-1",
        "git:/shop/server.js?%7B%22ref%22%3A%22HEAD%22%7D",
        "vscode-notebook-cell:/shop/a.ipynb#W0",
        "https://example.com/server.js",
        "file://server/share/server.js",
        "file:///shop/%FF%FE.js",
        "file:///",
        "/no/scheme.js",
        "not a uri",
        "",
    ] {
        open(&mut editor, uri, TEXT);
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 12}});
        let id = editor.wire.send_request("textDocument/hover", params);
        editor.wire.wait("an answer", |it| it["id"] == id && it.get("method").is_none());
    }
    serves(&mut editor, &project);
}
