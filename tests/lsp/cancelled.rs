//! `$/cancelRequest`: what is cancelled changes nothing, and what changes something is not answered as cancelled.

use std::fs::{self, File};

use serde_json::{Value, json};

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project};

const REQUEST_CANCELLED: i64 = -32800;

/// Sends a command whose end can be waited for; its id.
fn begin(editor: &mut Editor, command: &str, argument: &Value, token: &str) -> i64 {
    editor.wire.send_request(
        "workspace/executeCommand",
        json!({"command": command, "arguments": [argument], "workDoneToken": token}),
    )
}

fn cancel(editor: &mut Editor, id: i64) {
    editor.wire.send(&json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}}));
}

fn answer(editor: &mut Editor, id: i64) -> Value {
    editor.wire.wait("an answer", |message| message["id"] == id && message.get("method").is_none())
}

/// Waits until nothing more comes of a command.
fn wait_for_end(editor: &mut Editor, token: &str) {
    editor
        .wire
        .wait_for_notification("$/progress", |it| it["token"] == token && it["value"]["kind"] == "end");
}

fn start(files: &[(&str, &str)]) -> (Machine, Project, Editor) {
    let machine = Machine::new();
    let project = machine.project("shop", files);
    let editor = Editor::with(&machine, &project, modern());
    (machine, project, editor)
}

#[test]
fn a_command_that_waits_for_the_registry_can_be_cancelled() {
    let (machine, project, mut editor) = start(&[]);
    fs::create_dir_all(machine.config_directory()).unwrap();
    let lock = File::create(machine.config_directory().join("registry.lock")).unwrap();
    lock.lock().unwrap();
    let id = begin(&mut editor, "port-manager.init", &json!({}), "init");
    cancel(&mut editor, id);
    assert_eq!(answer(&mut editor, id)["error"]["code"], REQUEST_CANCELLED);
    lock.unlock().unwrap();
    wait_for_end(&mut editor, "init");
    assert_eq!(machine.registry(), Value::Null);
    assert!(!project.path(".ports.env").exists());
}

#[test]
fn a_command_is_cancelled_or_done_and_never_both() {
    let files = [(".ports.env", "WEB_PORT=8000\n"), (".ports.env.example", "WEB_PORT=8080\n")];
    let (machine, project, mut editor) = start(&files);
    project.write("server.js", "app.listen(8080);\n");
    for round in 0..20 {
        let token = format!("fix {round}");
        let id = begin(&mut editor, "port-manager.fix-all", &json!({}), &token);
        cancel(&mut editor, id);
        let answer_to_fix = answer(&mut editor, id);
        wait_for_end(&mut editor, &token);
        if answer_to_fix["result"]["fixes"].as_u64().is_some_and(|fixes| fixes > 0) {
            editor.wire.wait_for_notification("workspace/applyEdit", |_| true);
        }
        // Whatever was asked for would have been read by now.
        editor.execute("port-manager.config", vec![]).unwrap();
        assert!(editor.wire.unread("workspace/applyEdit").is_empty());

        let token = format!("allocate {round}");
        let variable = format!("SPARE_{round}_PORT");
        let id = begin(&mut editor, "port-manager.allocate", &json!(variable), &token);
        cancel(&mut editor, id);
        let is_cancelled = answer(&mut editor, id)["error"]["code"] == REQUEST_CANCELLED;
        wait_for_end(&mut editor, &token);
        let ports = &machine.registry()["projects"][project.root.to_str().unwrap()]["ports"];
        assert_eq!(ports[&variable].is_null(), is_cancelled, "{variable}: {ports}");
    }
}
