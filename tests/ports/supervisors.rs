//! What would start a server again is stopped with it, unless others depend on it; what is merely above it
//! is not.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use port_manager::port::Port;
use port_manager::ports::{Holders, Outcome, Protocol, is_free, listeners_on};

use crate::home::{Home, Ran, unused_port};
use crate::not_possible;
use crate::process::{ANNOUNCEMENT, ChildProcess, Server, copy_of};

fn free(home: &Home, port: u16) -> Ran {
    home.run("", &["free", &port.to_string(), "--yes", "--json"])
}

/// Who listens there, once somebody does.
pub(crate) fn listener(port: u16) -> u32 {
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

/// Whatever its role is, and whatever it runs beside the server: one that is not known may be of use.
#[test]
fn what_runs_other_programs_is_left_alone_with_them() {
    let home = Home::new();
    for name in ["pnpm", "make", "modd", "reflex", "guard", "rerun", "air", "realize", "supervisor"] {
        let ports = [unused_port(), unused_port(), unused_port()];
        let addresses = ports.map(|port| format!("127.0.0.1:{port}"));
        let server = Server::new(&home.directory("shop")).supervised_by(name).at_each(&addresses);
        let mut supervisor = server.start();
        let others = [listener(ports[1]), listener(ports[2])];
        let first = listener(ports[0]);
        let report = free(&home, ports[0]).json();
        assert_eq!(programs(&report), [""; 0], "{name}: {report}");
        assert_eq!(report["holders"][0]["pid"], first, "{name}: {report}");
        assert_eq!(report["holders"][0]["outcome"], "stopped", "{name}: {report}");
        assert!(supervisor.is_alive(), "{name}");
        assert_eq!([listener(ports[1]), listener(ports[2])], others, "{name}");
    }
}

/// A watcher that has one server, and runs a program of that name beside it, which ends with the test.
fn watcher_with(home: &Home, program: &str) -> Server {
    let path = home.directory("bin").join(program);
    copy_of(Path::new("/bin/cat"), &path);
    let server = Server::new(&home.directory("shop")).at(format!("127.0.0.1:{}", unused_port()));
    // It reads until the test is over; what comes after that does not matter.
    server.supervised_by("nodemon").beside(&[path.to_str().unwrap(), "-", "--", "--service=0.21.5"])
}

#[test]
fn a_watcher_that_has_another_child_or_port_is_left_alone() {
    let home = Home::new();
    let server = Server::new(&home.directory("shop")).at(format!("127.0.0.1:{}", unused_port()));
    for mut watcher in [
        watcher_with(&home, "worker").start(),
        server.supervised_by("nodemon").listening_itself_at("127.0.0.1:0").start(),
    ] {
        let report = free(&home, watcher.port).json();
        assert_eq!(programs(&report), [""; 0], "{report}");
        assert_eq!(report["holders"][0]["outcome"], "stopped", "{report}");
        assert!(watcher.is_alive());
    }
}

#[test]
fn a_watcher_with_a_mere_helper_ends_with_its_server() {
    let home = Home::new();
    let mut watcher = watcher_with(&home, "esbuild").start();
    let ran = free(&home, watcher.port);
    assert_eq!(programs(&ran.json()), ["nodemon"], "{}", ran.stdout);
    assert!(watcher.ends());
    assert!(is_free(Port::new(watcher.port).unwrap()));
}

/// Between the look at it and the answer of the user, minutes may pass.
#[test]
fn a_watcher_that_has_got_another_child_meanwhile_is_left_alone() {
    let home = Home::new();
    let pipe = home.path("pipe");
    if !Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        return not_possible("a watcher that gets another child", "there is no mkfifo");
    }
    let mut watcher = watcher_with(&home, "worker").after(&pipe).start();
    let port = Port::new(watcher.port).unwrap();
    let found = Holders::find(port, Protocol::Tcp).unwrap();
    assert_eq!((found.supervisors.len(), found.shared_supervisors.len()), (1, 0));
    std::fs::write(&pipe, "now").unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while Holders::find(port, Protocol::Tcp).unwrap().shared_supervisors.is_empty() {
        assert!(Instant::now() < deadline, "it starts another program");
    }
    let outcomes = found.ask(Duration::from_secs(5)).unwrap();
    assert_eq!((outcomes.holders, outcomes.supervisors), (vec![Outcome::Stopped], vec![Outcome::Spared]));
    assert!(watcher.is_alive());
}

/// So that people know why it was not stopped.
#[test]
fn what_depends_on_a_watcher_is_named() {
    let home = Home::new();
    let ports = [unused_port(), unused_port()];
    let addresses = ports.map(|port| format!("127.0.0.1:{port}"));
    let watcher = Server::new(&home.directory("shop")).supervised_by("modd").at_each(&addresses).start();
    let other = listener(ports[1]);
    listener(ports[0]);
    let ran = home.run("", &["free", &ports[0].to_string(), "--dry-run"]);
    let line = ran.stdout.lines().find_map(|line| line.trim().strip_prefix("needed by"));
    let line = line.unwrap_or_else(|| panic!("{}", ran.stdout)).trim();
    assert!(line.ends_with(&format!("({other}) on port {}", ports[1])), "{line}");
    let report = home.run("", &["free", &ports[0].to_string(), "--dry-run", "--json"]).json();
    let restarter = &report["restarters"][0];
    assert_eq!(restarter["pid"], watcher.pid(), "{report}");
    assert_eq!(restarter["dependants"][0]["pid"], other, "{report}");
    assert_eq!(restarter["dependants"][0]["ports"], serde_json::json!([ports[1]]), "{report}");
}

/// A script of one's own that keeps three servers, as they are.
#[test]
fn a_script_that_keeps_three_servers_is_left_alone_with_two() {
    if Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_err() {
        return not_possible("`python3 supervisor.py`", "python3 is not installed");
    }
    let home = Home::new();
    let shop = home.directory("shop");
    home.write(
        "shop/server.py",
        "import socket, sys\n\
         server = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n\
         sys.stdin.read()\n",
    );
    home.write(
        "shop/supervisor.py",
        format!(
            "import os, subprocess, sys, threading\n\
             def keep(port):\n    \
                 while True:\n        \
                     subprocess.call([sys.executable, 'server.py', port])\n\
             for port in sys.argv[1:]:\n    \
                 threading.Thread(target=keep, args=[port], daemon=True).start()\n\
             print('{ANNOUNCEMENT}' + sys.argv[1], flush=True)\n\
             sys.stdin.read()\n\
             os._exit(0)\n"
        ),
    );
    let ports = [unused_port(), unused_port(), unused_port()];
    let mut command = Command::new("python3");
    command.arg("supervisor.py").args(ports.map(|port| port.to_string())).current_dir(&shop);
    let mut supervisor = ChildProcess::start(&mut command);
    let before = ports.map(listener);
    let report = free(&home, ports[0]).json();
    assert_eq!(report["holders"][0]["outcome"], "stopped", "{report}");
    assert_eq!(programs(&report), [""; 0], "{report}");
    assert!(supervisor.is_alive());
    assert_eq!([listener(ports[1]), listener(ports[2])], before[1..]);
    assert_ne!(listener(ports[0]), before[0], "the script starts it again");
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
