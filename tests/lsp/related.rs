//! What a diagnostic says besides its message.

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern, shown};
use crate::support::machine::{Machine, Project, unused_port};

fn editor(machine: &Machine, project: &Project) -> Editor {
    let mut capabilities = modern();
    capabilities["textDocument"]["publishDiagnostics"] = shown();
    Editor::with(machine, project, capabilities)
}

fn related(diagnostic: &lsp::Diagnostic) -> Vec<(String, u32, u32, &str)> {
    let related = diagnostic.related_information.as_deref().unwrap_or_default();
    let place = |it: &lsp::DiagnosticRelatedInformation| it.location.range.start;
    let name = |it: &lsp::DiagnosticRelatedInformation| {
        let path = it.location.uri.to_file_path().unwrap();
        path.file_name().unwrap().to_string_lossy().into_owned()
    };
    related.iter().map(|it| (name(it), place(it).line, place(it).character, it.message.as_str())).collect()
}

#[test]
fn the_other_places_of_the_port_are_named() {
    let machine = Machine::new();
    let server = "const ship = '🚢'; app.listen(8080);\n";
    let files = [(".ports.env", ""), ("server.js", server)];
    let project = machine.project("shop", &files);
    let mut editor = editor(&machine, &project);
    let uri = editor.open(&project.path("client.js"), "fetch('http://localhost:8080/');\n");
    let found = editor
        .diagnostics_until(&uri, |found| found.iter().any(|diagnostic| !related(diagnostic).is_empty()));
    let column = server[..server.find("8080").unwrap()].encode_utf16().count() as u32;
    assert_eq!(
        related(&found[0]),
        [("server.js".to_owned(), 0, column, "A service listens on the port here")]
    );
}

#[test]
fn no_more_than_a_few_places_are_named() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = editor(&machine, &project);
    let text = format!("app.listen(8080);\n{}", "fetch('http://localhost:8080/');\n".repeat(50));
    let uri = editor.open(&project.path("client.js"), &text);
    let found = editor.diagnostics(&uri);
    assert!(found.len() > 50);
    assert!(found.iter().all(|diagnostic| related(diagnostic).len() == 5));
    // Where something listens comes first, but for that place itself.
    assert_eq!(related(&found[9])[0].3, "A service listens on the port here");
    assert_eq!(related(&found[0])[0].3, "A client connects to the port here");
}

#[test]
fn a_conflict_names_the_line_of_the_other_project() {
    let machine = Machine::new();
    let port = unused_port();
    let blog = machine.project("blog", &[(".ports.env", &format!("# Ours.\nWEB_PORT={port}\n"))]);
    machine.run(&["init"], &blog.root);
    let line = |file: &str| file.lines().position(|line| line.starts_with("WEB_PORT=")).unwrap() as u32;
    let text = format!("API_PORT={port}\n");
    let shop = machine.project("shop", &[(".ports.env", &text), (".gitignore", ".ports.env\n")]);
    let mut editor = editor(&machine, &shop);
    let uri = editor.open(&shop.path(".ports.env"), &text);
    let found = editor.diagnostics(&uri);
    let conflict = found.iter().find(|it| it.code == Some("port-conflict".to_owned().into())).unwrap();
    let other = &conflict.related_information.as_deref().unwrap()[0];
    assert_eq!(other.location.uri, lsp::Uri::from_file_path(blog.path(".ports.env")).unwrap());
    assert_eq!(other.message, format!("blog has port {port} as WEB_PORT"));
    let file = blog.read(".ports.env");
    assert_ne!(line(&file), 0);
    assert_eq!(other.location.range.start, lsp::Position { line: line(&file), character: 0 });

    // Another line in the other file is seen.
    blog.write(".ports.env", &format!("# One more line.\n{file}"));
    editor.diagnostics_until(&uri, |found| {
        let conflict = found.iter().find(|it| it.code == Some("port-conflict".to_owned().into()));
        conflict.is_some_and(|it| related(it)[0].1 == line(&file) + 1)
    });
}

#[test]
fn a_line_without_effect_is_greyed_out_and_names_the_one_that_counts() {
    let machine = Machine::new();
    let text = "WEB_PORT=8001\nWEB_PORT=8002\n";
    let project = machine.project("shop", &[(".ports.env", text)]);
    let mut editor = editor(&machine, &project);
    let uri = editor.open(&project.path(".ports.env"), text);
    let found = editor.diagnostics(&uri);
    let repeated = found.iter().find(|it| it.code == Some("invalid-ports-env".to_owned().into())).unwrap();
    assert_eq!(repeated.tags, Some(vec![lsp::DiagnosticTag::Unnecessary]));
    assert_eq!((repeated.range.start.line, related(repeated)[0].1), (0, 1));
}

#[test]
fn a_client_is_told_no_more_than_it_shows() {
    let machine = Machine::new();
    let text = "WEB_PORT=8001\nWEB_PORT=8002\n";
    let project = machine.project("shop", &[(".ports.env", text)]);
    let mut editor = Editor::with(&machine, &project, json!({}));
    let uri = editor.open(&project.path(".ports.env"), text);
    let found = editor.diagnostics(&uri);
    assert!(!found.is_empty());
    assert!(found.iter().all(|it| {
        it.tags.is_none()
            && it.related_information.is_none()
            && it.data.is_none()
            && it.code_description.is_none()
    }));
}
