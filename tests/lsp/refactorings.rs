//! Actions that people look at before they are done, and what a client is trusted with.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project, unused_port_in};
use crate::support::marks;

/// What an editor says of itself that asks for edits when they are wanted, and shows them first.
fn reviewing() -> Value {
    let mut capabilities = modern();
    let action = &mut capabilities["textDocument"]["codeAction"];
    action["resolveSupport"] = json!({"properties": ["edit"]});
    action["dataSupport"] = json!(true);
    capabilities["workspace"]["workspaceEdit"]["changeAnnotationSupport"] = json!({});
    capabilities
}

/// An editor that is none of ours, and asks for no edit when an action is chosen.
fn plain() -> Value {
    let mut capabilities = modern();
    capabilities["experimental"] = json!(null);
    capabilities
}

fn titles(actions: &[lsp::CodeAction]) -> Vec<&str> {
    actions.iter().map(|action| action.title.as_str()).collect()
}

fn open(editor: &mut Editor, project: &Project, path: &str) -> lsp::Uri {
    let uri = editor.open(&project.path(path), &project.read(path));
    editor.diagnostics(&uri);
    uri
}

#[test]
fn an_editor_that_may_drop_an_edit_is_asked_to_make_it() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", ""), ("server.js", "app.listen(8077);\n")]);
    let mut editor = Editor::with(&machine, &project, plain());
    let uri = open(&mut editor, &project, "server.js");
    let action = editor.code_actions(&uri, "app.listen(".len()).remove(0);
    assert_eq!(action.title, "Register 8077 as WEB_PORT and use it");
    assert_eq!(action.edit, None);
    editor.apply(action);
    editor.apply_asked_edit();
    assert_eq!(editor.text(&uri), "app.listen(process.env.WEB_PORT || 8077);\n");
    editor.diagnostics_until(&uri, <[_]>::is_empty);
    assert!(project.read(".ports.env").contains("WEB_PORT="));
}

#[test]
fn nothing_is_registered_where_the_edit_is_refused() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", ""), ("server.js", "app.listen(8078);\n")]);
    let mut editor = Editor::with(&machine, &project, plain());
    editor.wire.applies_edits = false;
    let uri = open(&mut editor, &project, "server.js");
    let action = editor.code_actions(&uri, "app.listen(".len()).remove(0);
    editor.apply(action);
    editor.wire.wait_for_notification("window/showMessage", |_| true);
    assert_eq!(machine.registry(), json!(null));
}

#[test]
fn only_commands_of_fixes_follow_an_edit() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let mut editor = Editor::with(&machine, &project, plain());
    let argument = json!({"edit": {}, "command": "port-manager.free", "argument": {"port": 8080}});
    let refusal = editor.execute("port-manager.apply", vec![argument]).unwrap_err();
    assert_eq!(refusal.code, -32602, "{refusal:?}");
}

#[test]
fn the_fix_for_the_whole_project_can_be_looked_at_first() {
    let machine = Machine::new();
    let port = unused_port_in(8050..=8099);
    let files = [
        (".ports.env", String::new()),
        ("server.js", format!("app.listen({port});\n")),
        ("client.js", format!("fetch('http://localhost:{port}/');\n")),
    ];
    let project = machine.project("shop", &files.each_ref().map(|(path, text)| (*path, text.as_str())));
    let mut editor = Editor::with(&machine, &project, reviewing());
    let uri = open(&mut editor, &project, "server.js");
    let title = "in the whole project (2 places in 2 files)";
    let deadline = std::time::Instant::now() + crate::support::wire::DEADLINE;
    let actions = loop {
        let actions = editor.code_actions(&uri, "app.listen(".len());
        if actions.iter().any(|action| action.title.ends_with(title)) {
            break actions;
        }
        assert!(std::time::Instant::now() < deadline, "{:?}", titles(&actions));
    };
    // What most people want comes first, what repairs nothing last.
    assert_eq!(actions[0].is_preferred, Some(true));
    assert!(actions[1].title.ends_with(title), "{:?}", titles(&actions));
    assert_eq!(actions[1].edit, None);
    let last: Vec<&str> = titles(&actions)[actions.len() - 3..].to_vec();
    assert_eq!(
        last,
        [
            "Ignore port-manager on this line",
            &format!("Allow port {port} in port-manager.toml"),
            "Ignore server.js in port-manager.toml"
        ]
    );

    let mut action = editor.resolve(actions[1].clone()).unwrap();
    let edit = action.edit.take().unwrap();
    let annotations: Vec<_> = edit.change_annotations.iter().flatten().map(|(_, it)| it).collect();
    assert_eq!(annotations[0].needs_confirmation, Some(true));
    editor.apply_everywhere(edit);
    editor.apply(action);
    let read = format!("process.env.WEB_PORT || {port}");
    assert_eq!(editor.text(&uri), format!("app.listen({read});\n"));
    assert_eq!(project.read("client.js"), format!("fetch(`http://localhost:${{{read}}}/`);\n"));
    assert!(project.read(".ports.env").contains(&format!("WEB_PORT={port}")));

    // What was offered for other texts is not made.
    project.write("client.js", "nothing();\n");
    assert_eq!(editor.resolve(actions[1].clone()).unwrap_err().code, -32801);
}

/// The action that extracts what is between the marks.
fn extracted(machine: &Machine, path: &str, marked: &str) -> Option<(String, String)> {
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(machine, &project);
    let (text, marks) = marks::all(marked);
    let uri = editor.open(&project.path(path), &text);
    let actions = editor.code_actions_of(&uri, marks[0]..marks[1], Some(&["refactor"]));
    let action = actions.into_iter().next()?;
    assert_eq!(action.kind, Some("refactor.extract".to_owned().into()));
    let title = action.title.clone();
    editor.apply(action);
    Some((title, editor.text(&uri).to_owned()))
}

#[test]
fn any_number_can_become_a_port_variable() {
    let machine = Machine::new();
    let (title, text) = extracted(&machine, "main.js", "const relay = getServerId(‸4711‸);\n").unwrap();
    let variable =
        title.strip_prefix("Extract 4711 to the port variable ").unwrap_or_else(|| panic!("{title}"));
    assert!(variable.ends_with("PORT"), "{title}");
    assert_eq!(text, format!("const relay = getServerId(Number(process.env.{variable} || 4711));\n"));
    let project = machine.root().join("projects/shop/.ports.env");
    let env = std::fs::read_to_string(project).unwrap();
    assert!(env.contains(&format!("{variable}=")), "{env}");
}

#[test]
fn a_number_that_must_be_one_stays_a_number() {
    let machine = Machine::new();
    let (_, text) = extracted(&machine, "main.py", "relay.start(host, ‸4711‸ + 1)\n").unwrap();
    assert!(text.contains("int(os.environ.get("), "{text}");
}

#[test]
fn what_is_no_number_of_its_own_cannot_be_extracted() {
    let machine = Machine::new();
    for (path, marked) in [
        ("main.js", "const a = ‸47.11‸;\n"),
        ("main.js", "const a47‸11‸ = 1;\n"),
        ("main.js", "// start(‸4711‸)\n"),
        ("main.js", "const ‸a = 4711‸;\n"),
        ("main.js", "const port = process.env.WEB_PORT || ‸4711‸;\n"),
        ("main.rs", "static TABLE: [u8; ‸4711‸] = [0; 4711];\n"),
        ("data.json", "{\"a\": ‸4711‸}\n"),
    ] {
        assert_eq!(extracted(&machine, path, marked), None, "{marked}");
    }
}

#[test]
fn a_refactoring_is_offered_for_what_is_selected_only() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("main.js"), "const relay = getServerId(4711);\n");
    let at = "const relay = getServerId(".len();
    assert_eq!(editor.code_actions(&uri, at), []);
    assert_eq!(editor.code_actions_of(&uri, at..at + 4, None).len(), 1);
    assert_eq!(editor.code_actions_of(&uri, at..at, Some(&["refactor.extract"])).len(), 1);
}

#[test]
fn a_project_is_adopted_by_an_edit_that_people_see_first() {
    let machine = Machine::new();
    let port = unused_port_in(8050..=8099);
    let files = [
        ("server.js", format!("app.listen({port});\n")),
        ("client.js", format!("fetch('http://localhost:{port}/');\n")),
        ("Makefile", "run:\n\tnode server.js\n".to_owned()),
    ];
    let project = machine.project("shop", &files.each_ref().map(|(path, text)| (*path, text.as_str())));
    let mut editor = Editor::with(&machine, &project, reviewing());
    let uri = open(&mut editor, &project, "server.js");
    let adopt = ["source.adopt.port-manager"];
    let [action] = <[_; 1]>::try_from(editor.code_actions_of(&uri, 0..0, Some(&adopt))).unwrap();
    assert_eq!(action.title, "Adopt shop: ports, fixes and ways of starting");
    editor.apply(action);
    let asked = editor.wire.wait_for_notification("workspace/applyEdit", |_| true);
    let annotation = &asked["edit"]["changeAnnotations"]["port-manager"];
    assert_eq!(annotation["needsConfirmation"], true, "{asked}");
    assert!(!project.path(".ports.env").exists(), "nothing is written before");
    let edit = serde_json::from_value(asked["edit"].clone()).unwrap();
    let changed = editor.apply_everywhere(edit);
    let names: Vec<_> =
        changed.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["Makefile", "client.js", "server.js"]);
    assert_eq!(editor.text(&uri), format!("app.listen(process.env.WEB_PORT || {port});\n"));
    editor.diagnostics_until(&uri, <[_]>::is_empty);
    assert!(project.read(".ports.env").contains(&format!("WEB_PORT={port}")));
    assert!(project.read(".ports.env.example").contains(&format!("WEB_PORT={port}")));
}

#[test]
fn a_project_with_unsaved_text_is_not_adopted() {
    let machine = Machine::new();
    let project = machine.project("shop", &[("server.js", "app.listen(8079);\n")]);
    let mut editor = Editor::with(&machine, &project, reviewing());
    let uri = open(&mut editor, &project, "server.js");
    editor.replace(&uri, 0..0, "\n");
    let refusal = editor.execute("port-manager.adopt", vec![json!({"root": project.root})]).unwrap_err();
    assert!(refusal.message.contains("server.js is not saved"), "{refusal:?}");
    assert!(!project.path(".ports.env").exists());
}

#[test]
fn an_editor_that_shows_no_edits_is_not_offered_to_adopt() {
    let machine = Machine::new();
    let project = machine.project("shop", &[("server.js", "app.listen(8079);\n")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = open(&mut editor, &project, "server.js");
    assert_eq!(editor.code_actions_of(&uri, 0..0, Some(&["source.adopt"])), []);
}

#[test]
fn a_start_is_wired_only_where_integrate_can() {
    let machine = Machine::new();
    let package = |node: &str| {
        format!(
            "{{\n  \"engines\": {{\"node\": \"{node}\"}},\n  \"scripts\": {{\n    \"start\": \"node server.js\"\n  }}\n}}\n"
        )
    };
    let files = [
        (".ports.env", "WEB_PORT=8080\n"),
        ("server.js", "app.listen(process.env.WEB_PORT || 8080);\n"),
        ("package.json", &package(">=18")),
    ];
    let project = machine.project("shop", &files);
    machine.run(&["init"], &project.root);
    for (node, is_offered) in [(">=18", false), (">=24", true)] {
        project.write("package.json", &package(node));
        let mut editor = Editor::new(&machine, &project);
        let uri = editor.open(&project.path("package.json"), &package(node));
        let found = editor.diagnostics_until(&uri, |found| !found.is_empty());
        let at = editor.span(&uri, found[0].range).start;
        let actions = editor.code_actions(&uri, at);
        let offered = titles(&actions).iter().any(|title| title.starts_with("Load .ports.env here"));
        assert_eq!(offered, is_offered, "{node}: {:?}", titles(&actions));
    }
}
