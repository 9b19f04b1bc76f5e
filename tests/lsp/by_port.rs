//! Fixes by port: every certain place of a port, or none.

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::Editor;
use crate::support::machine::{Machine, Project, unused_port, unused_port_in};
use crate::support::marks;

const FIX_ALL: &[&str] = &["source.fixAll.port-manager"];

/// The files of a project whose API is named in five of them, with the number in place of `@`.
fn shop(port: u16) -> Vec<(&'static str, String)> {
    let files = [
        (".ports.env", ""),
        ("api/package.json", "{\"name\": \"api\"}\n"),
        ("api/server.js", "app.listen(@);\n"),
        ("web/client.js", "fetch('http://localhost:@/a');\nfetch('http://localhost:@/b');\n"),
        ("web/other.py", "import os\nurl = \"http://localhost:@/\"\n"),
        ("compose.yaml", "services:\n  api:\n    image: api\n    ports:\n      - \"@:80\"\n"),
        ("scripts/wait.sh", "curl http://localhost:@/health\n"),
        ("tests/api.test.js", "fetch('http://localhost:@/a');\n"),
    ];
    files.map(|(path, text)| (path, text.replace('@', &port.to_string()))).to_vec()
}

fn project(machine: &Machine, files: &[(&'static str, String)]) -> Project {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, &**text)).collect();
    machine.project("shop", &files)
}

fn open(editor: &mut Editor, project: &Project, path: &str) -> lsp::Uri {
    let text = project.read(path);
    let uri = editor.open(&project.path(path), &text);
    editor.diagnostics(&uri);
    uri
}

/// The quick fix for the whole project at the cursor, once the server has read all of that.
fn whole_project(editor: &mut Editor, uri: &lsp::Uri, at: usize) -> Option<lsp::CodeAction> {
    // The map of the project is whole when this answers.
    editor.code_actions_of(uri, at..at, Some(FIX_ALL));
    let actions = editor.code_actions(uri, at);
    actions.into_iter().find(|action| action.title.contains("whole project"))
}

fn run_command(editor: &mut Editor, action: &lsp::CodeAction) -> Result<serde_json::Value, String> {
    let command = action.command.clone().expect("the fix is a command");
    editor.execute(&command.command, command.arguments.unwrap_or_default()).map_err(|failure| failure.message)
}

#[test]
fn a_quick_fix_repairs_every_place_of_a_port() {
    let machine = Machine::new();
    let port = unused_port_in(8100..=8149);
    let files = shop(port);
    let project = project(&machine, &files);
    let mut editor = Editor::new(&machine, &project);
    let uri = open(&mut editor, &project, "api/server.js");
    let action = whole_project(&mut editor, &uri, "app.listen(".len()).unwrap();
    assert_eq!(action.title, format!("Use API_PORT for {port} in the whole project (6 places in 5 files)"));
    assert_eq!(action.kind, Some(lsp::CodeActionKind::QuickFix));
    assert_eq!(machine.registry(), json!(null), "nothing is registered for an offer");

    assert_eq!(run_command(&mut editor, &action).unwrap(), json!({"fixes": 6, "files": 5, "incomplete": []}));
    let changed = editor.apply_asked_edit();
    let names: Vec<_> =
        changed.iter().map(|path| path.strip_prefix(&project.root).unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["api/server.js", "compose.yaml", "scripts/wait.sh", "web/client.js", "web/other.py"]);
    assert_eq!(editor.text(&uri), format!("app.listen(process.env.API_PORT || {port});\n"));
    assert_eq!(
        project.read("api/server.js"),
        format!("app.listen({port});\n"),
        "an open file is the editor's"
    );
    assert_eq!(
        project.read("web/client.js"),
        "fetch(`http://localhost:${process.env.API_PORT || @}/a`);\nfetch(`http://localhost:${process.env.API_PORT || @}/b`);\n"
            .replace('@', &port.to_string())
    );
    assert!(project.read("compose.yaml").contains(&format!("\"${{API_PORT:-{port}}}:80\"")));
    editor.diagnostics_until(&uri, <[_]>::is_empty);
    assert!(project.read(".ports.env").lines().any(|line| line == format!("API_PORT={port}")));
}

#[test]
fn a_document_that_was_never_saved_is_repaired_too() {
    let machine = Machine::new();
    let port = unused_port_in(8100..=8149);
    let project = project(&machine, &shop(port));
    let mut editor = Editor::new(&machine, &project);
    let uri = open(&mut editor, &project, "api/server.js");
    let new = editor.open(&project.path("web/new.js"), &format!("fetch('http://localhost:{port}/new');\n"));
    editor.diagnostics(&new);
    let action = whole_project(&mut editor, &uri, "app.listen(".len()).unwrap();
    assert_eq!(action.title, format!("Use API_PORT for {port} in the whole project (7 places in 6 files)"));
    run_command(&mut editor, &action).unwrap();
    editor.apply_asked_edit();
    assert_eq!(
        editor.text(&new),
        format!("fetch(`http://localhost:${{process.env.API_PORT || {port}}}/new`);\n")
    );
    assert!(!project.path("web/new.js").exists(), "saving it is up to the user");
}

#[test]
fn an_offer_follows_files_that_change_on_disk() {
    let machine = Machine::new();
    let port = unused_port_in(8100..=8149);
    let project = project(&machine, &shop(port));
    let mut editor = Editor::new(&machine, &project);
    let uri = open(&mut editor, &project, "api/server.js");
    let at = "app.listen(".len();
    let first = whole_project(&mut editor, &uri, at).unwrap();
    project.write("scripts/wait.sh", &format!("# wait\n{}", project.read("scripts/wait.sh")));
    assert!(run_command(&mut editor, &first).is_err());
    let second = whole_project(&mut editor, &uri, at).unwrap();
    assert_eq!(first.title, second.title);
    run_command(&mut editor, &second).unwrap();
    editor.apply_asked_edit();
    assert!(project.read("scripts/wait.sh").contains("API_PORT"));
}

#[test]
fn an_edit_that_the_editor_refuses_registers_nothing() {
    let machine = Machine::new();
    let files = shop(unused_port_in(8100..=8149));
    let project = project(&machine, &files);
    let mut editor = Editor::new(&machine, &project);
    editor.wire.applies_edits = false;
    let uri = open(&mut editor, &project, "api/server.js");
    let action = whole_project(&mut editor, &uri, "app.listen(".len()).unwrap();
    run_command(&mut editor, &action).unwrap();
    let message = editor.wire.wait_for_notification("window/showMessage", |_| true);
    assert_eq!(message["message"], "port-manager: nothing was fixed: the editor refused it.");
    assert_eq!(machine.registry(), json!(null));
}

#[test]
fn a_file_that_changed_since_the_offer_refuses_the_whole_fix() {
    let machine = Machine::new();
    let files = shop(unused_port_in(8100..=8149));
    let project = project(&machine, &files);
    let mut editor = Editor::new(&machine, &project);
    let uri = open(&mut editor, &project, "api/server.js");
    let action = whole_project(&mut editor, &uri, "app.listen(".len()).unwrap();
    project.write("scripts/wait.sh", &format!("# wait\n{}", project.read("scripts/wait.sh")));
    let refusal = run_command(&mut editor, &action).unwrap_err();
    assert!(refusal.contains("have changed since this fix was offered"), "{refusal}");
    assert!(editor.wire.unread("workspace/applyEdit").is_empty());

    // Nor where an open document has changed.
    let action = whole_project(&mut editor, &uri, "app.listen(".len()).unwrap();
    editor.replace(&uri, 0..0, "// edited\n");
    assert!(run_command(&mut editor, &action).is_err());
}

#[test]
fn a_port_with_one_place_has_no_fix_for_the_whole_project() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", ""), ("server.js", "app.listen(4321);\n")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = open(&mut editor, &project, "server.js");
    assert_eq!(whole_project(&mut editor, &uri, "app.listen(".len()), None);
}

#[test]
fn a_port_with_a_place_for_hands_is_repaired_nowhere() {
    let machine = Machine::new();
    let (port, other) = (unused_port(), unused_port());
    let env = format!("API_PORT={port}\nADMIN_PORT={other}\n");
    let server = format!("app.listen({port});\nadmin.listen({other});\n");
    let project = machine.project(
        "shop",
        &[
            (".ports.env", &env),
            (".ports.env.example", &env),
            ("server.js", &server),
            // JSON reads no variables.
            ("client.json", &format!("{{\"apiUrl\": \"http://localhost:{port}\"}}\n")),
        ],
    );
    machine.run(&["init"], &project.root);
    let mut editor = Editor::new(&machine, &project);
    let uri = open(&mut editor, &project, "server.js");
    assert_eq!(whole_project(&mut editor, &uri, "app.listen(".len()), None);

    // Neither by fix-all of the one document, which repairs the other port.
    let action = editor.code_actions_of(&uri, 0..0, Some(FIX_ALL)).remove(0);
    editor.apply(action);
    let fixed = format!("app.listen({port});\nadmin.listen(process.env.ADMIN_PORT || {other});\n");
    assert_eq!(editor.text(&uri), fixed);

    // Nor by the palette's command.
    let done = editor.execute("port-manager.fix-all", vec![]).unwrap();
    let by_hand = [project.path("client.json")];
    let left = json!([{"variable": "API_PORT", "by_hand": by_hand}]);
    assert_eq!(done, json!({"fixes": 0, "files": 0, "incomplete": left}));
}

/// What an editor has open counts before the disk's text, in other files too.
#[test]
fn open_text_decides_whether_a_port_can_be_repaired() {
    let machine = Machine::new();
    let port = unused_port();
    let env = format!("API_PORT={port}\n");
    let project = machine.project(
        "shop",
        &[
            (".ports.env", &env),
            (".ports.env.example", &env),
            ("server.js", &format!("app.listen({port});\n")),
            ("client.json", "{\"apiUrl\": \"/api\"}\n"),
        ],
    );
    machine.run(&["init"], &project.root);
    let mut editor = Editor::new(&machine, &project);
    let uri = open(&mut editor, &project, "server.js");
    assert_eq!(editor.code_actions_of(&uri, 0..0, Some(FIX_ALL)).len(), 1);
    let client = open(&mut editor, &project, "client.json");
    let url = format!("http://localhost:{port}");
    let (text, at) = marks::one("{\"apiUrl\": \"‸/api\"}\n");
    assert_eq!(editor.text(&client), text);
    editor.replace(&client, at..at + "/api".len(), &url);
    editor.diagnostics(&client);
    assert_eq!(editor.code_actions_of(&uri, 0..0, Some(FIX_ALL)), []);
    let done = editor.execute("port-manager.fix-all", vec![]).unwrap();
    let by_hand = [project.path("client.json")];
    let left = json!([{"variable": "API_PORT", "by_hand": by_hand}]);
    assert_eq!(done, json!({"fixes": 0, "files": 0, "incomplete": left}));
}
