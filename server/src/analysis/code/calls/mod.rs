//! What a call says about a number among its arguments.

mod host;
mod option;
mod prose;

pub(super) use host::{is_host, is_remote_host, quoted};
pub(super) use option::{
    declares_flag, defaults_port, defaults_port_option, follows_port_flag, is_port_constant, is_port_flag,
    names_port_option, wraps,
};
pub(super) use prose::is_stream;

use crate::analysis::names::{PortName, port_name};
use crate::analysis::occurrence::Kind;
use crate::service::words;

/// What a call makes of its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Callee {
    /// The port of a container, which the call tells the outside's of, `getMappedPort(8080)`, or the tag of its image.
    Container,
    /// Room is made for that many: `make(MatchHost, 10000)`.
    Capacity,
    /// A text is looked for, or cut off: `TrimSuffix(host, ":443")`.
    Search,
    /// Text for people, or a test's expectation: nothing in it is a port that decides anything.
    Prose,
    /// The value in another type: `Number(...)`, `int(...)`.
    Conversion,
    /// A list or map of the arguments: `listOf(...)`, `vec![...]`.
    Collection,
    /// Something listens.
    Listen,
    /// Something connects.
    Connect,
    /// A server is made or started, if its first argument looks like a port.
    Server,
    /// A server is made with an engine and a port: `embeddedServer(Netty, 8080)`.
    Engine,
    /// The call is named like a port: `setPort(8080)`.
    Setter,
    /// The call gives a value to a name: `set :port, 4567`.
    Setting,
    /// Nothing is known of it.
    Other,
}

/// Calls that are known by name, as they are written. No word of an argument has to say what they do.
pub(super) const KNOWN: &[(&str, Callee)] = &[
    ("listen", Callee::Listen),
    ("ListenTCP", Callee::Listen),
    ("listen_tcp", Callee::Listen),
    ("ListenAndServe", Callee::Listen),
    ("ListenAndServeTLS", Callee::Listen),
    ("ListenPacket", Callee::Listen),
    ("bind", Callee::Listen),
    ("serve", Callee::Listen),
    ("runserver", Callee::Listen),
    ("run_simple", Callee::Listen),
    ("start_server", Callee::Listen),
    ("socket_bind", Callee::Listen),
    ("listen_and_serve", Callee::Listen),
    ("TcpListener", Callee::Listen),
    ("add_insecure_port", Callee::Listen),
    ("add_secure_port", Callee::Listen),
    ("ServerSocket", Callee::Listen),
    ("bind_tcp", Callee::Listen),
    ("InetSocketAddress", Callee::Listen),
    ("SocketAddr", Callee::Listen),
    ("SocketAddrV4", Callee::Listen),
    ("SocketAddrV6", Callee::Listen),
    ("IPEndPoint", Callee::Listen),
    ("sockaddr_in", Callee::Listen),
    ("pack_sockaddr_in", Callee::Listen),
    ("NewServerAt", Callee::Listen),
    ("WebSocketGateway", Callee::Listen),
    ("connect", Callee::Connect),
    ("createConnection", Callee::Connect),
    ("create_connection", Callee::Connect),
    ("open_connection", Callee::Connect),
    ("Dial", Callee::Connect),
    ("DialTimeout", Callee::Connect),
    ("connect_ex", Callee::Connect),
    ("DialContext", Callee::Connect),
    ("DialTCP", Callee::Connect),
    ("fsockopen", Callee::Connect),
    ("pfsockopen", Callee::Connect),
    ("htons", Callee::Setter),
    ("embeddedServer", Callee::Engine),
    ("getaddrinfo", Callee::Engine),
];

/// What the callee, as written, makes of its arguments.
pub(super) fn callee(text: &str) -> Callee {
    let last = last_name(text);
    let lower = last.to_ascii_lowercase();
    if prose::is_prose(text, &lower) {
        return Callee::Prose;
    }
    match lower.as_str() {
        "number" | "parseint" | "int" | "str" | "string" | "float" | "uint16" | "int32" | "int64"
        | "uint32" | "uint"
            if text == last || text.starts_with("Number.") =>
        {
            Callee::Conversion
        }
        "atoi" | "itoa" | "tostring" | "sprintf" | "format" | "strip" | "trim" | "concat" | "to_integer"
        | "strtol" | "intval" | "tointeger" | "tonumber" | "uri" | "url" | "format_args" => {
            Callee::Conversion
        }
        "parseint" | "valueof" | "toint32" | "parse" | "some" | "ok" => Callee::Conversion,
        "vec" | "array" | "listof" | "mutablelistof" | "arrayof" | "intarrayof" | "setof" | "mapof"
        | "mutablemapof" | "hashmapof" | "aslist" => Callee::Collection,
        "of" | "seq" | "list" | "map" | "set" if is_collection_type(text) => Callee::Collection,
        _ if let Some((_, callee)) = KNOWN.iter().find(|(name, _)| name.eq_ignore_ascii_case(last)) => {
            *callee
        }
        "docker_build" | "docker_build_with_restart" | "custom_build" | "default_registry" => {
            Callee::Container
        }
        "make" | "with_capacity" | "reserve" | "resize" => Callee::Capacity,
        "hassuffix" | "trimsuffix" | "endswith" | "ends_with" | "removesuffix" | "strip_suffix"
        | "trim_end_matches" | "replace" | "replaceall" | "end_with" | "delete_suffix" | "str_ends_with"
        | "str_replace" | "in_array" | "contains" | "includes" | "indexof" | "split" => Callee::Search,
        _ if lower.contains("port")
            && ["mapped", "exposed", "untilport"].iter().any(|word| lower.contains(word)) =>
        {
            Callee::Container
        }
        "run" | "start" | "runtls" | "starttls" if receiver_serves(text, last) => Callee::Server,
        // socket.io's function is both: with a number it makes a server.
        "io" | "socketio" => Callee::Server,
        _ if text.contains("socket.io") && !text.contains("client") => Callee::Server,
        _ if port_name(last) == Some(PortName::One) => Callee::Setter,
        _ if listens(last) => Callee::Listen,
        // `TCPServer.new(8080)` is what `TCPServer(8080)` is elsewhere.
        "new" | "create" | "open" | "from" | "instance" | "start_link" => {
            let made = text[..text.len() - last.len()].trim_end_matches(['.', ':', '>', '-']);
            if made.is_empty() || made.ends_with(')') { Callee::Other } else { callee(made) }
        }
        // `SERVER_MAX(65534)` is a constant of an enumeration.
        _ if !last.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
            && words(last)
                .iter()
                .any(|word| matches!(word.as_str(), "server" | "serve" | "listen" | "httpd"))
            && !is_about_server(last)
            && !["Cache", "Buffer", "Pool", "Limit", "Size", "Timeout", "_cache", "_buffer", "_pool"]
                .iter()
                .any(|end| last.ends_with(end)) =>
        {
            Callee::Server
        }
        _ if words(last).first().is_some_and(|word| {
            matches!(word.as_str(), "set" | "put" | "define" | "setting" | "setenv" | "singleton" | "of")
        }) =>
        {
            Callee::Setting
        }
        _ => Callee::Other,
    }
}

/// What a number among the arguments decides; `None` where it is no port. `before` are the
/// arguments before it, as written.
pub(super) fn number(callee: Callee, number: u16, before: &[&str]) -> Option<Kind> {
    let follows_host = before.last().is_some_and(|argument| is_host(argument));
    let is_first = before.is_empty();
    match callee {
        Callee::Listen if is_first || follows_host => Some(Kind::Listen),
        Callee::Connect if is_first || follows_host => Some(Kind::Connect),
        Callee::Engine if before.len() < 2 => Some(Kind::Listen),
        Callee::Server if is_likely_port(number) && is_first || follows_host => Some(Kind::Listen),
        // `StartLine("", 200)`
        _ if follows_host && !is_likely_port(number) && before.last().is_some_and(|host| host.len() < 3) => {
            None
        }
        Callee::Setter if is_first => Some(Kind::Setting),
        // `set :port, 4567`, `put("server.port", 8080)`
        Callee::Setting
            if before.last().is_some_and(|name| names_port_option(&[name]) || is_port_constant(name)) =>
        {
            Some(Kind::Setting)
        }
        _ if names_port_option(before) => Some(Kind::OptionDefault),
        // `gauge("server_connections", 1000)`, `set("server", 3600)`
        _ if before.last().is_some_and(|host| host::is_service_name(host))
            && (callee == Callee::Setting || !is_likely_port(number)) =>
        {
            None
        }
        _ if follows_host && number >= 80 => Some(Kind::Connect),
        _ => None,
    }
}

/// Whether a call takes a number before the host in this place: `request(GET, 8080, "localhost")`.
pub(super) fn precedes_host(number: u16, after: Option<&str>) -> bool {
    // `close(4002, "server-closed")`: a name may be one of a reason.
    is_likely_port(number)
        && after.is_some_and(|argument| {
            quoted(argument).is_some_and(|text| !text.is_empty())
                && is_host(argument)
                && !(host::is_service_name(argument) && argument.contains('-'))
        })
}

/// Whether a call is that of a socket with the number of connections that may wait:
/// `socket.listen(128)`.
pub(super) fn is_backlog(text: &str, number: u16) -> bool {
    let receiver = text
        .strip_suffix("listen")
        .or_else(|| text.strip_suffix("Listen"))
        .unwrap_or_default()
        .trim_end_matches(['.', ':', '>', '-']);
    number <= 1024
        && words(last_name(receiver)).last().is_some_and(|word| matches!(word.as_str(), "sock" | "socket"))
}

/// Whether a call reaches something whose address is among its arguments: `grpc.Dial`, `newClient`.
pub(super) fn takes_address(callee: &str) -> bool {
    let last = last_name(callee);
    let name = if matches!(last, "new" | "create" | "builder") { callee } else { last };
    words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "dial"
                | "connect"
                | "connection"
                | "conn"
                | "client"
                | "addr"
                | "address"
                | "host"
                | "hosts"
                | "broker"
                | "brokers"
                | "server"
                | "servers"
                | "endpoint"
                | "endpoints"
                | "url"
                | "uri"
                | "target"
                | "channel"
                | "peer"
                | "peers"
                | "join"
                | "upstream"
                | "proxy"
                | "listen"
                | "bind"
                | "bootstrap"
                | "node"
                | "nodes"
                | "cluster"
                | "open"
                | "producer"
                | "consumer"
                | "session"
                | "registry"
        )
    })
}

/// A number that somebody would choose for a server, not a count or a time.
pub(super) fn is_likely_port(number: u16) -> bool {
    number >= 1024 || matches!(number, 80 | 443)
}

/// The last name of a dotted callee: `net.createServer` gives `createServer`.
pub(super) fn last_name(text: &str) -> &str {
    text.trim_end().rsplit(['.', ':', ' ', ')', '>', '!', '?']).find(|name| !name.is_empty()).unwrap_or(text)
}

/// Whether what is run or started is called like something that serves.
fn receiver_serves(text: &str, last: &str) -> bool {
    let receiver = text.strip_suffix(last).unwrap_or_default().trim_end_matches(['.', ':', '>', '-']);
    // `warp::serve(routes).run`
    let receiver = receiver
        .strip_suffix(')')
        .and_then(|_| receiver.rsplit_once('('))
        .map_or(receiver, |(called, _)| called);
    // `Javalin.create().start(7070)`
    let first = receiver.split(['.', '(', ':', '-']).next().unwrap_or_default();
    let names = [words(last_name(receiver)).pop(), words(first).pop()];
    names.iter().flatten().any(|word| {
        matches!(
            word.as_str(),
            "javalin"
                | "serve"
                | "undertow"
                | "app"
                | "server"
                | "api"
                | "router"
                | "engine"
                | "web"
                | "uvicorn"
                | "r"
                | "e"
                | "srv"
                | "route"
                | "http"
        )
    })
}

/// `bindHttp`, `bind_rustls`, `ListenAnyIP`, `listen_http`; not `bindParam`, `listenerCount`.
fn listens(name: &str) -> bool {
    let words = words(name);
    let is_value = |word: &String| {
        matches!(
            word.as_str(),
            "param" | "params" | "value" | "values" | "all" | "column" | "parameter" | "to"
        )
    };
    words.first().is_some_and(|word| matches!(word.as_str(), "bind" | "listen"))
        && !words.iter().any(is_value)
}

/// Whether a name is about a server that is there already: `getServerId`, `deleteServer`, `serverName`.
fn is_about_server(name: &str) -> bool {
    const ASKS: &[&str] = &[
        "get", "find", "fetch", "load", "select", "show", "is", "has", "check", "delete", "remove", "update",
        "stop", "kill", "shutdown", "ping", "by", "to", "from",
    ];
    const PARTS: &[&str] = &[
        "id",
        "ids",
        "name",
        "index",
        "key",
        "code",
        "status",
        "error",
        "exception",
        "count",
        "version",
        "type",
        "info",
    ];
    let words = words(name);
    let is_of = |word: Option<&String>, list: &[&str]| word.is_some_and(|word| list.contains(&word.as_str()));
    is_of(words.first(), ASKS) || is_of(words.last(), PARTS)
}

/// `List.of`, `Map`, `java.util.Set.of`.
fn is_collection_type(text: &str) -> bool {
    let name = text.strip_suffix(".of").unwrap_or(text);
    matches!(
        last_name(name),
        "List" | "Map" | "Set" | "Seq" | "ImmutableList" | "ImmutableMap" | "ImmutableSet"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callees_are_known_by_their_last_name() {
        assert_eq!(callee("app.listen"), Callee::Listen);
        assert_eq!(callee("http.ListenAndServe"), Callee::Listen);
        assert_eq!(callee("net.createConnection"), Callee::Connect);
        assert_eq!(callee("WebSocket.Server"), Callee::Server);
        assert_eq!(callee("initServer"), Callee::Server);
        assert_eq!(callee("config.setPort"), Callee::Setter);
        assert_eq!(callee("console.log"), Callee::Prose);
        assert_eq!(callee("setTimeout"), Callee::Prose);
        assert_eq!(callee("parseInt"), Callee::Conversion);
        assert_eq!(callee("report"), Callee::Other);
        for name in ["getServerId", "servers.deleteServer", "serverName", "serverStatus"] {
            assert_eq!(callee(name), Callee::Other, "{name}");
        }
    }

    #[test]
    fn a_number_behind_a_host_is_a_port() {
        assert_eq!(number(Callee::Other, 6379, &["\"redis\""]), Some(Kind::Connect));
        assert_eq!(number(Callee::Listen, 80, &["'0.0.0.0'"]), Some(Kind::Listen));
        assert_eq!(number(Callee::Other, 6379, &["\"hello world\""]), None);
        assert_eq!(number(Callee::Other, 8000, &["\"--port\"", "\"-p\""]), Some(Kind::OptionDefault));
        assert_eq!(number(Callee::Server, 10, &[]), None);
        assert_eq!(number(Callee::Other, 200, &["\"\""]), None);
        assert!(precedes_host(8080, Some("\"localhost\"")));
        assert!(!precedes_host(8080, Some("host")) && !precedes_host(200, Some("\"localhost\"")));
        assert!(is_backlog("socket.listen", 128) && is_backlog("$sock->listen", 512));
        assert!(!is_backlog("app.listen", 128) && !is_backlog("socket.listen", 8080));
    }
}
