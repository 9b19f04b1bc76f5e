//! The server's commands, as a client runs them.

use std::net::TcpListener;

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, initialize_params, modern};
use crate::support::listener::ListeningProcess;
use crate::support::machine::{Machine, Project, unused_port};
use crate::support::wire::Wire;

fn shop(files: &[(&str, &str)]) -> (Machine, Project, Editor) {
    let machine = Machine::new();
    let project = machine.project("shop", files);
    let editor = Editor::new(&machine, &project);
    (machine, project, editor)
}

#[test]
fn init_sets_the_only_folder_up_once() {
    let (machine, project, mut editor) = shop(&[]);
    let done = editor.execute("port-manager.init", vec![]).unwrap();
    assert_eq!(done["root"], json!(project.root));
    let ports = machine.registry()["projects"][project.root.to_str().unwrap()]["ports"].take();
    assert!(ports["WEB_PORT"]["port"].is_u64(), "{ports}");
    let env = project.read(".ports.env");
    assert!(env.contains(&format!("WEB_PORT={}", ports["WEB_PORT"]["port"])), "{env}");

    let again = editor.execute("port-manager.init", vec![]).unwrap();
    assert_eq!(again["written"], json!([]));
}

#[test]
fn a_command_answers_what_the_command_line_prints() {
    let (machine, project, mut editor) = shop(&[(".ports.env", &format!("WEB_PORT={}\n", unused_port()))]);
    editor.execute("port-manager.init", vec![]).unwrap();
    for (command, argument, arguments) in [
        ("port-manager.show", json!({"path": project.root}), &["show", "--json"][..]),
        ("port-manager.status", json!({}), &["status", "--json"]),
        ("port-manager.clean", json!({"dry_run": true}), &["clean", "--dry-run", "--json"]),
    ] {
        let printed: Value = serde_json::from_str(&machine.run(arguments, &project.root)).unwrap();
        assert_eq!(editor.execute(command, vec![argument]), Ok(printed), "{command}");
    }
}

#[test]
fn allocate_keeps_the_number_that_is_asked_for() {
    let (machine, project, mut editor) = shop(&[]);
    let port = unused_port();
    let argument = json!({"root": project.root, "variable": "WEB_PORT", "service": "web", "preferred": port});
    let done = editor.execute("port-manager.allocate", vec![argument]).unwrap();
    assert_eq!((&done["variable"], &done["port"]), (&json!("WEB_PORT"), &json!(port)));
    assert!(project.read(".ports.env").contains(&format!("WEB_PORT={port}\n")));
    let registry = machine.registry();
    assert_eq!(registry["projects"][project.root.to_str().unwrap()]["ports"]["WEB_PORT"]["port"], port);
}

#[test]
fn allocate_says_why_another_number_was_taken() {
    let (_machine, project, mut editor) = shop(&[]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().port();
    let argument =
        json!({"root": project.root, "variable": "WEB_PORT", "service": "web", "preferred": taken});
    let done = editor.execute("port-manager.allocate", vec![argument]).unwrap();
    assert_ne!(done["port"], taken);
    let message = editor.wire.wait_for_notification("window/showMessage", |_| true);
    let text = message["message"].as_str().unwrap();
    assert!(text.starts_with(&format!("shop: WEB_PORT is {}, not {taken}: ", done["port"])), "{text}");
}

#[test]
fn a_command_refreshes_open_files_at_once() {
    let (_machine, project, mut editor) = shop(&[(".ports.env", "")]);
    let uri = editor.open(&project.path("server.js"), "app.listen(process.env.WEB_PORT);\n");
    assert_eq!(editor.diagnostics(&uri).len(), 1);
    editor.execute("port-manager.allocate", vec![json!("WEB_PORT")]).unwrap();
    editor.diagnostics_until(&uri, <[_]>::is_empty);
}

#[test]
fn a_client_that_wants_to_know_is_told_of_the_progress() {
    let (_machine, _project, mut editor) = shop(&[]);
    let params = json!({"command": "port-manager.init", "arguments": [], "workDoneToken": "bar"});
    let id = editor.wire.send_request("workspace/executeCommand", params);
    let begin = editor.wire.wait_for_notification("$/progress", |_| true);
    assert_eq!(
        begin,
        json!({"token": "bar", "value": {"kind": "begin", "cancellable": false, "title": "Giving the project its ports"}})
    );
    let end = editor.wire.wait_for_notification("$/progress", |_| true);
    assert_eq!(end, json!({"token": "bar", "value": {"kind": "end"}}));
    editor.wire.wait("answer", |message| message["id"] == id && message.get("result").is_some());
}

#[test]
fn free_stops_nobody_who_was_not_shown() {
    let (_machine, project, mut editor) = shop(&[]);
    let mut server = ListeningProcess::start(&project.root);
    let port = server.port;
    let shown = editor.execute("port-manager.free", vec![json!({"port": port, "dry_run": true})]).unwrap();
    let mut holder = shown["holders"][0].clone();
    let expecting = |holder: &Value| vec![json!({"port": port, "expected": [holder]})];
    holder["started_at"] = json!("2026-01-01T00:00:00Z");
    let refusal = editor.execute("port-manager.free", expecting(&holder)).unwrap_err();
    assert!(refusal.message.contains("nobody was stopped"), "{refusal:?}");
    assert!(server.is_running());
    let freed = editor.execute("port-manager.free", expecting(&shown["holders"][0])).unwrap();
    assert_eq!(freed["is_free"], true, "{freed}");
    assert!(!server.wait().success());
}

#[test]
fn free_shows_first_and_stops_then() {
    let (_machine, project, mut editor) = shop(&[]);
    let mut other = ListeningProcess::start(&project.root);
    let port = other.port;

    let found = editor.execute("port-manager.free", vec![json!({"port": port, "dry_run": true})]).unwrap();
    assert_eq!(found["holders"][0]["pid"], other.pid());
    assert_eq!(found["is_free"], false);
    assert!(other.is_running(), "it was only shown");

    let freed = editor.execute("port-manager.free", vec![json!(port)]).unwrap();
    assert_eq!(freed["is_free"], true, "{freed}");
    assert!(!other.wait().success());
}

#[test]
fn a_failure_says_what_happened_and_what_to_do() {
    let (_machine, _project, mut editor) = shop(&[]);
    let failure = editor.execute("port-manager.show", vec![json!("nowhere")]).unwrap_err();
    assert_eq!(failure.code, -32803, "RequestFailed");
    assert!(failure.message.starts_with("no project 'nowhere' is registered."), "{failure:?}");
    let help = failure.data["help"].as_str().unwrap();
    assert!(failure.message.ends_with(help), "{failure:?}");
}

#[test]
fn arguments_that_are_wrong_are_named() {
    let (_machine, _project, mut editor) = shop(&[]);
    for (command, argument, reason) in [
        ("port-manager.free", json!({}), "missing field `port`"),
        ("port-manager.free", json!(0), "0 is not a port"),
        ("port-manager.free", json!({"port": 65536}), "65536 is not a port"),
        ("port-manager.free", json!({"port": unused_port(), "timeout": -1}), "negative"),
        ("port-manager.allocate", json!("not a name"), "not a variable name"),
        (
            "port-manager.allocate",
            json!({"variable": "WEB_PORT", "service": "fridge"}),
            "unknown variant `fridge`",
        ),
    ] {
        let failure = editor.execute(command, vec![argument]).unwrap_err();
        assert_eq!(failure.code, -32602, "InvalidParams: {failure:?}");
        assert!(failure.message.contains(command) && failure.message.contains(reason), "{failure:?}");
    }
    let failure = editor.execute("port-manager.fly", vec![]).unwrap_err();
    assert_eq!(failure.code, -32602);
    assert!(failure.message.contains("port-manager.init"), "{failure:?}");
}

#[test]
fn of_several_folders_one_has_to_be_named() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    let blog = machine.project("blog", &[]);
    let mut command = machine.command();
    command.arg("lsp");
    let mut wire = Wire::start(command);
    wire.request::<lsp::InitializeRequest>(initialize_params(&shop, modern())).unwrap();
    wire.send(&json!({"jsonrpc": "2.0", "method": "workspace/didChangeWorkspaceFolders", "params": {"event": {
        "added": [{"uri": lsp::Uri::from_directory_path(&blog.root).unwrap(), "name": "blog"}], "removed": []
    }}}));
    let mut init = |argument: Value| {
        wire.request::<lsp::ExecuteCommandRequest>(lsp::ExecuteCommandParams {
            command: "port-manager.init".to_owned(),
            arguments: Some(vec![argument]),
            work_done_progress_params: Default::default(),
        })
    };
    assert!(init(json!(null)).unwrap_err().message.contains("several folders"));
    // By its URI, for clients that know files by nothing else.
    let uri = lsp::Uri::from_directory_path(&blog.root).unwrap();
    assert_eq!(init(json!({"path": uri})).unwrap().unwrap()["project"], "blog");
}

#[test]
fn everything_that_needs_no_decision_is_fixed_in_the_whole_workspace_by_one_edit() {
    let port = unused_port();
    let text = format!("app.listen({port});\n");
    let (machine, project, mut editor) = shop(&[
        (".ports.env", &format!("WEB_PORT={port}\n")),
        ("closed.js", &text),
        ("open.js", "// another text\n"),
        ("node_modules/theirs/index.js", &text),
    ]);
    machine.run(&["init"], &project.root);
    let open = editor.open(&project.path("open.js"), &format!("const name = '🚢'; {text}"));

    let done = editor.execute("port-manager.fix-all", vec![]).unwrap();
    assert_eq!(done, json!({"fixes": 2, "files": 2}));
    let asked = editor.wire.wait_for_notification("workspace/applyEdit", |_| true);
    let changes = asked["edit"]["documentChanges"].as_array().unwrap();
    let [of_closed, of_open] = changes.as_slice() else { panic!("two documents: {changes:#?}") };
    assert!(of_closed["textDocument"]["uri"].as_str().unwrap().ends_with("/closed.js"));
    assert_eq!(of_closed["textDocument"]["version"], Value::Null);
    assert_eq!(of_open["textDocument"]["uri"], json!(open));
    assert_eq!(of_open["textDocument"]["version"], 1);
    let [edit] = of_open["edits"].as_array().unwrap().as_slice() else { panic!("one edit") };
    assert_eq!(edit["newText"], "process.env.WEB_PORT");
    // Behind the emoji, which has two UTF-16 code units.
    assert_eq!(edit["range"]["start"], json!({"line": 0, "character": 30}));
    assert_eq!(project.read("closed.js"), text, "the client makes the edit, not the server");
}

#[test]
fn an_editor_that_makes_no_edits_for_a_server_is_told_what_does() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let mut capabilities = modern();
    capabilities["workspace"]["applyEdit"] = json!(false);
    let mut editor = Editor::with(&machine, &project, capabilities);
    let refusal = editor.execute("port-manager.fix-all", vec![]).unwrap_err();
    assert!(refusal.message.contains("check --fix"), "{refusal:?}");
}
