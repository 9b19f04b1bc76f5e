//! Which names speak of a port: one rule for identifiers, keys, flags and variables.

use crate::port::Port;
use crate::service::words;

/// Words that, behind `port`, say that the name is about something else: `portTimeout`.
const NOT_A_NUMBER: &[&str] = &[
    "timeout", "count", "range", "max", "min", "width", "height", "offset", "size", "delay", "interval",
    "length", "retries", "retry", "attempt", "attempts", "tries", "step", "limit", "ms", "seconds", "speed",
    "rate", "index", "type", "name",
];

/// Words that, before `port`, say that no network port is meant.
const NOT_A_NETWORK: &[&str] =
    &["serial", "com", "usb", "view", "gpio", "air", "sea", "parallel", "midi", "display"];

/// Words that with `port` behind them name a side that follows what listens: a container's, `containerPort`, or what a
/// firewall lets through, `from_port`. A variable may still be called so: `CONTAINER_PORT`.
const FOLLOWING: &[&str] = &["container", "from", "to"];

/// What people write before `port` without a boundary: `httpport`. Any other run of letters that
/// ends in `port` is a word of its own: report, support, viewport.
const GLUED: &[&str] = &[
    "admin", "api", "app", "base", "connect", "db", "debug", "default", "dest", "dev", "dst", "frontend",
    "backend", "ftp", "grpc", "gui", "health", "host", "http", "https", "jmx", "listen", "listener", "local",
    "main", "master", "metrics", "mgmt", "my", "mysql", "out", "pg", "proxy", "public", "redis", "remote",
    "rpc", "server", "service", "smtp", "socket", "source", "src", "ssh", "ssl", "target", "tcp", "test",
    "tls", "udp", "ui", "web", "ws", "wss", "xdebug",
];

/// Where Tomcat is told the address of its debugger, which is a number where the host goes without saying.
const DEBUGGER: &str = "JPDA_ADDRESS";

/// How a name speaks of ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PortName {
    /// `port`, `apiPort`, `HTTP_PORT`: the value is a port.
    One,
    /// `ports`, `PORTS`: what it holds are ports.
    Many,
}

/// Whether a name, however it is spelled, speaks of a network port.
pub(super) fn port_name(name: &str) -> Option<PortName> {
    // Most names do not, and this is asked of every key and identifier on the way.
    if !contains_port(name) {
        return None;
    }
    let words = words(name);
    let position = words.iter().rposition(|word| is_port_word(word))?;
    let before = position.checked_sub(1).and_then(|index| words.get(index));
    if before.is_some_and(|word| NOT_A_NETWORK.contains(&word.as_str())) {
        return None;
    }
    let is_pair = words.len() == 2 && position == 1 && name.bytes().any(|byte| byte.is_ascii_lowercase());
    if is_pair && FOLLOWING.contains(&words[0].as_str()) {
        return None;
    }
    if words[position + 1..].iter().any(|word| NOT_A_NUMBER.contains(&word.as_str())) {
        return None;
    }
    Some(if words[position].ends_with('s') { PortName::Many } else { PortName::One })
}

/// Whether a name says that its value is counted or measured: `backlog`, `TIMEOUT_MS`.
pub(super) fn is_quantity(name: &str) -> bool {
    words(name).iter().any(|word| word == "backlog" || NOT_A_NUMBER.contains(&word.as_str()))
}

/// Whether a name says that its value is a bound: `MAX_PORT`.
pub(super) fn is_bound(name: &str) -> bool {
    words(name).iter().any(|word| matches!(word.as_str(), "max" | "min" | "maximum" | "minimum"))
}

/// Words that say that a value has an address in it, each also with an `s` behind it.
const ADDRESS: &[&str] = &[
    "addr",
    "address",
    "addresses",
    "bind",
    "broker",
    "dsn",
    "endpoint",
    "host",
    "hostname",
    "listen",
    "origin",
    "proxy",
    "server",
    "target",
    "upstream",
    "uri",
    "url",
];

/// Whether a name says that its value has an address in it: `addr`, `baseUrl`, `ENDPOINTS`.
pub(super) fn is_address_name(name: &str) -> bool {
    words(name).iter().any(|word| {
        ADDRESS.contains(&word.as_str()) || word.strip_suffix('s').is_some_and(|one| ADDRESS.contains(&one))
    })
}

/// Whether a name says that its value is somebody who is spoken to: `backend`, `seedNodes`, `DOCKER_API`. A host and a
/// port is meant where that could be, where a number alone would be something else.
pub(super) fn is_peer_name(name: &str) -> bool {
    words(name).last().is_some_and(|word| {
        matches!(
            word.strip_suffix('s').unwrap_or(word),
            "api"
                | "backend"
                | "cluster"
                | "dest"
                | "destination"
                | "gateway"
                | "node"
                | "peer"
                | "remote"
                | "seed"
                | "service"
                | "svc"
        )
    })
}

/// Whether a name says that its value is a map of environment variables: `env`, `env_development` of pm2.
pub(super) fn gives_environment(name: &str) -> bool {
    matches!(words(name).first().map(String::as_str), Some("env" | "environment")) && !gives_production(name)
}

/// Whether a name says that its value is a map of environment variables for production: `env_production` of pm2.
pub(super) fn gives_production(name: &str) -> bool {
    let words = words(name);
    matches!(words.first().map(String::as_str), Some("env" | "environment"))
        && words[1..]
            .iter()
            .any(|word| matches!(word.as_str(), "production" | "prod" | "staging" | "stage" | "live"))
}

/// Whether a name says that its value is an image, which has a tag behind its colon: `image`, `REDIS_IMAGE`.
pub(super) fn is_image_name(name: &str) -> bool {
    words(name).last().is_some_and(|word| matches!(word.as_str(), "image" | "tag" | "version"))
}

/// Whether a name says that its value is text for people: `usage`, `HELP_TEXT`, `Long` and `Example` of a command.
pub(super) fn is_help_name(name: &str) -> bool {
    words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "help"
                | "usage"
                | "desc"
                | "description"
                | "epilog"
                | "example"
                | "examples"
                | "long"
                | "synopsis"
                | "banner"
        )
    })
}

/// Whether a name says where to listen: `listen`, `node_listen`, `APP_BIND`. Its value is an address or a
/// port.
pub(super) fn is_listen_name(name: &str) -> bool {
    // Most names do not, as with ports.
    let has =
        |word: &[u8]| name.as_bytes().windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
    (has(b"listen") || has(b"bind"))
        && words(name).last().is_some_and(|word| matches!(word.as_str(), "listen" | "bind"))
}

/// Whether the number is a port by the name of what it is given to. Below 80, `listen` is followed by other
/// things than ports: a switch, the length of a queue.
pub(super) fn names_port(name: &str, port: Port) -> bool {
    match port_name(name) {
        Some(PortName::One) => true,
        // One number is a list of one, unless the name says that ports are counted.
        Some(PortName::Many) => port.get() >= 80 && !words(name).iter().any(|word| is_amount(word)),
        None => port.get() >= 80 && (is_listen_name(name) || name.eq_ignore_ascii_case(DEBUGGER)),
    }
}

/// Whether a name says that its value is a command line or part of one: `command`, `JAVA_OPTS`.
pub(super) fn is_command_name(name: &str) -> bool {
    words(name).last().is_some_and(|word| {
        matches!(
            word.as_str(),
            "command"
                | "commands"
                | "cmd"
                | "cmds"
                | "runcmd"
                | "bootcmd"
                | "args"
                | "opts"
                | "flags"
                | "exec"
                | "entrypoint"
                | "jvmargs"
        )
    })
}

/// Whether an entry of a map of ports is a port: `ports: { http: 8080 }`. Numbers below 20 count things.
pub(super) fn is_entry_of_ports(map: &str, key: &str, port: Port) -> bool {
    port_name(map) == Some(PortName::Many)
        && words(map).last().is_some_and(|word| is_port_word(word))
        && key.starts_with(|first: char| first.is_ascii_alphabetic())
        && !words(key).iter().any(|word| is_amount(word))
        && port.get() >= 20
}

fn is_amount(word: &str) -> bool {
    NOT_A_NUMBER.contains(&word) || matches!(word, "num" | "number" | "total" | "n" | "per")
}

fn contains_port(name: &str) -> bool {
    name.as_bytes().windows(4).any(|window| window.eq_ignore_ascii_case(b"port"))
}

fn is_port_word(word: &str) -> bool {
    let singular = word.strip_suffix('s').unwrap_or(word);
    singular.strip_suffix("port").is_some_and(|prefix| prefix.is_empty() || GLUED.contains(&prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_hold_a_port() {
        for name in [
            "port",
            "PORT",
            "apiPort",
            "http_port",
            "server.port",
            "--port",
            "portNumber",
            "DEFAULT_PORT",
            "httpPort2",
            "OTEL_COLLECTOR_PORT_GRPC",
            "DOCKER_WEB_PORT_FORWARD",
            "httpport",
            "this.port",
            "CONTAINER_PORT",
            "redirect-from-port",
        ] {
            assert_eq!(port_name(name), Some(PortName::One), "{name}");
        }
        for name in ["ports", "PORTS", "allowedPorts"] {
            assert_eq!(port_name(name), Some(PortName::Many), "{name}");
        }
    }

    #[test]
    fn names_that_only_look_like_it() {
        for name in [
            "report",
            "support",
            "portfolio",
            "viewport",
            "transport",
            "import",
            "passport",
            "portTimeout",
            "serialPort",
            "exportDir",
            "portal",
            "portRange",
            "portRetry",
            "containerPort",
            "FromPort",
            "to_port",
            "host",
            "",
        ] {
            assert_eq!(port_name(name), None, "{name}");
        }
    }
}
