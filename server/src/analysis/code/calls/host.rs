//! Which expressions are hosts.

use crate::analysis::address;
use crate::service::{Service, words};

/// Whether an argument, as written, is a host: an address, a name that is known for a service, or
/// a variable called like one.
pub(in crate::analysis::code) fn is_host(argument: &str) -> bool {
    match quoted(argument) {
        Some(text) => {
            let host = text.trim_start_matches("tcp://").trim_start_matches('[').trim_end_matches(']');
            host.is_empty()
                || host.parse::<std::net::IpAddr>().is_ok()
                || matches!(host, "localhost" | "host.docker.internal" | "*")
                || is_service_name(argument)
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

/// Whether an argument, as written, is a name that is known for a service: `"redis"`.
pub(super) fn is_service_name(argument: &str) -> bool {
    quoted(argument).is_some_and(|text| {
        let text = text.trim_start_matches("tcp://");
        !text.contains([' ', '/', '.'])
            && !text.bytes().any(|byte| byte.is_ascii_uppercase())
            && text.len() > 1
            && text != "localhost"
            && Service::of_name(text).is_some()
    })
}

/// Whether an argument, as written, is a public host: `"8.8.8.8"`, `"example.com"`.
pub(in crate::analysis::code) fn is_remote_host(argument: &str) -> bool {
    quoted(argument).is_some_and(|text| text.contains('.') && address::is_remote(text))
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
        "QHostAddress",
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

/// What stands between the quotes of a string, as written.
pub(super) fn quoted(argument: &str) -> Option<&str> {
    let argument = argument.trim();
    let quote = argument.chars().next().filter(|character| matches!(character, '"' | '\'' | '`'))?;
    argument.strip_prefix(quote)?.strip_suffix(quote)
}
