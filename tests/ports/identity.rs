//! A process that was looked at is the one that is stopped, or none is.

use std::time::{Duration, Instant};

use port_manager::port::Port;
use port_manager::ports::{Holders, Outcome, Process, Protocol};

use crate::home::Home;
use crate::process::{ChildProcess, Server};

const TIMEOUT: Duration = Duration::from_secs(5);

fn look_at(server: &ChildProcess) -> Holders {
    let found = Holders::find(Port::new(server.port).unwrap(), Protocol::Tcp).unwrap();
    assert_eq!(found.holders[0].process.pid, server.pid());
    found
}

/// Asks, and kills.
fn stop(found: &Holders) -> Vec<Outcome> {
    let mut outcomes = found.ask(TIMEOUT).unwrap();
    found.kill(&mut outcomes).unwrap();
    outcomes.holders
}

#[test]
fn whoever_took_the_port_meanwhile_is_left_alone() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.path(""));
    let found = look_at(&server);
    server.kill();
    let mut other = Server::new(&home.path("")).at(format!("127.0.0.1:{}", server.port)).start();
    assert_eq!(stop(&found), [Outcome::Gone]);
    assert!(other.is_alive());
}

#[test]
fn who_has_let_go_of_the_port_is_left_alone() {
    let home = Home::new();
    let mut server = Server::fickle(&home.path("")).start();
    let found = look_at(&server);
    server.tell("let go");
    let deadline = Instant::now() + TIMEOUT;
    while !port_manager::ports::is_free(found.port) {
        assert!(Instant::now() < deadline, "it lets go of the port");
        std::thread::yield_now();
    }
    assert_eq!(stop(&found), [Outcome::Gone]);
    assert!(server.is_alive());
}

/// Nodemon has started its server again since we looked: the one that we know is gone, and neither the
/// new one nor nodemon is stopped for it.
#[test]
fn a_supervisor_whose_server_is_another_by_now_is_left_alone() {
    let home = Home::new();
    let address = format!("127.0.0.1:{}", crate::home::unused_port());
    let mut supervisor = Server::new(&home.path("")).at(address).supervised_by("nodemon").start();
    let port = Port::new(supervisor.port).unwrap();
    let found = Holders::find(port, Protocol::Tcp).unwrap();
    assert_eq!(found.supervisors.len(), 1);
    let first = found.holders[0].process.pid;
    let ended = std::process::Command::new("kill").args(["-9", &first.to_string()]).status().unwrap();
    assert!(ended.success());
    let deadline = Instant::now() + Duration::from_secs(20);
    let is_another = || {
        let now = Holders::find(port, Protocol::Tcp).unwrap();
        now.holders.first().is_some_and(|holder| holder.process.pid != first)
    };
    while !is_another() {
        assert!(Instant::now() < deadline, "it is started again");
    }
    let outcomes = found.ask(TIMEOUT).unwrap();
    assert_eq!((outcomes.holders, outcomes.supervisors), (vec![Outcome::Gone], vec![Outcome::Spared]));
    assert!(supervisor.is_alive() && is_another());
}

/// The same number, the same port, another process: the worst that can happen. The kernel is made to
/// give the number once more.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_was_given_the_same_number_is_left_alone() {
    const LAST: &str = "/proc/sys/kernel/ns_last_pid";
    let what = "a process number that is given again";
    let home = Home::new();
    let mut server = ChildProcess::server(&home.path(""));
    let found = look_at(&server);
    server.kill();
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut other = loop {
        if let Err(error) = std::fs::write(LAST, (server.pid() - 1).to_string()) {
            return crate::not_possible(what, format_args!("{LAST}: {error}"));
        }
        // Somebody else on this machine may have been quicker.
        let other = Server::new(&home.path("")).at(format!("127.0.0.1:{}", server.port)).start();
        if other.pid() == server.pid() {
            break other;
        }
        assert!(Instant::now() < deadline, "the number is given again");
    };
    assert_eq!(Holders::find(found.port, Protocol::Tcp).unwrap().holders[0].process.pid, other.pid());
    // By when they were started, the two may be the same: within one second.
    assert_eq!(stop(&found).len(), 1);
    assert!(other.is_alive(), "it was started after we looked");
}

/// While somebody thinks about the question, the server becomes a shell: the same number, the same start, the same
/// socket, another program.
#[test]
fn a_process_that_became_a_shell_is_left_alone() {
    let home = Home::new();
    let mut server = Server::changing(&home.path("")).start();
    let found = look_at(&server);
    assert_eq!(found.holders[0].protection, None);
    server.tell("become a shell");
    let program = found.holders[0].process.program.clone();
    let deadline = Instant::now() + TIMEOUT;
    while Process::find(&[server.pid()])[0].program == program {
        assert!(Instant::now() < deadline, "it runs another program");
        std::thread::yield_now();
    }
    assert_eq!(stop(&found), [Outcome::Replaced]);
    assert!(server.is_alive());
}
