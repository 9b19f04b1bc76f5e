//! Documents that are no files: cells of notebooks, and what was never saved.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project, unused_port_in};

fn editor(machine: &Machine, project: &Project) -> Editor {
    let mut capabilities = modern();
    capabilities["notebookDocument"] = json!({"synchronization": {}});
    Editor::with(machine, project, capabilities)
}

struct Notebook {
    uri: lsp::Uri,
    cells: Vec<(lsp::Uri, &'static str, String)>,
}

impl Notebook {
    fn new(project: &Project, cells: &[(&'static str, &str)]) -> Self {
        let uri = lsp::Uri::from_file_path(project.path("my study.ipynb")).unwrap();
        let cell = |(index, (language, text)): (usize, &(&'static str, &str))| {
            let uri = uri.as_str().replacen("file:", "vscode-notebook-cell:", 1);
            (lsp::Uri::parse(&format!("{uri}#W{index}s")).unwrap(), *language, (*text).to_owned())
        };
        Self { cells: cells.iter().enumerate().map(cell).collect(), uri }
    }

    fn notify(editor: &mut Editor, method: &str, params: Value) {
        editor.wire.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn open(&self, editor: &mut Editor) {
        let texts = |(uri, language, text): &(lsp::Uri, &str, String)| json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        let kinds = |(uri, _, _): &(lsp::Uri, &str, String)| json!({"kind": 2, "document": uri});
        let params = json!({
            "notebookDocument": {
                "uri": self.uri, "notebookType": "jupyter-notebook", "version": 1,
                "cells": self.cells.iter().map(kinds).collect::<Vec<_>>()
            },
            "cellTextDocuments": self.cells.iter().map(texts).collect::<Vec<_>>()
        });
        Self::notify(editor, "notebookDocument/didOpen", params);
        for (uri, _, text) in &self.cells {
            editor.adopt_document(uri.clone(), text);
        }
    }

    fn change(&self, editor: &mut Editor, cells: &Value) {
        let params = json!({"notebookDocument": {"uri": self.uri, "version": 2}, "change": {"cells": cells}});
        Self::notify(editor, "notebookDocument/didChange", params);
    }
}

#[test]
fn cells_have_diagnostics_and_fixes_by_their_language() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let port = unused_port_in(8050..=8099);
    let mut editor = editor(&machine, &project);
    assert!(editor.capabilities.notebook_document_sync.is_some());
    let notebook = Notebook::new(
        &project,
        &[
            ("python", &format!("import os\napp.run(port={port})\n")),
            ("markdown", "app.run(port=8080)\n"),
            ("javascript", "app.listen(4711);\n"),
        ],
    );
    notebook.open(&mut editor);
    let (python, script) = (notebook.cells[0].0.clone(), notebook.cells[2].0.clone());
    let found = editor.diagnostics(&script);
    assert_eq!(editor.describe(&script, &found), "4711 hardcoded-port Warning");
    let found = editor.diagnostics(&python);
    assert_eq!(editor.describe(&python, &found), format!("{port} hardcoded-port Warning"));
    let at = notebook.cells[0].2.find(&port.to_string()).unwrap();
    let actions = editor.code_actions(&python, at);
    // A cell is no file that `port-manager.toml` could ignore.
    assert!(actions.iter().all(|action| !action.title.contains("ipynb")), "{actions:#?}");
    editor.apply(actions[0].clone());
    assert!(editor.text(&python).contains("app.run(port=int(os.environ.get("), "{}", editor.text(&python));
    editor.diagnostics_until(&python, <[_]>::is_empty);
    assert!(project.read(".ports.env").contains(&format!("={port}")));
    let said = editor.wire.unread("textDocument/publishDiagnostics");
    assert!(said.iter().all(|params| params["uri"] != notebook.cells[1].0.as_str()), "{said:?}");
}

#[test]
fn cells_are_edited_added_and_removed() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = editor(&machine, &project);
    let notebook = Notebook::new(&project, &[("javascript", "nothing();\n"), ("javascript", "")]);
    notebook.open(&mut editor);
    let (first, second) = (&notebook.cells[0].0, &notebook.cells[1].0);
    editor.diagnostics(first);
    notebook.change(
        &mut editor,
        &json!({"textContent": [{
            "document": {"uri": first, "version": 2}, "changes": [{"text": "app.listen(8080);\n"}]
        }]}),
    );
    editor.wire.wait_for_notification("textDocument/publishDiagnostics", |params| {
        params["uri"] == first.as_str() && params["diagnostics"].as_array().unwrap().len() == 1
    });
    let third = lsp::Uri::parse(&format!("{}x", second.as_str())).unwrap();
    notebook.change(
        &mut editor,
        &json!({"structure": {
            "array": {"start": 0, "deleteCount": 1, "cells": [{"kind": 2, "document": third}]},
            "didClose": [{"uri": first}],
            "didOpen": [{"uri": third, "languageId": "javascript", "version": 1, "text": "app.listen(8082);\n"}]
        }}),
    );
    editor.wire.wait_for_notification("textDocument/publishDiagnostics", |params| {
        params["uri"] == first.as_str() && params["diagnostics"] == json!([])
    });
    editor.wire.wait_for_notification("textDocument/publishDiagnostics", |params| {
        params["uri"] == third.as_str() && params["diagnostics"].as_array().unwrap().len() == 1
    });
    Notebook::notify(
        &mut editor,
        "notebookDocument/didClose",
        json!({"notebookDocument": {"uri": notebook.uri}, "cellTextDocuments": [{"uri": third}, {"uri": second}]}),
    );
    editor.wire.wait_for_notification("textDocument/publishDiagnostics", |params| {
        params["uri"] == third.as_str() && params["diagnostics"] == json!([])
    });
}

#[test]
fn an_unsaved_document_belongs_to_the_only_folder() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = lsp::Uri::parse("untitled:Untitled-1").unwrap();
    let port = unused_port_in(8050..=8099);
    editor.open_as(uri.clone(), "javascript", &format!("app.listen({port});\n"));
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), format!("{port} hardcoded-port Warning"));
    let action = editor.code_actions(&uri, "app.listen(".len()).remove(0);
    editor.apply(action);
    assert_eq!(editor.text(&uri), format!("app.listen(process.env.WEB_PORT || {port});\n"));
    assert!(!project.path("Untitled-1.js").exists());
}
