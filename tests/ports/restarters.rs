//! What may start a server again: it is watched for, named with the command that stops it, and the port is not called
//! free while that is not known.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::home::{Home, Ran, unused_port};
use crate::not_possible;
use crate::process::{ChildProcess, Server};
use crate::supervisors::listener;

fn free(home: &Home, port: u16, arguments: &[&str]) -> Ran {
    let port = port.to_string();
    home.run("", &[&["free", &port, "--yes", "--color", "never"], arguments].concat())
}

/// Whether the result says what there is to say of a server that something starts again: that it was, or that it may be.
fn assert_not_called_free(ran: &Ran) {
    assert!(!ran.stdout.contains("is free"), "{}", ran.stdout);
    match ran.code {
        Some(1) => assert!(ran.stdout.contains("has taken the port meanwhile"), "{}", ran.stdout),
        // It took longer than the port was watched, on a busy machine.
        Some(0) => assert!(ran.stdout.contains("still runs and may start it again"), "{}", ran.stdout),
        code => panic!("{code:?}: {}", ran.stderr),
    }
}

#[test]
fn a_loop_in_a_shell_is_watched_and_named() {
    let home = Home::new();
    home.write("dev.sh", "until \"$@\"; do sleep 1; done\n");
    let script = home.path("dev.sh");
    for wrapper in [
        &["sh", "-c", r#"while true; do "$@"; done"#, "sh"][..],
        &["sh", "-c", r#"until "$@"; do sleep 1; done"#, "sh"],
        &["sh", script.to_str().unwrap()],
    ] {
        let server = Server::new(&home.path("")).at(format!("127.0.0.1:{}", unused_port())).by(wrapper);
        let mut shell = server.start();
        let ran = free(&home, shell.port, &[]);
        assert_not_called_free(&ran);
        let advice = format!("({pid}) first: kill {pid}; then: port-manager free", pid = shell.pid());
        assert!(ran.stderr.contains(&advice), "{}", ran.stderr);
        if wrapper.concat().contains("sleep") {
            let watching = format!("({}) starts it again ...", shell.pid());
            assert!(ran.stderr.contains(&watching), "{}", ran.stderr);
        }
        assert!(shell.is_alive(), "a shell is sent no signal");
    }
}

/// It ends with its server, so there is nothing to wait for.
#[test]
fn a_shell_that_runs_one_command_starts_nothing_again() {
    let home = Home::new();
    let server = Server::new(&home.path("")).at(format!("127.0.0.1:{}", unused_port())).by(&[
        "sh",
        "-c",
        r#""$@"; true"#,
        "sh",
    ]);
    let mut shell = server.start();
    let ran = free(&home, shell.port, &[]);
    assert!(ran.stdout.contains("is free"), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0));
    assert!(!ran.stderr.contains("Watching"), "{}", ran.stderr);
    assert!(shell.ends());
}

/// An unknown program that goes on without its server may start it again, or not: it is named, and the port is not
/// called free.
#[test]
fn an_unknown_program_that_goes_on_is_named() {
    let home = Home::new();
    let script = home.path("unknown.sh");
    home.write("unknown.sh", "\"$@\"; while :; do sleep 0.1; done\n");
    let server = Server::new(&home.path(""))
        .at(format!("127.0.0.1:{}", unused_port()))
        .by(&["sh", script.to_str().unwrap()]);
    let shell = server.start();
    let ran = free(&home, shell.port, &[]);
    let text = format!("Nothing listens on port {} now: ", shell.port);
    assert!(ran.stdout.starts_with(&text), "{}", ran.stdout);
    let sentence = format!("({}), which started it, still runs and may start it again.\n", shell.pid());
    assert!(ran.stdout.ends_with(&sentence), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0), "nothing listens there");
    let _ = Command::new("kill").arg(shell.pid().to_string()).status();
}

/// Programs of their names stand in for them.
#[test]
fn service_managers_are_named_with_the_command_that_stops_the_server() {
    let home = Home::new();
    let directory = home.path("service");
    let here = directory.to_str().unwrap();
    for (program, variables, manager, remedy) in [
        ("pm2", &[("name", "web")][..], "pm2", Some(&["pm2", "stop", "web"][..])),
        (
            "supervisord",
            &[("SUPERVISOR_GROUP_NAME", "shop"), ("SUPERVISOR_PROCESS_NAME", "web")],
            "supervisord",
            Some(&["supervisorctl", "stop", "shop:web"]),
        ),
        ("runsv", &[], "runit", Some(&["sv", "down", here])),
        ("s6-supervise", &[], "s6", Some(&["s6-svc", "-d", here])),
        ("supervise", &[], "daemontools", Some(&["svc", "-d", here])),
        (
            "process-compose",
            &[("PC_PROC_NAME", "web")],
            "process-compose",
            Some(&["process-compose", "process", "stop", "web"]),
        ),
        ("nomad", &[("NOMAD_JOB_NAME", "web")], "nomad", Some(&["nomad", "job", "stop", "web"])),
        ("circusd", &[], "circusd", None),
    ] {
        let server = Server::new(&home.directory("service")).at(format!("127.0.0.1:{}", unused_port()));
        let server = variables.iter().fold(server, |server, (name, value)| server.with(name, value));
        let mut supervisor = server.supervised_by(program).start();
        listener(supervisor.port);
        let ran = free(&home, supervisor.port, &["--json"]);
        let report = ran.json();
        let restarter = &report["restarters"][0];
        assert_eq!(restarter["manager"], manager, "{report:#}");
        assert_eq!(restarter["pid"], supervisor.pid());
        assert_eq!(restarter["remedy"], json!(remedy), "{program}");
        assert_eq!(restarter["is_running"], true);
        assert!(supervisor.is_alive());
        let ran = free(&home, supervisor.port, &[]);
        let advice = match remedy {
            Some(remedy) => format!("help: Stop it there: {}\n", remedy.join(" ")),
            None => "help: circusctl list names it; then: circusctl stop NAME\n".to_owned(),
        };
        assert!(ran.stderr.ends_with(&advice), "{program}: {}", ran.stderr);
        assert_not_called_free(&ran);
    }
}

/// A process that ends with the test.
struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}

/// Where the real managers are installed, once for all runs.
fn managers() -> Result<PathBuf, String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/ports/install-managers");
    let output = Command::new(script).output().map_err(|error| error.to_string())?;
    let text = |bytes| String::from_utf8_lossy(bytes).trim().to_owned();
    match output.status.success() {
        true => Ok(PathBuf::from(text(&output.stdout))),
        false => Err(text(&output.stderr)),
    }
}

const SERVER: &str = "import socket, sys, time\n\
    listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n\
    time.sleep(60)\n";

#[test]
fn the_real_supervisord_is_asked_by_its_own_command() {
    let directory = match managers() {
        Ok(directory) => directory,
        Err(reason) => return not_possible("supervisord", reason),
    };
    let home = Home::new();
    let port = unused_port();
    home.write("server.py", SERVER);
    let settings = format!(
        "[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=%(here)s/pid\n\
         [unix_http_server]\nfile=%(here)s/socket\n[supervisorctl]\nserverurl=unix://%(here)s/socket\n\
         [rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = \
         supervisor.rpcinterface:make_main_rpcinterface\n\
         [program:web]\ncommand=python3 %(here)s/server.py {port}\n"
    );
    home.write("shop.conf", settings);
    let programs = directory.join("python/bin");
    let supervisord = Command::new(programs.join("supervisord"))
        .args(["-c", "shop.conf"])
        .current_dir(home.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _supervisord = Running(supervisord);
    listener(port);
    let ran = free(&home, port, &["--json"]);
    let report = ran.json();
    let remedy = words(&report["restarters"][0]["remedy"]);
    let path = home.path("shop.conf");
    assert_eq!(remedy, ["supervisorctl", "-c", path.to_str().unwrap(), "stop", "web"], "{report:#}");
    // It does what it is said to do.
    listener(port);
    let done = Command::new(programs.join(&remedy[0])).args(&remedy[1..]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    wait_until_free(port);
    let ran = free(&home, port, &[]);
    assert_eq!(
        (ran.code, &*ran.stdout),
        (Some(0), &*format!("Port {port} is free: nothing listens there.\n"))
    );
}

#[test]
fn the_real_pm2_is_asked_by_its_own_command() {
    let directory = match managers() {
        Ok(directory) => directory,
        Err(reason) => return not_possible("pm2", reason),
    };
    let home = Home::new();
    let port = unused_port();
    home.write("server.js", format!("require('net').createServer().listen({port}, '127.0.0.1');\n"));
    let pm2 = |arguments: &[&str]| {
        let mut command = Command::new(directory.join("node/node_modules/.bin/pm2"));
        let output =
            command.args(arguments).current_dir(home.path("")).env("PM2_HOME", home.path("pm2")).output();
        output.unwrap()
    };
    let started = pm2(&["start", "server.js", "--name", "shop web"]);
    assert!(started.status.success(), "{started:?}");
    listener(port);
    let ran = free(&home, port, &["--json"]);
    let report = ran.json();
    let remedy = words(&report["restarters"][0]["remedy"]);
    listener(port);
    let arguments: Vec<&str> = remedy.iter().skip(1).map(String::as_str).collect();
    let stopped = pm2(&arguments);
    wait_until_free(port);
    let is_stopped = free(&home, port, &[]);
    pm2(&["kill"]);
    assert_eq!(remedy, ["pm2", "stop", "shop web"], "{report:#}");
    assert!(stopped.status.success(), "{stopped:?}");
    assert_eq!(is_stopped.code, Some(0), "{}", is_stopped.stdout);
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect()
}

fn wait_until_free(port: u16) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !port_manager::ports::is_free(port_manager::port::Port::new(port).unwrap()) {
        assert!(Instant::now() < deadline, "nothing listens on {port}");
        std::thread::yield_now();
    }
}

/// The first process of a container starts its server again, and we are in that container.
#[cfg(target_os = "linux")]
#[test]
fn the_first_process_of_a_container_is_named() {
    let what = "process 1 of a container";
    let namespace = ["--pid", "--fork", "--mount-proc", "--kill-child"];
    match Command::new("unshare").args(namespace).arg("true").output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => return not_possible(what, String::from_utf8_lossy(&output.stderr)),
        Err(error) => return not_possible(what, format_args!("unshare: {error}")),
    }
    let home = Home::new();
    let wrapper =
        [&["unshare"][..], &namespace, &["sh", "-c", r#"while true; do "$@"; done"#, "sh"]].concat();
    let server = Server::new(&home.path("")).at(format!("127.0.0.1:{}", unused_port())).by(&wrapper).start();
    let children = format!("/proc/{pid}/task/{pid}/children", pid = server.pid());
    let first = std::fs::read_to_string(children).unwrap().trim().to_owned();
    let port = server.port.to_string();
    let inside = home.command("", &["free", &port, "--yes", "--color", "never"]);
    let mut command = Command::new("nsenter");
    command
        .args(["--target", &first, "--pid", "--mount", "--"])
        .arg(inside.get_program())
        .args(inside.get_args());
    command
        .current_dir(home.path(""))
        .envs(inside.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let ran = Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
    assert_not_called_free(&ran);
    assert!(ran.stderr.contains("(1), which may start it again"), "{}", ran.stderr);
    assert!(
        ran.stderr.ends_with("help: It is the first process of this container: stop the container.\n"),
        "{}",
        ran.stderr
    );
}

/// It closes its socket when it is asked to end, and goes on.
#[test]
fn a_process_that_only_closes_its_socket_is_not_said_to_have_ended() {
    let home = Home::new();
    let mut server = ChildProcess::lingering_server(&home.path(""));
    let ran = free(&home, server.port, &[]);
    let sentence = format!("({}) no longer listens there, and still runs", server.pid());
    assert!(ran.stdout.contains(&sentence), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0));
    assert!(server.is_alive());
}
