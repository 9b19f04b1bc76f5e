//! The beginning and the end of a session, and what a server has to survive between them.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, initialize_params, modern};
use crate::support::machine::{Machine, Project};
use crate::support::wire::{Wire, wait_for_exit};

fn machine() -> (Machine, Project) {
    let machine = Machine::new();
    let project = machine.project("shop", &[]);
    (machine, project)
}

fn server(machine: &Machine) -> Wire {
    let mut command = machine.command();
    command.arg("lsp");
    Wire::start(command)
}

#[test]
fn the_server_says_what_it_can_do_and_no_more() {
    let (machine, project) = machine();
    let editor = Editor::new(&machine, &project);
    insta::assert_json_snapshot!(editor.capabilities, @r#"
    {
      "positionEncoding": "utf-16",
      "textDocumentSync": {
        "openClose": true,
        "change": 2,
        "save": {
          "includeText": false
        }
      },
      "completionProvider": {
        "triggerCharacters": [
          ".",
          "\"",
          "'",
          "`",
          "{",
          "(",
          "[",
          "$",
          "%",
          ":",
          "="
        ]
      },
      "hoverProvider": true,
      "definitionProvider": true,
      "referencesProvider": true,
      "documentHighlightProvider": true,
      "documentSymbolProvider": true,
      "codeActionProvider": {
        "codeActionKinds": [
          "quickfix",
          "refactor.extract",
          "source.fixAll.port-manager",
          "source.adopt.port-manager"
        ]
      },
      "codeLensProvider": {
        "resolveProvider": true
      },
      "documentLinkProvider": {},
      "workspaceSymbolProvider": true,
      "renameProvider": true,
      "executeCommandProvider": {
        "commands": [
          "port-manager.init",
          "port-manager.allocate",
          "port-manager.set",
          "port-manager.unset",
          "port-manager.configure",
          "port-manager.name",
          "port-manager.integrate",
          "port-manager.free",
          "port-manager.show",
          "port-manager.status",
          "port-manager.project",
          "port-manager.config",
          "port-manager.get-port",
          "port-manager.clean",
          "port-manager.apply",
          "port-manager.adopt",
          "port-manager.fix-all",
          "port-manager.open",
          "port-manager.fix-port"
        ],
        "workDoneProgress": true
      },
      "inlayHintProvider": true,
      "workspace": {
        "workspaceFolders": {
          "supported": true,
          "changeNotifications": true
        }
      }
    }
    "#);
}

#[test]
fn the_flags_that_editors_add_are_known() {
    let (machine, project) = machine();
    let mut command = machine.command();
    command.args(["lsp", "--stdio", "--clientProcessId=1"]);
    let mut wire = Wire::start(command);
    wire.request::<lsp::InitializeRequest>(initialize_params(&project, modern())).unwrap();
}

#[test]
fn the_server_names_the_version_that_the_command_line_prints() {
    let (machine, project) = machine();
    let printed = machine.command().arg("--version").output().unwrap().stdout;
    let mut command = machine.command();
    let mut wire = Wire::start({
        command.arg("lsp");
        command
    });
    let started = wire.request::<lsp::InitializeRequest>(initialize_params(&project, modern())).unwrap();
    let server = started.server_info.unwrap();
    let named = format!("{} {}\n", server.name, server.version.unwrap());
    assert_eq!(String::from_utf8(printed).unwrap(), named);
}

#[test]
fn shutdown_and_exit_end_with_0() {
    let (machine, project) = machine();
    assert_eq!(Editor::new(&machine, &project).quit().code(), Some(0));
}

#[test]
fn exit_without_shutdown_ends_with_1() {
    let (machine, project) = machine();
    let mut editor = Editor::new(&machine, &project);
    editor.wire.notify::<lsp::ExitNotification>(());
    assert_eq!(editor.wire.wait_for_exit().code(), Some(1));
}

#[test]
fn exit_before_initialize_ends_with_1() {
    let (machine, _) = machine();
    let mut wire = server(&machine);
    wire.notify::<lsp::ExitNotification>(());
    assert_eq!(wire.wait_for_exit().code(), Some(1));
}

#[test]
fn the_end_of_the_input_is_the_end() {
    let (machine, project) = machine();
    let mut editor = Editor::new(&machine, &project);
    editor.wire.close_input();
    assert_eq!(editor.wire.wait_for_exit().code(), Some(1), "nobody asked for a shutdown");

    let mut editor = Editor::new(&machine, &project);
    editor.wire.request::<lsp::ShutdownRequest>(()).unwrap();
    editor.wire.close_input();
    assert_eq!(editor.wire.wait_for_exit().code(), Some(0));
}

#[test]
fn after_shutdown_requests_are_refused() {
    let (machine, project) = machine();
    let mut editor = Editor::new(&machine, &project);
    editor.wire.request::<lsp::ShutdownRequest>(()).unwrap();
    let failure = editor.execute("port-manager.status", vec![]).unwrap_err();
    assert_eq!(failure.code, -32600, "InvalidRequest");
}

#[test]
fn before_initialize_requests_are_refused() {
    let (machine, _) = machine();
    let mut wire = server(&machine);
    let failure = wire.request::<lsp::ShutdownRequest>(()).unwrap_err();
    assert_eq!(failure.code, -32002, "ServerNotInitialized");
}

#[test]
fn shutdown_with_parameters_is_a_shutdown() {
    let (machine, project) = machine();
    for params in [json!(null), json!({}), json!([])] {
        let mut editor = Editor::new(&machine, &project);
        editor.wire.send(&json!({"jsonrpc": "2.0", "id": "bye", "method": "shutdown", "params": params}));
        let answer = editor.wire.wait("answer", |message| message["id"] == "bye");
        assert_eq!(answer, json!({"jsonrpc": "2.0", "id": "bye", "result": null}));
    }
}

#[test]
fn exit_in_the_same_breath_still_answers_the_shutdown() {
    let (machine, project) = machine();
    let mut editor = Editor::new(&machine, &project);
    let id = editor.wire.send_request("shutdown", json!(null));
    editor.wire.notify::<lsp::ExitNotification>(());
    editor.wire.wait("answer", |message| message["id"] == id);
    assert_eq!(editor.wire.wait_for_exit().code(), Some(0));
}

#[test]
fn messages_that_are_none_are_answered_and_survived() {
    let (machine, project) = machine();
    let mut editor = Editor::new(&machine, &project);
    for (content, code) in [
        ("{\"jsonrpc\":\"2.0\",\"method\":", -32700),
        ("\u{fffd}", -32700),
        ("[]", -32600),
        ("{\"jsonrpc\":\"2.0\"}", -32600),
        ("{\"jsonrpc\":\"1.0\",\"method\":\"shutdown\"}", -32600),
    ] {
        editor.wire.send_text(content);
        let answer = editor.wire.wait("error", |message| message.get("error").is_some());
        assert_eq!(answer["error"]["code"], code, "{content}");
        assert_eq!(answer["id"], json!(null), "{content}");
    }
    editor.wire.send_bytes(b"Content-Length: many\r\n\r\n");
    let answer = editor.wire.wait("error", |message| message.get("error").is_some());
    assert_eq!(answer["error"]["code"], -32700);
    assert_eq!(editor.quit().code(), Some(0));
}

#[test]
fn a_reply_that_nobody_asked_for_is_survived() {
    let (machine, project) = machine();
    let mut editor = Editor::new(&machine, &project);
    editor.wire.send(&json!({"jsonrpc": "2.0", "id": 4711, "result": null}));
    editor.wire.send(&json!({"jsonrpc": "2.0", "id": 4712, "error": {"code": -1, "message": "no"}}));
    assert_eq!(editor.quit().code(), Some(0));
}

#[test]
fn an_unknown_request_is_refused_and_an_unknown_notification_ignored() {
    let (machine, project) = machine();
    let mut editor = Editor::new(&machine, &project);
    editor.wire.send(&json!({"jsonrpc": "2.0", "method": "$/unheard"}));
    for method in ["textDocument/unheard", "$/unheard"] {
        editor.wire.send(&json!({"jsonrpc": "2.0", "id": method, "method": method, "params": {}}));
        let answer = editor.wire.wait("answer", |message| message["id"] == method);
        assert_eq!(answer["error"]["code"], -32601, "MethodNotFound: {method}");
    }
}

/// The pipe stays open: another process has inherited it.
#[cfg(unix)]
#[test]
fn the_server_ends_when_its_client_is_killed() {
    let (machine, project) = machine();
    // It reads a pipe that nobody writes to, so it lives until it is killed.
    let mut client = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut wire = server(&machine);
    let mut params = initialize_params(&project, modern());
    params.process_id = i32::try_from(client.id()).ok();
    wire.request::<lsp::InitializeRequest>(params).unwrap();
    client.kill().unwrap();
    // Not waited for: a client whose parent does not care is dead all the same.
    assert_eq!(wire.wait_for_exit().code(), Some(1));
    client.wait().unwrap();
}

/// Its pipe is full, so the server cannot say what it has to say; it is not to wait for that.
#[test]
fn a_client_that_reads_no_more_is_left_all_the_same() {
    let (machine, project) = machine();
    let mut child =
        machine.command().arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let _unread = child.stdout.take().unwrap();
    let initialize = json!({
        "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": initialize_params(&project, modern())
    });
    let mut messages = vec![initialize];
    // More than any pipe holds.
    messages.extend((1..5000).map(|id| json!({"jsonrpc": "2.0", "id": id, "method": "unheard/of"})));
    messages.push(json!({"jsonrpc": "2.0", "method": "exit"}));
    for message in messages {
        let content = message.to_string();
        write!(input, "Content-Length: {}\r\n\r\n{content}", content.len()).unwrap();
    }
    input.flush().unwrap();
    assert_eq!(wait_for_exit(child).code(), Some(1));
}
