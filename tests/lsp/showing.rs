//! What an editor needs that shows ports all the time: a project's state, and word of every change.

use std::net::TcpListener;

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::listener::ListeningProcess;
use crate::support::machine::{Machine, Project, unused_port};

/// An editor that shows ports.
fn showing(machine: &Machine, project: &Project) -> Editor {
    let mut capabilities = modern();
    capabilities["workspace"]["inlayHint"] = json!({"refreshSupport": true});
    capabilities["experimental"] =
        json!({"portManager": {"changed": true, "commands": ["portManager.free"]}});
    Editor::with(machine, project, capabilities)
}

fn changed(editor: &mut Editor, what: &str) -> Value {
    editor.wire.wait_for_notification("port-manager/changed", |changed| changed[what] == true)
}

fn hints(editor: &mut Editor, uri: &lsp::Uri) -> Vec<String> {
    let params = lsp::InlayHintParams {
        text_document: lsp::TextDocumentIdentifier { uri: uri.clone() },
        range: lsp::Range::new(lsp::Position::new(0, 0), lsp::Position::new(99, 0)),
        work_done_progress_params: Default::default(),
    };
    let hints = editor.wire.request::<lsp::InlayHintRequest>(params).unwrap().unwrap_or_default();
    let text = |hint: lsp::InlayHint| match hint.label {
        lsp::Label::String(label) => format!("{}:{} {label}", hint.position.line, hint.position.character),
        lsp::Label::InlayHintLabelPartList(parts) => panic!("not parts: {parts:?}"),
    };
    hints.into_iter().map(text).collect()
}

#[test]
fn a_project_is_shown_as_its_file_has_it_and_as_it_runs() {
    let machine = Machine::new();
    let theirs = unused_port();
    let blog = machine.project("blog", &[(".ports.env", &format!("WEB_PORT={theirs}\n"))]);
    machine.run(&["init"], &blog.root);
    let (own, unregistered) = (unused_port(), unused_port());
    let env = format!("# ports\nWEB_PORT={own}\n");
    let project = machine.project("shop", &[(".ports.env", &env)]);
    machine.run(&["init"], &project.root);
    project.write(
        ".ports.env",
        &format!("{env}\nAPI_PORT={theirs}\nDOCS_PORT={unregistered}\nLD_PRELOAD=8001\n"),
    );
    let server = ListeningProcess::start_on(own, &project.root);

    let mut editor = Editor::new(&machine, &project);
    let path = project.path("src/deep/server.js");
    let shown = editor.execute("port-manager.project", vec![json!({"path": path})]).unwrap();
    assert_eq!((&shown["project"], &shown["root"]), (&json!("shop"), &json!(project.root)));
    assert_eq!(shown["ports_env"], json!(project.path(".ports.env")));
    let of = |variable: &str| {
        let ports = shown["ports"].as_array().unwrap();
        ports
            .iter()
            .find(|port| port["variable"] == variable)
            .unwrap_or_else(|| panic!("{variable}: {shown:#}"))
    };
    let web = of("WEB_PORT");
    assert_eq!(
        (&web["line"], &web["is_registered"], &web["conflict"]),
        (&json!(2), &json!(true), &Value::Null)
    );
    assert_eq!(web["is_passed_on"], true);
    assert_eq!(web["listeners"][0]["pid"], server.pid());
    assert_eq!(web["listeners"][0]["is_foreign"], false);
    let api = of("API_PORT");
    assert_eq!((&api["line"], &api["is_registered"]), (&json!(4), &json!(false)));
    assert_eq!(
        (&api["conflict"]["project"], &api["conflict"]["variable"]),
        (&json!("blog"), &json!("WEB_PORT"))
    );
    let docs = of("DOCS_PORT");
    assert_eq!((&docs["is_registered"], &docs["conflict"]), (&json!(false), &Value::Null));
    assert_eq!(docs["listeners"], json!([]));
    let is_passed_on = |port: &Value| port["variable"] == "LD_PRELOAD" && port["is_passed_on"] == true;
    assert!(!shown["ports"].as_array().unwrap().iter().any(is_passed_on), "{shown:#}");
}

#[test]
fn a_directory_that_is_not_set_up_is_a_project_without_ports() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let mut editor = Editor::new(&machine, &project);
    let shown = editor.execute("port-manager.project", vec![]).unwrap();
    assert_eq!(
        shown,
        json!({"project": "shop", "root": project.root, "ports_env": null, "ports": [], "computed": []})
    );
}

#[test]
fn every_port_on_which_something_listens_is_told_where_that_is_wanted() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut editor = Editor::new(&machine, &project);
    let all = editor.execute("port-manager.status", vec![json!({"all": true})]).unwrap();
    let others = all["others"].as_array().unwrap();
    let found = others.iter().find(|other| other["port"] == port).unwrap_or_else(|| panic!("{all:#}"));
    assert_eq!(found["listeners"][0]["pid"], std::process::id());
    let registered = editor.execute("port-manager.status", vec![json!({})]).unwrap();
    assert_eq!(registered["others"], Value::Null);
}

#[test]
fn a_change_of_assignments_is_told_by_whomever_it_was_made() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let mut editor = showing(&machine, &project);
    editor.execute("port-manager.get-port", vec![json!("web")]).unwrap();
    changed(&mut editor, "assignments");
    // Looking changes nothing, so it is no news.
    editor.execute("port-manager.status", vec![json!({})]).unwrap();

    machine.run(&["init"], &project.root);
    changed(&mut editor, "assignments");
    project.write(".ports.env", "WEB_PORT=1234\n");
    changed(&mut editor, "assignments");
}

#[test]
fn who_listens_is_told_to_whom_it_is_shown() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let mut editor = showing(&machine, &project);
    editor.wire.send(
        &json!({"jsonrpc": "2.0", "method": "port-manager/watchListeners", "params": {"enabled": true}}),
    );
    // It has been handled when a later request is answered.
    editor.execute("port-manager.config", vec![]).unwrap();
    // Others' tests listen, too: what comes is that something has changed, and that is all that is said.
    let mut server = None;
    for _ in 0..2 {
        server = match server {
            None => Some(ListeningProcess::start(&project.root)),
            Some(_) => None,
        };
        assert_eq!(changed(&mut editor, "listeners")["assignments"], false);
    }
    assert!(server.is_none());
}

#[test]
fn lines_of_ports_env_tell_who_listens() {
    let machine = Machine::new();
    let theirs = unused_port();
    let blog = machine.project("blog", &[(".ports.env", &format!("WEB_PORT={theirs}\n"))]);
    machine.run(&["init"], &blog.root);
    let project = machine.project("shop", &[]);
    let server = ListeningProcess::start(&project.root);
    let free = unused_port();
    let text = format!("WEB_PORT={}\n# ports\nAPI_PORT={theirs}\nDB_PORT={free}\n", server.port);
    let mut editor = showing(&machine, &project);
    let uri = editor.open(&project.path(".ports.env"), &text);
    let found = hints(&mut editor, &uri);
    let [web, api, db] = found.as_slice() else { panic!("three hints: {found:#?}") };
    assert!(web.starts_with(&format!("0:{} ● ", text.lines().next().unwrap().len())), "{web}");
    assert!(web.ends_with(&format!("({})", server.pid())), "{web}");
    assert!(api.ends_with("⚠ belongs to blog"), "{api}");
    assert!(db.ends_with("○ free"), "{db}");

    let code = editor.open(&project.path("server.js"), "app.listen(8080)\n");
    assert_eq!(hints(&mut editor, &code), Vec::<String>::new());
    let settings = json!({"port-manager": {"inlayHints": {"enabled": false}}});
    editor
        .wire
        .notify::<lsp::DidChangeConfigurationNotification>(lsp::DidChangeConfigurationParams { settings });
    assert_eq!(hints(&mut editor, &uri), Vec::<String>::new());
}

#[test]
fn a_hover_links_to_what_can_be_done_where_the_client_can_do_it() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let server = ListeningProcess::start(&project.root);
    let port = server.port;
    let text = format!("app.listen({port});\n");
    let links = |editor: &mut Editor| {
        let uri = editor.open(&project.path("server.js"), &text);
        editor.hover(&uri, text.find('(').unwrap() + 1).unwrap().1.lines().last().unwrap().to_owned()
    };
    let address = format!("[http://localhost:{port}](http://localhost:{port})");
    assert_eq!(
        links(&mut showing(&machine, &project)),
        format!("{address} · [Free port {port}](command:portManager.free?%5B{port}%5D)")
    );
    assert_eq!(links(&mut Editor::new(&machine, &project)), address, "others cannot run the command");
}
