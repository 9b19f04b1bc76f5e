//! What others change is seen in every open file.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project};

/// An editor with a file open that reads a variable which nothing defines.
fn reads_an_unset_variable(capabilities: Value) -> (Machine, Project, Editor, lsp::Uri) {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "API_PORT=8100\n")]);
    let mut editor = Editor::with(&machine, &project, capabilities);
    let uri = editor.open(&project.path("server.js"), "app.listen(process.env.WEB_PORT);\n");
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "WEB_PORT unset-port-variable Warning");
    (machine, project, editor, uri)
}

#[test]
fn the_client_is_asked_to_watch_the_files_that_matter() {
    let (machine, _, mut editor, _) = reads_an_unset_variable(modern());
    let mut params = editor.wire.wait_for_notification("client/registerCapability", |_| true);
    let registration = params["registrations"][0].take();
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let directory = lsp::Uri::from_directory_path(machine.config_directory()).unwrap();
    assert_eq!(
        registration["registerOptions"]["watchers"],
        json!([
            {"globPattern": "**/*"},
            {"globPattern": "**/.*"},
            {"globPattern": {"baseUri": directory, "pattern": "registry.json"}}
        ])
    );
}

#[test]
fn a_change_that_the_client_tells_of_is_seen() {
    let (_machine, project, mut editor, uri) = reads_an_unset_variable(modern());
    // Not among the files that the server looks at by itself.
    project.write(".env", "WEB_PORT=8000\n");
    let changed = lsp::Uri::from_file_path(project.path(".env")).unwrap();
    editor.wire.notify::<lsp::DidChangeWatchedFilesNotification>(lsp::DidChangeWatchedFilesParams {
        changes: vec![lsp::FileEvent { uri: changed, kind: lsp::FileChangeType::Created }],
    });
    editor.diagnostics_until(&uri, <[_]>::is_empty);
}

#[test]
fn a_change_of_ports_env_that_nobody_tells_of_is_seen() {
    let (_machine, project, mut editor, uri) = reads_an_unset_variable(json!({}));
    project.write(".ports.env", "WEB_PORT=8000\n");
    editor.diagnostics_until(&uri, <[_]>::is_empty);
    project.write(".ports.env", "WEB_PART=8000\n");
    editor.diagnostics_until(&uri, |found| !found.is_empty());
}

#[test]
fn a_change_of_the_registry_that_nobody_tells_of_is_seen() {
    let machine = Machine::new();
    let other = machine.project("other", &[(".ports.env", "WEB_PORT=8000\n")]);
    let files = [(".gitignore", ".ports.env\n"), (".ports.env", "WEB_PORT=8000\n")];
    let project = machine.project("shop", &files);
    let mut editor = Editor::with(&machine, &project, json!({}));
    let uri = editor.open(&project.path(".ports.env"), "WEB_PORT=8000\n");
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "WEB_PORT=8000 unregistered-port Warning");

    // Another editor, in another project.
    let mut elsewhere = Editor::new(&machine, &other);
    elsewhere.execute("port-manager.init", vec![]).unwrap();
    let is_conflict = |found: &lsp::Diagnostic| found.code == Some("port-conflict".to_owned().into());
    let found = editor.diagnostics_until(&uri, |found| found.iter().any(is_conflict));
    assert_eq!(editor.describe(&uri, &found), "WEB_PORT=8000 port-conflict Warning");
}
