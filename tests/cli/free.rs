//! `port-manager free`

use std::net::TcpListener;

use crate::home::{Home, Ran, unused_port};
use crate::process::ChildProcess;

/// What a person sees, with the numbers that differ from run to run named.
fn seen(ran: &Ran, home: &Home, server: &ChildProcess) -> String {
    let program = std::env::current_exe().unwrap();
    let user = ran
        .stderr
        .lines()
        .chain(ran.stdout.lines())
        .find_map(|line| Some(line.trim_start().strip_prefix("user")?.trim_start().to_owned()));
    let mut text = ran
        .seen(home)
        .replace(program.to_str().unwrap(), "/bin/server")
        .replace(program.file_name().unwrap().to_str().unwrap(), "server")
        .replace(&server.pid().to_string(), "PID")
        .replace(&server.port.to_string(), "PORT");
    if let Some(user) = user {
        text = text.replace(&format!("user       {user}"), "user       USER");
    }
    without_times(&text)
}

/// Without the time.
fn without_times(text: &str) -> String {
    let lines = text.lines().map(|line| match line.trim_start().strip_prefix("since ") {
        Some(since) => {
            assert!(since.contains(" UTC, ") && since.ends_with(" ago"), "{line}");
            "    since      TIME"
        }
        None => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_server_is_stopped_and_its_client_lives_on() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.directory("elsewhere"));
    home.project("shop", &[("WEB_PORT", "web", server.port)]);
    let mut client = ChildProcess::client(server.port);
    let ran = home.run("", &["free", &server.port.to_string(), "--yes"]);
    insta::assert_snapshot!(seen(&ran, &home, &server), @r"
    Port PORT is free: server (PID) has ended.
    --- stderr
    Port PORT (WEB_PORT of shop) is held by

      server (PID)
        command    /bin/server --exact process::listens_until_it_is_ended --ignored --nocapture
        directory  ~/elsewhere
        user       USER
        since      TIME
        addresses  127.0.0.1

    --- exit code 0
    ");
    assert!(!server.is_alive());
    assert!(client.is_alive(), "only who listens is stopped");
    TcpListener::bind(("127.0.0.1", server.port)).expect("the port is free, as was said");
}

#[test]
fn nobody_is_stopped_unless_somebody_says_so() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.directory("elsewhere"));
    let ran = home.run("", &["free", &server.port.to_string(), "--quiet"]);
    insta::assert_snapshot!(seen(&ran, &home, &server), @r"
    --- stderr
    error: port PORT is taken, and there is no terminal to ask whether to stop who listens there
    help: Pass --yes to stop it without being asked, or --dry-run to see who it is.
    --- exit code 2
    ");
    assert!(server.is_alive());
}

#[test]
fn a_dry_run_tells_who_it_is_and_stops_nobody() {
    let home = Home::new();
    let root = home.project("shop", &[]);
    let mut server = ChildProcess::server(&root);
    let ran = home.run("", &["free", &server.port.to_string(), "--dry-run"]);
    insta::assert_snapshot!(seen(&ran, &home, &server), @r"
    Port PORT is held by

      server (PID)
        command    /bin/server --exact process::listens_until_it_is_ended --ignored --nocapture
        directory  ~/shop
        project    shop
        user       USER
        since      TIME
        addresses  127.0.0.1

    Port PORT is not free: no process was stopped.
    --- exit code 1
    ");
    assert!(server.is_alive());
}

#[cfg(unix)]
#[test]
fn a_server_that_does_not_end_is_killed_only_by_force() {
    let home = Home::new();
    let mut server = ChildProcess::deaf_server(&home.directory("elsewhere"));
    let port = server.port.to_string();
    let ran = home.run("", &["free", &port, "--yes", "--timeout", "0.1"]);
    insta::assert_snapshot!(seen(&ran, &home, &server), @r"
    Port PORT is not free: server (PID) still listens there.
    --- stderr
    Port PORT is held by

      server (PID)
        command    /bin/server --exact process::listens_until_it_is_ended --ignored --nocapture
        directory  ~/elsewhere
        user       USER
        since      TIME
        addresses  127.0.0.1

    help: Kill it, which may lose its unsaved work: port-manager free PORT --force
    --- exit code 1
    ");
    assert!(server.is_alive());
    let ran = home.run("", &["free", &port, "--yes", "--timeout", "0.1", "--force", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ran.json()["holders"][0]["outcome"], "killed");
    assert_eq!(ran.json()["is_free"], true);
    assert!(!server.is_alive());
}

#[cfg(target_os = "linux")]
#[test]
fn every_process_that_shares_the_socket_is_stopped() {
    let home = Home::new();
    let mut server = ChildProcess::forking_server(&home.directory("elsewhere"));
    let ran = home.run("", &["free", &server.port.to_string(), "--yes", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let report = ran.json();
    let holders: Vec<_> =
        report["holders"].as_array().unwrap().iter().map(|holder| &holder["outcome"]).collect();
    assert_eq!(holders, ["stopped", "stopped"]);
    assert!(!server.is_alive());
}

#[test]
fn who_started_the_command_is_never_stopped() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let ran = home.run("", &["free", &port, "--yes", "--force", "--json"]);
    assert_eq!(ran.code, Some(1));
    let holder = &ran.json()["holders"][0];
    assert_eq!(holder["pid"], std::process::id());
    assert_eq!(holder["protection"], "ancestor");
    assert_eq!(ran.json()["is_free"], false);
}

#[test]
fn a_free_port_is_said_to_be_free() {
    let home = Home::new();
    let port = unused_port().to_string();
    let ran = home.run("", &["free", &port]);
    assert_eq!(ran.stdout, format!("Port {port} is free: nothing listens there.\n"));
    assert_eq!(ran.code, Some(0));
}

#[test]
fn what_is_no_port_is_wrong_usage() {
    let home = Home::new();
    for wrong in ["0", "65536", "-1", ":WEB_PORT", "3000/tcp"] {
        let ran = home.run("", &["free", "--yes", "--", wrong]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
        assert!(ran.stderr.contains("a port is a whole number from 1 to 65535"), "{}", ran.stderr);
    }
}

#[test]
fn a_port_may_be_written_as_in_an_address() {
    let home = Home::new();
    let port = unused_port();
    let ran = home.run("", &["free", &format!(":{port}")]);
    assert_eq!((ran.code, ran.stdout), (Some(0), format!("Port {port} is free: nothing listens there.\n")));
}

#[test]
fn a_variable_stands_for_its_port_in_the_project() {
    let home = Home::new();
    let root = home.directory("shop/web");
    let mut server = ChildProcess::server(&root);
    home.project("shop", &[("API_PORT", "api", unused_port()), ("WEB_PORT", "web", server.port)]);
    let ran = home.run("shop/web", &["free", "WEB_PORT", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.starts_with(&format!("Port {} is free", server.port)), "{}", ran.stdout);
    assert!(server.ends());
    for (unknown, help) in
        [("WEBPORT", "Did you mean WEB_PORT?"), ("METRICS", "Its variables are API_PORT, WEB_PORT.")]
    {
        let ran = home.run("shop/web", &["free", unknown, "--yes"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
        let message = format!("shop has no variable {unknown}\nhelp: {help}\n");
        assert!(ran.stderr.ends_with(&message), "{}", ran.stderr);
    }
}

#[test]
fn several_ports_are_freed_one_after_the_other() {
    let home = Home::new();
    let mut servers = [(); 2].map(|()| ChildProcess::server(&home.path("")));
    let free_port = unused_port().to_string();
    let [first, second] = [0, 1].map(|index: usize| servers[index].port.to_string());
    let ran = home.run("", &["free", &first, &free_port, &second, &first, "--yes", "--color", "never"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let starts: Vec<&str> = ran.stdout.lines().filter_map(|line| line.split(':').next()).collect();
    let expected = [&first, &free_port, &second].map(|port| format!("Port {port} is free"));
    assert_eq!(starts, expected);
    assert!(servers.iter_mut().all(ChildProcess::ends));
}

/// One that is not free decides the exit code, and the others are freed all the same.
#[test]
fn several_ports_are_reported_one_json_object_a_line() {
    let home = Home::new();
    let own = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = ChildProcess::server(&home.path(""));
    let ports = [own.local_addr().unwrap().port(), server.port].map(|port| port.to_string());
    let ran = home.run("", &["free", &ports[0], &ports[1], "--yes", "--json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let reports = ran.json_lines();
    let found: Vec<_> =
        reports.iter().map(|report| (report["port"].to_string(), &report["is_free"])).collect();
    assert_eq!(found, [(ports[0].clone(), &false.into()), (ports[1].clone(), &true.into())]);
    assert!(server.ends());
}
