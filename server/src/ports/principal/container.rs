//! Which container a port is published for.

use super::{PATIENCE, Principal};
use crate::port::Port;
use crate::ports::listeners::Protocol;
use crate::ports::process::Process;
use crate::ports::tool;

/// A container as `docker ps` and `podman ps` list it.
#[derive(Debug, PartialEq, Eq)]
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    /// `0.0.0.0:8000->80/tcp, [::]:8000->80/tcp, 9000/tcp`
    ports: &'a str,
}

/// What we ask for: fields of every container that runs, parted by tabulators. Both programs
/// understand it.
const LIST: [&str; 4] = ["ps", "--no-trunc", "--format", "{{.ID}}\t{{.Names}}\t{{.Ports}}"];

/// The container whose proxy listens on the port.
pub(super) fn behind_proxy(proxy: &Process, port: Port, protocol: Protocol) -> Principal {
    let runtime = runtime(&proxy.program);
    let (id, name) = identity(proxy);
    let list = tool::run(runtime, &LIST, PATIENCE).map(|said| said.output).unwrap_or_default();
    let row = rows(&list).find(|row| match &id {
        Some(id) => row.id.starts_with(id.as_str()),
        None => row.publishes(port, protocol),
    });
    let (known_id, known_name) = row.map(|row| (row.id.to_owned(), row.name.to_owned())).unzip();
    Principal::Container { runtime, name: name.or(known_name), id: id.or(known_id), address: address(proxy) }
}

/// The container with that identifier.
pub(super) fn of_id(id: &str) -> Principal {
    for runtime in ["docker", "podman"] {
        let list = tool::run(runtime, &LIST, PATIENCE).map(|said| said.output).unwrap_or_default();
        if let Some(row) = rows(&list).find(|row| row.id.starts_with(id)) {
            let name = Some(row.name.to_owned());
            return Principal::Container { runtime, name, id: Some(id.to_owned()), address: None };
        }
    }
    Principal::Container { runtime: "docker", name: None, id: Some(id.to_owned()), address: None }
}

/// The container that publishes the port, where its proxy is hidden from us.
pub(super) fn publishing(port: Port, protocol: Protocol) -> Option<Principal> {
    let list = tool::run("docker", &LIST, PATIENCE)?.output;
    let row = rows(&list).find(|row| row.publishes(port, protocol))?;
    Some(Principal::Container {
        runtime: "docker",
        name: Some(row.name.to_owned()),
        id: Some(row.id.to_owned()),
        address: None,
    })
}

/// Who starts such proxies.
fn runtime(program: &str) -> &'static str {
    let podmans =
        ["podman", "conmon", "rootlessport", "slirp4netns", "pasta", "gvproxy", "gvforwarder", "aardvark"];
    if podmans.iter().any(|name| program.starts_with(name)) { "podman" } else { "docker" }
}

/// What a runtime's process says of the container it is for: its identifier and its name.
fn identity(process: &Process) -> (Option<String>, Option<String>) {
    let program = process.program.as_str();
    if program.starts_with("containerd-shim") {
        (value(process, &["-id", "--id"]), None)
    } else if program.starts_with("conmon") {
        (value(process, &["-c", "--cid"]), value(process, &["-n", "--name"]))
    } else {
        (None, None)
    }
}

/// Where docker-proxy sends what it receives.
fn address(process: &Process) -> Option<String> {
    let ip = value(process, &["-container-ip", "--container-ip"])?;
    let port = value(process, &["-container-port", "--container-port"])?;
    Some(if ip.contains(':') { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") })
}

/// What follows one of these flags in a command line.
fn value(process: &Process, flags: &[&str]) -> Option<String> {
    let mut words = process.command.iter();
    words.find(|word| flags.contains(&word.as_str()))?;
    words.next().cloned()
}

fn rows(list: &str) -> impl Iterator<Item = Row<'_>> {
    list.lines().filter_map(|line| {
        let mut fields = line.split('\t');
        let (id, name, ports) = (fields.next()?, fields.next()?, fields.next()?);
        // A container that is linked to has several names.
        let name = name.split(',').next().unwrap_or(name);
        let is_name = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
        // What would be a flag, or no name of a container's at all, is none to print or to run.
        let is_sound =
            name.starts_with(|first: char| first.is_ascii_alphanumeric()) && name.chars().all(is_name);
        is_sound.then_some(Row { id, name, ports })
    })
}

impl Row<'_> {
    /// Whether the port of this machine is the container's.
    fn publishes(&self, port: Port, protocol: Protocol) -> bool {
        self.ports.split(", ").any(|published| {
            let Some((host, container)) = published.split_once("->") else { return false };
            let its = container.rsplit('/').next().unwrap_or_default();
            let wanted = match protocol {
                Protocol::Tcp => "tcp",
                Protocol::Udp => "udp",
            };
            let range = host.rsplit(':').next().unwrap_or_default();
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (Ok(first), Ok(last)) = (first.parse::<u16>(), last.parse::<u16>()) else { return false };
            its == wanted && (first..=last).contains(&port.get())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(line: &str) -> Process {
        let command: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let program = command[0].rsplit('/').next().unwrap().to_owned();
        Process {
            pid: 1,
            parent: None,
            program,
            path: None,
            command,
            directory: None,
            user: None,
            started: 0,
        }
    }

    fn port(number: u16) -> Port {
        Port::new(number).unwrap()
    }

    #[test]
    fn a_proxy_says_where_its_container_is() {
        let line = "/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 5432 -container-ip 172.18.0.2 \
                    -container-port 5432 -use-listen-fd";
        assert_eq!(address(&process(line)).as_deref(), Some("172.18.0.2:5432"));
        let line =
            "docker-proxy -proto tcp -host-ip :: -host-port 80 -container-ip fd00::2 -container-port 8080";
        assert_eq!(address(&process(line)).as_deref(), Some("[fd00::2]:8080"));
        assert_eq!(address(&process("docker-proxy -container-ip")), None);
    }

    #[test]
    fn a_monitor_says_which_container_it_is_for() {
        let conmon = process("/usr/bin/conmon --api-version 1 -c 4f5e -u 4f5e -r /usr/bin/crun -n shop-db");
        assert_eq!(identity(&conmon), (Some("4f5e".to_owned()), Some("shop-db".to_owned())));
        let shim = process("/usr/bin/containerd-shim-runc-v2 -namespace moby -id 4f5e -address /run/c.sock");
        assert_eq!(identity(&shim), (Some("4f5e".to_owned()), None));
        assert_eq!(runtime("rootlessport-child"), "podman");
        assert_eq!(runtime("com.docker.backend"), "docker");
    }

    #[test]
    fn the_list_says_which_container_publishes_a_port() {
        let list = "4f5e\tshop-db-1\t0.0.0.0:5432->5432/tcp, [::]:5432->5432/tcp\n\
                    9a1b\tshop-web-1\t0.0.0.0:8000-8005->8000-8005/tcp, :::53->53/udp, 9000/tcp\n\
                    77aa\t-rf\t0.0.0.0:1->1/tcp\n\
                    nonsense\n";
        let named = |number, protocol| {
            rows(list).find(|row| row.publishes(port(number), protocol)).map(|row| row.name)
        };
        assert_eq!(named(5432, Protocol::Tcp), Some("shop-db-1"));
        assert_eq!(named(8003, Protocol::Tcp), Some("shop-web-1"));
        assert_eq!(named(53, Protocol::Udp), Some("shop-web-1"));
        for (number, protocol) in [
            (543, Protocol::Tcp),
            (54321, Protocol::Tcp),
            (53, Protocol::Tcp),
            (9000, Protocol::Tcp),
            (1, Protocol::Tcp),
        ] {
            assert_eq!(named(number, protocol), None, "{number} {protocol:?}");
        }
    }
}
