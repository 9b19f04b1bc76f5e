//! Whether a port is free.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use port_manager::port::Port;
use port_manager::ports::{Protocol, is_free, listeners_on};
use socket2::{Domain, Socket, Type};

use crate::not_possible;

fn port_of(address: SocketAddr) -> Port {
    Port::new(address.port()).unwrap()
}

/// Whether the port is free, or soon is: a process that another test starts has our sockets, too,
/// until it becomes another program.
fn becomes_free(port: Port) -> bool {
    let deadline = Instant::now() + Duration::from_secs(5);
    while !is_free(port) {
        if Instant::now() > deadline {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

/// Listens there, and finds the port taken for just as long.
fn takes_the_port(address: SocketAddr, prepare: impl Fn(&Socket)) {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None).unwrap();
    prepare(&socket);
    socket.bind(&address.into()).unwrap();
    let port = port_of(socket.local_addr().unwrap().as_socket().unwrap());
    socket.listen(16).unwrap();
    assert!(!is_free(port), "{address}");
    let listeners = listeners_on(port, Protocol::Tcp).unwrap();
    assert_eq!(listeners.len(), 1);
    assert_eq!((listeners[0].pid, listeners[0].address), (Some(std::process::id()), address.ip()));
    drop(socket);
    assert!(becomes_free(port), "{address}: nobody listens any more");
}

fn has_ipv6(what: &str) -> bool {
    let bound = TcpListener::bind((Ipv6Addr::LOCALHOST, 0));
    if let Err(error) = &bound {
        not_possible(what, format_args!("no IPv6: {error}"));
    }
    bound.is_ok()
}

#[test]
fn a_listener_on_loopback_only_by_ipv4() {
    takes_the_port((Ipv4Addr::LOCALHOST, 0).into(), |_| {});
}

#[test]
fn a_listener_on_every_address_by_ipv4_only() {
    takes_the_port((Ipv4Addr::UNSPECIFIED, 0).into(), |_| {});
}

#[test]
fn a_listener_on_loopback_only_by_ipv6() {
    if has_ipv6("a listener on ::1") {
        takes_the_port((Ipv6Addr::LOCALHOST, 0).into(), |_| {});
    }
}

#[test]
fn a_listener_on_every_address_by_ipv6_only() {
    if has_ipv6("a listener on ::, by IPv6 only") {
        takes_the_port((Ipv6Addr::UNSPECIFIED, 0).into(), |socket| socket.set_only_v6(true).unwrap());
    }
}

#[test]
fn a_listener_on_every_address_by_both() {
    if has_ipv6("a listener on ::, by IPv4 too") {
        takes_the_port((Ipv6Addr::UNSPECIFIED, 0).into(), |socket| socket.set_only_v6(false).unwrap());
    }
}

/// `127.0.0.2`, as a server that is kept off another's address listens. A probe of `127.0.0.1` alone
/// would miss it, and who listens on every address would meet it.
#[cfg(target_os = "linux")]
#[test]
fn a_listener_on_one_address_only() {
    takes_the_port((Ipv4Addr::new(127, 0, 0, 2), 0).into(), |_| {});
}

#[cfg(unix)]
#[test]
fn a_listener_that_shares_its_port_with_whoever_wants_to() {
    let share = |socket: &Socket| socket.set_reuse_port(true).unwrap();
    takes_the_port((Ipv4Addr::UNSPECIFIED, 0).into(), share);
    // Two of them: when one ends, the port is taken still.
    let listen = |address: SocketAddr| {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        share(&socket);
        socket.bind(&address.into()).unwrap();
        socket.listen(16).unwrap();
        socket
    };
    let first = listen((Ipv4Addr::LOCALHOST, 0).into());
    let address = first.local_addr().unwrap().as_socket().unwrap();
    let second = listen(address);
    drop(first);
    assert!(!is_free(port_of(address)));
    drop(second);
    assert!(becomes_free(port_of(address)));
}

#[test]
fn connections_that_outlive_their_listener_are_no_listener() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let client = TcpStream::connect(address).unwrap();
    let (server, _) = listener.accept().unwrap();
    assert!(!is_free(port_of(address)));
    drop(listener);
    assert!(becomes_free(port_of(address)), "a server could start again, while the connection lives on");
    drop((client, server));
}

#[cfg(target_os = "linux")]
#[test]
fn a_closing_connection_leaves_the_port_free() {
    use procfs::net::TcpState;

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let client = TcpStream::connect(address).unwrap();
    let (server, _) = listener.accept().unwrap();
    // The side that closes first is the one that waits in TIME_WAIT: here the server's.
    drop(server);
    drop(client);
    drop(listener);
    let is_closing = || {
        let entries = procfs::net::tcp().unwrap();
        entries.iter().any(|entry| entry.local_address == address && entry.state == TcpState::TimeWait)
    };
    let deadline = Instant::now() + Duration::from_secs(5);
    while !is_closing() {
        assert!(Instant::now() < deadline, "the connection comes to TIME_WAIT");
        std::thread::yield_now();
    }
    let alone = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    assert!(alone.bind(&address.into()).is_err(), "without the reuse of addresses it is in the way");
    assert!(becomes_free(port_of(address)));
    TcpListener::bind(address).expect("a server can start again, as was said");
}

#[cfg(target_os = "linux")]
mod elsewhere {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;
    use std::process::Command;

    use super::*;
    use crate::home::Home;
    use crate::process::{ChildProcess, Server, copy_of};

    /// The number of the user `nobody`, on Linux.
    const NOBODY: u32 = 65534;

    /// A directory that others may enter.
    fn open_directory(home: &Home) -> std::path::PathBuf {
        let directory = home.directory("open");
        for path in [home.path(""), directory.clone()] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        directory
    }

    fn is_root(what: &str) -> bool {
        let is_root =
            fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        if !is_root {
            not_possible(what, "only root may start a process of another user");
        }
        is_root
    }

    #[test]
    fn a_listener_of_another_user_is_met() {
        if !is_root("a listener of another user") {
            return;
        }
        let home = Home::new();
        let directory = open_directory(&home);
        let server = Server::new(&directory).named("server").of_user(NOBODY).start();
        let port = Port::new(server.port).unwrap();
        assert!(!is_free(port));
        let listeners = listeners_on(port, Protocol::Tcp).unwrap();
        assert_eq!(listeners[0].user.as_deref(), Some("nobody"));
    }

    /// What an ordinary user sees of somebody else's server: that there is one, and whose.
    #[test]
    fn who_may_not_see_the_owner_is_told_so() {
        if !is_root("a listener of another user, seen by an ordinary one") {
            return;
        }
        let home = Home::new();
        let directory = open_directory(&home);
        let mut server = ChildProcess::server(&directory);
        let binary = directory.join("port-manager");
        copy_of(assert_cmd::cargo::cargo_bin!("port-manager"), &binary);
        let config = directory.join("config");
        fs::create_dir(&config).unwrap();
        std::os::unix::fs::chown(&config, Some(NOBODY), None).unwrap();
        let run = |arguments: &[&str]| {
            let mut command = Command::new(&binary);
            std::os::unix::process::CommandExt::uid(&mut command, NOBODY);
            let command = command.args(arguments).current_dir(&directory);
            let output = command.env("PORT_MANAGER_CONFIG_DIR", &config).output().unwrap();
            (
                output.status.code(),
                String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
            )
        };
        let port = server.port.to_string();
        let (code, said) = run(&["free", &port, "--yes", "--force"]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&format!("Port {port} is not free")), "{said}");
        assert!(said.contains("the owner is not visible to you") && said.contains("user root"), "{said}");
        assert!(said.contains(&format!("sudo port-manager free {port}")), "{said}");
        assert!(server.is_alive());
        // Nor is the port handed out, though its owner cannot be seen.
        let (code, said) = run(&["get-port", "--type", "web", "--preferred", &port, "--json"]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("a program listens there"), "{said}");
    }

    /// The network namespace of a process.
    fn network_of(process: impl std::fmt::Display) -> std::path::PathBuf {
        fs::read_link(Path::new("/proc").join(process.to_string()).join("ns/net")).unwrap()
    }

    #[test]
    fn a_listener_in_another_network_namespace_is_neither_seen_nor_in_the_way() {
        let what = "a listener in another network namespace";
        let wrapper = ["unshare", "--map-root-user", "--net"];
        match Command::new(wrapper[0]).args(&wrapper[1..]).arg("true").output() {
            Ok(output) if output.status.success() => {}
            Ok(output) => return not_possible(what, String::from_utf8_lossy(&output.stderr)),
            Err(error) => return not_possible(what, format_args!("unshare: {error}")),
        }
        let home = Home::new();
        let server = Server::new(&home.path("")).at("0.0.0.0:0").by(&wrapper).start();
        assert_ne!(network_of(server.pid()), network_of("self"));
        let port = Port::new(server.port).unwrap();
        assert!(becomes_free(port), "it can be had here");
        assert_eq!(listeners_on(port, Protocol::Tcp).unwrap(), []);
        TcpListener::bind(("0.0.0.0", server.port)).expect("it can be had here, as was said");
    }
}
