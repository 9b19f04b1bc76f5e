//! Files, and whole projects, that the editor renames or deletes.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project};

fn editor(machine: &Machine, folder: &Project) -> Editor {
    let mut capabilities = modern();
    capabilities["workspace"]["fileOperations"] = json!({"didRename": true, "didDelete": true});
    Editor::with(machine, folder, capabilities)
}

fn uri(path: &std::path::Path) -> lsp::Uri {
    lsp::Uri::from_file_path(path).unwrap()
}

fn told(editor: &mut Editor) -> String {
    let message = editor.wire.wait_for_notification("window/showMessage", |_| true);
    message["message"].as_str().unwrap().to_owned()
}

fn shop(machine: &Machine) -> Project {
    let project = machine.project("all/shop", &[("server.js", "app.listen(process.env.WEB_PORT);\n")]);
    machine.run(&["init"], &project.root);
    project
}

#[test]
fn a_renamed_file_leaves_no_diagnostics_behind() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", ""), ("server.js", "app.listen(8080);\n")]);
    let mut editor = editor(&machine, &project);
    let old = editor.open(&project.path("server.js"), &project.read("server.js"));
    assert_eq!(editor.diagnostics(&old).len(), 1);
    std::fs::rename(project.path("server.js"), project.path("web.js")).unwrap();
    editor.wire.notify::<lsp::DidRenameFilesNotification>(lsp::RenameFilesParams {
        files: vec![lsp::FileRename { old_uri: old.clone(), new_uri: uri(&project.path("web.js")) }],
    });
    editor.wire.wait_for_notification("textDocument/publishDiagnostics", |params| {
        params["uri"] == old.as_str() && params["diagnostics"] == json!([])
    });
}

#[test]
fn a_moved_project_is_asked_about_and_keeps_its_ports() {
    let machine = Machine::new();
    let project = shop(&machine);
    let port = machine.registry()["projects"][project.root.to_str().unwrap()]["ports"]["WEB_PORT"].clone();
    let folder = Project { root: project.root.parent().unwrap().to_owned() };
    let mut editor = editor(&machine, &folder);
    editor.wire.chooses = Some(0);
    let moved = folder.path("store");
    std::fs::rename(&project.root, &moved).unwrap();
    editor.wire.notify::<lsp::DidRenameFilesNotification>(lsp::RenameFilesParams {
        files: vec![lsp::FileRename { old_uri: uri(&project.root), new_uri: uri(&moved) }],
    });
    let asked = editor.wire.wait_for_notification("window/showMessageRequest", |_| true);
    let message = asked["message"].as_str().unwrap();
    assert!(message.starts_with("shop was moved. The registry still has its ports (1) for "), "{message}");
    let deadline = std::time::Instant::now() + crate::support::wire::DEADLINE;
    loop {
        let projects = machine.registry()["projects"].clone();
        if projects[moved.to_str().unwrap()]["ports"]["WEB_PORT"]["port"] == port["port"] {
            assert_eq!(projects[project.root.to_str().unwrap()], Value::Null);
            return;
        }
        assert!(std::time::Instant::now() < deadline, "{projects}");
        // The answer to the question is sent while the editor waits for something.
        editor.execute("port-manager.config", vec![]).unwrap();
    }
}

#[test]
fn a_deleted_project_is_named_with_what_releases_its_ports() {
    let machine = Machine::new();
    let project = shop(&machine);
    let folder = Project { root: project.root.parent().unwrap().to_owned() };
    let mut editor = editor(&machine, &folder);
    std::fs::remove_dir_all(&project.root).unwrap();
    editor.wire.notify::<lsp::DidDeleteFilesNotification>(lsp::DeleteFilesParams {
        files: vec![lsp::FileDelete { uri: uri(&project.root) }],
    });
    let message = told(&mut editor);
    assert!(message.starts_with("shop: ") && message.contains("`port-manager clean`"), "{message}");
}

#[test]
fn a_deleted_ports_env_is_named_with_what_writes_it_again() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = editor(&machine, &project);
    std::fs::remove_file(project.path(".ports.env")).unwrap();
    editor.wire.notify::<lsp::DidDeleteFilesNotification>(lsp::DeleteFilesParams {
        files: vec![lsp::FileDelete { uri: uri(&project.path(".ports.env")) }],
    });
    let message = told(&mut editor);
    assert!(message.starts_with("shop: .ports.env was deleted, and the registry keeps"), "{message}");
}

#[test]
fn an_editor_that_tells_nothing_is_not_asked_to() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let editor = Editor::new(&machine, &project);
    let workspace = editor.capabilities.workspace.clone().unwrap();
    assert_eq!(workspace.file_operations, None);
}
