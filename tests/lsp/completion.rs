//! What is offered while somebody types.

use std::net::TcpListener;
use std::time::Instant;

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project, unused_port};
use crate::support::marks;
use crate::support::wire::DEADLINE;

/// What is offered where the mark is in a file of the project, which is not saved.
fn offered(editor: &mut Editor, project: &Project, path: &str, marked: &str) -> Vec<lsp::CompletionItem> {
    let (text, offset) = marks::one(marked);
    let uri = editor.open(&project.path(path), &text);
    editor.completions(&uri, offset)
}

fn labels(items: &[lsp::CompletionItem]) -> Vec<&str> {
    items.iter().map(|item| item.label.as_str()).collect()
}

/// The text once the offer of that label is taken, and that its filter finds what is typed.
fn taken(editor: &mut Editor, project: &Project, path: &str, marked: &str, label: &str) -> String {
    let (text, offset) = marks::one(marked);
    let uri = editor.open(&project.path(path), &text);
    let items = editor.completions(&uri, offset);
    let found = items.iter().find(|item| item.label == label);
    let item = found.unwrap_or_else(|| panic!("{path}: {marked}: {:?}", labels(&items))).clone();
    let Some(lsp::CompletionItemTextEdit::TextEdit(edit)) = &item.text_edit else { panic!("{item:?}") };
    let span = editor.span(&uri, edit.range);
    assert!(span.start <= offset && offset <= span.end, "the edit is around the place: {item:?}");
    let typed = &text[span.start..offset];
    assert!(item.filter_text.as_ref().unwrap().starts_with(typed), "{typed:?} is filtered out: {item:?}");
    editor.take(&uri, item);
    let result = editor.text(&uri).to_owned();
    editor.close(&uri);
    result
}

/// Returns once the server has read the project of a document: the fixes for a whole port need that.
fn wait_for_map(editor: &mut Editor, uri: &lsp::Uri) {
    editor.code_actions_of(uri, 0..0, Some(&["source.fixAll.port-manager"]));
}

/// A project with a web server, an API and a database, of which only the first two have numbers here.
fn shop(machine: &Machine) -> (Project, u16) {
    let port = unused_port();
    let project = machine.project(
        "shop",
        &[
            (".ports.env", &format!("WEB_PORT={port}\nAPI_PORT=8100\n")),
            (".ports.env.example", "WEB_PORT=8080\nAPI_PORT=5000\nDB_PORT=5432\n"),
        ],
    );
    (project, port)
}

#[test]
fn a_lookup_is_completed_with_the_default_in_each_language() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    for (path, marked, expected) in [
        ("a.js", "app.listen(process.env.‸", "app.listen(process.env.WEB_PORT || 8080"),
        ("a.js", "/* 🚢 */ app.listen(process.env.WE‸)", "/* 🚢 */ app.listen(process.env.WEB_PORT || 8080)"),
        ("a.js", "x\r\nf(process.env['W‸'])\r\n", "x\r\nf(process.env['WEB_PORT'] || 8080)\r\n"),
        ("a.js", "f(1 + process.env.‸)", "f(1 + (process.env.WEB_PORT || 8080))"),
        ("a.js", "f(process.env.‸ || 3000)", "f(process.env.WEB_PORT || 3000)"),
        ("a.ts", "const a = Number(process.env.‸)", "const a = Number(process.env.WEB_PORT || 8080)"),
        (
            "a.ts",
            "Deno.serve({ port: Deno.env.get(\"‸\") })",
            "Deno.serve({ port: Deno.env.get(\"WEB_PORT\") || 8080 })",
        ),
        ("a.js", "const { ‸ } = process.env", "const { WEB_PORT } = process.env"),
        (
            "a.py",
            "import os\nport = int(os.environ[\"‸",
            "import os\nport = int(os.environ.get(\"WEB_PORT\", \"8080\")",
        ),
        (
            "a.py",
            "import os\nport = int(os.environ.get(\"‸\"))\n",
            "import os\nport = int(os.environ.get(\"WEB_PORT\", \"8080\"))\n",
        ),
        ("a.py", "port = env.int(\"‸\")\n", "port = env.int(\"WEB_PORT\")\n"),
        ("a.rb", "a = ENV[\"‸", "a = ENV.fetch(\"WEB_PORT\", 8080)"),
        ("a.rb", "a = ENV.fetch(\"W‸\")", "a = ENV.fetch(\"WEB_PORT\", 8080)"),
        ("a.php", "<?php $a = getenv('‸');", "<?php $a = getenv('WEB_PORT') ?: 8080;"),
        ("a.kt", "val a = System.getenv(\"‸\")", "val a = System.getenv(\"WEB_PORT\") ?: \"8080\""),
        (
            "a.java",
            "class A { String a = System.getenv(\"‸\"); }",
            "class A { String a = System.getenv().getOrDefault(\"WEB_PORT\", \"8080\"); }",
        ),
        ("a.lua", "local a = os.getenv(\"‸\")", "local a = os.getenv(\"WEB_PORT\") or \"8080\""),
        ("a.sh", "curl localhost:$‸\n", "curl localhost:${WEB_PORT:-8080}\n"),
        ("a.sh", "curl \"localhost:${W‸}/\"\n", "curl \"localhost:${WEB_PORT:-8080}/\"\n"),
        ("a.sh", "WEB_PORT=1\ncurl localhost:${W‸}\n", "WEB_PORT=1\ncurl localhost:${WEB_PORT}\n"),
        (
            "compose.yaml",
            "services:\n  web:\n    ports:\n      - \"${‸}:80\"\n",
            "services:\n  web:\n    ports:\n      - \"${WEB_PORT:-8080}:80\"\n",
        ),
        ("Makefile", "run:\n\tcurl localhost:$(‸\n", "run:\n\tcurl localhost:$(or $(WEB_PORT),8080)\n"),
        ("application.yml", "server:\n  port: ${‸}\n", "server:\n  port: ${WEB_PORT:8080}\n"),
        ("Caddyfile", "localhost:{$‸}\n", "localhost:{$WEB_PORT:8080}\n"),
        ("a.bat", "curl localhost:%W‸%\r\n", "curl localhost:%WEB_PORT%\r\n"),
    ] {
        assert_eq!(taken(&mut editor, &project, path, marked, "WEB_PORT"), expected, "{path}: {marked}");
    }
}

#[test]
fn go_and_rust_are_completed_as_fixes_write_them() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    std::fs::write(project.path("go.mod"), "module example.com/shop\n\ngo 1.22\n").unwrap();
    let mut editor = Editor::new(&machine, &project);
    let go = taken(
        &mut editor,
        &project,
        "main.go",
        "package main\n\nimport \"os\"\n\nvar port = os.Getenv(\"‸\")\n",
        "WEB_PORT",
    );
    assert!(go.contains("var port = cmp.Or(os.Getenv(\"WEB_PORT\"), \"8080\")\n"), "{go}");
    assert!(go.contains("\"cmp\""), "{go}");
    let rust = taken(
        &mut editor,
        &project,
        "src/main.rs",
        "fn main() {\n    let port = std::env::var(\"‸\");\n}\n",
        "WEB_PORT",
    );
    assert!(rust.contains("std::env::var(\"WEB_PORT\")"), "{rust}");
}

#[test]
fn an_offer_says_number_service_project_and_listener() {
    let machine = Machine::new();
    let (project, port) = shop(&machine);
    let _listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let mut capabilities = modern();
    capabilities["textDocument"]["completion"] = json!({"completionItem": {"labelDetailsSupport": true}});
    let mut editor = Editor::with(&machine, &project, capabilities);
    let items = offered(&mut editor, &project, "a.js", "f(process.env.‸)");
    assert_eq!(labels(&items), ["API_PORT", "DB_PORT", "WEB_PORT"]);
    let web = &items[2];
    assert_eq!(web.detail.as_deref(), Some(&*format!("{port}, service web, project shop")));
    let described = serde_json::to_value(web).unwrap();
    assert_eq!(described["labelDetails"]["description"], port.to_string());
    let documentation = described["documentation"].as_str().unwrap();
    assert!(documentation.contains("Default number 8080."), "{documentation}");
    assert!(
        documentation.contains(&format!("(pid {}) listens on port {port}.", std::process::id())),
        "{documentation}"
    );
    assert_eq!(items[1].detail.as_deref(), Some("no number, service db, project shop"));
}

#[test]
fn the_variables_of_the_nearest_component_come_first() {
    let machine = Machine::new();
    let project = machine.project(
        "shop",
        &[
            (".ports.env", "ADMIN_PORT=8001\nWEB_PORT=8000\n"),
            ("web/package.json", "{}"),
            ("web/server.js", "app.listen(process.env.WEB_PORT || 8080)\n"),
            ("admin/package.json", "{}"),
            ("admin/server.js", "app.listen(process.env.ADMIN_PORT || 8081)\n"),
        ],
    );
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("web/other.js"), "f(process.env.)");
    wait_for_map(&mut editor, &uri);
    assert_eq!(editor.completions(&uri, "f(process.env.".len())[0].label, "WEB_PORT");
    let (text, offset) = marks::one("f(process.env.‸)");
    let uri = editor.open(&project.path("admin/other.js"), &text);
    assert_eq!(editor.completions(&uri, offset)[0].label, "ADMIN_PORT");
}

#[test]
fn nothing_is_offered_where_no_variable_is_read() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    std::fs::write(project.path("port-manager.toml"), "ignore = [\"legacy/\"]\n").unwrap();
    let mut editor = Editor::new(&machine, &project);
    for (path, marked) in [
        ("a.js", "// process.env.‸"),
        ("a.js", "app.‸"),
        ("a.py", "a = \"‸\"\n"),
        ("a.py", "# os.environ[\"‸\"]\n"),
        ("a.sh", "echo ‸\n"),
        ("notes.txt", "process.env.‸"),
        ("legacy/a.js", "f(process.env.‸)"),
        ("a.min.js", "f(process.env.‸)"),
    ] {
        assert_eq!(labels(&offered(&mut editor, &project, path, marked)), [""; 0], "{path}: {marked}");
    }
}

#[test]
fn a_position_beyond_the_text_is_its_end() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("a.js"), "x\nf(process.env.");
    for (line, character) in [(1, 99), (7, 0), (u32::MAX, u32::MAX)] {
        let items = editor.completions_at(&uri, lsp::Position { line, character });
        assert!(labels(&items).contains(&"WEB_PORT"), "{line}:{character}");
    }
}

#[test]
fn only_a_client_that_can_is_asked_whether_to_replace() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    let edit = |capabilities: Value| {
        let mut editor = Editor::with(&machine, &project, capabilities);
        let items = offered(&mut editor, &project, "a.js", "f(process.env.WE‸XX || 1)");
        serde_json::to_value(items.last().unwrap()).unwrap()["textEdit"].clone()
    };
    let at = |character: u32| json!({"line": 0, "character": character});
    assert_eq!(edit(modern())["range"], json!({"start": at(14), "end": at(18)}));
    let mut able = modern();
    able["textDocument"]["completion"] = json!({"completionItem": {"insertReplaceSupport": true}});
    let edit = edit(able);
    assert_eq!(edit["insert"], json!({"start": at(14), "end": at(16)}));
    assert_eq!(edit["replace"], json!({"start": at(14), "end": at(18)}));
}

#[test]
fn a_project_that_wants_no_defaults_gets_names_only() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    std::fs::write(project.path("port-manager.toml"), "[fixes]\ndefault = \"none\"\n").unwrap();
    let mut editor = Editor::new(&machine, &project);
    let text = taken(&mut editor, &project, "a.js", "f(process.env.‸)", "WEB_PORT");
    assert_eq!(text, "f(process.env.WEB_PORT)");
}

#[test]
fn a_page_reads_a_variable_by_the_name_of_its_bundler() {
    let machine = Machine::new();
    let manifest = r#"{"dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "8"}}"#;
    let files = [
        (".ports.env", "API_PORT=8100\n"),
        (".ports.env.example", "API_PORT=5000\n"),
        ("package.json", manifest),
        ("src/shop.ts", "fetch('/')\n"),
    ];
    let project = machine.project("shop", &files);
    let mut editor = Editor::new(&machine, &project);
    let (text, offset) = marks::one("document.title = ''\nfetch(`http://localhost:${import.meta.env.‸}/`)\n");
    let uri = editor.open(&project.path("src/shop.ts"), &text);
    // Until the project has been read, the file alone does not say that it is a page's.
    let deadline = Instant::now() + DEADLINE;
    let item = loop {
        let items = editor.completions(&uri, offset);
        if let Some(item) = items.iter().find(|item| item.label == "VITE_API_PORT") {
            break item.clone();
        }
        assert!(Instant::now() < deadline, "{:?}", labels(&items));
    };
    editor.take(&uri, item);
    assert!(editor.text(&uri).contains("${import.meta.env.VITE_API_PORT || 5000}"), "{}", editor.text(&uri));
}

#[test]
fn a_component_reads_port_where_the_settings_say_so() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    std::fs::write(project.path("port-manager.toml"), "[run.web]\nPORT = \"WEB_PORT\"\n").unwrap();
    let mut editor = Editor::new(&machine, &project);
    let text = taken(&mut editor, &project, "web/a.js", "app.listen(process.env.‸)", "PORT");
    assert_eq!(text, "app.listen(process.env.PORT || 8080)");
    // It is offered everywhere until the whole project has been read.
    let mut is_offered =
        || labels(&offered(&mut editor, &project, "a.js", "f(process.env.‸)")).contains(&"PORT");
    assert!((0..1_000).any(|_| !is_offered()));
}

#[test]
fn ports_env_is_completed_with_what_is_missing() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    let items = offered(&mut editor, &project, ".ports.env", "WEB_PORT=8000\n‸\n");
    assert_eq!(labels(&items), ["API_PORT", "DB_PORT"]);
    let text = taken(&mut editor, &project, ".ports.env", "# 🚢\r\nexport DB‸\r\n", "DB_PORT");
    assert!(text.starts_with("# 🚢\r\nexport DB_PORT=54"), "{text}");
    assert_eq!(taken(&mut editor, &project, ".ports.env", "D‸=5433\n", "DB_PORT"), "DB_PORT=5433\n");
    assert_eq!(labels(&offered(&mut editor, &project, ".ports.env", "# ‸\n")), [""; 0]);
    assert_eq!(labels(&offered(&mut editor, &project, ".ports.env", "x ‸\n")), [""; 0]);
}

#[test]
fn behind_a_key_come_the_numbers_that_can_be_had() {
    let machine = Machine::new();
    let (project, port) = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    let items = offered(&mut editor, &project, ".ports.env", "API_PORT=8100\nWEB_PORT=‸");
    assert_eq!(items[0].label, port.to_string(), "the assigned one first");
    assert!(items.len() > 1);
    let labels = labels(&items);
    assert!(!labels.contains(&"8100") && !labels.contains(&"5000"), "another variable's: {labels:?}");
    let items = offered(&mut editor, &project, ".ports.env", "NEW_QUEUE_PORT=‸");
    assert!(items.iter().all(|item| item.label.starts_with("56")), "{items:?}");
    let text = taken(&mut editor, &project, ".ports.env", "WEB_PORT=\"‸\"\n", &port.to_string());
    assert_eq!(text, format!("WEB_PORT=\"{port}\"\n"));
}

#[test]
fn the_example_is_completed_with_default_numbers() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    let path = ".ports.env.example";
    assert_eq!(taken(&mut editor, &project, path, "WE‸\n", "WEB_PORT"), "WEB_PORT=8080\n");
    assert_eq!(taken(&mut editor, &project, path, "WEB_PORT=‸\n", "8080"), "WEB_PORT=8080\n");
}

#[test]
fn settings_are_completed_by_their_schema() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    let path = "port-manager.toml";
    for (marked, label, expected) in [
        ("sev‸", "[severity]", "[severity]"),
        ("[sev‸]\n", "[severity]", "[severity]\n"),
        ("[‸\n", "[[call]]", "[[call]]\n"),
        ("[[en‸]]\n", "[[environment]]", "[[environment]]\n"),
        ("ign‸", "ignore", "ignore = "),
        ("[severity]\nhard‸\n", "hardcoded-port", "[severity]\nhardcoded-port = \n"),
        ("[severity]\nhardcoded-port = ‸\n", "note", "[severity]\nhardcoded-port = \"note\"\n"),
        ("[severity]\r\nhardcoded-port = \"n‸\r\n", "note", "[severity]\r\nhardcoded-port = \"note\"\r\n"),
        ("[severity]\nhardcoded-port = \"‸\"\n", "off", "[severity]\nhardcoded-port = \"off\"\n"),
        ("[fixes]\ndefault = '‸'\n", "none", "[fixes]\ndefault = 'none'\n"),
        ("[compose]\nproject-name = ‸\n", "false", "[compose]\nproject-name = false\n"),
        ("[[call]]\ndoes = \"li‸\"\n", "listen", "[[call]]\ndoes = \"listen\"\n"),
        ("[run.\"web\"]\nPORT = \"‸\"\n", "WEB_PORT", "[run.\"web\"]\nPORT = \"WEB_PORT\"\n"),
        (
            "[env]\nA = \"http://localhost:${‸\"\n",
            "WEB_PORT",
            "[env]\nA = \"http://localhost:${WEB_PORT}\"\n",
        ),
        (
            "[env]\nA = \"http://localhost:$W‸\"\n",
            "WEB_PORT",
            "[env]\nA = \"http://localhost:${WEB_PORT}\"\n",
        ),
    ] {
        assert_eq!(taken(&mut editor, &project, path, marked, label), expected, "{marked}");
    }
    for marked in ["# ‸", "[env]\nA = \"$$‸\"\n", "[severity] ‸\n"] {
        assert_eq!(labels(&offered(&mut editor, &project, path, marked)), [""; 0], "{marked}");
    }
    let items = offered(&mut editor, &project, path, "[severity]\nhardcoded-port = \"off\"\n‸");
    assert!(!labels(&items).contains(&"hardcoded-port"), "a key is there once");
}

#[test]
fn settings_that_are_saved_unfinished_are_completed() {
    let machine = Machine::new();
    let (project, _) = shop(&machine);
    project.write("port-manager.toml", "[sev");
    let mut editor = Editor::new(&machine, &project);
    let text = taken(&mut editor, &project, "port-manager.toml", "[sev‸", "[severity]");
    assert_eq!(text, "[severity]");
    let text = taken(&mut editor, &project, "a.js", "f(process.env.‸)", "WEB_PORT");
    assert_eq!(text, "f(process.env.WEB_PORT || 8080)");
}

#[test]
fn settings_offer_the_paths_and_directories_of_the_project() {
    let machine = Machine::new();
    let project = machine.project(
        "shop",
        &[
            (".ports.env", "WEB_PORT=8000\n"),
            ("web/package.json", "{}"),
            ("web/server.js", "app.listen(process.env.WEB_PORT || 8080)\n"),
        ],
    );
    let mut editor = Editor::new(&machine, &project);
    let (text, offset) = marks::one("ignore = [\"‸\"]\n");
    let uri = editor.open(&project.path("port-manager.toml"), &text);
    let server = editor.open(&project.path("web/server.js"), "app.listen(process.env.WEB_PORT || 8080)\n");
    wait_for_map(&mut editor, &server);
    let items = editor.completions(&uri, offset);
    assert!(labels(&items).contains(&"web/server.js") && labels(&items).contains(&"web/"), "{items:?}");
    let text = taken(&mut editor, &project, "port-manager.toml", "[run‸", "[run.\"web\"]");
    assert_eq!(text, "[run.\"web\"]");
}

#[test]
fn the_signs_that_ask_are_advertised() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let editor = Editor::new(&machine, &project);
    let options = editor.capabilities.completion_provider.clone().unwrap();
    let signs = options.trigger_characters.unwrap();
    for sign in [".", "\"", "'", "{", "(", "$", "%", "="] {
        assert!(signs.iter().any(|it| it == sign), "{sign}");
    }
}
