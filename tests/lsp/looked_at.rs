//! The editor judges the files that `check` looks at, and no others.

use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::Editor;
use crate::support::machine::{Machine, Project};

const SERVER: &str = "app.listen(8080);\n";

fn count(editor: &mut Editor, project: &Project, file: &str) -> usize {
    let uri = editor.open(&project.path(file), &project.read(file));
    editor.diagnostics(&uri).len()
}

#[test]
fn a_file_that_check_passes_over_has_no_diagnostics() {
    let machine = Machine::new();
    let project = machine.project(
        "shop",
        &[
            (".git/HEAD", "ref: refs/heads/main\n"),
            (".gitignore", "build/\n*.local.js\n.env\n"),
            (".ports.env", ""),
            (".env", "WEB_PORT=8080\nURL=http://localhost:8080\n"),
            ("server.js", SERVER),
            ("server.local.js", SERVER),
            ("build/server.js", SERVER),
            ("node_modules/theirs/server.js", SERVER),
            ("vendor/theirs/server.js", SERVER),
            ("web/.gitignore", "made.js\n"),
            ("web/made.js", SERVER),
            ("worktrees/fix/.git", "gitdir: /elsewhere/shop/.git/worktrees/fix\n"),
            ("worktrees/fix/server.js", SERVER),
        ],
    );
    let mut editor = Editor::new(&machine, &project);
    for left_out in [
        "server.local.js",
        "build/server.js",
        "node_modules/theirs/server.js",
        "vendor/theirs/server.js",
        "web/made.js",
        "worktrees/fix/server.js",
    ] {
        assert_eq!(count(&mut editor, &project, left_out), 0, "{left_out}");
    }
    for looked_at in ["server.js", ".env"] {
        assert_ne!(count(&mut editor, &project, looked_at), 0, "{looked_at}");
    }
    let checked = machine.command().args(["check", "--quiet"]).current_dir(&project.root).output().unwrap();
    let checked = String::from_utf8(checked.stdout).unwrap();
    assert!(checked.contains("server.js:1") && !checked.contains("theirs"), "{checked}");
}

#[test]
fn a_file_that_is_left_out_is_hovered_and_not_fixed() {
    let machine = Machine::new();
    let project =
        machine.project("shop", &[(".gitignore", "made.js\n"), (".ports.env", ""), ("made.js", SERVER)]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("made.js"), SERVER);
    assert!(editor.diagnostics(&uri).is_empty());
    let number = SERVER.find("8080").unwrap();
    assert!(editor.code_actions(&uri, number).is_empty());
    assert!(editor.hover(&uri, number).is_some());
}

#[test]
fn a_file_that_is_left_out_is_no_place_of_a_port() {
    let machine = Machine::new();
    let project =
        machine.project("shop", &[(".gitignore", "made.js\n"), (".ports.env", ""), ("server.js", SERVER)]);
    let client = "fetch('http://localhost:8080');\n";
    let mut editor = Editor::new(&machine, &project);
    for (name, is_a_place) in [("client.js", true), ("made.js", false)] {
        project.write(name, client);
        let uri = editor.open(&project.path(name), client);
        editor.diagnostics(&uri);
        let server = editor.open(&project.path("server.js"), SERVER);
        editor.diagnostics_until(&server, |found| found.len() == 1);
        let (_, told) = editor.hover(&server, SERVER.find("8080").unwrap()).unwrap();
        assert_eq!(told.contains(name), is_a_place, "{told}");
        editor.close(&server);
        editor.close(&uri);
    }
}

#[test]
fn a_change_of_what_git_ignores_is_seen() {
    let machine = Machine::new();
    let project =
        machine.project("shop", &[(".ports.env", ""), (".gitignore", "*.log\n"), ("made.js", SERVER)]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("made.js"), SERVER);
    assert_eq!(editor.diagnostics(&uri).len(), 1);
    project.write(".gitignore", "*.log\nmade.js\n");
    editor.diagnostics_until(&uri, <[lsp::Diagnostic]>::is_empty);
    project.write(".gitignore", "*.log\n");
    editor.diagnostics_until(&uri, |found| found.len() == 1);
}

#[test]
fn a_ports_env_above_a_repository_is_not_its_own() {
    let machine = Machine::new();
    let project = machine.project("code/shop", &[("server.js", SERVER)]);
    let code = Project { root: project.root.parent().unwrap().to_owned() };
    code.write(".ports.env", "API_PORT=8100\n");
    code.write("notes/server.js", SERVER);
    // As editors open it that look for the nearest `.ports.env` upwards.
    let mut editor = Editor::new(&machine, &code);
    let lacks_ports_env = |found: &[lsp::Diagnostic]| {
        let code = |found: &lsp::Diagnostic| serde_json::to_value(&found.code).unwrap();
        found.iter().any(|found| code(found) == "missing-ports-env")
    };
    let uri = editor.open(&project.path("server.js"), SERVER);
    assert!(lacks_ports_env(&editor.diagnostics(&uri)));
    let uri = editor.open(&code.path("notes/server.js"), SERVER);
    assert!(!lacks_ports_env(&editor.diagnostics(&uri)));

    machine.run(&["init"], &project.root);
    assert!(project.root.join(".ports.env").exists());
}
