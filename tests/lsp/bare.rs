//! An editor that can do nothing of its own accord.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::Editor;
use crate::support::machine::{Machine, Project, unused_port_in};

fn commands(editor: &mut Editor, uri: &lsp::Uri, offset: usize) -> Vec<Value> {
    let at = editor.position(uri, offset);
    let params = json!({
        "textDocument": {"uri": uri}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}
    });
    let params: lsp::CodeActionParams = serde_json::from_value(params).unwrap();
    let actions = editor.wire.request::<lsp::CodeActionRequest>(params).unwrap().unwrap();
    let actions: Vec<Value> = actions.iter().map(|action| json!(action)).collect();
    // A bare command, not an action that has one.
    assert!(actions.iter().all(|action| action["command"].is_string()), "{actions:#?}");
    actions
}

fn run(editor: &mut Editor, command: &Value) {
    let arguments = command["arguments"].as_array().unwrap().clone();
    editor.execute(command["command"].as_str().unwrap(), arguments).unwrap();
}

fn shop(machine: &Machine, port: u16) -> Project {
    machine.project("shop", &[(".ports.env", ""), ("server.js", &format!("app.listen({port});\n"))])
}

fn open(editor: &mut Editor, project: &Project) -> lsp::Uri {
    let uri = editor.open(&project.path("server.js"), &project.read("server.js"));
    assert_eq!(editor.diagnostics(&uri).len(), 1);
    uri
}

#[test]
fn it_has_diagnostics_and_the_fixes_that_edit_nothing() {
    let machine = Machine::new();
    let port = unused_port_in(8050..=8099);
    let project = shop(&machine, port);
    let mut editor = Editor::with(&machine, &project, json!({}));
    assert_eq!(editor.capabilities.code_action_provider, Some(true.into()));
    assert_eq!(editor.capabilities.notebook_document_sync, None);
    assert_eq!(editor.capabilities.diagnostic_provider, None);
    let uri = open(&mut editor, &project);
    let offered = commands(&mut editor, &uri, "app.listen(".len());
    let titles: Vec<&str> = offered.iter().map(|it| it["title"].as_str().unwrap()).collect();
    assert_eq!(
        titles,
        [&format!("Allow port {port} in port-manager.toml"), "Ignore server.js in port-manager.toml"]
    );
    run(&mut editor, &offered[0]);
    editor.diagnostics_until(&uri, <[_]>::is_empty);
    // What it did not say that it can do, it is not asked for.
    for method in ["workspace/applyEdit", "client/registerCapability", "workspace/configuration"] {
        assert_eq!(editor.wire.unread(method), Vec::<&Value>::new(), "{method}");
    }
}

#[test]
fn one_that_makes_edits_when_asked_has_every_fix() {
    let machine = Machine::new();
    let port = unused_port_in(8050..=8099);
    let project = shop(&machine, port);
    let mut editor = Editor::with(&machine, &project, json!({"workspace": {"applyEdit": true}}));
    let uri = open(&mut editor, &project);
    let offered = commands(&mut editor, &uri, "app.listen(".len());
    assert_eq!(offered[0]["title"], format!("Register {port} as WEB_PORT and use it"));
    assert_eq!(offered[1]["title"], "Ignore port-manager on this line");
    run(&mut editor, &offered[0]);
    editor.apply_asked_edit();
    assert_eq!(editor.text(&uri), format!("app.listen(process.env.WEB_PORT || {port});\n"));
    editor.diagnostics_until(&uri, <[_]>::is_empty);
}
