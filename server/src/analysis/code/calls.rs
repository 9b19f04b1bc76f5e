//! What a call says about a number among its arguments.

use crate::analysis::names::{PortName, port_name};
use crate::analysis::occurrence::Kind;
use crate::service::{Service, words};

/// What a call makes of its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Callee {
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

/// What the callee, as written, makes of its arguments.
pub(super) fn callee(text: &str) -> Callee {
    let last = last_name(text);
    let lower = last.to_ascii_lowercase();
    if is_prose(text, &lower) {
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
        "listen" | "listentcp" | "listen_tcp" | "listenandserve" | "listenandservetls" | "listenpacket"
        | "bind" | "serve" | "runserver" | "run_simple" | "start_server" | "socket_bind"
        | "listen_and_serve" | "tcplistener" | "add_insecure_port" | "add_secure_port" | "serversocket"
        | "bind_tcp" | "inetsocketaddress" | "socketaddr" | "socketaddrv4" | "socketaddrv6"
        | "ipendpoint" | "sockaddr_in" | "pack_sockaddr_in" | "newserverat" => Callee::Listen,
        "connect" | "createconnection" | "create_connection" | "open_connection" | "dial" | "dialtimeout"
        | "connect_ex" | "dialcontext" | "dialtcp" | "fsockopen" | "pfsockopen" => Callee::Connect,
        "htons" => Callee::Setter,
        "embeddedserver" => Callee::Engine,
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
                .any(|word| matches!(word.as_str(), "server" | "serve" | "listen" | "httpd")) =>
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
        _ if follows_host && number >= 80 => Some(Kind::Connect),
        _ => None,
    }
}

/// Whether a call takes a number before the host in this place: `request(GET, 8080, "localhost")`.
pub(super) fn precedes_host(number: u16, after: Option<&str>) -> bool {
    is_likely_port(number)
        && after.is_some_and(|argument| {
            quoted(argument).is_some_and(|text| !text.is_empty()) && is_host(argument)
        })
}

/// Whether a call is that of a socket with the number of connections that may wait:
/// `socket.listen(128)`.
pub(super) fn is_backlog(text: &str, number: u16) -> bool {
    let receiver = text.strip_suffix("listen").unwrap_or_default().trim_end_matches(['.', ':', '>', '-']);
    number <= 1024
        && words(last_name(receiver)).last().is_some_and(|word| matches!(word.as_str(), "sock" | "socket"))
}

/// Whether an argument, as written, is a constant that is named like a port: `Properties.HTTP_PORT`.
pub(super) fn is_port_constant(argument: &str) -> bool {
    let name = last_name(argument);
    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && port_name(name) == Some(PortName::One)
}

/// Whether one of the arguments, as written, names an option or setting that is a port:
/// `"--port"`, `'port'`, `"p"` does not.
pub(super) fn names_port_option(arguments: &[&str]) -> bool {
    arguments.iter().any(|argument| {
        quoted(argument).or_else(|| symbol(argument)).is_some_and(|name| {
            let name = name.split([' ', '=', ',']).find(|part| part.len() > 2).unwrap_or(name);
            name.len() < 40 && port_name(name) == Some(PortName::One) && !name.contains('/')
        }) && argument.split_whitespace().count() <= 4
    })
}

/// A number that somebody would choose for a server, not a count or a time.
pub(super) fn is_likely_port(number: u16) -> bool {
    number >= 1024 || matches!(number, 80 | 443)
}

/// The last name of a dotted callee: `net.createServer` gives `createServer`.
fn last_name(text: &str) -> &str {
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

/// `List.of`, `Map`, `java.util.Set.of`.
fn is_collection_type(text: &str) -> bool {
    let name = text.strip_suffix(".of").unwrap_or(text);
    matches!(
        last_name(name),
        "List" | "Map" | "Set" | "Seq" | "ImmutableList" | "ImmutableMap" | "ImmutableSet"
    )
}

/// Whether what something is written to with `<<` is a stream for people: `std::cout`, `LOG(INFO)`.
pub(super) fn is_stream(text: &str) -> bool {
    let name = text.trim_start().trim_start_matches("std::");
    ["cout", "cerr", "clog", "LOG", "log", "spdlog", "qDebug", "STDOUT", "STDERR", "$stdout", "$stderr"]
        .iter()
        .any(|stream| name.starts_with(stream))
}

fn is_prose(text: &str, last: &str) -> bool {
    let printed = text.split_whitespace().next().unwrap_or_default();
    if matches!(printed, "print" | "printf" | "say" | "puts" | "warn" | "die" | "raise")
        || last.starts_with("assert")
        || last.ends_with("exception")
        || last.ends_with("error")
    {
        return true;
    }
    let first = text.split(['.', '(']).next().unwrap_or_default().to_ascii_lowercase();
    matches!(first.as_str(), "console" | "log" | "logger" | "logging" | "t" | "slog" | "puts" | "chalk")
        || matches!(
            last,
            "print"
                | "println"
                | "printf"
                | "fprintf"
                | "fprintln"
                | "puts"
                | "expect"
                | "tobe"
                | "toequal"
                | "equal"
                | "equals"
                | "strictequal"
                | "deepequal"
                | "assert"
                | "assertequal"
                | "asserteq"
                | "error"
                | "exception"
                | "errorf"
                | "fatal"
                | "fatalf"
                | "warn"
                | "warning"
                | "info"
                | "debug"
                | "panic"
                | "describe"
                | "it"
                | "test"
                | "settimeout"
                | "setinterval"
                | "sleep"
                | "echo"
                | "valueerror"
                | "runtimeerror"
                | "typeerror"
                | "skip"
                | "log"
                | "alert"
                | "eprintln"
                | "eprint"
                | "dbg"
                | "trace"
                | "bail"
                | "anyhow"
                | "todo"
                | "unimplemented"
                | "unreachable"
                | "write"
                | "writeln"
                | "writeline"
                | "eq"
                | "raise"
                | "fail"
                | "die"
                | "say"
                | "croak"
                | "abort"
                | "print_r"
                | "var_dump"
                | "error_log"
                | "trigger_error"
                | "doc"
                | "inspect"
                | "moduledoc"
                | "typedoc"
                | "shouldbe"
                | "fatalerror"
        )
}

/// Whether an argument, as written, is a host: an address, a name that is known for a service, or
/// a variable called like one.
pub(super) fn is_host(argument: &str) -> bool {
    match quoted(argument) {
        Some(text) => {
            let text = text.trim_start_matches("tcp://").trim_start_matches('[').trim_end_matches(']');
            text.is_empty()
                || text.parse::<std::net::IpAddr>().is_ok()
                || matches!(text, "localhost" | "host.docker.internal" | "*")
                || (!text.contains([' ', '/', '.'])
                    && !text.bytes().any(|byte| byte.is_ascii_uppercase())
                    && text.len() > 1
                    && Service::of_name(text).is_some())
        }
        None if is_address_value(argument) => true,
        None => {
            !argument.contains(['(', ' ', '{'])
                && words(argument).last().is_some_and(|word| {
                    matches!(
                        word.trim_end_matches(['4', '6']),
                        "host"
                            | "hostname"
                            | "localhost"
                            | "loopback"
                            | "addr"
                            | "address"
                            | "ip"
                            | "interface"
                    )
                })
        }
    }
}

/// Whether an expression, as written, is an address of the standard library or its numbers:
/// `[127, 0, 0, 1]`, `Ipv4Addr::LOCALHOST`, `IPAddress.Any`, `tcp::v4()`.
fn is_address_value(argument: &str) -> bool {
    let argument = argument.trim().trim_start_matches("std::net::").trim_start_matches("net::");
    let is_type = [
        "Ipv4Addr",
        "Ipv6Addr",
        "IpAddr",
        "Ipv4Address",
        "IPAddress",
        "InetAddress",
        "tcp::v",
        "udp::v",
        "ip::tcp::v",
        "asio::ip::tcp::v",
        "boost::asio::ip::tcp::v",
        "INADDR_",
        "inet_aton",
        "inet_addr",
        "host\"",
        "ip\"",
        "ipv4\"",
    ]
    .iter()
    .any(|prefix| argument.starts_with(prefix));
    let inner = argument.trim_matches(['[', ']', '{', '}']);
    is_type
        || (inner.len() < argument.len()
            && inner.replace(',', ".").replace(' ', "").parse::<std::net::Ipv4Addr>().is_ok())
}

/// `:port`, as a name in Ruby and Elixir.
fn symbol(argument: &str) -> Option<&str> {
    let name = argument.trim().strip_prefix(':')?;
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then_some(name)
}

/// What stands between the quotes of a string, as written.
fn quoted(argument: &str) -> Option<&str> {
    let argument = argument.trim();
    let quote = argument.chars().next().filter(|character| matches!(character, '"' | '\'' | '`'))?;
    argument.strip_prefix(quote)?.strip_suffix(quote)
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
