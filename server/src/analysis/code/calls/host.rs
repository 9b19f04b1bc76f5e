//! Which expressions are hosts.

use crate::analysis::address;
use crate::analysis::packs::Packs;
use crate::service::Service;

/// Whether an argument, as written, is a host: an address, a name that is known for a service, or
/// a variable called like one.
pub(in crate::analysis::code) fn is_host(argument: &str, packs: &Packs) -> bool {
    match quoted(argument) {
        Some(text) => {
            let host = text.trim_start_matches("tcp://").trim_start_matches('[').trim_end_matches(']');
            matches!(host, "" | "*")
                || host.parse::<std::net::IpAddr>().is_ok()
                || address::is_own(host, packs)
                || is_service_name(argument)
        }
        None if is_address_value(argument) => true,
        None => yields_host(argument, packs),
    }
}

/// Whether an expression that is no string is called like a host, or yields one: `config.getHost()`,
/// `os.environ["DB_HOST"]`, `host.parse().unwrap()`, `process.env.HOST || "localhost"`.
fn yields_host(expression: &str, packs: &Packs) -> bool {
    let expression = expression.trim().trim_start_matches(['&', '*', '!']);
    // What is longer, or does something, is no mere name of a host.
    if expression.len() > 100 || expression.contains(['{', '\n', ';']) {
        return false;
    }
    for choice in ["||", "??", "?:", " or "] {
        if let Some((first, second)) = expression.split_once(choice) {
            return is_host(first.trim(), packs) || is_host(second.trim(), packs);
        }
    }
    let close = match expression.as_bytes().last() {
        Some(b')') => b'(',
        Some(b']') => b'[',
        _ => return !expression.contains([' ', '(']) && packs.names.yields_host(expression),
    };
    let Some(open) = opening(expression, close) else { return false };
    let (called, argument) = (&expression[..open], expression[open + 1..expression.len() - 1].trim());
    let (names, keeps) = (&packs.names, packs.names.keeps_value(called));
    match argument.is_empty() || argument.starts_with(['"', '\'']) {
        // `getHost()`; an address that is asked for may have its port in it: `getListenSocketAddress()`.
        true if names.yields_host(called) => {
            !argument.is_empty() || !called.to_ascii_lowercase().contains("addr") || called.contains("Host")
        }
        true if keeps && called.contains(['.', ':']) && argument.is_empty() => {
            let (receiver, _) = called.rsplit_once(['.', ':']).unwrap_or_default();
            yields_host(receiver.trim_end_matches([':', '?', '!']), packs)
        }
        // `getenv("DB_HOST")`, `ENV.fetch("HOST", "localhost")`, `environ["HOST"]`
        true => {
            let name = argument.split(',').next().unwrap_or_default();
            let is_lookup = ["env", "config", "setting", "option", "arg"];
            let called = called.to_ascii_lowercase();
            is_lookup.iter().any(|word| called.contains(word))
                && quoted(name).is_some_and(|name| names.yields_host(name))
        }
        // `make_address(host)`, `String.to_charlist(host)`
        false => (keeps || names.yields_host(called)) && yields_host(argument, packs),
    }
}

/// Where the bracket at the end of an expression was opened.
fn opening(expression: &str, open: u8) -> Option<usize> {
    let close = *expression.as_bytes().last()?;
    let mut depth = 0_usize;
    expression.bytes().enumerate().rev().find_map(|(at, byte)| {
        match byte {
            _ if byte == close => depth += 1,
            _ if byte == open => depth = depth.checked_sub(1)?,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
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
pub(in crate::analysis::code) fn is_remote_host(argument: &str, packs: &Packs) -> bool {
    quoted(argument).is_some_and(|text| text.contains('.') && address::is_remote(text, packs))
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
pub(in crate::analysis::code) fn quoted(argument: &str) -> Option<&str> {
    let argument = argument.trim();
    let quote = argument.chars().next().filter(|character| matches!(character, '"' | '\'' | '`'))?;
    argument.strip_prefix(quote)?.strip_suffix(quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(argument: &str) -> bool {
        is_host(argument, Packs::built_in())
    }

    #[test]
    fn a_string_is_a_host_of_this_machine_or_of_a_service() {
        for argument in ["\"localhost\"", "'0.0.0.0'", "\"[::1]\"", "'tcp://redis'", "\"redis\"", "\"\""] {
            assert!(host(argument), "{argument}");
        }
        for argument in ["\"some words\"", "\"www.example.com\"", "\"GET\"", "\"Redis\""] {
            assert!(!host(argument), "{argument}");
        }
    }

    #[test]
    fn an_expression_is_a_host_by_what_it_is_called() {
        for argument in
            ["host", "&config.host", "config.getHost()", "host.parse().unwrap()", "String.to_charlist(host)"]
        {
            assert!(host(argument), "{argument}");
        }
        for argument in
            ["name", "config.getName()", "server.getListenSocketAddress()", "function () { return host }"]
        {
            assert!(!host(argument), "{argument}");
        }
    }

    #[test]
    fn a_lookup_is_a_host_by_the_name_of_its_variable() {
        assert!(host("os.environ[\"DB_HOST\"]") && host("getenv('DB_HOST')"));
        assert!(!host("os.environ[\"DB_NAME\"]") && !host("tags['DB_HOST']"));
    }

    #[test]
    fn a_choice_is_a_host_where_either_side_is() {
        assert!(host("process.env.HOST || \"a b\"") && host("name ?? \"localhost\""));
        assert!(!host("name ?? \"a b\""));
    }

    #[test]
    fn an_address_of_the_standard_library_is_a_host() {
        for argument in [
            "[127, 0, 0, 1]",
            "Ipv4Addr::LOCALHOST",
            "std::net::Ipv4Addr::LOCALHOST",
            "IPAddress.Any",
            "{127, 0, 0, 1}",
        ] {
            assert!(host(argument), "{argument}");
        }
        assert!(!host("[1, 2, 3]") && !host("127, 0, 0, 1"));
    }

    #[test]
    fn a_public_host_has_a_dot() {
        let is_remote = |argument| is_remote_host(argument, Packs::built_in());
        assert!(is_remote("\"8.8.8.8\"") && is_remote("'www.example.com'"));
        assert!(!is_remote("\"redis\"") && !is_remote("\"127.0.0.1\"") && !is_remote("www.example.com"));
    }
}
