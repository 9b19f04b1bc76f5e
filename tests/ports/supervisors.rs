//! What would start a server anew is stopped with it; what merely stands above it is not.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use port_manager::port::Port;
use port_manager::ports::{Protocol, is_free, listeners_on};

use crate::home::{Home, Ran, unused_port};
use crate::not_possible;
use crate::process::Server;

fn free(home: &Home, port: u16) -> Ran {
    home.run("", &["free", &port.to_string(), "--yes", "--json"])
}

/// Who listens there, once somebody does.
fn listener(port: u16) -> u32 {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let found = listeners_on(Port::new(port).unwrap(), Protocol::Tcp).unwrap();
        if let Some(pid) = found.first().and_then(|listener| listener.pid) {
            return pid;
        }
        assert!(Instant::now() < deadline, "somebody listens on {port}");
        std::thread::yield_now();
    }
}

fn programs(report: &Value) -> Vec<&str> {
    let supervisors = report["supervisors"].as_array().unwrap();
    supervisors.iter().map(|supervisor| supervisor["program"].as_str().unwrap()).collect()
}

#[test]
fn a_supervisor_starts_its_server_no_more() {
    let home = Home::new();
    for name in ["nodemon", "cargo-watch", "npm"] {
        let server = Server::new(&home.directory("shop")).at(format!("127.0.0.1:{}", unused_port()));
        let mut supervisor = server.supervised_by(name).start();
        let server = listener(supervisor.port);
        assert_ne!(server, supervisor.pid());
        let ran = free(&home, supervisor.port);
        let report = ran.json();
        assert_eq!(ran.code, Some(0), "{name}: {report}");
        assert_eq!(programs(&report), [name]);
        assert_eq!(report["supervisors"][0]["outcome"], "stopped");
        assert_eq!(report["holders"][0]["pid"], server);
        // Both are gone, so nobody is left to start it.
        assert!(supervisor.ends());
        assert!(is_free(Port::new(supervisor.port).unwrap()));
    }
}

/// What it is cannot be known, so it is left alone, and the truth is told.
#[test]
fn a_supervisor_that_nobody_knows_is_left_alone_and_what_it_does_is_said() {
    let home = Home::new();
    let server = Server::new(&home.directory("shop")).at(format!("127.0.0.1:{}", unused_port()));
    let mut supervisor = server.supervised_by("my-own-loop").start();
    let first = listener(supervisor.port);
    let ran = home.run("", &["free", &supervisor.port.to_string(), "--yes", "--quiet"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains(&format!("({first}) has ended")), "{}", ran.stdout);
    assert!(ran.stdout.contains("has taken the port meanwhile"), "{}", ran.stdout);
    assert!(supervisor.is_alive());
    assert_ne!(listener(supervisor.port), first);
}

/// A supervisor in a shell's command, in a shell's command: neither shell gets a signal.
#[test]
fn a_shell_above_is_never_touched() {
    let home = Home::new();
    let mark = home.path("signalled");
    let script = r#"trap 'echo >> "$MARK"' TERM; "$@"; echo "rest" >> "$REST""#;
    let server = Server::new(&home.directory("shop"))
        .at(format!("127.0.0.1:{}", unused_port()))
        .supervised_by("nodemon")
        .with("MARK", mark.display())
        .with("REST", home.path("rest").display())
        .by(&["sh", "-c", script, "outer", "sh", "-c", script, "inner"]);
    let mut shell = server.start();
    listener(shell.port);
    let ran = free(&home, shell.port);
    let report = ran.json();
    assert_eq!(ran.code, Some(0), "{report}");
    assert_eq!(programs(&report), ["nodemon"]);
    assert!(shell.ends());
    // They went on with what was to come after it.
    assert_eq!(home.read("rest"), "rest\nrest\n");
    assert!(!mark.exists(), "a shell was sent SIGTERM");
}

#[test]
fn what_runs_several_servers_is_left_alone_with_the_others() {
    let home = Home::new();
    let ports = [unused_port(), unused_port()];
    let addresses = ports.map(|port| format!("127.0.0.1:{port}"));
    let mut runner = Server::new(&home.directory("shop")).supervised_by("pnpm").at_each(&addresses).start();
    let other = listener(ports[1]);
    listener(ports[0]);
    let ran = free(&home, ports[0]);
    assert_eq!(programs(&ran.json()), [""; 0], "{}", ran.stdout);
    assert!(runner.is_alive());
    assert_eq!(listener(ports[1]), other);
}

/// Ends the processes of a test, whatever became of it.
struct Tree(std::process::Child);

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// npm, a shell, `node --watch` and a server, as they are.
#[test]
fn npm_run_with_node_watching() {
    let what = "`npm run` and `node --watch`";
    let node = Command::new("node").arg("--version").output();
    let version = node.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let major = version.as_ref().ok().and_then(|it| it.strip_prefix('v')?.split('.').next()?.parse().ok());
    if major.is_none_or(|major: u32| major < 20) || Command::new("npm").arg("--version").output().is_err() {
        return not_possible(what, format_args!("needs npm and Node.js 20: {version:?}"));
    }
    let home = Home::new();
    let shop = home.directory("shop");
    home.write("shop/package.json", r#"{"name": "shop", "scripts": {"dev": "node --watch server.js"}}"#);
    home.write(
        "shop/server.js",
        // It ends with the test, too.
        "require('net').createServer().listen(process.env.PORT, '127.0.0.1');\n\
         setTimeout(() => process.exit(), 60000);\n",
    );
    let port = unused_port();
    let npm = Command::new("npm")
        .args(["run", "dev"])
        .current_dir(&shop)
        .env("PORT", port.to_string())
        .env("npm_config_update_notifier", "false")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut npm = Tree(npm);
    listener(port);
    let ran = free(&home, port);
    let report = ran.json();
    let _ = writeln!(std::io::stderr(), "{report:#}");
    assert_eq!(ran.code, Some(0), "{report}");
    let pids: Vec<u64> =
        report["supervisors"].as_array().unwrap().iter().map(|it| it["pid"].as_u64().unwrap()).collect();
    assert_eq!(pids.len(), 2, "npm and the watching node: {report}");
    assert_eq!(pids[0], u64::from(npm.0.id()), "the outermost first");
    let deadline = Instant::now() + Duration::from_secs(10);
    while npm.0.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "npm ends");
        std::thread::yield_now();
    }
    assert!(is_free(Port::new(port).unwrap()));
}
