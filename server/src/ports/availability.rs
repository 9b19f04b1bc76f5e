//! Whether a port can be had now.

use std::collections::HashSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::OnceLock;

use socket2::{Domain, Protocol, Socket, Type};

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

/// Which TCP ports can be had, for the length of one operation: who listens is read once, when the
/// first port is asked about, and only a port on which nobody is seen to listen is probed.
#[derive(Debug, Default)]
pub struct Availability {
    /// `None` where the system does not tell who listens.
    taken: OnceLock<Option<HashSet<Port>>>,
}

/// Whether nothing listens on the TCP port now: see [`Availability::is_free`].
#[must_use]
pub fn is_free(port: Port) -> bool {
    Availability::default().is_free(port)
}

/// Whether nothing listens on the port that speaks that protocol.
#[must_use]
pub fn is_free_to_bind(port: Port, spoken: listeners::Protocol) -> bool {
    match spoken {
        listeners::Protocol::Tcp => is_free(port),
        listeners::Protocol::Udp => {
            let is_listed = listeners::listeners_on(port, spoken).map(|found| !found.is_empty());
            is_listed.as_ref().is_ok_and(|is_listed| !is_listed)
                && PROBES.iter().all(|address| {
                    let Err(error) = UdpSocket::bind((*address, port.get())) else { return true };
                    error.kind() != io::ErrorKind::AddrInUse
                })
        }
    }
}

/// The first port on which every user may listen: what Linux is set to (`net.ipv4.ip_unprivileged_port_start`), else
/// the usual 1024.
#[must_use]
pub fn first_unprivileged() -> Port {
    const USUAL: Port = Port::new(1024).unwrap();
    let set = if cfg!(target_os = "linux") {
        std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").ok()
    } else {
        None
    };
    // 0 means that no port is kept for privileged users, which port 1 says as well.
    let number = set.and_then(|text| text.trim().parse::<u16>().ok());
    number.map_or(USUAL, |number| Port::new(number.max(1)).unwrap_or(USUAL))
}

/// Whether this user may listen on the TCP port, be it taken or not.
#[must_use]
pub fn may_bind(port: Port) -> bool {
    let bound = bind_alone((Ipv4Addr::LOCALHOST, port.get()).into());
    // Windows says this of a port that another program holds.
    cfg!(windows) || bound.err().is_none_or(|error| error.kind() != io::ErrorKind::PermissionDenied)
}

impl Availability {
    /// Whether nothing listens on the TCP port, by IPv4 and IPv6, on every address or the loopback
    /// one. Connections that are merely closing (`TIME_WAIT`) do not count.
    ///
    /// A port on which nobody is seen to listen is bound for an instant: the only answer that holds
    /// for sockets that we may not see, too.
    #[must_use]
    pub fn is_free(&self, port: Port) -> bool {
        let taken = self.taken.get_or_init(|| listeners::listening().ok());
        let is_listed = taken.as_ref().is_some_and(|taken| taken.contains(&port));
        !is_listed && PROBES.iter().all(|address| can_bind(*address, port, taken.is_some()))
    }
}

/// Whether a server could listen on the port of that address. `is_known` says that who listens is
/// known, and nobody was seen to listen there.
fn can_bind(address: IpAddr, port: Port, is_known: bool) -> bool {
    let address = SocketAddr::new(address, port.get());
    let Err(error) = bind_alone(address) else { return true };
    match error.kind() {
        // Without the reuse of addresses, a connection that is closing is in the way as well. Servers
        // bind with it; listeners, and nothing else, are in the way then. Windows needs no such thing.
        io::ErrorKind::AddrInUse => cfg!(unix) && TcpListener::bind(address).is_ok(),
        // A port below 1024, which we may not bind: only the list of sockets can tell. Windows says
        // this of ports that another program holds exclusively or the system has set aside.
        io::ErrorKind::PermissionDenied => cfg!(unix) && is_known,
        // This machine has no such address: no IPv6, mostly.
        _ => true,
    }
}

/// Binds the address for an instant, with no leave to share it.
fn bind_alone(address: SocketAddr) -> io::Result<()> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
        // Where the system has no dual stack, `0.0.0.0` is probed by itself.
        let _ = socket.set_only_v6(false);
    }
    socket.bind(&address.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_this_machine_does_not_have_is_not_in_use() {
        // TEST-NET-1 (RFC 5737) is nobody's address.
        let port = Port::new(TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()).unwrap();
        let nobodys = Ipv4Addr::new(192, 0, 2, 1);
        assert_eq!(
            bind_alone((nobodys, port.get()).into()).unwrap_err().kind(),
            io::ErrorKind::AddrNotAvailable
        );
        assert!(can_bind(nobodys.into(), port, true));
    }

    #[test]
    fn who_listens_is_read_once_and_a_later_listener_is_met_all_the_same() {
        let early = TcpListener::bind("127.0.0.1:0").unwrap();
        let port_of = |listener: &TcpListener| Port::new(listener.local_addr().unwrap().port()).unwrap();
        let availability = Availability::default();
        assert!(!availability.is_free(port_of(&early)));
        let late = TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = availability.taken.get().unwrap().as_ref().unwrap();
        assert!(taken.contains(&port_of(&early)) && !taken.contains(&port_of(&late)));
        assert!(!availability.is_free(port_of(&late)));
    }
}
