//! `port-manager run` in a project with several components that read `PORT`: each gets the number of its own variable, as
//! `[run."DIRECTORY"]` in `port-manager.toml` says.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::home::{Home, Ran};

const TABLES: &str = "[run.\"packages/web\"]\nPORT = \"WEB_PORT\"\n\n[run.\"packages/api\"]\nPORT = \"API_PORT\"\n\n\
                      [run.\"packages/docs\"]\nPORT = \"DOCS_PORT\"\n";

const PACKAGES: [(&str, &str); 3] = [("web", "WEB_PORT"), ("api", "API_PORT"), ("docs", "DOCS_PORT")];

/// A project with a table for two of its directories.
fn shop(tables: &str) -> Home {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    home.write("shop/port-manager.toml", tables);
    home.directory("shop/packages/web/src");
    home.directory("shop/packages/api");
    home
}

/// What a command finds as `PORT`, in an environment that has it or not.
fn port(home: &Home, directory: &str, arguments: &[&str], inherited: Option<&str>) -> Ran {
    let arguments = [arguments, &["run", "sh", "-c", "echo $PORT"]].concat();
    ran(&mut home.command(directory, &arguments), inherited)
}

fn ran(command: &mut Command, inherited: Option<&str>) -> Ran {
    command.env_remove("PORT").envs(inherited.map(|value| ("PORT", value)));
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        // What is set is another test's.
        stderr: stderr.split_inclusive('\n').filter(|line| !line.starts_with("port-manager sets ")).collect(),
    }
}

#[test]
fn a_command_gets_the_port_of_its_directory() {
    let home = shop(TABLES);
    for (directory, expected) in [
        ("shop/packages/web", "8000\n"),
        ("shop/packages/web/src", "8000\n"),
        ("shop/packages/api", "8100\n"),
        ("shop/packages", "\n"),
        ("shop", "\n"),
    ] {
        let ran = port(&home, directory, &[], None);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (expected, ""), "{directory}");
    }
    let ran = port(&home, "shop/packages/web/src", &["--verbose"], None);
    insta::assert_snapshot!(ran.stderr, @"PORT is 8000, the number of WEB_PORT, as port-manager.toml says for packages/web.");
}

#[test]
fn a_table_goes_before_a_port_that_all_share() {
    let home = shop(TABLES);
    home.project("shop", &[("PORT", "misc", 3000), ("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    assert_eq!(port(&home, "shop", &[], None).stdout, "3000\n");
    assert_eq!(port(&home, "shop/packages/web", &[], None).stdout, "8000\n");
}

#[test]
fn the_projects_number_goes_before_an_inherited_port() {
    let home = shop(TABLES);
    let ran = port(&home, "shop/packages/web", &[], Some("9000"));
    assert_eq!(ran.stdout, "8000\n");
    assert!(
        ran.stderr.starts_with("warning: PORT is 8000 here; the environment said 9000\n"),
        "{}",
        ran.stderr
    );
    // Outside of every table nothing is set, and nothing taken away.
    assert_eq!(port(&home, "shop", &[], Some("9000")).stdout, "9000\n");
}

#[test]
fn keep_env_keeps_an_inherited_port() {
    let home = shop(TABLES);
    let keeping = |inherited: Option<&str>, web_port: &str| {
        let mut command = home.command("shop/packages/web", &["run", "--keep-env", "sh", "-c", "echo $PORT"]);
        ran(command.env("WEB_PORT", web_port), inherited).stdout
    };
    assert_eq!(keeping(Some("9000"), ""), "9000\n");
    assert_eq!(keeping(Some("9000"), "9001"), "9000\n");
    // `PORT` is `WEB_PORT`, wherever that comes from.
    assert_eq!(keeping(None, "9001"), "9001\n");
    assert_eq!(keeping(None, ""), "8000\n");
}

#[test]
fn a_variable_without_a_number_is_an_error() {
    let home = shop(TABLES);
    home.directory("shop/packages/docs");
    insta::assert_snapshot!(port(&home, "shop/packages/docs", &[], None).seen(&home), @r"
    --- stderr
    error: port-manager.toml says that PORT is DOCS_PORT here, but .ports.env has no number for DOCS_PORT
    help: Run `port-manager init` to give it one, or `port-manager set DOCS_PORT=NUMBER` to choose it.
    --- exit code 2
    ");
    assert_eq!(port(&home, "shop/packages/web", &[], None).code, Some(0), "it is nobody else's error");
    let mut command = home.command("shop/packages/docs", &["run", "--keep-env", "sh", "-c", "echo $PORT"]);
    assert_eq!(ran(&mut command, Some("9000")).stdout, "9000\n");
}

#[test]
fn a_table_of_a_clone_sets_nothing_that_a_loader_obeys() {
    for (table, reason) in [
        (
            "[run.\"packages/web\"]\nLD_PRELOAD = \"WEB_PORT\"\n",
            "LD_PRELOAD is a setting of the dynamic loader",
        ),
        ("[run.\"packages/web\"]\nPORT = \"LD_PRELOAD\"\n", "LD_PRELOAD is a setting of the dynamic loader"),
        ("# Up.\n[run.\"../../x\"]\nPORT = \"WEB_PORT\"\n", "leads out of the project"),
    ] {
        let home = shop(table);
        let ran = port(&home, "shop/packages/web", &[], None);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{table}");
        assert!(ran.stderr.contains("port-manager.toml:2:") && ran.stderr.contains(reason), "{}", ran.stderr);
    }
}

#[test]
fn a_directory_behind_a_link_is_not_obeyed() {
    let home = shop("[run.\"linked\"]\nPORT = \"API_PORT\"\n\n[run.\"outside/web\"]\nPORT = \"API_PORT\"\n");
    home.directory("elsewhere/web");
    std::os::unix::fs::symlink("packages/web", home.path("shop/linked")).unwrap();
    std::os::unix::fs::symlink(home.path("elsewhere"), home.path("shop/outside")).unwrap();
    let ran = port(&home, "shop/linked", &[], None);
    insta::assert_snapshot!(ran.seen(&home), @r#"

    --- stderr
    warning: port-manager.toml: [run."linked"] is not obeyed: linked is reached through a symbolic link
    help: Name the real directory; it has to lie in the project.
    warning: port-manager.toml: [run."outside/web"] is not obeyed: outside/web is reached through a symbolic link
    help: Name the real directory; it has to lie in the project.
    --- exit code 0
    "#);
}

/// A server of Node.js that says which port it listens on, and answers with its directory.
struct NodeServer {
    child: Child,
    port: u16,
}

impl NodeServer {
    fn start(command: &mut Command) -> Self {
        let mut child = command.env_remove("PORT").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap_or_else(|_| panic!("it does not listen: {line}"));
        Self { child, port }
    }

    fn answer(&self) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.rsplit("\r\n").next().unwrap().to_owned()
    }
}

impl Drop for NodeServer {
    fn drop(&mut self) {
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn server_js(default: u16) -> String {
    format!(
        "require('http').createServer((request, response) => response.end(process.cwd()))\n  \
         .listen(process.env.PORT || {default}, '127.0.0.1', function () {{ console.log(this.address().port) }})\n"
    )
}

/// Ports that nothing listens on now, all different.
fn unused_ports<const COUNT: usize>() -> [u16; COUNT] {
    let listeners = [(); COUNT].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

fn has_node() -> bool {
    let is_there = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_there {
        println!("NOT POSSIBLE HERE: node is not installed");
    }
    is_there
}

/// Makes a repository of `main`, and a worktree `feature` beside it.
fn add_worktree(home: &Home) {
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "."],
        &["commit", "--quiet", "-m", "first"],
        &["worktree", "add", "--quiet", "../feature"],
    ] {
        home.git("main", arguments);
    }
}

/// Starts every server, and has each answer while all of them listen.
fn all_answer(home: &Home, servers: Vec<(String, Command)>) -> Vec<u16> {
    let running: Vec<(String, NodeServer)> = servers
        .into_iter()
        .map(|(directory, mut command)| (directory, NodeServer::start(&mut command)))
        .collect();
    for (directory, server) in &running {
        assert_eq!(server.answer(), home.path(directory).to_str().unwrap());
    }
    running.iter().map(|(_, server)| server.port).collect()
}

#[test]
fn three_components_that_read_port_run_in_two_worktrees_at_once() {
    if !has_node() {
        return;
    }
    let home = Home::new();
    let [web, api, docs] = unused_ports();
    for ((package, _), default) in PACKAGES.into_iter().zip([web, api, docs]) {
        home.write(&format!("main/packages/{package}/package.json"), "{}");
        home.write(&format!("main/packages/{package}/server.js"), server_js(default));
    }
    add_worktree(&home);
    for checkout in ["main", "feature"] {
        let ran = home.run(checkout, &["init"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let tables = home.read(&format!("{checkout}/port-manager.toml"));
        for (package, variable) in PACKAGES {
            let table = format!("[run.\"packages/{package}\"]\nPORT = \"{variable}\"\n");
            assert!(tables.contains(&table), "{table} in {tables}");
        }
    }

    let directories =
        |checkout: &'static str| PACKAGES.map(|(package, _)| format!("{checkout}/packages/{package}"));
    let with_ports = ["main", "feature"].into_iter().flat_map(directories).map(|directory| {
        let command = home.command(&directory, &["run", "node", "server.js"]);
        (directory, command)
    });
    let ports: BTreeSet<u16> = all_answer(&home, with_ports.collect()).into_iter().collect();
    assert_eq!(ports.len(), 6, "{ports:?}");

    // A teammate without port-manager notices nothing.
    let plain = directories("main").into_iter().map(|directory| {
        let mut command = Command::new("node");
        command.arg("server.js").current_dir(home.path(&directory));
        (directory, command)
    });
    assert_eq!(all_answer(&home, plain.collect()), [web, api, docs]);
}

#[test]
fn init_adds_the_tables_that_are_missing_and_changes_none() {
    let home = Home::new();
    home.directory("shop/.git");
    for (package, number) in [("web", 3000), ("api", 3001)] {
        home.write(&format!("shop/packages/{package}/package.json"), "{}");
        home.write(&format!("shop/packages/{package}/server.js"), server_js(number));
    }
    let chosen = "# Ours.\n[run.\"packages/web\"] # the shop\nPORT = \"SHOP_PORT\"\n";
    home.write("shop/port-manager.toml", chosen);
    let ran = home.run("shop", &["init", "--json"]);
    let written = ran.json()["written"].to_string();
    assert!(written.contains("shop/port-manager.toml"), "{written}");
    let expected = format!("{chosen}\n[run.\"packages/api\"]\nPORT = \"API_PORT\"\n");
    assert_eq!(home.read("shop/port-manager.toml"), expected);
    let ports = home.read("shop/.ports.env");
    assert!(ports.contains("\nSHOP_PORT=") && ports.contains("\nAPI_PORT="), "{ports}");

    let again = home.run("shop", &["init", "--json"]).json();
    assert_eq!(again["written"], serde_json::json!([]));
    assert_eq!(home.read("shop/.ports.env"), ports, "a second run adds no variable");
    assert_eq!(home.read("shop/port-manager.toml"), expected);
}

#[test]
fn settings_that_are_not_toml_stop_init_before_it_writes() {
    let home = Home::new();
    home.directory("shop/.git");
    for (package, number) in [("web", 3000), ("api", 3001)] {
        home.write(&format!("shop/packages/{package}/package.json"), "{}");
        home.write(&format!("shop/packages/{package}/server.js"), server_js(number));
    }
    home.write("shop/port-manager.toml", "# Ours.\nignore = [\n");
    let ran = home.run("shop", &["init"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("port-manager.toml:2:"), "{}", ran.stderr);
    assert!(!home.path("shop/.ports.env").exists());
    assert!(!home.path("config/registry.json").exists());
}

#[test]
fn a_project_with_one_port_runs_in_two_worktrees_at_once() {
    if !has_node() {
        return;
    }
    let home = Home::new();
    let [default] = unused_ports();
    home.write("main/package.json", "{}").write("main/server.js", server_js(default));
    add_worktree(&home);
    for checkout in ["main", "feature"] {
        assert_eq!(home.run(checkout, &["init"]).code, Some(0));
        assert!(home.read(&format!("{checkout}/.ports.env")).contains("\nPORT="));
        assert!(!home.path(checkout).join("port-manager.toml").exists(), "one component needs no table");
    }
    let servers = ["main", "feature"]
        .map(|checkout| (checkout.to_owned(), home.command(checkout, &["run", "node", "server.js"])));
    let ports = all_answer(&home, servers.into());
    assert_ne!(ports[0], ports[1]);
}

#[test]
fn a_component_below_that_reads_another_number_is_named() {
    let home = shop("[run.\".\"]\nPORT = \"API_PORT\"\n\n[run.\"packages/web\"]\nPORT = \"WEB_PORT\"\n");
    let ran = port(&home, "shop", &[], None);
    assert_eq!(ran.stdout, "8100\n");
    let warning = "warning: packages/web reads PORT too, and its number is that of WEB_PORT: what this command starts there gets \
                   another one\nhelp: Start it by itself: `port-manager run` in packages/web.\n";
    assert!(ran.stderr.contains(warning), "{}", ran.stderr);
    let below = port(&home, "shop/packages/web", &[], None);
    assert_eq!((below.stdout.as_str(), below.stderr.contains("reads PORT too")), ("8000\n", false));
}
