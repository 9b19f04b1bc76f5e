//! What the value of a flag, or a word, says of a port.

use super::slice::Slice;
use crate::analysis::names::Names;

/// A port, and the host before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Endpoint<'a> {
    pub(super) port: Slice<'a>,
    /// The text before the colon: a host, a protocol, or nothing.
    pub(super) host: Option<Slice<'a>>,
}

impl<'a> Endpoint<'a> {
    /// The endpoint of `8080`, `8080/tcp`, `:8080`, `localhost:8080`, `8080:80`, `127.0.0.1:8080:db:80`, `TCP-LISTEN:8080,fork`.
    /// Behind a variable that holds a port, the number is that of the other side.
    pub(super) fn of(value: Slice<'a>, names: &Names) -> Option<Self> {
        let (mut rest, mut host) = (value.bare(), None);
        let mut is_behind_port = false;
        for part in 0..3 {
            if let Some(port) = number(rest, 2) {
                return (!is_behind_port).then_some(Self { port, host });
            }
            let colon = colon(rest)?;
            let before = rest.part(0..colon);
            is_behind_port |= names.is_port(before.text());
            // `$FROM:localhost:80` forwards: what comes before a host that has a port is a port, too.
            is_behind_port |=
                part == 1 && host.is_some_and(|host: Slice<'_>| host.text().starts_with(['$', '%']));
            (host, rest) = (Some(before), rest.from(colon + 1));
            // `http://localhost:8080` is an address.
            if rest.text().starts_with("//") {
                return None;
            }
        }
        None
    }

    /// Whether the number is given with its host, or at least the colon behind it.
    pub(super) fn is_address(&self) -> bool {
        self.host.is_some()
    }

    /// Whether the host is the name of a host, not an address, a variable or a protocol.
    pub(super) fn has_named_host(&self) -> bool {
        let Some(host) = self.host.map(Slice::text) else { return false };
        let protocol = host.split('-').next().unwrap_or_default().trim_end_matches(['4', '6']);
        host.starts_with(|first: char| first.is_ascii_alphabetic())
            && host != "localhost"
            && !["tcp", "udp", "openssl"].iter().any(|name| protocol.eq_ignore_ascii_case(name))
    }
}

/// What is published by `8000:80`, `127.0.0.1:8000:80/tcp`, `8000-8010:80-90`: the first number.
pub(super) fn published(value: Slice<'_>) -> Option<Slice<'_>> {
    let mut rest = value.bare();
    if number(rest, 1).is_none() {
        let colon = colon(rest).filter(|colon| is_ip(&rest.text()[..*colon]))?;
        rest = rest.from(colon + 1);
    }
    let port = number(rest, 1)?;
    let behind = &rest.text()[port.text().len()..];
    let behind = behind
        .strip_prefix('-')
        .map_or(behind, |end| end.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    behind
        .strip_prefix(':')
        .is_some_and(|side| side.starts_with(|first: char| first.is_ascii_digit() || first == '$'))
        .then_some(port)
}

/// Whether the value is a mapping whose side on this machine is a variable: `$WEB_PORT:80`, `127.0.0.1:${WEB_PORT}:80`.
pub(super) fn publishes_variable(value: Slice<'_>) -> bool {
    let value = value.bare();
    let side = match colon(value) {
        Some(colon) if is_ip(&value.text()[..colon]) => value.from(colon + 1),
        _ => value,
    };
    side.bare().text().starts_with(['$', '%']) && colon(side).is_some()
}

fn is_ip(host: &str) -> bool {
    host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>().is_ok()
}

/// The number that a value begins with, of at least as many digits, if nothing but what may stand behind a port follows.
fn number(value: Slice<'_>, least: usize) -> Option<Slice<'_>> {
    let digits = value.digits();
    let next = value.text()[digits.text().len()..].chars().next();
    let is_end = next.is_none_or(|next| {
        next.is_whitespace()
            || matches!(next, ':' | '/' | '-' | ',' | ';' | '"' | '\'' | ')' | ']' | '&' | '|' | '\\')
    });
    ((least..=5).contains(&digits.text().len()) && is_end).then_some(digits)
}

/// Where the first colon is that is not within brackets, as those of an IPv6 address or of what a shell puts in.
fn colon(value: Slice<'_>) -> Option<usize> {
    let mut depth = 0_usize;
    value.text().bytes().position(|byte| {
        match byte {
            b'[' | b'{' | b'(' => depth += 1,
            b']' | b'}' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b':' && depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_a_value() {
        for (value, port, host) in [
            ("8080", "8080", None),
            ("8080/tcp", "8080", None),
            (":8080", "8080", Some("")),
            ("'localhost:8080'", "8080", Some("localhost")),
            ("8080:80", "8080", None),
            ("8090:db:5432", "8090", None),
            ("127.0.0.1:8091:db:5432", "8091", Some("127.0.0.1")),
            ("[::1]:8080", "8080", Some("[::1]")),
            ("TCP-LISTEN:8080,fork", "8080", Some("TCP-LISTEN")),
            ("tcp:localhost:3000", "3000", Some("localhost")),
            ("${HOST:-db}:5432", "5432", Some("${HOST:-db}")),
        ] {
            let endpoint = Endpoint::of(Slice::of(value), Names::built_in()).unwrap();
            assert_eq!((endpoint.port.text(), endpoint.host.map(Slice::text)), (port, host), "{value}");
        }
        for value in [
            "",
            "8",
            "http://localhost:8080",
            "$WEB_PORT:80",
            "${WEB_PORT:-8000}:80",
            "${WEB_PORT:-8090}:localhost:80",
            "$FROM:localhost:80",
            "a:b",
            "8080x",
        ] {
            assert_eq!(Endpoint::of(Slice::of(value), Names::built_in()), None, "{value}");
        }
    }

    #[test]
    fn the_host_side_of_a_mapping() {
        for (value, port) in [
            ("8000:80", "8000"),
            ("80:80/tcp", "80"),
            ("127.0.0.1:8000:80", "8000"),
            ("[::1]:8000:80", "8000"),
            ("8000-8010:80-90", "8000"),
            ("8000:$PORT", "8000"),
        ] {
            assert_eq!(published(Slice::of(value)).map(Slice::text), Some(port), "{value}");
        }
        for value in ["8000", "a:80", "$WEB_PORT:80", "8000:a"] {
            assert_eq!(published(Slice::of(value)), None, "{value}");
        }
        for value in ["$WEB_PORT:80", "127.0.0.1:$(WEB_PORT):80", "\"${WEB_PORT:-8000}\":80"] {
            assert!(publishes_variable(Slice::of(value)), "{value}");
        }
        assert!(!publishes_variable(Slice::of("8000:80")));
    }
}
