//! What a user sets in the editor, by each of the ways in which editors tell it.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, initialize_params, modern};
use crate::support::machine::{Machine, Project};
use crate::support::wire::Wire;

const TEXT: &str = "app.listen(8080);\n";

/// An editor that gives its settings when it is asked.
fn asked(machine: &Machine, project: &Project) -> Editor {
    let mut capabilities = modern();
    capabilities["workspace"]["configuration"] = json!(true);
    Editor::with(machine, project, capabilities)
}

fn changed(editor: &mut Editor, settings: Value) {
    editor
        .wire
        .notify::<lsp::DidChangeConfigurationNotification>(lsp::DidChangeConfigurationParams { settings });
}

#[test]
fn an_editor_that_says_its_settings_have_changed_is_asked_for_them() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = asked(&machine, &project);
    let uri = editor.open(&project.path("server.js"), TEXT);
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "8080 hardcoded-port Warning");

    editor.wire.settings = json!({"severities": {"hardcoded-port": "hint"}});
    changed(&mut editor, Value::Null);
    let found = editor.diagnostics_until(&uri, |found| {
        found.iter().all(|diagnostic| diagnostic.severity == Some(lsp::DiagnosticSeverity::Hint))
    });
    assert_eq!(editor.describe(&uri, &found), "8080 hardcoded-port Hint");
}

#[test]
fn settings_that_are_sent_along_hold_at_once() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("server.js"), TEXT);
    assert_eq!(editor.diagnostics(&uri).len(), 1);

    changed(&mut editor, json!({"port-manager": {"diagnostics": {"enabled": false}}, "other": {"x": 1}}));
    assert_eq!(editor.diagnostics_until(&uri, <[_]>::is_empty), []);
    changed(&mut editor, json!({"port-manager": {}}));
    assert_eq!(editor.diagnostics_until(&uri, |found| !found.is_empty()).len(), 1);
}

#[test]
fn notes_are_hints_unless_they_are_to_be_listed() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("Dockerfile"), "FROM nginx\nEXPOSE 8080\n");
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "8080 hardcoded-port Hint");

    changed(&mut editor, json!({"port-manager": {"diagnostics": {"notes": true}}}));
    let is_note = |found: &lsp::Diagnostic| found.severity == Some(lsp::DiagnosticSeverity::Information);
    let found = editor.diagnostics_until(&uri, |found| found.iter().all(is_note));
    assert_eq!(editor.describe(&uri, &found), "8080 hardcoded-port Information");
}

#[test]
fn settings_may_come_with_the_first_message() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut command = machine.command();
    command.arg("lsp");
    let mut params = initialize_params(&project, modern());
    params.initialization_options = Some(json!({"severities": {"hardcoded-port": "off"}}));
    let mut editor = Editor::initialized(Wire::start(command), params);
    let uri = editor.open(
        &project.path("server.js"),
        "app.listen(8080);\nfetch('http://x:1/' + process.env.API_PORT);\n",
    );
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "API_PORT unset-port-variable Warning");
}

#[test]
fn a_setting_that_makes_no_sense_is_told_and_those_before_stay() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("server.js"), TEXT);
    assert_eq!(editor.diagnostics(&uri).len(), 1);
    changed(&mut editor, json!({"port-manager": {"severities": {"hardcoded-prot": "off"}}}));
    let told = editor.wire.wait_for_notification("window/showMessage", |_| true);
    let message = told["message"].as_str().unwrap();
    assert!(message.contains("hardcoded-prot") && message.contains("hardcoded-port"), "{message}");
    assert!(editor.code_actions(&uri, TEXT.find("8080").unwrap()).len() > 1, "it is found still");
}
