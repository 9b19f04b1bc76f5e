//! The one parser of addresses: URLs, `host:port`, `:port`, `[::1]:port`, lists of them.

mod place;

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;

use super::decided_by::DecidedBy;
pub(super) use super::host::Host;
use super::occurrence::Kind;
use super::packs::Packs;
use crate::pattern::{Pattern, regex};
use crate::port::Port;
use crate::service::{Service, words};

pub(super) use place::{Place, WordRole, decide};

/// An address with a port, in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// The bytes of the number.
    pub(super) span: Range<usize>,
    /// The number.
    pub(super) port: Port,
    /// Where it leads.
    pub(super) host: Host,
    /// The host as written; empty for `:8080`.
    pub(super) name: String,
    /// Whether it has a scheme: `http://`, or `tcp(` of Go's drivers.
    pub(super) has_scheme: bool,
    /// Whether the text is this address, or a list of addresses, and no other text.
    pub(super) is_whole: bool,
    /// Whether the host is called like something that listens, or the number is known for a service: `redis:7000`,
    /// `orders-service:7000`, `a:5432`.
    pub(super) names_service: bool,
}

impl Address {
    /// Whether it leads back to the machine or container that uses it: `localhost`, but not a container's name for its host.
    pub(super) fn is_loopback(&self) -> bool {
        self.host == Host::Local && !self.name.to_ascii_lowercase().ends_with(".docker.internal")
    }
}

// The host may be the end of an interpolation (`${HOST}:8080`, `{host}:8080`, `%s:8080`,
// `#{host}:8080`, `$HOST:8080`, `%HOST%:8080`, `{{ host }}:8080`), of which only the end is looked at.
macro_rules! host_and_port {
    () => {
        r"(?P<host>
            \[ [0-9A-Fa-f:.%]+ \]
          | \$?\{\{ [^{}\n]{1,80} \}\}
          | \$?\{{1,2} [^{}\s]+ \}{1,2}
          | \$\( [^()\s]+ \)
          | \$ [A-Za-z_][A-Za-z0-9_]*
          | % [A-Za-z_][A-Za-z0-9_]* %
          | % [sv]
          | [*+]
          | [A-Za-z0-9_] [A-Za-z0-9_.-]*
          | (?: tcp|udp|unix ) \( [A-Za-z0-9_.-]*
        )?
        : (?P<port> [0-9]{1,5} )
        (?: [^0-9A-Za-z_] | $)"
    };
}

static ADDRESS: Pattern =
    regex!(concat!("(?x) (?P<scheme> [A-Za-z][A-Za-z0-9+.-]* :// )? ", host_and_port!()));

// A pattern with the user in it would be an automaton of thousands of states, which is built again and again.
static BEHIND_USER: Pattern = regex!(concat!("(?x) ^ ", host_and_port!()));

/// The most bytes of a user and password before a host.
const LONGEST_USER: usize = 256;

/// A match of an address.
struct Match<'a> {
    host: &'a str,
    digits: Range<usize>,
    has_scheme: bool,
    has_user: bool,
}

impl<'a> Match<'a> {
    /// The first address in `text` from the byte `from` on.
    fn first(text: &'a str, from: usize) -> Option<Self> {
        let captures = ADDRESS.captures_at(text, from)?;
        let digits = captures.name("port")?.range();
        let start = captures.name("scheme").map_or(captures.get(0)?.start(), |scheme| scheme.end());
        if let Some(found) = Self::behind_user(text, from, start, digits.end) {
            return Some(found);
        }
        let host = &text[start..digits.start - 1];
        let user = text[from..start].strip_suffix('@').map(|before| from + before.len());
        Some(Self {
            host,
            digits,
            has_scheme: captures.name("scheme").is_some()
                || user.is_some_and(|at| user_has_scheme(&text[from..at])),
            has_user: user.is_some(),
        })
    }

    /// The address behind a user and password, of which `start..end` are a part: in `postgres://shop:1234@db:5432`, `1234` is
    /// no port.
    fn behind_user(text: &'a str, from: usize, start: usize, end: usize) -> Option<Self> {
        let length =
            text.as_bytes()[start..].iter().take(LONGEST_USER).take_while(|byte| is_of_user(**byte)).count();
        let at = start + length;
        if at < end || text.as_bytes().get(at) != Some(&b'@') {
            return None;
        }
        let captures = BEHIND_USER.captures(&text[at + 1..])?;
        let digits = captures.name("port")?.range();
        let (first, last) = (at + 1 + digits.start, at + 1 + digits.end);
        Some(Self {
            host: &text[at + 1..first - 1],
            digits: first..last,
            has_scheme: user_has_scheme(&text[from..at]),
            has_user: true,
        })
    }
}

/// Whether a byte may be of a user and password: printable ASCII but quotes, `/` and `@`.
fn is_of_user(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'/' | b'@')
}

/// Whether a scheme stands before the user and password that `before` ends with.
fn user_has_scheme(before: &str) -> bool {
    let user = before.bytes().rev().take(LONGEST_USER).take_while(|byte| is_of_user(*byte)).count();
    before[..before.len() - user].strip_suffix("://").is_some_and(|before| {
        let mut scheme =
            before.bytes().rev().take_while(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(byte));
        scheme.any(|byte| byte.is_ascii_alphabetic())
    })
}

/// Every address with a port in `text`, in its order. Spans are relative to `text`.
pub(super) fn addresses(text: &str, packs: &Packs) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    // Most words have none, and a search for a byte is quicker than one for a pattern.
    if memchr::memchr(b':', text.as_bytes()).is_none() {
        return found;
    }
    let mut from = 0;
    while let Some(Match { host, digits, has_scheme, has_user }) = Match::first(text, from) {
        from = digits.end;
        let start = digits.start - 1 - host.len();
        // In `redis://:1234@cache` the number is a password.
        if let Ok(port) = text[digits.clone()].parse::<Port>()
            && follows_well(text, digits.end)
            && (has_scheme || has_user || precedes_well(&text[..start], host))
            && let Some(kind) = host_of(host, packs)
            && (has_scheme || !(is_in_path(text, start, kind) || is_bound(host, packs)))
            && !(host.is_empty() && text[digits.end..].starts_with('@'))
            && (has_scheme || !is_cut_off(&text[digits.end..], kind))
        {
            found.push(Address {
                span: digits,
                port,
                host: kind,
                name: host.trim_start_matches("tcp(").to_owned(),
                has_scheme: has_scheme || host.starts_with("tcp("),
                is_whole: true,
                names_service: kind == Host::Service && names_service(host, port, packs),
            });
        }
    }
    if !found.is_empty() {
        let (is_whole, begins) = (is_whole(text), text.trim_start_matches(is_around).starts_with(':'));
        for address in &mut found {
            address.is_whole = is_whole && (begins || address.has_scheme || !address.name.is_empty());
        }
    }
    found
}

/// Whether what follows the number makes it another one, where there is no scheme: `pings:2024-01-01` is a date, and
/// `:1000\r\n` a reply of Redis.
fn is_cut_off(behind: &str, host: Host) -> bool {
    match host {
        Host::Service => behind.starts_with('-'),
        Host::Any => behind.starts_with("\\r") || behind.starts_with("\\n"),
        _ => false,
    }
}

/// Whether a character stands around a value, not in it.
fn is_around(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | '[' | ']' | ',' | ';')
}

/// Whether a text is one address or a list of addresses, and no other text. The spaces in a template's `{{ host }}`
/// separate nothing.
fn is_whole(text: &str) -> bool {
    let whole = text.trim_matches(is_around);
    !whole.contains(char::is_whitespace)
        || !without_actions(whole).contains(char::is_whitespace)
        || whole.split([' ', ',']).all(|part| part.is_empty() || part.contains(':'))
}

/// The text without what a template puts into it.
fn without_actions(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, (_, after))) =
        rest.split_once("{{").and_then(|(before, action)| Some((before, action.split_once("}}")?)))
    {
        kept.push_str(before);
        rest = after;
    }
    kept + rest
}

/// Behind the number comes a path, a list, a quote or nothing: not another number, as in a time
/// (`12:30:45`), a version or a decimal.
fn follows_well(text: &str, end: usize) -> bool {
    let rest = &text.as_bytes()[end..];
    match rest {
        [b'.', next, ..] | [b':', next, ..] => !next.is_ascii_alphanumeric(),
        _ => true,
    }
}

/// Before an address without a scheme comes white space, a quote, a separator or nothing.
fn precedes_well(before: &str, host: &str) -> bool {
    match before.chars().next_back() {
        None => true,
        Some(character) if host.is_empty() => {
            character.is_whitespace() || matches!(character, '"' | '\'' | '`' | '=' | ',' | '(' | '[' | '@')
        }
        Some(character) => !(character.is_alphanumeric() || matches!(character, ':' | '.' | '-' | '_')),
    }
}

/// Whether a name stands behind a slash, as the last part of a path: `registry/shop/web:2023` is an image and its tag.
fn is_in_path(text: &str, start: usize, kind: Host) -> bool {
    matches!(kind, Host::Service | Host::Remote)
        && text[..start].strip_suffix('/').is_some_and(|before| !before.ends_with('/'))
}

/// Whether a name is that of a bound or an amount: `max:2000` of a rule of Laravel.
fn is_bound(name: &str, packs: &Packs) -> bool {
    words(name).len() == 1 && packs.names.is_quantity(name)
}

/// Where a host leads; `None` where it cannot be one.
fn host_of(host: &str, packs: &Packs) -> Option<Host> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Some(inner) = host.strip_prefix("tcp(").or_else(|| host.strip_prefix("udp(")) {
        return host_of(inner, packs);
    }
    if matches!(host, "" | "*" | "+") {
        return Some(Host::Any);
    }
    if host.starts_with(['$', '{', '%']) {
        return Some(Host::Variable);
    }
    if let Ok(address) = bare.split('%').next().unwrap_or(bare).parse::<IpAddr>() {
        return Some(host_of_ip(address));
    }
    // A number is no host name: `12:30`, `1.2:80`.
    if bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') || host.starts_with('[') {
        return None;
    }
    let by_form = if bare.contains('.') { Host::Remote } else { Host::Service };
    Some(packs.hosts.leads(bare).unwrap_or(by_form))
}

/// The hosts of the addresses in a line about which a row says where they lead: their bytes, and the row.
#[must_use]
pub fn hosts_by_rows(line: &str, packs: &Packs) -> Vec<(Range<usize>, DecidedBy)> {
    let host = |address: Address| {
        let end = address.span.start.checked_sub(1)?;
        let row = packs.hosts.row(&address.name)?;
        Some((end - address.name.len()..end, row.clone()))
    };
    addresses(line, packs).into_iter().filter_map(host).collect()
}

/// What is done with the port of an address that is written up to its colon, where its host is this machine or one of a
/// private network: `http://localhost`.
pub(super) fn before_port(text: &str, packs: &Packs) -> Option<Kind> {
    own_host_before_port(text, packs).map(|(_, kind)| kind)
}

/// The host of this machine or of a private network that a text ends with, and what is done with the port behind it.
#[must_use]
pub fn own_host_before_port<'a>(text: &'a str, packs: &Packs) -> Option<(&'a str, Kind)> {
    let is_of_name =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    let host = match text.strip_suffix(']') {
        Some(inner) => text.get(inner.rfind('[')?..)?,
        None => text.get(text.trim_end_matches(is_of_name).len()..)?,
    };
    match host_of(host, packs).filter(|_| !host.is_empty())? {
        Host::Any => Some((host, Kind::Listen)),
        Host::Local | Host::Private => Some((host, Kind::Connect)),
        Host::Service | Host::Variable | Host::Remote => None,
    }
}

/// Whether a host, as written, is a public one.
pub(crate) fn is_remote(host: &str, packs: &Packs) -> bool {
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        && host_of(host, packs) == Some(Host::Remote)
}

/// Whether a row says that a name is a host which is no public one: `localhost`, `build.corp.example` by a project's own
/// row.
pub(super) fn is_own(host: &str, packs: &Packs) -> bool {
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && packs.hosts.leads(host).is_some_and(|leads| leads != Host::Remote)
}

/// Whether a host, as written, is the name of a service in a network of containers or of a cluster: `redis`, `db.internal`.
pub(crate) fn is_service(host: &str, packs: &Packs) -> bool {
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && host.bytes().any(|byte| byte.is_ascii_lowercase())
        && host_of(host, packs) == Some(Host::Service)
}

fn names_service(host: &str, port: Port, packs: &Packs) -> bool {
    packs.hosts.knows_port(port.get()) || Service::of_name(host).is_some() || packs.names.ends_like_host(host)
}

fn host_of_ip(address: IpAddr) -> Host {
    match address {
        IpAddr::V4(v4) if v4 == Ipv4Addr::UNSPECIFIED => Host::Any,
        IpAddr::V6(v6) if v6.is_unspecified() => Host::Any,
        address if address.is_loopback() => Host::Local,
        IpAddr::V4(v4) if v4.is_private() || v4.is_link_local() => Host::Private,
        IpAddr::V6(v6) if v6.is_unique_local() || v6.is_unicast_link_local() => Host::Private,
        _ => Host::Remote,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ports that are found with their hosts, as `host=port`.
    fn found(text: &str) -> Vec<(u16, Host)> {
        addresses(text, Packs::built_in()).iter().map(|address| (address.port.get(), address.host)).collect()
    }

    #[test]
    fn urls() {
        assert_eq!(found("http://localhost:8080/a?b=c"), [(8080, Host::Local)]);
        assert_eq!(found("https://example.com:8443/"), [(8443, Host::Remote)]);
        assert_eq!(found("postgres://user:pass@db:5432/app"), [(5432, Host::Service)]);
        assert_eq!(found("amqp://guest:guest@localhost:5672/"), [(5672, Host::Local)]);
        assert_eq!(found("http://[::1]:3000"), [(3000, Host::Local)]);
        assert_eq!(found("http://${HOST}:4318/v1"), [(4318, Host::Variable)]);
        assert_eq!(found("root:%s@tcp(db:3306)/example"), [(3306, Host::Service)]);
        assert_eq!(found("http://catalog.api:8080"), [(8080, Host::Service)]);
        assert_eq!(found("http://192.168.0.10:3000"), [(3000, Host::Private)]);
    }

    #[test]
    fn a_number_in_a_user_or_password_is_no_port() {
        for text in [
            "postgres://shop:1234@db:5432/app",
            "postgres://s+hop:1234@db:5432",
            "shop:1234@db:5432",
            "postgres://a:1,b:2,c:3@db:5432",
        ] {
            assert_eq!(found(text), [(5432, Host::Service)], "{text}");
        }
        assert_eq!(found("a:5001, b@db:5432"), [(5001, Host::Service), (5432, Host::Service)]);
        let longer = format!("postgres://{}@db:5432", "x:1234,".repeat(100));
        assert!(found(&longer).len() > 50, "too long for a user");
    }

    #[test]
    fn a_scheme_before_a_user_is_one_of_the_address() {
        let has_scheme = |text: &str| {
            addresses(text, Packs::built_in()).iter().map(|found| found.has_scheme).collect::<Vec<_>>()
        };
        for text in [
            "postgres://db:5432",
            "postgres://shop@db:5432",
            "postgres://s!hop:12%34@db:5432",
            "x postgres://a:1,b@db:5432",
        ] {
            assert_eq!(has_scheme(text), [true], "{text}");
        }
        for text in ["db:5432", "shop@db:5432", "//shop@db:5432", "://shop@db:5432", "1://shop@db:5432"] {
            assert_eq!(has_scheme(text), [false], "{text}");
        }
    }

    #[test]
    fn bounds_are_no_hosts() {
        for text in ["max:2000", "min:1024", "size:8080", "timeout:3000"] {
            assert_eq!(found(text), [], "{text}");
        }
        assert_eq!(found("size-api:8080"), [(8080, Host::Service)]);
    }

    #[test]
    fn host_and_port() {
        assert_eq!(found("localhost:8080"), [(8080, Host::Local)]);
        assert_eq!(found("0.0.0.0:8000"), [(8000, Host::Any)]);
        assert_eq!(found(":8080"), [(8080, Host::Any)]);
        assert_eq!(found("kafka-1:9092,kafka-2:9093"), [(9092, Host::Service), (9093, Host::Service)]);
        assert_eq!(found("*:80"), [(80, Host::Any)]);
        assert_eq!(found("%s:8080"), [(8080, Host::Variable)]);
        assert_eq!(found("http://%HOST%:8080/"), [(8080, Host::Variable)]);
        assert_eq!(found("{{ host }}:8080"), [(8080, Host::Variable)]);
        assert_eq!(found("http://${{ env.HOST }}:8080/"), [(8080, Host::Variable)]);
    }

    #[test]
    fn what_is_no_address() {
        for text in [
            "12:30",
            "12:30:45",
            "1.5:80",
            "a:b",
            "::",
            "v1:2.3",
            "http://localhost",
            "x:99999",
            ":0",
            "redis://:1234@cache",
            "pings:2024-01-01",
            "registry/shop:2023",
            "registry.example.com/shop/web:2023",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
