//! Diagnostics that the client asks for.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, initialize_params, pulling};
use crate::support::machine::{Machine, Project};
use crate::support::wire::Wire;

const SERVER: &str = "app.listen(8080);\n";

const REFRESH: &str = "workspace/diagnostic/refresh";

fn shop(machine: &Machine) -> Project {
    machine.project("shop", &[(".ports.env", ""), ("server.js", SERVER)])
}

fn pushed(editor: &Editor) -> usize {
    editor.wire.unread("textDocument/publishDiagnostics").len()
}

#[test]
fn a_client_that_asks_is_sent_nothing_unasked() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = Editor::with(&machine, &project, pulling());
    assert!(editor.capabilities.diagnostic_provider.is_some());
    let uri = editor.open(&project.path("server.js"), SERVER);
    let first = editor.pull(&uri, None);
    assert_eq!(editor.describe(&uri, &first.items.unwrap()), "8080 hardcoded-port Warning");
    // The same is not said twice.
    assert_eq!(editor.pull(&uri, Some(&first.result_id)).items, None);
    editor.replace(&uri, 0..SERVER.len(), "");
    let second = editor.pull(&uri, Some(&first.result_id));
    assert_eq!(second.items, Some(Vec::new()));
    assert_ne!(second.result_id, first.result_id);
    editor.close(&uri);
    editor.pull(&uri, None);
    assert_eq!(pushed(&editor), 0);
}

#[test]
fn the_answer_is_for_the_newest_text() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = Editor::with(&machine, &project, pulling());
    let uri = editor.open(&project.path("server.js"), "");
    for port in 8080..8090 {
        let whole = 0..editor.text(&uri).len();
        editor.replace(&uri, whole, &format!("app.listen({port});\n"));
        let found = editor.pull(&uri, None).items.unwrap();
        assert_eq!(editor.describe(&uri, &found), format!("{port} hardcoded-port Warning"));
    }
}

#[test]
fn a_file_that_is_not_open_is_read() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = Editor::with(&machine, &project, pulling());
    let uri = lsp::Uri::from_file_path(project.path("server.js")).unwrap();
    assert_eq!(editor.pull(&uri, None).items.unwrap().len(), 1);
    for other in ["untitled:Untitled-1", "file:///nowhere/at/all.js"] {
        let other = lsp::Uri::parse(other).unwrap();
        assert_eq!(editor.pull(&other, None).items, Some(Vec::new()));
    }
}

#[test]
fn a_client_that_registers_is_asked_to_ask() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut capabilities = pulling();
    capabilities["textDocument"]["diagnostic"]["dynamicRegistration"] = json!(true);
    let mut editor = Editor::with(&machine, &project, capabilities);
    assert_eq!(editor.capabilities.diagnostic_provider, None);
    let asked = editor.wire.wait_for_notification("client/registerCapability", |params| {
        params["registrations"][0]["method"] == "textDocument/diagnostic"
    });
    let options = &asked["registrations"][0]["registerOptions"];
    assert_eq!(options["interFileDependencies"], true);
    assert_eq!(options["workspaceDiagnostics"], true);
    let uri = editor.open(&project.path("server.js"), SERVER);
    assert_eq!(editor.pull(&uri, None).items.unwrap().len(), 1);
    assert_eq!(pushed(&editor), 0);
}

#[test]
fn a_client_that_refuses_to_ask_is_sent_them() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut capabilities = pulling();
    capabilities["textDocument"]["diagnostic"]["dynamicRegistration"] = json!(true);
    let mut command = machine.command();
    command.arg("lsp");
    let mut wire = Wire::start(command);
    wire.refuses = Some("textDocument/diagnostic");
    let mut editor = Editor::initialized(wire, initialize_params(&project, capabilities));
    let uri = editor.open(&project.path("server.js"), SERVER);
    assert_eq!(editor.diagnostics(&uri).len(), 1);
}

#[test]
fn a_client_that_cannot_be_asked_again_is_sent_them() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut capabilities = pulling();
    capabilities["workspace"]["diagnostics"] = json!({});
    let mut editor = Editor::with(&machine, &project, capabilities);
    assert_eq!(editor.capabilities.diagnostic_provider, None);
    let uri = editor.open(&project.path("server.js"), SERVER);
    assert_eq!(editor.diagnostics(&uri).len(), 1);
}

/// Changes `.ports.env` and the registry at once, as `port-manager set` does, and saves.
fn set(machine: &Machine, project: &Project, editor: &mut Editor, port: &str) {
    machine.run(&["set", port], &project.root);
    let uri = lsp::Uri::from_file_path(project.path(".ports.env")).unwrap();
    editor.wire.notify::<lsp::DidSaveTextDocumentNotification>(lsp::DidSaveTextDocumentParams {
        text_document: lsp::TextDocumentIdentifier { uri },
        text: None,
    });
}

/// Two variables that are read.
const LOOKUPS: &str = "a.listen(process.env.WEB_PORT);\nb.listen(process.env.API_PORT);\n";

/// An editor that is not told of related places: those are known only after the project was read.
fn pulling_own_places(machine: &Machine, project: &Project) -> Editor {
    let mut capabilities = pulling();
    capabilities["textDocument"]["diagnostic"] = json!({});
    Editor::with(machine, project, capabilities)
}

#[test]
fn a_change_asks_the_client_once() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = pulling_own_places(&machine, &project);
    let uris = ["a.js", "b.js", "c.js"].map(|name| editor.open(&project.path(name), LOOKUPS));
    for uri in &uris {
        assert_eq!(editor.pull(uri, None).items.unwrap().len(), 2);
    }
    for (port, left) in [("WEB_PORT=8041", 1), ("API_PORT=8141", 0)] {
        set(&machine, &project, &mut editor, port);
        editor.wire.wait_for_notification(REFRESH, |_| true);
        for uri in &uris {
            assert_eq!(editor.pull(uri, None).items.unwrap().len(), left, "{port}");
        }
    }
    assert_eq!(editor.wire.unread(REFRESH).len(), 0);
}

#[test]
fn files_that_change_one_after_the_other_ask_the_client_once() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = pulling_own_places(&machine, &project);
    let uri = editor.open(&project.path("a.js"), LOOKUPS);
    assert_eq!(editor.pull(&uri, None).items.unwrap().len(), 2);
    let severity = |level: &str| format!("[severity]\nunset-port-variable = \"{level}\"\n");
    for (level, ports, left) in
        [("note", "WEB_PORT=8041\n", 1), ("warning", "WEB_PORT=8041\nAPI_PORT=8141\n", 0)]
    {
        project.write("port-manager.toml", &severity(level));
        // Notices the first of the two files before the other one is written.
        editor.hover(&uri, 12);
        project.write(".ports.env", ports);
        editor.wire.wait_for_notification(REFRESH, |_| true);
        assert_eq!(editor.pull(&uri, None).items.unwrap().len(), left, "{level}");
    }
    assert_eq!(editor.wire.unread(REFRESH).len(), 0);
}

#[test]
fn one_change_publishes_once() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    let text = "a.listen(process.env.WEB_PORT);\nb.listen(process.env.API_PORT);\n";
    let uris = ["a.js", "b.js", "c.js"].map(|name| editor.open(&project.path(name), text));
    for uri in &uris {
        editor.diagnostics_until(uri, |found| found.len() == 2);
    }
    for (port, left) in [("WEB_PORT=8042", 1), ("API_PORT=8142", 0)] {
        set(&machine, &project, &mut editor, port);
        for uri in &uris {
            // The first that comes is the last.
            assert_eq!(editor.diagnostics(uri).len(), left, "{port}");
        }
    }
    assert_eq!(pushed(&editor), 0);
}

fn workspace_params(previous: &[(&lsp::Uri, &str)]) -> Value {
    let previous: Vec<Value> = previous.iter().map(|(uri, id)| json!({"uri": uri, "value": id})).collect();
    json!({ "previousResultIds": previous })
}

/// The reports of the workspace: the file, and how many diagnostics it has, or that it is unchanged.
fn workspace(editor: &mut Editor, params: Value) -> Vec<(String, String, String)> {
    let params: lsp::WorkspaceDiagnosticParams = serde_json::from_value(params).unwrap();
    let answer = editor.wire.request::<lsp::WorkspaceDiagnosticRequest>(params).unwrap();
    reports(&json!(answer)["items"])
}

fn reports(items: &Value) -> Vec<(String, String, String)> {
    let name = |uri: &Value| uri.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let state = |item: &Value| match item["kind"].as_str().unwrap() {
        "full" => item["items"].as_array().unwrap().len().to_string(),
        kind => kind.to_owned(),
    };
    let report =
        |item: &Value| (name(&item["uri"]), state(item), item["resultId"].as_str().unwrap().to_owned());
    let mut reports: Vec<_> = items.as_array().unwrap().iter().map(report).collect();
    reports.sort();
    reports
}

fn states(reports: &[(String, String, String)]) -> Vec<(&str, &str)> {
    reports.iter().map(|(name, state, _)| (name.as_str(), state.as_str())).collect()
}

#[test]
fn the_whole_workspace_is_answered_and_only_what_is_new() {
    let machine = Machine::new();
    let project = shop(&machine);
    project.write("closed.js", "other.listen(8081);\nthird.listen(8082);\n");
    project.write("quiet.js", "nothing();\n");
    let mut editor = Editor::with(&machine, &project, pulling());
    // The text that is open counts.
    let open = editor.open(&project.path("server.js"), "app.listen(8080);\nadmin.listen(8083);\n");
    let first = workspace(&mut editor, workspace_params(&[]));
    assert_eq!(states(&first), [("closed.js", "2"), ("server.js", "2")]);
    let closed = lsp::Uri::from_file_path(project.path("closed.js")).unwrap();
    let previous = [(&closed, first[0].2.as_str()), (&open, first[1].2.as_str())];
    let second = workspace(&mut editor, workspace_params(&previous));
    assert_eq!(states(&second), [("closed.js", "unchanged"), ("server.js", "unchanged")]);

    project.write("closed.js", "nothing();\n");
    editor.wire.notify::<lsp::DidChangeWatchedFilesNotification>(lsp::DidChangeWatchedFilesParams {
        changes: vec![lsp::FileEvent { uri: closed.clone(), kind: lsp::FileChangeType::Changed }],
    });
    editor.wire.wait_for_notification(REFRESH, |_| true);
    let third = workspace(&mut editor, workspace_params(&previous));
    assert_eq!(states(&third), [("closed.js", "0"), ("server.js", "unchanged")]);
}

#[test]
fn the_workspace_is_left_alone_where_the_user_says_so() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut command = machine.command();
    command.arg("lsp");
    let mut params = initialize_params(&project, pulling());
    params.initialization_options = Some(json!({"diagnostics": {"workspace": false}}));
    let mut editor = Editor::initialized(Wire::start(command), params);
    assert_eq!(workspace(&mut editor, workspace_params(&[])), []);
}

#[test]
fn a_client_can_have_the_workspace_piece_by_piece() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = Editor::with(&machine, &project, pulling());
    let mut params = workspace_params(&[]);
    params["partialResultToken"] = json!("piece");
    params["workDoneToken"] = json!("progress");
    assert_eq!(workspace(&mut editor, params), []);
    let piece = editor.wire.wait_for_notification("$/progress", |params| params["token"] == "piece");
    assert_eq!(states(&reports(&piece["value"]["items"])), [("server.js", "1")]);
    for kind in ["begin", "end"] {
        editor.wire.wait_for_notification("$/progress", |params| {
            params["token"] == "progress" && params["value"]["kind"] == kind
        });
    }
}

#[test]
fn a_cancelled_look_at_the_workspace_ends() {
    let machine = Machine::new();
    let project = shop(&machine);
    for number in 0..200 {
        project.write(&format!("src/{number}.js"), &"app.listen(8080);\n".repeat(500));
    }
    let mut editor = Editor::with(&machine, &project, pulling());
    let mut params = workspace_params(&[]);
    params["workDoneToken"] = json!("progress");
    let id = editor.wire.send_request("workspace/diagnostic", params);
    editor.wire.send(&json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}}));
    let answer = editor.wire.wait("answer", |message| message["id"] == id && message.get("method").is_none());
    assert_eq!(answer["error"]["code"], -32800, "{answer}");
    // It goes on answering, and what was begun is said to have ended.
    editor.wire.wait_for_notification("$/progress", |params| params["value"]["kind"] == "end");
    let uri = editor.open(&project.path("server.js"), SERVER);
    assert_eq!(editor.pull(&uri, None).items.unwrap().len(), 1);
}
