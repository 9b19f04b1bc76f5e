//! Quick fixes, from the warning to the clean file.

use std::time::Instant;

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::listener::ListeningProcess;
use crate::support::machine::{Machine, Project, unused_port, unused_port_in};
use crate::support::marks;
use crate::support::wire::DEADLINE;

fn titles(actions: &[lsp::CodeAction]) -> Vec<&str> {
    actions.iter().map(|action| action.title.as_str()).collect()
}

fn preferred(actions: Vec<lsp::CodeAction>) -> lsp::CodeAction {
    let mut preferred = actions.into_iter().filter(|action| action.is_preferred == Some(true));
    let first = preferred.next().expect("one action is preferred");
    assert_eq!(preferred.next(), None, "and only one is");
    first
}

/// An editor with a file open in which the mark is where the cursor stands.
fn open(machine: &Machine, project: &Project, path: &str, marked: &str) -> (Editor, lsp::Uri, usize) {
    let mut editor = Editor::new(machine, project);
    let (text, cursor) = marks::one(marked);
    let uri = editor.open(&project.path(path), &text);
    (editor, uri, cursor)
}

#[test]
fn a_typed_port_becomes_a_registered_variable() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let port = unused_port_in(8050..=8099);
    let (mut editor, uri, at) = open(&machine, &project, "server.js", "const app = express();\n‸");
    assert_eq!(editor.diagnostics(&uri), []);

    // Typed, one key after the other.
    let line = format!("app.listen({port});\n");
    for (offset, key) in line.char_indices() {
        editor.replace(&uri, at + offset..at + offset, &key.to_string());
    }
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), format!("{port} hardcoded-port Warning"));

    let actions = editor.code_actions(&uri, at + "app.listen(".len());
    assert_eq!(
        titles(&actions),
        [
            &format!("Register {port} as WEB_PORT and use it"),
            "Ignore port-manager on this line",
            &format!("Allow port {port} in port-manager.toml"),
            "Ignore server.js in port-manager.toml",
        ]
    );
    let action = preferred(actions);
    assert_eq!(action.diagnostics.as_deref(), Some(&found[..]));
    // Offered, and nothing more: nobody has chosen it yet.
    assert_eq!(machine.registry(), json!(null));

    editor.apply(action);
    assert_eq!(
        editor.text(&uri),
        format!("const app = express();\napp.listen(process.env.WEB_PORT || {port});\n")
    );
    editor.diagnostics_until(&uri, <[_]>::is_empty);
    assert!(project.read(".ports.env").contains(&format!("\nWEB_PORT={port}\n")));
    let registry = machine.registry();
    assert_eq!(registry["projects"][project.root.to_str().unwrap()]["ports"]["WEB_PORT"]["port"], port);
}

/// A client need not sort: the first offer is the one for what is under the cursor.
#[test]
fn the_fix_of_the_place_comes_before_that_of_the_project() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    for capabilities in [
        modern(),
        json!({"workspace": {"applyEdit": true}, "textDocument": {"codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}
        }}}),
    ] {
        let mut editor = Editor::with(&machine, &project, capabilities);
        let uri = editor.open(&project.path("server.js"), "app.listen(8080);\n");
        let found = editor.diagnostics(&uri);
        assert_eq!(found.len(), 2, "{found:?}");
        let actions = editor.code_actions(&uri, 12);
        assert!(actions[0].title.starts_with("Register 8080 as WEB_PORT"), "{:?}", titles(&actions));
        assert_eq!(actions[0].is_preferred, Some(true));
        assert!(actions[1].title == "Run port-manager init in shop", "{:?}", titles(&actions));
    }
}

/// As mostly: the fix is wanted for a server that runs.
#[test]
fn the_running_server_keeps_its_port() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    // Of a range in which no other test looks for a port to write down.
    let port = unused_port_in(8150..=8199);
    let mut server = ListeningProcess::start_on(port, &project.root);
    let (mut editor, uri, cursor) = open(&machine, &project, "server.js", &format!("app.listen(‸{port});\n"));
    let action = preferred(editor.code_actions(&uri, cursor));
    editor.apply(action);
    editor.diagnostics_until(&uri, <[_]>::is_empty);
    let env = project.read(".ports.env");
    assert!(env.lines().any(|line| line == format!("API_PORT={port}")), "{env}");
    assert!(server.is_running());
}

#[test]
fn a_variable_that_exists_is_used() {
    let machine = Machine::new();
    let port = unused_port();
    let project = machine.project("shop", &[(".ports.env", &format!("WEB_PORT={port}\n"))]);
    machine.run(&["init"], &project.root);
    let before = machine.registry();
    let (mut editor, uri, cursor) =
        open(&machine, &project, "server.js", &format!("/* 🚢 */ app.listen(‸{port});\n"));
    let action = preferred(editor.code_actions(&uri, cursor));
    assert_eq!(action.command, None, "there is nothing to be allocated");
    editor.apply(action);
    assert_eq!(editor.text(&uri), format!("/* 🚢 */ app.listen(process.env.WEB_PORT || {port});\n"));
    assert_eq!(editor.diagnostics(&uri), []);
    assert_eq!(machine.registry(), before);
}

#[test]
fn a_project_without_ports_is_set_up() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let (mut editor, uri, cursor) =
        open(&machine, &project, "server.js", "app.listen(process.env.WEB_‸PORT);\n");
    let actions = editor.code_actions(&uri, cursor);
    let init = actions.into_iter().find(|action| action.title == "Run port-manager init in shop").unwrap();
    assert_eq!(init.edit, None);
    editor.apply(init);
    editor.diagnostics_until(&uri, <[_]>::is_empty);
    assert!(project.read(".ports.env").contains("WEB_PORT="));
}

#[test]
fn a_page_gets_its_variable_under_the_name_that_its_bundler_wants() {
    let machine = Machine::new();
    let port = unused_port_in(8150..=8199);
    let project = machine.project(
        "shop",
        &[
            (".ports.env", ""),
            ("package.json", r#"{"dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "8"}}"#),
            ("api/server.js", &format!("server.listen({port});\n")),
        ],
    );
    let mut editor = Editor::new(&machine, &project);
    let text = format!("export const API = 'http://localhost:{port}/api';\n");
    let uri = editor.open(&project.path("src/shop.ts"), &text);
    editor.diagnostics(&uri);
    let title = format!("Register {port} as API_PORT and use it as VITE_API_PORT");
    // Until the project has been read, the file alone does not say that it is a page's.
    let deadline = Instant::now() + DEADLINE;
    let action = loop {
        let actions = editor.code_actions(&uri, text.find(&port.to_string()).unwrap());
        if let Some(action) = actions.into_iter().find(|action| action.title == title) {
            break action;
        }
        assert!(Instant::now() < deadline, "{title} is not offered");
    };
    editor.apply(action);
    let expected =
        format!("export const API = `http://localhost:${{import.meta.env.VITE_API_PORT || {port}}}/api`;\n");
    assert_eq!(editor.text(&uri), expected);
    assert!(project.read(".ports.env").contains(&format!("API_PORT={port}\n")));
    assert!(project.read("port-manager.toml").ends_with("[run.\".\"]\nVITE_API_PORT = \"API_PORT\"\n"));
    editor.diagnostics_until(&uri, |found| found.is_empty());
    let (_, hover) = editor.hover(&uri, expected.find("VITE_API_PORT").unwrap()).unwrap();
    assert!(hover.contains(&format!("API_PORT = {port}")), "{hover}");
}

#[test]
fn an_ignored_line_is_quiet() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let (mut editor, uri, cursor) = open(&machine, &project, "server.js", "app.listen(80‸80);\n");
    let actions = editor.code_actions(&uri, cursor);
    let ignore =
        actions.into_iter().find(|action| action.title == "Ignore port-manager on this line").unwrap();
    assert_ne!(ignore.is_preferred, Some(true));
    editor.apply(ignore);
    assert_eq!(editor.diagnostics(&uri), []);
    assert!(editor.text(&uri).contains("port-manager: ignore"));
}

#[test]
fn the_projects_settings_say_what_nobody_wants_to_hear() {
    let machine = Machine::new();
    let settings = "# Ours.\nignore = [\"legacy/\"]\n";
    let project = machine.project("shop", &[(".ports.env", ""), ("port-manager.toml", settings)]);
    let (mut editor, uri, cursor) = open(&machine, &project, "app/server.js", "app.listen(80‸80);\n");
    let take = |editor: &mut Editor, title: &str| {
        let actions = editor.code_actions(&uri, cursor);
        let action = actions.into_iter().find(|action| action.title == title).unwrap();
        editor.apply(action);
        assert_eq!(editor.diagnostics_until(&uri, <[_]>::is_empty), []);
        project.read("port-manager.toml")
    };
    assert_eq!(
        take(&mut editor, "Allow port 8080 in port-manager.toml"),
        "# Ours.\nignore = [\"legacy/\"]\nallowed-ports = [8080]\n"
    );

    editor.replace(&uri, 0..editor.text(&uri).len(), "app.listen(9090);\n");
    editor.diagnostics_until(&uri, |found| !found.is_empty());
    assert_eq!(
        take(&mut editor, "Ignore app/server.js in port-manager.toml"),
        "# Ours.\nignore = [\"legacy/\", \"/app/server.js\"]\nallowed-ports = [8080]\n"
    );
    assert_eq!(editor.text(&uri), "app.listen(9090);\n");
}

#[test]
fn an_address_in_an_env_file_becomes_a_computed_value() {
    let machine = Machine::new();
    let files = [
        (".ports.env", "API_PORT=8100\n"),
        (".ports.env.example", "API_PORT=5000\n"),
        ("server.js", "app.listen(process.env.API_PORT || 5000);\n"),
    ];
    let project = machine.project("shop", &files);
    let text = "API_URL=http://localhost:50‸00/v1\n";
    let (mut editor, uri, cursor) = open(&machine, &project, ".env", text);
    let actions = editor.code_actions(&uri, cursor);
    let title = "Compute API_URL from API_PORT in port-manager.toml";
    let action = actions.into_iter().find(|action| action.title == title).unwrap();
    editor.apply(action);
    assert_eq!(editor.diagnostics_until(&uri, <[_]>::is_empty), []);
    let expected = "[env]\nAPI_URL = \"http://localhost:${API_PORT}/v1\"\n";
    assert_eq!(project.read("port-manager.toml"), expected);
    assert_eq!(editor.text(&uri), text.replace('‸', ""));
}

#[test]
fn everything_that_needs_no_decision_is_fixed_at_once() {
    let machine = Machine::new();
    let (web, api, other) = (unused_port(), unused_port(), unused_port());
    let project = machine.project("shop", &[(".ports.env", &format!("WEB_PORT={web}\nAPI_PORT={api}\n"))]);
    machine.run(&["init"], &project.root);
    let text = format!("web.listen({web});\napi.listen({api});\nadmin.listen({other});\n");
    let (mut editor, uri, _) = open(&machine, &project, "server.js", &format!("‸{text}"));
    let all = 0..text.len();
    let unasked = editor.code_actions_of(&uri, all.clone(), None);
    assert!(unasked.iter().all(|action| action.kind == Some(lsp::CodeActionKind::QuickFix)), "{unasked:#?}");

    let [action] = <[_; 1]>::try_from(editor.code_actions_of(&uri, all, Some(&["source.fixAll"]))).unwrap();
    assert_eq!(action.kind, Some("source.fixAll.port-manager".to_owned().into()));
    editor.apply(action);
    assert_eq!(
        editor.text(&uri),
        format!(
            "web.listen(process.env.WEB_PORT || {web});\napi.listen(process.env.API_PORT || {api});\nadmin.listen({other});\n"
        )
    );
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), format!("{other} hardcoded-port Warning"));
}

#[test]
fn an_import_that_several_fixes_need_comes_once() {
    let machine = Machine::new();
    let (web, api) = (unused_port(), unused_port());
    let project = machine.project("shop", &[(".ports.env", &format!("WEB_PORT={web}\nAPI_PORT={api}\n"))]);
    machine.run(&["init"], &project.root);
    let text = format!("web.run(port={web})\napi.run(port={api})\n");
    let (mut editor, uri, _) = open(&machine, &project, "app.py", &format!("‸{text}"));
    let action = editor.code_actions_of(&uri, 0..0, Some(&["source.fixAll.port-manager"])).remove(0);
    editor.apply(action);
    assert_eq!(editor.text(&uri).matches("import os").count(), 1, "{}", editor.text(&uri));
    assert_eq!(editor.diagnostics(&uri), []);
}

#[test]
fn the_kinds_that_are_asked_for_are_given() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let (mut editor, uri, cursor) = open(&machine, &project, "server.js", "app.listen(80‸80);\n");
    let mut of = |only: &[&str]| editor.code_actions_of(&uri, cursor..cursor, Some(only)).len();
    assert_eq!(of(&["refactor.inline", "source.organizeImports"]), 0);
    assert_eq!(of(&["refactor"]), 1);
    assert_eq!(of(&["source.fixAll"]), 0, "there is no variable that could be used");
    assert!(of(&["quickfix"]) > 0);
}

#[test]
fn fixes_are_offered_where_the_cursor_is_and_nowhere_else() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let (text, places) = marks::all("a‸pp.listen(‸80‸80‸);\n‸");
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("server.js"), &text);
    let offered: Vec<bool> =
        places.into_iter().map(|place| !editor.code_actions(&uri, place).is_empty()).collect();
    assert_eq!(offered, [false, true, true, true, false]);
}

#[test]
fn a_client_that_names_the_diagnostic_gets_its_fixes() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let (mut editor, uri, cursor) = open(&machine, &project, "server.js", "app.lis‸ten(8080);\n");
    let diagnostics = editor.diagnostics(&uri);
    let position = editor.position(&uri, cursor);
    let params = lsp::CodeActionParams {
        text_document: lsp::TextDocumentIdentifier { uri },
        range: lsp::Range { start: position, end: position },
        context: lsp::CodeActionContext { diagnostics, ..Default::default() },
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let actions = editor.wire.request::<lsp::CodeActionRequest>(params).unwrap().unwrap();
    assert!(!actions.is_empty());
}

#[test]
fn a_client_without_document_changes_gets_plain_changes() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut capabilities = modern();
    capabilities["workspace"]["workspaceEdit"]["documentChanges"] = json!(false);
    let mut editor = Editor::with(&machine, &project, capabilities);
    let port = unused_port();
    let (text, cursor) = marks::one(&format!("app.listen(‸{port});\n"));
    let uri = editor.open(&project.path("server.js"), &text);
    let action = preferred(editor.code_actions(&uri, cursor));
    assert_eq!(action.edit.as_ref().unwrap().document_changes, None);
    editor.apply(action);
    // The default stays the literal's number, whichever port the variable could be given.
    editor.diagnostics_until(&uri, |found| {
        found.iter().all(|one| one.severity == Some(lsp::DiagnosticSeverity::Hint))
    });
    assert_eq!(editor.text(&uri), format!("app.listen(process.env.WEB_PORT || {port});\n"));
}

#[test]
fn what_was_asked_of_an_older_text_is_not_answered() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = lsp::Uri::from_file_path(project.path("server.js")).unwrap();
    // Long enough that the edit comes while it is still being read.
    let text = format!("app.listen(8080);\n{}", "const port = 8081;\n".repeat(5000));
    let at = json!({"line": 0, "character": 11});
    let messages = [
        json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {
            "textDocument": {"uri": uri, "languageId": "javascript", "version": 1, "text": text}
        }}),
        json!({"jsonrpc": "2.0", "id": "asked", "method": "textDocument/codeAction", "params": {
            "textDocument": {"uri": uri}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}
        }}),
        json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": ""}]
        }}),
    ];
    let frame = |message: &Value| {
        let content = message.to_string();
        format!("Content-Length: {}\r\n\r\n{content}", content.len())
    };
    editor.wire.send_bytes(messages.iter().map(frame).collect::<String>().as_bytes());
    let answer = editor.wire.wait("answer", |message| message["id"] == "asked");
    assert_eq!(answer["error"]["code"], -32801, "ContentModified: {answer}");
}

/// The project as `init` leaves it, with its `.ports.env` open as somebody has edited it.
fn edited(machine: &Machine, text: &str) -> (Project, Editor, lsp::Uri) {
    let project = machine.project("shop", &[("server.js", "listen(process.env.WEB_PORT)\n")]);
    machine.run(&["init"], &project.root);
    project.write(".ports.env", text);
    let mut editor = Editor::new(machine, &project);
    let uri = editor.open(&project.path(".ports.env"), text);
    (project, editor, uri)
}

#[test]
fn a_line_that_was_edited_is_registered_or_taken_back() {
    let machine = Machine::new();
    let port = unused_port();
    let (project, mut editor, uri) = edited(&machine, &format!("WEB_PORT={port}\n"));
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), format!("WEB_PORT={port} unregistered-port Warning"));
    let registered = || {
        machine.registry()["projects"][project.root.to_str().unwrap()]["ports"]["WEB_PORT"]["port"].clone()
    };
    let before = registered();
    let actions = editor.code_actions(&uri, 0);
    let titles: Vec<&str> = actions.iter().map(|action| action.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            &format!("Register {port} as WEB_PORT"),
            &format!("Use {before}, which the registry has"),
            "Turn off unregistered-port in port-manager.toml",
        ]
    );

    editor.apply(actions[1].clone());
    assert_eq!(editor.text(&uri), format!("WEB_PORT={before}\n"));
    assert_eq!(editor.diagnostics(&uri), []);
    let whole = 0..editor.text(&uri).len();
    editor.replace(&uri, whole, &format!("WEB_PORT={port}\n"));
    editor.diagnostics_until(&uri, |found| !found.is_empty());
    editor.apply(actions[0].clone());
    assert_eq!(editor.diagnostics_until(&uri, <[_]>::is_empty), []);
    assert_eq!(registered(), port);
}

#[test]
fn a_port_of_another_project_is_exchanged_for_one_of_its_own() {
    let machine = Machine::new();
    let port = unused_port();
    let blog = machine.project("blog", &[(".ports.env", &format!("WEB_PORT={port}\n"))]);
    machine.run(&["init"], &blog.root);
    let (project, mut editor, uri) = edited(&machine, &format!("WEB_PORT={port}\n"));
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), format!("WEB_PORT={port} port-conflict Warning"));
    let action = preferred(editor.code_actions(&uri, 0));
    assert_eq!(action.title, "Give WEB_PORT a port of its own");
    editor.apply(action);
    let written = project.read(".ports.env");
    assert!(written.contains("WEB_PORT=") && !written.contains(&port.to_string()), "{written}");
}

#[test]
fn a_ports_env_that_git_would_take_is_added_to_its_list() {
    let machine = Machine::new();
    let (project, mut editor, uri) = edited(&machine, "");
    let port =
        machine.registry()["projects"][project.root.to_str().unwrap()]["ports"]["WEB_PORT"]["port"].clone();
    project.write(".gitignore", "dist\n");
    editor.replace(&uri, 0..0, &format!("WEB_PORT={port}\n"));
    let found = editor.diagnostics_until(&uri, |found| !found.is_empty());
    assert_eq!(editor.describe(&uri, &found), format!("WEB_PORT={port} committed-ports-env Warning"));
    let action = preferred(editor.code_actions(&uri, 0));
    assert_eq!(action.title, "Add .ports.env to .gitignore");
    editor.apply(action);
    assert_eq!(project.read(".gitignore"), "dist\n/.ports.env\n");
    assert_eq!(editor.diagnostics_until(&uri, <[_]>::is_empty), []);
}

#[test]
fn a_default_becomes_the_default_number() {
    let machine = Machine::new();
    let project = machine
        .project("shop", &[(".ports.env", "WEB_PORT=8000\n"), (".ports.env.example", "WEB_PORT=8080\n")]);
    let (mut editor, uri, cursor) =
        open(&machine, &project, "server.js", "app.listen(process.env.WEB_PORT || 30‸00);\n");
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "3000 fallback-mismatch Hint");
    let action = editor.code_actions(&uri, cursor).remove(0);
    assert_eq!(action.title, "Fall back to 8080");
    editor.apply(action);
    assert_eq!(editor.text(&uri), "app.listen(process.env.WEB_PORT || 8080);\n");
    assert_eq!(editor.diagnostics(&uri), []);
}
