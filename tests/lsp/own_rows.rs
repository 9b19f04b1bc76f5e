//! What a project adds in `port-manager.toml` to what port-manager knows, in an editor.

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project};

const SERVER: &str = "bootShop(8090);\n";

const BOOT_SHOP: &str = "[[call]]\nid = \"our.boot-shop\"\nmeans = \"Starts our web server.\"\ndoes = \"listen\"\nnames = [\"bootShop\"]\n";

/// A project whose server is started by a function of its own, with these settings.
fn shop(machine: &Machine, settings: &str) -> Project {
    let files = [(".ports.env", ""), ("server.js", SERVER), ("port-manager.toml", settings)];
    machine.project("shop", &files)
}

/// Tells the server that the project's settings were changed.
fn tell(editor: &mut Editor, project: &Project) {
    let uri = lsp::Uri::from_file_path(project.path("port-manager.toml")).unwrap();
    editor.wire.notify::<lsp::DidChangeWatchedFilesNotification>(lsp::DidChangeWatchedFilesParams {
        changes: vec![lsp::FileEvent { uri, kind: lsp::FileChangeType::Changed }],
    });
}

#[test]
fn a_call_of_the_project_is_found_shown_and_fixed() {
    let machine = Machine::new();
    let project = shop(&machine, BOOT_SHOP);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("server.js"), SERVER);
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "8090 hardcoded-port Warning");
    let (_, hover) = editor.hover(&uri, 10).unwrap();
    assert!(hover.contains("Decided by `our.boot-shop`, which says `Starts our web server.`"), "{hover}");
    let actions = editor.code_actions(&uri, 10);
    let register = actions.into_iter().find(|it| it.title.starts_with("Register 8090")).unwrap();
    editor.apply(register);
    assert!(editor.text(&uri).contains("process.env."), "{}", editor.text(&uri));
    editor.diagnostics_until(&uri, <[_]>::is_empty);
}

#[test]
fn a_row_that_comes_and_goes_is_obeyed_in_open_files() {
    let machine = Machine::new();
    let project = shop(&machine, "");
    let mut editor = Editor::with(&machine, &project, modern());
    let uri = editor.open(&project.path("server.js"), SERVER);
    assert_eq!(editor.diagnostics(&uri), []);
    project.write("port-manager.toml", BOOT_SHOP);
    tell(&mut editor, &project);
    editor.diagnostics_until(&uri, |found| !found.is_empty());
    project.write("port-manager.toml", "");
    tell(&mut editor, &project);
    editor.diagnostics_until(&uri, <[_]>::is_empty);
}

#[test]
fn a_row_is_obeyed_in_files_that_nobody_has_open() {
    let machine = Machine::new();
    let project = shop(&machine, "");
    let client = "fetch('http://localhost:8090/');\n";
    project.write("client.js", client);
    // No client watches the files.
    let mut editor = Editor::with(&machine, &project, json!({}));
    let uri = editor.open(&project.path("client.js"), client);
    let hover_until = |editor: &mut Editor, text: &str, is_in: bool| {
        let started = std::time::Instant::now();
        loop {
            let hover = editor.hover(&uri, 25).map(|(_, hover)| hover).unwrap_or_default();
            if hover.contains(text) == is_in {
                return;
            }
            assert!(started.elapsed() < crate::support::wire::DEADLINE, "{text} in {hover}");
        }
    };
    hover_until(&mut editor, "8090", true);
    project.write("port-manager.toml", BOOT_SHOP);
    hover_until(&mut editor, "Listens: server.js:1", true);
    project.write("port-manager.toml", "");
    hover_until(&mut editor, "Listens:", false);
}

#[test]
fn a_row_that_cannot_be_obeyed_is_reported_with_its_place() {
    let machine = Machine::new();
    let project = shop(&machine, &BOOT_SHOP.replace("names", "name"));
    let mut editor = Editor::new(&machine, &project);
    editor.open(&project.path("server.js"), SERVER);
    let shown = editor.wire.wait_for_notification("window/showMessage", |_| true);
    let message = shown["message"].as_str().unwrap();
    assert!(message.contains("port-manager.toml:5:1: unknown field `name`"), "{message}");
}
