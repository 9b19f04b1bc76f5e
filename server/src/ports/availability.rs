//! Whether a port can be had now.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

use super::listeners;
use crate::port::Port;

/// The addresses that a server may have taken. On Linux the first, which is dual stack, meets all
/// TCP listeners; elsewhere a wildcard can be bound beside a listener on one address, and `[::]` may
/// be IPv6 only.
const PROBES: [IpAddr; 4] = [
    IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    IpAddr::V6(Ipv6Addr::LOCALHOST),
    IpAddr::V4(Ipv4Addr::LOCALHOST),
];

/// Whether nothing listens on the TCP port, by IPv4 and IPv6, on every address or the loopback one.
/// Connections that are merely closing (`TIME_WAIT`) do not count.
///
/// It binds the port for an instant: the only answer that holds for sockets of other users, too.
#[must_use]
pub fn is_free(port: Port) -> bool {
    PROBES.iter().all(|address| match TcpListener::bind((*address, port.get())) {
        Ok(_) => true,
        Err(error) => match error.kind() {
            io::ErrorKind::AddrInUse => false,
            // A port below 1024, which we may not bind: only the list of sockets can tell. Windows says
            // this of ports that another program holds exclusively or the system has set aside.
            io::ErrorKind::PermissionDenied => {
                cfg!(unix) && listeners::listeners_on(port).is_ok_and(|found| found.is_empty())
            }
            // This machine has no such address: no IPv6, mostly.
            _ => true,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port_of(listener: &TcpListener) -> Port {
        Port::new(listener.local_addr().unwrap().port()).unwrap()
    }

    #[test]
    fn a_listener_on_any_address_takes_the_port_until_it_is_closed() {
        for address in ["127.0.0.1:0", "0.0.0.0:0", "[::1]:0", "[::]:0"] {
            let Ok(listener) = TcpListener::bind(address) else {
                assert!(address.starts_with('['), "IPv4 is everywhere");
                continue;
            };
            let port = port_of(&listener);
            assert!(!is_free(port), "{address}");
            drop(listener);
            assert!(is_free(port), "{address}");
        }
    }

    #[test]
    fn a_closing_connection_leaves_the_port_free() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = port_of(&listener);
        let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        // The side that closes first is the one that waits in TIME_WAIT.
        drop(server);
        drop(client);
        drop(listener);
        assert!(is_free(port));
    }
}
