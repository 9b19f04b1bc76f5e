//! `port-manager mcp`, driven by the client of the protocol's own SDK: the built binary, real processes, a temporary
//! home.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "child processes announce themselves")]

#[allow(dead_code, reason = "the tests of the command line use more of it")]
#[path = "../cli/home.rs"]
mod home;
#[allow(dead_code, reason = "the tests of this machine's ports use more of it")]
#[path = "../cli/process.rs"]
mod process;

use std::io::Write as _;
use std::process::Stdio;

use home::Home;
use process::ChildProcess;
use rmcp::ServiceExt as _;
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::{RoleClient, RunningService};
use rmcp::transport::TokioChildProcess;
use serde_json::{Value, json};

/// A session of an agent with the server, which was started in a directory of the home.
struct Agent(RunningService<RoleClient, ()>);

impl Agent {
    async fn start(home: &Home, directory: &str) -> Self {
        let server = tokio::process::Command::from(home.command(directory, &["mcp"]));
        Self(().serve(TokioChildProcess::new(server).unwrap()).await.unwrap())
    }

    async fn call(&self, tool: &'static str, arguments: Value) -> CallToolResult {
        let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
        self.0.call_tool(CallToolRequestParams::new(tool).with_arguments(arguments)).await.unwrap()
    }

    /// What a tool answers as data.
    async fn ask(&self, tool: &'static str, arguments: Value) -> Value {
        let result = self.call(tool, arguments).await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        result.structured_content.unwrap()
    }

    /// Why a tool refuses.
    async fn refusal(&self, tool: &'static str, arguments: Value) -> String {
        let result = self.call(tool, arguments).await;
        assert_eq!(result.is_error, Some(true), "{result:?}");
        result.content[0].as_text().unwrap().text.clone()
    }

    async fn end(self) {
        self.0.cancel().await.unwrap();
    }
}

#[tokio::test]
async fn the_server_names_the_version_that_the_command_line_prints() {
    let home = Home::new();
    let agent = Agent::start(&home, "").await;
    let server = agent.0.peer_info().unwrap().server_info.clone().unwrap();
    assert_eq!(home.run("", &["--version"]).stdout, format!("{} {}\n", server.name, server.version));
    agent.end().await;
}

#[tokio::test]
async fn the_tools_say_what_they_change() {
    let home = Home::new();
    let agent = Agent::start(&home, "").await;
    let mut tools: Vec<(String, Option<bool>)> = (agent.0.list_all_tools().await.unwrap().into_iter())
        .map(|tool| (tool.name.to_string(), tool.annotations.and_then(|hints| hints.read_only_hint)))
        .collect();
    tools.sort();
    let expected = [
        ("allocate_port", None),
        ("check_file", Some(true)),
        ("explain", Some(true)),
        ("free_port", None),
        ("list_all_ports", Some(true)),
        ("list_ports", Some(true)),
        ("set_up_project", None),
    ];
    assert_eq!(tools, expected.map(|(name, reads)| (name.to_owned(), reads)));
    let server = agent.0.peer_info().unwrap();
    assert!(server.instructions.as_ref().unwrap().contains("Never write a port number into code"));
    agent.end().await;
}

#[tokio::test]
async fn a_worktree_is_set_up_and_its_ports_are_listed() {
    let home = Home::new();
    home.write("shop/server.js", "require('http').createServer().listen(process.env.WEB_PORT || 8000)\n");
    let agent = Agent::start(&home, "shop").await;
    assert_eq!(agent.ask("list_ports", json!({})).await["ports_env"], Value::Null);
    let made = agent.ask("set_up_project", json!({})).await;
    assert_eq!(made["ports"][0]["variable"], "WEB_PORT");
    let listed = agent.ask("list_ports", json!({ "directory": home.path("shop") })).await;
    assert_eq!(listed["ports"][0]["port"], made["ports"][0]["port"]);
    let all = agent.ask("list_all_ports", json!({})).await;
    assert_eq!(all["ports"][0]["root"], home.path("shop").to_str().unwrap());
    agent.end().await;
}

#[tokio::test]
async fn one_variable_is_allocated_and_keeps_its_port() {
    let home = Home::new();
    home.directory("shop");
    let agent = Agent::start(&home, "shop").await;
    let first = agent.ask("allocate_port", json!({ "variable": "SEARCH_PORT", "service": "api" })).await;
    let second = agent.ask("allocate_port", json!({ "variable": "SEARCH_PORT" })).await;
    assert_eq!((&first["port"], &second["is_new"]), (&second["port"], &json!(false)));
    assert!(home.read("shop/.ports.env").contains(&format!("SEARCH_PORT={}", first["port"])));
    agent.end().await;
}

#[tokio::test]
async fn a_port_is_freed_of_the_processes_that_were_shown_only() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.directory("shop"));
    let agent = Agent::start(&home, "shop").await;
    let shown = agent.ask("free_port", json!({ "port": server.port })).await;
    assert_eq!((&shown["holders"][0]["pid"], &shown["is_free"]), (&json!(server.pid()), &json!(false)));
    let stranger = json!([{ "pid": 1, "started_at": null }]);
    let refusal = agent.refusal("free_port", json!({ "port": server.port, "expected": stranger })).await;
    assert!(refusal.contains(&format!("pid {}", server.pid())), "{refusal}");
    assert!(server.is_alive());
    let holders = json!([{ "pid": server.pid(), "started_at": shown["holders"][0]["started_at"] }]);
    let freed = agent.ask("free_port", json!({ "port": server.port, "expected": holders })).await;
    assert_eq!((&freed["is_free"], &freed["holders"][0]["outcome"]), (&json!(true), &json!("stopped")));
    assert!(server.ends());
    agent.end().await;
}

#[tokio::test]
async fn a_file_is_checked_and_its_findings_are_explained() {
    let home = Home::new();
    home.write("shop/server.js", "require('http').createServer().listen(8080)\n");
    let agent = Agent::start(&home, "shop").await;
    let checked = agent.ask("check_file", json!({ "path": home.path("shop/server.js") })).await;
    let finding = (checked["findings"].as_array().unwrap().iter())
        .find(|finding| finding["rule"] == "hardcoded-port")
        .unwrap();
    assert_eq!((&finding["line"], &finding["port"]), (&json!(1), &json!(8080)));
    let rule = agent.ask("explain", json!({ "rule": finding["rule"] })).await;
    assert!(rule["page"].as_str().unwrap().starts_with("# hardcoded-port"));
    let place = agent.ask("explain", json!({ "path": home.path("shop/server.js"), "line": 1 })).await;
    assert_eq!(place["places"][0]["text"], "8080");
    agent.end().await;
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_the_way_out() {
    let home = Home::new();
    home.write("config/registry.json", "{ broken");
    let agent = Agent::start(&home, "").await;
    let refusal = agent.refusal("list_all_ports", json!({})).await;
    assert!(refusal.contains("registry.json") && refusal.contains("help: "), "{refusal}");
    let refusal = agent.refusal("explain", json!({ "rule": "hardcoded-ports" })).await;
    assert!(refusal.contains("there is no rule `hardcoded-ports`"), "{refusal}");
    let refusal = agent.refusal("explain", json!({ "line": 3 })).await;
    assert!(refusal.contains("`path` and `line`"), "{refusal}");
    assert!(agent.0.call_tool(CallToolRequestParams::new("free_ports")).await.is_err());
    agent.end().await;
}

#[test]
fn the_server_ends_with_its_client() {
    let home = Home::new();
    let mut server = home.command("", &["mcp"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = server.stdin.take().unwrap();
    stdin.write_all(b"this is no message\n").unwrap();
    drop(stdin);
    let output = server.wait_with_output().unwrap();
    // Nothing but the protocol may be on standard output.
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        assert_eq!(serde_json::from_str::<Value>(line).unwrap()["jsonrpc"], "2.0");
    }
}
