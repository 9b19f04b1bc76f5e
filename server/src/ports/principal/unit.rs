//! Which unit of systemd listens on a port.

use super::PATIENCE;
use crate::port::Port;
use crate::ports::listeners::Protocol;
use crate::ports::tool;

/// The socket unit that listens on the port; `None` where systemd is not there, or has none.
pub(super) fn listening_on(port: Port, protocol: Protocol, is_users: bool) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let mut arguments =
        vec!["list-sockets", "--full", "--no-legend", "--no-pager", "--plain", "--show-types"];
    if is_users {
        arguments.insert(0, "--user");
    }
    let list = tool::run("systemctl", &arguments, PATIENCE)?.output;
    parse(&list, port, protocol).map(str::to_owned)
}

/// Lines of `LISTEN TYPE UNIT ACTIVATES`: `[::]:22 Stream ssh.socket ssh.service`.
fn parse(list: &str, port: Port, protocol: Protocol) -> Option<&str> {
    let wanted = match protocol {
        Protocol::Tcp => "Stream",
        Protocol::Udp => "Datagram",
    };
    list.lines().find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [address, kind, unit, ..] = fields[..] else { return None };
        let number = address.rsplit_once(':')?.1;
        (kind == wanted && number.parse() == Ok(port.get()) && unit.ends_with(".socket")).then_some(unit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_of_a_port_is_found() {
        let list = "/run/dbus/system_bus_socket     Stream          dbus.socket            dbus.service\n\
                    kobject-uevent 1                Netlink         systemd-udevd-kernel.socket systemd-udevd.service\n\
                    [::]:22                         Stream          ssh.socket             ssh.service\n\
                    127.0.0.1:631                   Stream          cups.socket            cups.service\n\
                    0.0.0.0:69                      Datagram        tftpd.socket           tftpd.service\n\
                    8080                            Stream          nonsense\n";
        let of = |number, protocol| parse(list, Port::new(number).unwrap(), protocol);
        assert_eq!(of(22, Protocol::Tcp), Some("ssh.socket"));
        assert_eq!(of(631, Protocol::Tcp), Some("cups.socket"));
        assert_eq!(of(69, Protocol::Udp), Some("tftpd.socket"));
        assert_eq!(of(69, Protocol::Tcp), None);
        assert_eq!(of(2, Protocol::Tcp), None);
        assert_eq!(of(8080, Protocol::Tcp), None);
    }
}
