//! Who is left alone, whatever is said on the command line: a process that does not listen on the very port
//! that is meant, and programs that are never stopped.

use std::time::Duration;

use port_manager::port::Port;
use port_manager::ports::{Holders, Outcome, Protocol, is_free};

use crate::home::Home;
use crate::process::{ChildProcess, Server};

/// Frees a port with everything that can be said for it.
fn free(home: &Home, arguments: &[&str]) -> crate::home::Ran {
    let mut all = vec!["free", "--yes", "--force", "--json"];
    all.extend(arguments);
    home.run("", &all)
}

#[test]
fn many_clients_live_on() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.path(""));
    let mut clients: Vec<ChildProcess> = (0..3).map(|_| ChildProcess::client(server.port)).collect();
    let ran = free(&home, &[&server.port.to_string()]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(server.ends());
    assert!(clients.iter_mut().all(ChildProcess::is_alive));
}

#[test]
fn a_port_is_matched_as_a_whole() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.path(""));
    let digits = server.port.to_string();
    // `43210`: 4321 and 3210 are parts of it.
    for part in [&digits[..digits.len() - 1], &digits[1..]] {
        let Some(port) = part.parse().ok().and_then(Port::new).filter(|port| is_free(*port)) else {
            continue;
        };
        let ran = free(&home, &[&port.to_string()]);
        assert_eq!((ran.code, &ran.json()["was_free"]), (Some(0), &true.into()));
    }
    assert!(server.is_alive());
}

#[test]
fn tcp_and_udp_are_two_ports() {
    let home = Home::new();
    let mut tcp = ChildProcess::server(&home.path(""));
    let mut udp = Server::udp(&home.path("")).at(format!("127.0.0.1:{}", tcp.port)).start();
    let port = tcp.port.to_string();
    let ran = free(&home, &[&port, "--udp"]);
    assert_eq!((ran.code, &ran.json()["protocol"]), (Some(0), &"udp".into()), "{}", ran.stdout);
    assert!(udp.ends());
    assert!(tcp.is_alive());
    // And the other way round.
    let mut udp = Server::udp(&home.path("")).at(format!("127.0.0.1:{}", tcp.port)).start();
    let ran = free(&home, &[&port]);
    assert_eq!((ran.code, &ran.json()["protocol"]), (Some(0), &"tcp".into()), "{}", ran.stdout);
    assert!(tcp.ends());
    assert!(udp.is_alive());
}

#[test]
fn programs_that_are_never_stopped_keep_their_ports() {
    let home = Home::new();
    for (name, protection) in [
        ("code", "editor"),
        ("nvim", "editor"),
        ("tmux", "terminal"),
        ("sshd", "session"),
        ("supervisord", "service-manager"),
        ("dockerd", "container-runtime"),
    ] {
        let mut program = Server::new(&home.directory("somewhere")).named(name).start();
        // No docker that this machine may have is asked.
        let mut command =
            home.command("", &["free", &program.port.to_string(), "--yes", "--force", "--json"]);
        let output = command.env("PATH", "").output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {report}");
        assert_eq!(report["holders"][0]["protection"], protection, "{name}");
        assert_eq!(report["is_free"], false);
        assert!(program.is_alive(), "{name}");
    }
}

/// Stopping the one would be for nothing.
#[test]
fn who_shares_a_port_with_one_that_is_never_stopped_is_spared() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.path(""));
    let editor = Server::new(&home.path("")).named("code").at(format!("127.0.0.2:{}", server.port));
    if std::net::TcpListener::bind("127.0.0.2:0").is_err() {
        return crate::not_possible("two listeners on one port", "127.0.0.2 is no address of this machine");
    }
    let mut editor = editor.start();
    let ran = free(&home, &[&server.port.to_string()]);
    assert_eq!(ran.code, Some(1));
    let report = ran.json();
    assert_eq!(report["is_free"], false);
    assert!(server.is_alive() && editor.is_alive());
    // Nor when somebody insists, as an editor's command may.
    let found = Holders::find(Port::new(server.port).unwrap(), Protocol::Tcp).unwrap();
    let outcomes = found.ask(Duration::from_millis(10)).unwrap().holders;
    let of = |pid| outcomes[found.holders.iter().position(|holder| holder.process.pid == pid).unwrap()];
    assert_eq!((of(server.pid()), of(editor.pid())), (Outcome::Spared, Outcome::Protected));
    assert!(server.is_alive() && editor.is_alive());
}
