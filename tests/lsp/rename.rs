//! Renaming a port variable, and how the registry follows.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project, unused_port_in};
use crate::support::marks;
use crate::support::wire::Failure;

const SERVER: &str = "/* 🚢 */ app.listen(process.env.‸WEB_PORT || 8080);\n";

/// A project that is set up and names `WEB_PORT` in several languages, and its number.
fn shop(machine: &Machine) -> (Project, u16) {
    let port = unused_port_in(8000..=8049);
    let project = machine.project(
        "shop",
        &[
            (".gitignore", ".ports.env\n"),
            (".ports.env", &format!("WEB_PORT={port}\n")),
            (".ports.env.example", "WEB_PORT=8080\n"),
            ("port-manager.toml", "[env]\nSHOP_URL = \"http://localhost:${WEB_PORT}/\"\n"),
            ("server.js", &marks::one(SERVER).0),
            ("client.py", "import os\nport = os.environ[\"WEB_PORT\"]\n"),
            (
                "compose.yaml",
                "services:\n  web:\n    build: .\n    ports:\n      - \"${WEB_PORT:-8080}:80\"\n",
            ),
            ("Makefile", "wait:\n\tcurl localhost:$(WEB_PORT)\n"),
            ("README.md", "Set WEB_PORT.\n"),
        ],
    );
    machine.run(&["init"], &project.root);
    (project, port)
}

fn renaming() -> Value {
    let mut capabilities = modern();
    capabilities["textDocument"]["rename"] = json!({"prepareSupport": true});
    capabilities
}

fn at(editor: &Editor, uri: &lsp::Uri, offset: usize) -> Value {
    json!({"textDocument": {"uri": uri}, "position": editor.position(uri, offset)})
}

fn prepare(editor: &mut Editor, uri: &lsp::Uri, offset: usize) -> Result<Value, Failure> {
    let params = serde_json::from_value(at(editor, uri, offset)).unwrap();
    let answer = editor.wire.request::<lsp::PrepareRenameRequest>(params)?;
    Ok(serde_json::to_value(answer).unwrap())
}

fn rename(
    editor: &mut Editor,
    uri: &lsp::Uri,
    offset: usize,
    name: &str,
) -> Result<lsp::WorkspaceEdit, Failure> {
    let mut params = at(editor, uri, offset);
    params["newName"] = json!(name);
    let params = serde_json::from_value(params).unwrap();
    Ok(editor.wire.request::<lsp::RenameRequest>(params)?.expect("an edit"))
}

fn open(editor: &mut Editor, project: &Project, path: &str) -> lsp::Uri {
    let uri = editor.open(&project.path(path), &project.read(path));
    // The map is whole when this answers.
    editor.code_actions_of(&uri, 0..0, Some(&["source.fixAll.port-manager"]));
    uri
}

/// The files that an edit changes, relative to the project's root.
fn files(project: &Project, changed: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| path.strip_prefix(&project.root).unwrap().display().to_string();
    changed.iter().map(name).collect()
}

/// Waits until the registry gives the project that number under that name, and under no other.
fn wait_for_registry(machine: &Machine, project: &Project, variable: &str, port: u16) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let registry = machine.registry();
        let ports = registry["projects"][project.root.to_str().unwrap()]["ports"].as_object().unwrap();
        let has: Vec<_> = ports.iter().filter(|(_, it)| it["port"] == port).map(|(name, _)| name).collect();
        if has == [variable] {
            return;
        }
        assert!(Instant::now() < deadline, "{registry}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_rename_changes_every_file_in_one_edit() {
    let machine = Machine::new();
    let (project, port) = shop(&machine);
    let mut editor = Editor::with(&machine, &project, renaming());
    let uri = open(&mut editor, &project, "server.js");
    // What is not saved yet counts.
    editor.replace(&uri, 0..0, "// 🚢 WEB_PORT\n");
    let offset = editor.text(&uri).find("env.WEB").unwrap() + 6;
    let prepared = prepare(&mut editor, &uri, offset).unwrap();
    assert_eq!(prepared["placeholder"], "WEB_PORT");
    assert_eq!(prepared["range"]["start"]["line"], 1);
    let edit = rename(&mut editor, &uri, offset, "SHOP_PORT").unwrap();
    let changed = editor.apply_everywhere(edit);
    assert_eq!(
        files(&project, &changed),
        [
            ".ports.env",
            ".ports.env.example",
            "Makefile",
            "client.py",
            "compose.yaml",
            "port-manager.toml",
            "server.js"
        ]
    );
    assert_eq!(editor.text(&uri), "// 🚢 WEB_PORT\n/* 🚢 */ app.listen(process.env.SHOP_PORT || 8080);\n");
    let said = editor.wire.wait_for_notification("window/showMessage", |_| true);
    let said = said["message"].as_str().unwrap();
    assert!(said.contains("README.md:1") && said.contains("server.js:1"), "{said}");
    assert!(project.read("port-manager.toml").contains("${SHOP_PORT}"));
    assert_eq!(project.read("Makefile"), "wait:\n\tcurl localhost:$(SHOP_PORT)\n");
    wait_for_registry(&machine, &project, "SHOP_PORT", port);
}

#[test]
fn the_registry_follows_a_rename_and_its_undo() {
    let machine = Machine::new();
    let (project, port) = shop(&machine);
    let mut editor = Editor::with(&machine, &project, renaming());
    let uri = open(&mut editor, &project, "server.js");
    let before = project.read(".ports.env");
    let edit = rename(&mut editor, &uri, marks::one(SERVER).1, "SHOP_PORT").unwrap();
    editor.apply_everywhere(edit);
    wait_for_registry(&machine, &project, "SHOP_PORT", port);
    project.write(".ports.env", &before);
    wait_for_registry(&machine, &project, "WEB_PORT", port);
    project.write(".ports.env", &before.replace("WEB_PORT", "HAND_PORT"));
    wait_for_registry(&machine, &project, "HAND_PORT", port);
}

#[test]
fn an_edit_that_is_not_made_changes_nothing() {
    let machine = Machine::new();
    let (project, port) = shop(&machine);
    let before = machine.registry();
    let mut editor = Editor::with(&machine, &project, renaming());
    let uri = open(&mut editor, &project, ".ports.env");
    let offset = editor.text(&uri).find("WEB_PORT").unwrap();
    // On the number too, the line's variable is meant.
    for offset in [offset, offset + "WEB_PORT=8".len()] {
        rename(&mut editor, &uri, offset, "SHOP_PORT").unwrap();
    }
    wait_for_registry(&machine, &project, "WEB_PORT", port);
    assert_eq!(machine.registry(), before);
}

#[test]
fn a_client_without_versions_gets_plain_changes() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    let mut editor = Editor::with(&machine, &project, json!({}));
    let uri = open(&mut editor, &project, "client.py");
    let offset = editor.text(&uri).find("WEB_PORT").unwrap();
    let edit = rename(&mut editor, &uri, offset, "SHOP_PORT").unwrap();
    assert!(edit.document_changes.is_none());
    assert_eq!(edit.changes.unwrap().len(), 7);
}

#[test]
fn what_cannot_be_renamed_says_so() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    project.write("api/main.py", "import os\nport = int(os.environ.get('PORT', 5000))\n");
    let mut editor = Editor::with(&machine, &project, renaming());
    let uri = open(&mut editor, &project, "server.js");
    let number = editor.text(&uri).find("8080").unwrap();
    let refused = |failure: Failure| (failure.code, failure.message);
    let (code, message) = refused(prepare(&mut editor, &uri, number).unwrap_err());
    assert_eq!(code, -32803);
    assert_eq!(message, "8080 is a number; WEB_PORT can be renamed where its name is, such as in .ports.env");
    assert_eq!(prepare(&mut editor, &uri, 12).unwrap(), Value::Null, "no port");
    let api = open(&mut editor, &project, "api/main.py");
    let bare = editor.text(&api).find("PORT").unwrap();
    let (_, message) = refused(prepare(&mut editor, &api, bare).unwrap_err());
    assert!(message.starts_with("PORT cannot be renamed: frameworks"), "{message}");
    let settings = open(&mut editor, &project, "port-manager.toml");
    editor.replace(&settings, 0..0, "[run.\".\"]\nVITE_WEB_PORT = \"WEB_PORT\"\n");
    let (_, message) = refused(prepare(&mut editor, &settings, 12).unwrap_err());
    assert!(message.contains("rename WEB_PORT instead"), "{message}");
    let name = marks::one(SERVER).1;
    for (to, expected) in [
        ("WEB PORT", "is not a variable name"),
        ("REPORT", "is not the name of a port variable"),
        ("PORT", "no variable can be renamed to PORT"),
    ] {
        let (_, message) = refused(rename(&mut editor, &uri, name, to).unwrap_err());
        assert!(message.contains(expected), "{to}: {message}");
    }
}
