//! What a hover tells of a port.

use std::net::TcpListener;

use serde_json::json;

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project, unused_port};
use crate::support::marks;

/// Opens a file of the project, and hovers where the mark is.
fn hover(editor: &mut Editor, project: &Project, path: &str, marked: &str) -> Option<(String, String)> {
    let (text, offset) = marks::one(marked);
    let uri = editor.open(&project.path(path), &text);
    editor.hover(&uri, offset)
}

#[test]
fn a_number_tells_whose_it_is_and_that_it_is_free() {
    let machine = Machine::new();
    let port = unused_port();
    let blog = machine.project("blog", &[(".ports.env", &format!("BLOG_PORT={port}\n"))]);
    machine.run(&["init"], &blog.root);
    let project = machine.project("shop", &[]);
    let mut editor = Editor::new(&machine, &project);
    let (span, text) =
        hover(&mut editor, &project, "server.js", &format!("/* 🚢 */ app.listen({port}‸);\n")).unwrap();
    assert_eq!(span, port.to_string());
    assert_eq!(
        text,
        format!(
            "**Port {port}**\n\n\
             The default number of `WEB_PORT`, which has no number here yet.\n\n\
             Belongs to project `blog` in `{}` as `BLOG_PORT`, service misc.\n\n\
             Free: nothing listens on it.",
            blog.root.display()
        )
    );
}

#[test]
fn a_number_tells_who_listens() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut editor = Editor::new(&machine, &project);
    let (_, text) = hover(&mut editor, &project, "server.js", &format!("app.listen({port}‸);\n")).unwrap();
    let me = std::process::id();
    assert!(text.contains("No project owns it."), "{text}");
    assert!(text.contains(&format!("(pid {me}) listens on it.")), "{text}");
}

#[test]
fn a_reference_tells_the_variables_port() {
    let machine = Machine::new();
    let port = unused_port();
    let project = machine.project("shop", &[(".ports.env", &format!("WEB_PORT={port}\n"))]);
    machine.run(&["init"], &project.root);
    let mut editor = Editor::new(&machine, &project);
    let (span, text) =
        hover(&mut editor, &project, "server.js", "app.listen(process.env.WEB‸_PORT);\n").unwrap();
    assert_eq!(span, "WEB_PORT");
    assert_eq!(
        text,
        format!(
            "**WEB_PORT = {port}**\n\n\
             Default number {port}.\n\n\
             Belongs to this project as `WEB_PORT`, service web.\n\n\
             Free: nothing listens on it."
        )
    );
}

#[test]
fn a_reference_to_nothing_says_so() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "API_PORT=8100\n")]);
    let mut editor = Editor::new(&machine, &project);
    let (_, text) =
        hover(&mut editor, &project, "server.js", "app.listen(process.env.WEB‸_PORT);\n").unwrap();
    assert_eq!(text, "**WEB_PORT**\n\nNot defined in .ports.env.");
}

#[test]
fn a_line_of_ports_env_tells_its_port_wherever_one_points() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let port = unused_port();
    for marked in ["WEB‸_PORT=@\n", "WEB_PORT‸=@\n", "WEB_PORT=@‸\n", "‸export WEB_PORT=@\n"] {
        let mut editor = Editor::new(&machine, &project);
        let marked = marked.replace('@', &port.to_string());
        let (_, text) = hover(&mut editor, &project, ".ports.env", &marked).unwrap();
        assert!(text.starts_with(&format!("**WEB_PORT = {port}**")), "{marked:?}: {text}");
    }
}

#[test]
fn the_files_of_settings_and_defaults_tell_their_ports() {
    let machine = Machine::new();
    let port = unused_port();
    let project = machine.project("shop", &[(".ports.env", &format!("WEB_PORT={port}\n"))]);
    let mut editor = Editor::new(&machine, &project);
    for (path, marked) in [
        (".ports.env.example", "WEB_PORT=30‸00\n"),
        ("port-manager.toml", "[run.\"web\"]\nPORT = \"WEB_‸PORT\"\n"),
        ("port-manager.toml", "[env]\nWEB_URL = \"http://🚢${WEB‸_PORT}/\"\n"),
    ] {
        let (span, text) = hover(&mut editor, &project, path, marked).unwrap();
        assert_eq!(span, "WEB_PORT", "{marked}");
        assert!(text.contains(&port.to_string()), "{marked}: {text}");
    }
}

#[test]
fn elsewhere_there_is_nothing_to_tell() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let mut editor = Editor::new(&machine, &project);
    assert_eq!(hover(&mut editor, &project, "server.js", "app.li‸sten(8080);\n"), None);
    assert_eq!(hover(&mut editor, &project, "notes.txt", "app.listen(80‸80);\n"), None);
}

#[test]
fn a_client_without_markdown_gets_plain_text() {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    let mut capabilities = modern();
    capabilities["textDocument"]["hover"]["contentFormat"] = json!(["plaintext"]);
    let mut editor = Editor::with(&machine, &project, capabilities);
    let port = unused_port();
    let (_, text) = hover(&mut editor, &project, "server.js", &format!("app.listen({port}‸);\n")).unwrap();
    assert_eq!(
        text,
        format!(
            "Port {port}\nThe default number of WEB_PORT, which has no number here yet.\n\
             No project owns it.\nFree: nothing listens on it."
        )
    );
}

#[test]
fn messages_to_an_editor_hide_nothing() {
    const HOSTILE: &str = "`[x](command:evil)\u{1b}[31m\u{202e}back\nforged";
    let machine = Machine::new();
    let port = unused_port();
    let blog = machine.project(HOSTILE, &[(".ports.env", &format!("BLOG_PORT={port}\n"))]);
    machine.run(&["init"], &blog.root);
    let project = machine.project("shop", &[(".ports.env", &format!("WEB_PORT={port}\n"))]);
    let mut editor = Editor::new(&machine, &project);
    let is_shown = |text: &str| !text.chars().any(|it| it != '\n' && port_manager::text::is_hidden(it));

    let (_, text) = hover(&mut editor, &project, "server.js", &format!("app.listen({port}‸);\n")).unwrap();
    assert!(is_shown(&text), "{text:?}");
    assert!(text.contains("project `` `[x](command:evil)"), "the name is a code span: {text}");
    assert!(!text.contains("\nforged"), "{text}");

    let uri = editor.open(&project.path(".ports.env"), &format!("WEB_PORT={port}\n"));
    let diagnostics = editor.diagnostics_until(&uri, |found| !found.is_empty());
    let messages = serde_json::to_string(&diagnostics).unwrap();
    assert!(messages.contains("belongs to") && messages.contains("forged"), "{messages}");
    assert!(
        is_shown(&messages) && !messages.contains(r"\u001b") && !messages.contains(r"\nforged\n"),
        "{messages}"
    );
}

/// A project whose API is spoken of everywhere, with the number in place of `@`.
fn api(machine: &Machine, port: u16) -> Project {
    let clients: String = (0..9).map(|_| format!("fetch('http://localhost:{port}/');\n")).collect();
    let compose = format!("services:\n  api:\n    image: api\n    ports:\n      - \"{port}:80\"\n");
    machine.project(
        "shop",
        &[
            (".ports.env.example", &format!("API_PORT={port}\n")),
            ("api/server.js", &format!("app.listen({port});\n")),
            ("api/old(1).js", &format!("app.listen(process.env.API_PORT || {port});\n")),
            ("web/client.js", &clients),
            ("web/env.js", &format!("const API = process.env.API_URL || 'http://localhost:{port}';\n")),
            ("compose.yaml", &compose),
        ],
    )
}

#[test]
fn every_place_of_a_port_tells_which_one_it_is_and_who_uses_it() {
    let machine = Machine::new();
    let (port, assigned) = (unused_port(), unused_port());
    let project = api(&machine, port);
    project.write(".ports.env", &format!("API_PORT={assigned}\n"));
    machine.run(&["init"], &project.root);
    let mut editor = Editor::new(&machine, &project);
    let cases = [
        ("api/server.js", "app.listen(‸"),
        ("api/old(1).js", "process.env.API‸_PORT"),
        ("api/old(1).js", "API_PORT || ‸"),
        ("web/client.js", "localhost:‸"),
        ("web/env.js", "localhost:‸"),
        ("compose.yaml", "- \"‸"),
        (".ports.env", "API‸_PORT="),
        (".ports.env.example", "API‸_PORT="),
    ];
    for (path, marked) in cases {
        let text = project.read(path);
        let (needle, within) = marks::one(marked);
        let at = text.find(&needle).unwrap_or_else(|| panic!("{path} has {needle}")) + within;
        let uri = editor.open(&project.path(path), &text);
        editor.diagnostics(&uri);
        // The map of the project is whole when this answers.
        editor.code_actions_of(&uri, at..at, Some(&["source.fixAll.port-manager"]));
        let (_, told) = editor.hover(&uri, at).unwrap_or_else(|| panic!("{path}: no hover"));
        editor.close(&uri);
        assert!(told.contains("API_PORT"), "{path}: {told}");
        assert!(told.contains(&assigned.to_string()), "{path}: {told}");
        assert!(told.contains(&port.to_string()), "{path}: {told}");
        assert!(told.contains("Belongs to") || told.contains("No project owns it"), "{path}: {told}");
        assert!(told.contains("nothing listens on it"), "{path}: {told}");
        let connects =
            told.lines().find(|line| line.starts_with("Connects: ")).unwrap_or_else(|| panic!("{told}"));
        assert_eq!(connects.matches("](file:///").count(), 5, "{path}: {connects}");
        let others = if path.starts_with("web/") { 4 } else { 5 };
        assert!(connects.ends_with(&format!(" and {others} more.")), "{path}: {connects}");
        let listens = told.lines().find(|line| line.starts_with("Listens: "));
        let listens = listens.unwrap_or_else(|| panic!("{path}: {told}"));
        if path != "compose.yaml" {
            assert!(listens.contains("[`compose.yaml:5`](file:///"), "{path}: {listens}");
            assert!(listens.contains("/compose.yaml#L5)"), "{path}: {listens}");
        }
    }
}

#[test]
fn a_file_name_cannot_end_a_link() {
    let machine = Machine::new();
    let port = unused_port();
    let hostile = "a)[x](command:evil).js";
    let project = machine.project(
        "shop",
        &[
            (hostile, &format!("app.listen({port});\n")),
            ("client.js", &format!("fetch('http://localhost:{port}');\n")),
        ],
    );
    let mut editor = Editor::new(&machine, &project);
    let (text, at) = marks::one(&format!("fetch('http://localhost:‸{port}');\n"));
    let uri = editor.open(&project.path("client.js"), &text);
    editor.diagnostics(&uri);
    editor.code_actions_of(&uri, at..at, Some(&["source.fixAll.port-manager"]));
    let (_, told) = editor.hover(&uri, at).unwrap();
    let listens = told.lines().find(|line| line.starts_with("Listens: ")).unwrap_or_else(|| panic!("{told}"));
    assert!(listens.starts_with(&format!("Listens: [`{hostile}:1`](file:///")), "{listens}");
    let target = listens.rsplit_once("](file").unwrap().1;
    assert_eq!(target.matches(['(', ')']).count(), 1, "only the link's own end: {target}");
}
