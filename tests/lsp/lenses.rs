//! Code lenses, document links, and the numbers behind lookups.

use std::net::TcpListener;

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project, unused_port};

fn ask<R: lsp::Request>(editor: &mut Editor, params: Value) -> Value
where
    R::Params: serde::de::DeserializeOwned,
    R::Result: serde::Serialize,
{
    let params = serde_json::from_value(params).expect("parameters as LSP has them");
    serde_json::to_value(editor.wire.request::<R>(params).expect("an answer")).expect("JSON")
}

/// The lenses of a document, resolved: line, title, command and arguments.
fn lenses(editor: &mut Editor, uri: &lsp::Uri) -> Vec<(u64, String, String, Value)> {
    let found = ask::<lsp::CodeLensRequest>(editor, json!({"textDocument": {"uri": uri}}));
    let found = found.as_array().cloned().unwrap_or_default();
    let resolve = |lens: Value| {
        let lens = match lens.get("command") {
            Some(_) => lens,
            None => ask::<lsp::CodeLensResolveRequest>(editor, lens),
        };
        let command = &lens["command"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (
            lens["range"]["start"]["line"].as_u64().unwrap(),
            text(&command["title"]),
            text(&command["command"]),
            command["arguments"].clone(),
        )
    };
    found.into_iter().map(resolve).collect()
}

fn open(editor: &mut Editor, project: &Project, path: &str, text: &str) -> lsp::Uri {
    let uri = editor.open(&project.path(path), text);
    // The map is whole when this answers.
    editor.code_actions_of(&uri, 0..0, Some(&["source.fixAll.port-manager"]));
    uri
}

fn ours() -> Value {
    let mut capabilities = modern();
    capabilities["experimental"] = json!({
        "portManager": {"interface": true, "commands": ["portManager.free", "portManager.open", "portManager.showReferences"]}
    });
    capabilities
}

/// A client without an interface of our own.
fn plain() -> Value {
    let mut capabilities = modern();
    capabilities["experimental"] = json!({});
    capabilities
}

#[test]
fn lenses_tell_who_listens_and_what_can_be_done() {
    let machine = Machine::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (used, free) = (listener.local_addr().unwrap().port(), unused_port());
    let text = format!("WEB_PORT={used}\nDB_PORT={free}\n");
    let project = machine.project(
        "shop",
        &[
            (".ports.env", &text),
            ("server.js", "/* 🚢 */ app.listen(process.env.WEB_PORT || 8080);\n"),
            ("client.js", "fetch(`http://localhost:${process.env.WEB_PORT || 8080}/`);\n"),
        ],
    );
    let mut editor = Editor::with(&machine, &project, ours());
    let own = open(&mut editor, &project, ".ports.env", &text);
    let found = lenses(&mut editor, &own);
    let me = std::process::id();
    let shown: Vec<(u64, &str)> = found.iter().map(|(line, _, command, _)| (*line, &**command)).collect();
    let (opens, shows) = ("portManager.open", "portManager.showReferences");
    assert_eq!(shown, [(0, "portManager.free"), (0, opens), (0, shows), (1, ""), (1, shows)]);
    assert!(found[0].1.ends_with(&format!("({me}) listens on {used}: free it")), "{}", found[0].1);
    assert_eq!(found[0].3, json!([used]));
    assert_eq!(found[1].1, format!("open http://localhost:{used}"));
    assert_eq!(found[2].1, "2 places");
    let locations = found[2].3[2].as_array().unwrap();
    assert_eq!(locations[0]["range"]["start"], json!({"line": 0, "character": 38}));
    assert_eq!((&*found[3].1, &*found[4].1), (&*format!("○ {free} is free"), "0 places"));

    let server = open(&mut editor, &project, "server.js", &project.read("server.js"));
    let found = lenses(&mut editor, &server);
    assert_eq!(found.iter().map(|it| &*it.2).collect::<Vec<_>>(), ["portManager.free", opens, shows]);
    let client = open(&mut editor, &project, "client.js", &project.read("client.js"));
    assert_eq!(lenses(&mut editor, &client), [], "a client does not listen");
}

#[test]
fn a_plain_client_gets_only_commands_that_the_server_has() {
    let machine = Machine::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (used, free) = (listener.local_addr().unwrap().port(), unused_port());
    let text = format!("WEB_PORT={used}\nDB_PORT={free}\n");
    let project = machine.project("shop", &[(".ports.env", &text)]);
    let commands = |capabilities: Value| {
        let mut editor = Editor::with(&machine, &project, capabilities);
        let own = open(&mut editor, &project, ".ports.env", &text);
        let known = editor.capabilities.execute_command_provider.clone().unwrap().commands;
        let found = lenses(&mut editor, &own);
        assert!(found.iter().all(|(_, _, command, _)| known.contains(command)), "{found:?}");
        found.into_iter().map(|(line, _, command, _)| format!("{line} {command}")).collect::<Vec<_>>()
    };
    assert_eq!(commands(plain()), ["0 port-manager.free", "1 port-manager.show"]);
    // It would not ask before it frees.
    let mut unasked = modern();
    unasked["experimental"] = json!({"portManager": {"interface": true}});
    let mut editor = Editor::with(&machine, &project, unasked);
    let own = open(&mut editor, &project, ".ports.env", &text);
    assert!(lenses(&mut editor, &own).iter().all(|(_, _, command, _)| command.is_empty()));
    let mut opening = plain();
    opening["window"] = json!({"showDocument": {"support": true}});
    assert_eq!(
        commands(opening.clone()),
        ["0 port-manager.free", "0 port-manager.open", "1 port-manager.show"]
    );
    let mut editor = Editor::with(&machine, &project, opening);
    editor.execute("port-manager.open", vec![json!(used)]).unwrap();
    let shown = editor.wire.wait_for_notification("window/showDocument", |_| true);
    assert_eq!(
        (&shown["uri"], &shown["external"]),
        (&json!(format!("http://localhost:{used}/")), &json!(true))
    );
    let mut plain = Editor::with(&machine, &project, json!({}));
    let refused = plain.execute("port-manager.open", vec![json!(used)]).unwrap_err();
    assert!(refused.message.contains("in a browser"), "{}", refused.message);
}

#[test]
fn links_lead_to_this_machines_numbers_and_to_files() {
    let machine = Machine::new();
    let project = machine
        .project("shop", &[(".ports.env", "API_PORT=5001\n"), (".ports.env.example", "API_PORT=5000\n")]);
    let mut editor = Editor::new(&machine, &project);
    let mut links = |path: &str, text: &str| -> Vec<String> {
        let uri = open(&mut editor, &project, path, text);
        let found = ask::<lsp::DocumentLinkRequest>(&mut editor, json!({"textDocument": {"uri": uri}}));
        let root = lsp::Uri::from_directory_path(&project.root).unwrap();
        let shown = |link: &Value| {
            let span = editor.span(&uri, serde_json::from_value(link["range"].clone()).unwrap());
            format!("{} -> {}", &text[span], link["target"].as_str().unwrap().replace(root.as_str(), "/"))
        };
        found.as_array().unwrap().iter().map(shown).collect()
    };
    assert_eq!(
        links(
            "web/a.js",
            "/* 🚢 */ fetch('http://localhost:5000/a?b=1'); fetch('http://example.com:5000/');\n"
        ),
        ["http://localhost:5000/a?b=1 -> http://localhost:5000/a?b=1"]
    );
    assert_eq!(
        links("Makefile", "-include .ports.env\nwait:\n\tcurl http://localhost:$(API_PORT)/health\n"),
        ["http://localhost:$(API_PORT)/health -> http://localhost:5001/health", ".ports.env -> /.ports.env"]
    );
    assert_eq!(
        links("port-manager.toml", "[env]\nAPI_URL = \"http://localhost:${API_PORT}\"\n"),
        ["http://localhost:${API_PORT} -> http://localhost:5001/"]
    );
    assert_eq!(
        links(
            "api/compose.yaml",
            "services:\n  api:\n    env_file: ../.ports.env\n    ports: [\"${API_PORT:-5000}:80\"]\n"
        ),
        ["../.ports.env -> /.ports.env"]
    );
    assert_eq!(links(".ports.env", "API_PORT=5001\n"), [""; 0]);
}

#[test]
fn a_lookup_shows_its_number_until_a_setting_hides_it() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "API_PORT=5001\n")]);
    let mut editor = Editor::new(&machine, &project);
    let whole =
        json!({"start": {"line": 0, "character": 0}, "end": {"line": u32::MAX, "character": u32::MAX}});
    let hints = |editor: &mut Editor, path: &str, text: &str| -> Vec<String> {
        let uri = open(editor, &project, path, text);
        let params = json!({"textDocument": {"uri": uri}, "range": whole});
        let found = ask::<lsp::InlayHintRequest>(editor, params);
        let shown = |hint: &Value| {
            format!("{}:{} {}", hint["position"]["line"], hint["position"]["character"], hint["label"])
        };
        found.as_array().into_iter().flatten().map(shown).collect()
    };
    let code = "/* 🚢 */ a(process.env.API_PORT || 5000, process.env.OTHER_PORT);\n";
    assert_eq!(hints(&mut editor, "a.js", code), ["0:31 \"= 5001\""]);
    assert_eq!(hints(&mut editor, "a.py", "import os\nos.environ['API_PORT']\n"), ["1:20 \"= 5001\""]);
    assert_eq!(hints(&mut editor, "Makefile", "a:\n\techo $(API_PORT)\n"), ["1:16 \"= 5001\""]);
    editor.wire.notify::<lsp::DidChangeConfigurationNotification>(lsp::DidChangeConfigurationParams {
        settings: json!({"port-manager": {"inlayHints": {"lookups": false}, "codeLens": {"enabled": false}}}),
    });
    assert_eq!(hints(&mut editor, "a.js", code), [""; 0]);
    let own = editor.open(&project.path(".ports.env"), "API_PORT=5001\n");
    assert_eq!(ask::<lsp::CodeLensRequest>(&mut editor, json!({"textDocument": {"uri": own}})), Value::Null);
}
