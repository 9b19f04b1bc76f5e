//! Suspended processes, as Ctrl+Z leaves them: they are ended like others, and none of them stays behind.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use port_manager::ports::{Process, is_suspended};

use crate::home::{Home, Ran, unused_port};
use crate::not_possible;
use crate::process::{ChildProcess, Server};
use crate::supervisors::listener;

fn free(home: &Home, port: u16, arguments: &[&str]) -> Ran {
    let port = port.to_string();
    home.run("", &[&["free", &port, "--color", "never"], arguments].concat())
}

/// Suspends processes, and waits until they are.
fn suspend(pids: &[u32]) {
    let numbers = pids.iter().map(ToString::to_string);
    assert!(Command::new("kill").arg("-STOP").args(numbers).status().unwrap().success());
    let deadline = Instant::now() + Duration::from_secs(20);
    while !pids.iter().all(|pid| is_suspended(*pid)) {
        assert!(Instant::now() < deadline, "they are suspended");
        std::thread::yield_now();
    }
}

#[test]
fn a_suspended_server_is_said_to_be_and_ends_when_asked() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.path(""));
    suspend(&[server.pid()]);
    let ran = free(&home, server.port, &["--yes"]);
    assert!(ran.stderr.contains(&format!("({}), suspended\n", server.pid())), "{}", ran.stderr);
    assert!(ran.stdout.contains(&format!("({}) has ended", server.pid())), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0));
    assert!(server.ends());
}

#[test]
fn other_ports_of_a_server_are_named_before_it_is_stopped() {
    let home = Home::new();
    let other = unused_port();
    let server = Server::new(&home.path("")).with("OTHER_ADDRESS", format!("127.0.0.1:{other}")).start();
    let ran = free(&home, server.port, &["--dry-run"]);
    assert!(ran.stdout.contains(&format!("; also listens on {other}\n")), "{}", ran.stdout);
    let report = free(&home, server.port, &["--dry-run", "--json"]).json();
    assert_eq!(report["holders"][0]["other_ports"], serde_json::json!([other]));
}

#[test]
fn a_suspended_shell_that_runs_the_server_ends_with_it() {
    let home = Home::new();
    let script = r#""$@"; echo rest > "$REST""#;
    let server = Server::new(&home.path(""))
        .at(format!("127.0.0.1:{}", unused_port()))
        .with("REST", home.path("rest").display())
        .by(&["sh", "-c", script, "sh"]);
    let mut shell = server.start();
    suspend(&[shell.pid(), listener(shell.port)]);
    let ran = free(&home, shell.port, &["--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(shell.ends());
    assert_eq!(home.read("rest"), "rest\n");
}

/// It would start the server again if it went on.
#[test]
fn a_suspended_loop_stays_suspended_and_is_named() {
    let home = Home::new();
    let server = Server::new(&home.path("")).at(format!("127.0.0.1:{}", unused_port())).by(&[
        "sh",
        "-c",
        r#"while true; do "$@"; done"#,
        "sh",
    ]);
    let mut shell = server.start();
    suspend(&[shell.pid(), listener(shell.port)]);
    let ran = free(&home, shell.port, &["--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let sentence = format!(" ({}), which started it, is suspended and may start it again", shell.pid());
    assert!(ran.stdout.starts_with("Nothing listens on port"), "{}", ran.stdout);
    assert!(ran.stdout.contains(&sentence), "{}", ran.stdout);
    assert!(shell.is_alive() && is_suspended(shell.pid()));
}

/// npm, its shell, the server and a process of the server, all suspended as a terminal does it.
#[test]
fn nothing_of_a_suspended_npm_stays_behind() {
    let what = "a suspended `npm run`";
    if Command::new("npm").arg("--version").output().is_err() {
        return not_possible(what, "npm is not installed");
    }
    let home = Home::new();
    let shop = home.directory("shop");
    home.write("shop/package.json", r#"{"name": "shop", "scripts": {"dev": "node server.js && true"}}"#);
    home.write(
        "shop/server.js",
        "require('child_process').spawn('sleep', ['60'], {stdio: ['pipe', 'inherit', 'inherit']});\n\
         require('net').createServer().listen(process.env.PORT, '127.0.0.1');\n\
         setTimeout(() => process.exit(), 60000);\n",
    );
    let port = unused_port();
    let mut npm = Command::new("npm")
        .args(["run", "dev"])
        .current_dir(&shop)
        .env("PORT", port.to_string())
        .env("npm_config_update_notifier", "false")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let server = listener(port);
    let group = npm.id();
    assert!(Command::new("kill").args(["-STOP", "--", &format!("-{group}")]).status().unwrap().success());
    suspend(&[server]);
    let ran = free(&home, port, &["--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let deadline = Instant::now() + Duration::from_secs(20);
    while npm.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "npm ends");
        std::thread::yield_now();
    }
    // Whatever is left of the job goes on: `sleep` lives on here, as it does after any other end of its server.
    let is_left = |process: &Process| is_suspended(process.pid);
    let stopped: Vec<u32> =
        group_of(group).into_iter().filter(|pid| Process::find(&[*pid]).iter().any(is_left)).collect();
    let _ = Command::new("kill").args(["-KILL", "--", &format!("-{group}")]).stderr(Stdio::null()).status();
    assert_eq!(stopped, [0; 0], "{}", ran.stdout);
}

/// The processes of a group.
fn group_of(group: u32) -> Vec<u32> {
    let output = Command::new("ps").args(["-eo", "pid=,pgid="]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let pairs = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?.parse().ok()?, words.next()?.parse::<u32>().ok()?))
    });
    pairs.filter(|(_, its)| *its == group).map(|(pid, _)| pid).collect()
}
