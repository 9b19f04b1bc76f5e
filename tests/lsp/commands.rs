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
fn init_warns_of_lines_that_it_leaves_alone() {
    let (_machine, project, mut editor) = shop(&[(".ports.env", "nonsense\nWEB_PORT=many\n")]);
    let done = editor.execute("port-manager.init", vec![]).unwrap();
    let first = &done["invalid_lines"][0];
    let (line, reason) = (&first["line"], first["message"].as_str().unwrap());
    let message = editor.wire.wait_for_notification("window/showMessage", |_| true);
    let text = format!(
        "shop: .ports.env:{line}: {reason} (and 1 more line). port-manager leaves such lines as they are."
    );
    assert_eq!(message, json!({"type": lsp::MessageType::Warning, "message": text}));
    assert!(project.read(".ports.env").contains("\nnonsense\nWEB_PORT=many\n"));
}

#[test]
fn init_warns_of_names_that_look_misspelled() {
    let (_machine, _project, mut editor) = shop(&[
        ("queue.js", "queue.listen(process.env.QUEUE_PORT || 5672);\n"),
        ("client.js", "connect(process.env.QEUE_PORT);\n"),
        (".ports.env.example", "QUEUE_PORT=5672\n"),
    ]);
    editor.execute("port-manager.init", vec![]).unwrap();
    let message = editor.wire.wait_for_notification("window/showMessage", |_| true);
    let text =
        "shop: QEUE_PORT looks like QUEUE_PORT, so it gets no port (client.js:1): write QUEUE_PORT there.";
    assert_eq!(message["message"], text);
}

#[test]
fn init_warns_of_ports_that_it_releases() {
    let (_machine, project, mut editor) = shop(&[(".ports.env", "WEB_PORT=\nOLD_PORT=\n")]);
    let before = editor.execute("port-manager.init", vec![]).unwrap();
    for file in [".ports.env", ".ports.env.example"] {
        let kept = project
            .read(file)
            .lines()
            .filter(|line| !line.starts_with("OLD_PORT"))
            .fold(String::new(), |text, line| text + line + "\n");
        std::fs::write(project.path(file), kept).unwrap();
    }
    editor.execute("port-manager.init", vec![]).unwrap();
    let message = editor.wire.wait_for_notification("window/showMessage", |_| true);
    let text = format!(
        "shop: OLD_PORT ({}) was released: no file lists it, and no code reads it.",
        before["ports"][1]["port"]
    );
    assert_eq!(message, json!({"type": lsp::MessageType::Warning, "message": text}));
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
    assert!(refusal.message.contains("no process was stopped"), "{refusal:?}");
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
        (
            "port-manager.free",
            json!({"port": unused_port(), "timeout": -1}),
            "not a number of seconds from 0 to 3600",
        ),
        ("port-manager.allocate", json!("not a name"), "not a variable name"),
        (
            "port-manager.allocate",
            json!({"variable": "WEB_PORT", "service": "fridge"}),
            "there is no service type `fridge`",
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

/// Each command that writes into a project, for that root.
fn writing(root: &Value) -> [(&'static str, Value); 7] {
    let web = json!("WEB_PORT");
    [
        ("port-manager.init", json!({"path": root})),
        ("port-manager.allocate", json!({"root": root, "variable": web})),
        ("port-manager.set", json!({"root": root, "variable": web, "port": unused_port()})),
        ("port-manager.unset", json!({"root": root, "variable": web})),
        ("port-manager.configure", json!({"root": root, "exception": {"allowed-port": 5432}})),
        ("port-manager.name", json!({"root": root, "names": {"VITE_API_PORT": "API_PORT"}})),
        ("port-manager.fix-all", json!({"path": root})),
    ]
}

#[test]
fn commands_write_only_into_what_is_open() {
    let (machine, project, mut editor) = shop(&[]);
    let other = machine.project("other", &[("server.js", "app.listen(8080)\n")]);
    project.write("sub/x", "");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&other.root, project.path("link")).unwrap();
    let outside = [json!(other.root), json!(lsp::Uri::from_directory_path(&other.root).unwrap())];
    let system = [json!("/"), json!("/dev"), json!(".."), json!(project.path("sub/../../other"))];
    let linked = if cfg!(unix) { vec![json!(project.path("link"))] } else { Vec::new() };
    for root in outside.into_iter().chain(system).chain(linked) {
        for (command, argument) in writing(&root) {
            let failure = editor.execute(command, vec![argument]).unwrap_err();
            assert_eq!(failure.code, -32803, "{command} {root}: {failure:?}");
            assert!(failure.message.contains("is not open in the editor"), "{command} {root}: {failure:?}");
        }
    }
    let names = |root: &std::path::Path| std::fs::read_dir(root).unwrap().count();
    assert_eq!(names(&other.root), 2, "nothing was written");
    assert_eq!(machine.registry(), Value::Null);
    // A directory in the folder is open, and any other that the user chose.
    let sub = editor.execute("port-manager.init", vec![json!({"path": project.path("sub")})]).unwrap();
    assert_eq!(sub["root"], json!(project.path("sub")));
    let chosen = json!({"path": other.root, "chosen": true});
    assert_eq!(editor.execute("port-manager.init", vec![chosen]).unwrap()["project"], "other");
}

#[test]
fn the_project_of_an_open_document_is_open() {
    let (machine, _project, mut editor) = shop(&[]);
    let other = machine.project("other", &[("web/server.js", "app.listen(8080)\n")]);
    let init = |editor: &mut Editor| editor.execute("port-manager.init", vec![json!({"path": other.root})]);
    assert!(init(&mut editor).is_err());
    let uri = editor.open(&other.path("web/server.js"), "app.listen(8080)\n");
    assert_eq!(init(&mut editor).unwrap()["project"], "other");
    // What lies beside it is not.
    let beside = machine.project("beside", &[]);
    assert!(editor.execute("port-manager.init", vec![json!({"path": beside.root})]).is_err());
    editor.close(&uri);
    assert!(init(&mut editor).is_err());
}

#[test]
fn the_project_around_an_open_folder_is_open() {
    let machine = Machine::new();
    let repository = machine.project("shop", &[(".ports.env", ""), ("packages/web/server.js", "")]);
    let package = Project { root: repository.path("packages/web") };
    let mut editor = Editor::new(&machine, &package);
    let argument = json!({"root": repository.root, "variable": "WEB_PORT"});
    assert_eq!(
        editor.execute("port-manager.allocate", vec![argument]).unwrap()["root"],
        json!(repository.root)
    );
}

#[test]
fn an_invalid_timeout_stops_nobody() {
    let (_machine, project, mut editor) = shop(&[]);
    let mut server = ListeningProcess::start(&project.root);
    for timeout in [json!(-1), json!(-0.001), json!(1e300), json!(3601), json!("NaN"), json!(null)] {
        let argument = json!({"port": server.port, "timeout": timeout});
        let failure = editor.execute("port-manager.free", vec![argument]).unwrap_err();
        assert_eq!(failure.code, -32602, "{timeout}: {failure:?}");
    }
    assert!(server.is_running());
    let argument = json!({"port": server.port, "timeout": 3600});
    assert_eq!(editor.execute("port-manager.free", vec![argument]).unwrap()["is_free"], true);
    assert!(!server.wait().success());
}

#[test]
fn a_number_is_chosen_and_the_variable_removed() {
    let (_machine, project, mut editor) = shop(&[]);
    let port = unused_port();
    let done =
        editor.execute("port-manager.set", vec![json!({"variable": "WEB_PORT", "port": port})]).unwrap();
    assert_eq!((&done["ports"][0]["port"], &done["ports"][0]["is_new"]), (&json!(port), &json!(true)));
    assert!(project.read(".ports.env").contains(&format!("WEB_PORT={port}\n")));
    let refusal =
        editor.execute("port-manager.set", vec![json!({"variable": "API_PORT", "port": port})]).unwrap_err();
    assert!(refusal.message.contains("it belongs to WEB_PORT of shop"), "{refusal:?}");
    let done = editor.execute("port-manager.unset", vec![json!("WEB_PORT")]).unwrap();
    assert_eq!(done["ports"][0]["port"], port);
    assert!(!project.read(".ports.env").contains("WEB_PORT"));
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
    assert_eq!(done, json!({"fixes": 2, "files": 2, "incomplete": []}));
    let asked = editor.wire.wait_for_notification("workspace/applyEdit", |_| true);
    let changes = asked["edit"]["documentChanges"].as_array().unwrap();
    let [of_closed, of_open] = changes.as_slice() else { panic!("two documents: {changes:#?}") };
    assert!(of_closed["textDocument"]["uri"].as_str().unwrap().ends_with("/closed.js"));
    assert_eq!(of_closed["textDocument"]["version"], Value::Null);
    assert_eq!(of_open["textDocument"]["uri"], json!(open));
    assert_eq!(of_open["textDocument"]["version"], 1);
    let [edit] = of_open["edits"].as_array().unwrap().as_slice() else { panic!("one edit") };
    assert_eq!(edit["newText"], format!("process.env.WEB_PORT || {port}"));
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
