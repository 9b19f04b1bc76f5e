//! Who listens on this machine.

#[cfg(target_os = "linux")]
mod linux;
// Compiled for the tests on Linux, too, which compare it with what /proc says.
#[cfg(any(not(target_os = "linux"), test))]
mod portable;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use portable as system;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use serde::Serialize;

use crate::error::Result;
use crate::port::Port;

/// What a socket speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// TCP, in the state LISTEN.
    Tcp,
    /// UDP, bound and not connected.
    Udp,
}

/// A socket that waits for others to speak to it, and one process that holds it. A socket that
/// several processes share gives one listener for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Listener {
    /// The port.
    pub port: Port,
    /// What it speaks.
    pub protocol: Protocol,
    /// The address that it is bound to; `0.0.0.0` or `::` for all.
    pub address: IpAddr,
    /// The process; `None` where it is another user's and hidden from us.
    pub pid: Option<u32>,
    /// The file name of its program: `node`.
    pub program: Option<String>,
    /// The user whose socket it is, where the system tells.
    pub user: Option<String>,
}

/// Every listener of this machine (on Linux: of this network namespace), ordered by port.
///
/// # Errors
/// When the system does not let us look at all.
pub fn listeners() -> Result<Vec<Listener>> {
    collect(&|_, _| true)
}

/// The listeners of some ports, by port. To look for these alone is quicker: where nothing listens there, no
/// process has to be looked into.
///
/// # Errors
/// When the system does not let us look at all.
pub fn listeners_by_port(is_wanted: &dyn Fn(Port) -> bool) -> Result<HashMap<Port, Vec<Listener>>> {
    let mut found: HashMap<Port, Vec<Listener>> = HashMap::new();
    for listener in collect(&|port, _| is_wanted(port))? {
        found.entry(listener.port).or_default().push(listener);
    }
    Ok(found)
}

/// The listeners of one port that speak that protocol.
///
/// # Errors
/// When the system does not let us look at all.
pub fn listeners_on(port: Port, protocol: Protocol) -> Result<Vec<Listener>> {
    collect(&|other_port, other| other_port == port && other == protocol)
}

/// The TCP ports on which any process listens. No process is looked into.
///
/// # Errors
/// When the system does not let us look at all.
pub fn listening() -> Result<HashSet<Port>> {
    system::taken_ports()
}

/// Which sockets are asked for.
type Wanted<'a> = &'a dyn Fn(Port, Protocol) -> bool;

fn collect(is_wanted: Wanted<'_>) -> Result<Vec<Listener>> {
    let mut found = system::listeners(is_wanted)?;
    found.sort();
    // A server that binds 127.0.0.1 twice (SO_REUSEPORT) is one listener to people.
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream, UdpSocket};

    use super::*;

    fn port(number: u16) -> Port {
        Port::new(number).unwrap()
    }

    #[test]
    fn a_listening_socket_is_found_with_its_process() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let found = listeners_on(port(address.port()), Protocol::Tcp).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].pid, Some(std::process::id()));
        assert_eq!(found[0].address, address.ip());
        assert_eq!(found[0].protocol, Protocol::Tcp);
        let program = std::env::current_exe().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(found[0].program.as_deref(), Some(program.as_str()));
    }

    #[test]
    fn a_connection_is_no_listener() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        let (local, remote) = (client.local_addr().unwrap(), server.local_addr().unwrap());
        assert_eq!(listeners_on(port(local.port()), Protocol::Tcp).unwrap(), []);
        drop(listener);
        assert_eq!(
            listeners_on(port(remote.port()), Protocol::Tcp).unwrap(),
            [],
            "the accepted connection lives on"
        );
    }

    #[test]
    fn a_bound_udp_socket_listens_and_a_connected_one_does_not() {
        let bound = UdpSocket::bind("127.0.0.1:0").unwrap();
        let connected = UdpSocket::bind("127.0.0.1:0").unwrap();
        connected.connect(bound.local_addr().unwrap()).unwrap();
        let all = listeners().unwrap();
        let is_listed = |socket: &UdpSocket| {
            let number = socket.local_addr().unwrap().port();
            all.iter().any(|listener| listener.protocol == Protocol::Udp && listener.port.get() == number)
        };
        assert!(is_listed(&bound));
        assert_eq!(is_listed(&connected), !cfg!(target_os = "linux"), "only Linux tells them apart");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn both_ways_of_looking_see_the_same() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let number = port(listener.local_addr().unwrap().port());
        let mut portable = portable::listeners(&|port, _| port == number).unwrap();
        let mut linux = linux::listeners(&|port, _| port == number).unwrap();
        // `listeners` does not say whose socket it is.
        for found in portable.iter_mut().chain(&mut linux) {
            found.user = None;
        }
        assert_eq!(portable, linux);
        assert!(portable::taken_ports().unwrap().contains(&number));
        assert!(linux::taken_ports().unwrap().contains(&number));
    }
}
