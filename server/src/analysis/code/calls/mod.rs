//! What a call says about a number among its arguments.

mod host;
mod option;

pub(super) use host::{is_host, is_remote_host, quoted};
pub(super) use option::{
    defaults_port, defaults_port_option, follows_port_flag, is_port_constant, is_port_flag, names_port_option,
};

use crate::analysis::occurrence::Kind;
pub(super) use crate::analysis::packs::{Callee, last_name};
use crate::analysis::packs::{Names, Packs};

/// What a number among the arguments decides; `None` where it is no port. `before` are the
/// arguments before it, as written.
pub(super) fn number(callee: Callee, number: u16, before: &[&str], packs: &Packs) -> Option<Kind> {
    let names = &packs.names;
    let follows_host = before.last().is_some_and(|argument| is_host(argument, packs));
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
        // `set :port, 4567`, `put("server.port", 8080)`, `(def port 8080)`
        Callee::Setting
            if before.last().is_some_and(|name| {
                names_port_option(&[name], names)
                    || is_port_constant(name, names)
                    || before.len() == 1 && is_name(name) && names.is_port(name)
            }) =>
        {
            Some(Kind::Setting)
        }
        _ if names_port_option(before, names) => Some(Kind::OptionDefault),
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

/// Whether an argument, as written, is a name and nothing else.
fn is_name(argument: &str) -> bool {
    argument.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'*'))
}

/// Whether a call takes a number before the host in this place: `request(GET, 8080, "localhost")`.
pub(super) fn precedes_host(number: u16, after: Option<&str>, packs: &Packs) -> bool {
    // `close(4002, "server-closed")`: a name may be one of a reason.
    is_likely_port(number)
        && after.is_some_and(|argument| {
            quoted(argument).is_some_and(|text| !text.is_empty())
                && is_host(argument, packs)
                && !(host::is_service_name(argument) && argument.contains('-'))
        })
}

/// Whether a call takes a number behind a host of this machine and a path: `get("localhost", "/items", 4567)`.
pub(super) fn follows_host_and_path(number: u16, before: &[&str], packs: &Packs) -> bool {
    let [host, path] = before else { return false };
    is_likely_port(number)
        && quoted(host).is_some()
        && is_host(host, packs)
        && quoted(path).is_some_and(|path| path.starts_with('/'))
}

/// Whether a call is that of a socket with the number of connections that may wait:
/// `socket.listen(128)`.
pub(super) fn is_backlog(text: &str, number: u16, names: &Names) -> bool {
    let receiver = text
        .strip_suffix("listen")
        .or_else(|| text.strip_suffix("Listen"))
        .unwrap_or_default()
        .trim_end_matches(['.', ':', '>', '-']);
    number <= 1024 && names.is_socket_name(last_name(receiver))
}

/// Whether a call reaches something whose address is among its arguments: `grpc.Dial`, `newClient`.
pub(super) fn takes_address(callee: &str, names: &Names) -> bool {
    let last = last_name(callee);
    let name = if matches!(last, "new" | "create" | "builder") { callee } else { last };
    names.reaches(name)
}

/// Whether an argument, as written, may be the base of a number or its width in bits: `parseInt(text, 10)`.
pub(super) fn is_base(argument: &str) -> bool {
    const WIDEST: u16 = 64;
    argument.parse::<u16>().is_ok_and(|number| number <= WIDEST)
}

/// A number that somebody would choose for a server, not a count or a time.
pub(super) fn is_likely_port(number: u16) -> bool {
    number >= 1024 || matches!(number, 80 | 443)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_behind_a_host_is_a_port() {
        assert_eq!(number(Callee::Other, 6379, &["\"redis\""], Packs::built_in()), Some(Kind::Connect));
        assert_eq!(number(Callee::Listen, 80, &["'0.0.0.0'"], Packs::built_in()), Some(Kind::Listen));
        assert_eq!(number(Callee::Other, 6379, &["\"hello world\""], Packs::built_in()), None);
        assert_eq!(
            number(Callee::Other, 8000, &["\"--port\"", "\"-p\""], Packs::built_in()),
            Some(Kind::OptionDefault)
        );
        assert_eq!(number(Callee::Server, 10, &[], Packs::built_in()), None);
        assert_eq!(number(Callee::Other, 200, &["\"\""], Packs::built_in()), None);
        assert!(precedes_host(8080, Some("\"localhost\""), Packs::built_in()));
        assert!(
            !precedes_host(8080, Some("host"), Packs::built_in())
                && !precedes_host(200, Some("\"localhost\""), Packs::built_in())
        );
        assert!(
            is_backlog("socket.listen", 128, Names::built_in())
                && is_backlog("$sock->listen", 512, Names::built_in())
        );
        assert!(
            !is_backlog("app.listen", 128, Names::built_in())
                && !is_backlog("socket.listen", 8080, Names::built_in())
        );
    }
}
