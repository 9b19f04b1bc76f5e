//! An editor without an interface for our commands: the server asks people and shows them results.

use serde_json::{Value, json};

use crate::support::editor::{Editor, modern};
use crate::support::listener::ListeningProcess;
use crate::support::machine::{Machine, Project};

/// An editor that knows nothing of us, with a project that is registered.
fn plain() -> (Machine, Project, Editor) {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    machine.run(&["init"], &project.root);
    let mut capabilities = modern();
    capabilities["experimental"] = Value::Null;
    let editor = Editor::with(&machine, &project, capabilities);
    (machine, project, editor)
}

fn shown(editor: &mut Editor) -> String {
    let shown = editor.wire.wait_for_notification("window/showMessage", |_| true);
    shown["message"].as_str().unwrap().to_owned()
}

#[test]
fn free_asks_who_is_to_be_stopped_and_says_what_became_of_it() {
    let (_machine, project, mut editor) = plain();
    let mut server = ListeningProcess::start(&project.root);
    editor.wire.chooses = Some(0);
    let answer = editor.execute("port-manager.free", vec![json!(server.port)]).unwrap();
    assert_eq!(answer["is_free"], false, "the answer does not wait for people");
    let question = editor.wire.wait_for_notification("window/showMessageRequest", |_| true);
    let text = question["message"].as_str().unwrap();
    for part in [server.port.to_string(), format!("({}) of shop", server.pid())] {
        assert!(text.contains(&part), "{text}");
    }
    let shown = shown(&mut editor);
    assert!(shown.contains("is free") && shown.contains("has ended"), "{shown}");
    assert!(!server.wait().success());
}

#[test]
fn free_stops_nobody_against_the_answer() {
    let (_machine, project, mut editor) = plain();
    let mut server = ListeningProcess::start(&project.root);
    editor.wire.chooses = Some(1);
    editor.execute("port-manager.free", vec![json!(server.port)]).unwrap();
    editor.wire.wait_for_notification("window/showMessageRequest", |_| true);
    // What follows the answer has been read when this is answered.
    editor.execute("port-manager.show", vec![]).unwrap();
    assert!(server.is_running());
}

#[test]
fn free_refuses_where_nobody_can_be_asked() {
    let (_machine, project, mut editor) = plain();
    let mut server = ListeningProcess::start(&project.root);
    editor.execute("port-manager.free", vec![json!(server.port)]).unwrap();
    editor.wire.wait_for_notification("window/showMessageRequest", |_| true);
    let shown = shown(&mut editor);
    assert!(shown.contains("Nothing was stopped") && shown.contains("port-manager free"), "{shown}");
    assert!(server.is_running());
}

#[test]
fn free_asks_nothing_about_holders_that_were_shown() {
    let (_machine, project, mut editor) = plain();
    let mut server = ListeningProcess::start(&project.root);
    let found =
        editor.execute("port-manager.free", vec![json!({"port": server.port, "dry_run": true})]).unwrap();
    assert!(shown(&mut editor).contains("in use by"));
    let argument = json!({"port": server.port, "expected": found["holders"]});
    assert_eq!(editor.execute("port-manager.free", vec![argument]).unwrap()["is_free"], true);
    assert!(editor.wire.unread("window/showMessageRequest").is_empty());
    assert!(!server.wait().success());
}

#[test]
fn what_commands_answer_is_shown() {
    let (_machine, _project, mut editor) = plain();
    for (command, argument, text) in [
        ("init", json!({}), "shop is set up: "),
        ("allocate", json!("ADMIN_PORT"), "shop: ADMIN_PORT is "),
        ("unset", json!("ADMIN_PORT"), "shop: ADMIN_PORT was removed."),
        ("get-port", json!("web"), "is reserved until"),
        ("clean", json!({}), "Removed 0 projects"),
        ("show", json!({}), "shop: "),
        ("status", json!({}), "registered ports"),
        ("fix-all", json!({}), "Nothing can be fixed automatically."),
    ] {
        editor.execute(&format!("port-manager.{command}"), vec![argument]).unwrap();
        let shown = editor.wire.wait_for_notification("window/showMessage", |_| true);
        assert_eq!(shown["type"], 3, "{command}: {shown}");
        assert!(shown["message"].as_str().unwrap().contains(text), "{command}: {shown}");
    }
}

#[test]
fn an_editor_with_an_interface_is_shown_nothing() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let mut editor = Editor::new(&machine, &project);
    let mut server = ListeningProcess::start(&project.root);
    editor.execute("port-manager.init", vec![]).unwrap();
    assert_eq!(editor.execute("port-manager.free", vec![json!(server.port)]).unwrap()["is_free"], true);
    assert!(!server.wait().success());
    assert!(editor.wire.unread("window/showMessage").is_empty());
    assert!(editor.wire.unread("window/showMessageRequest").is_empty());
}
