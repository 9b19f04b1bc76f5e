//! JSON that a command is given: `curl --data '{"port": 8080}'`.

use super::assigned::Assigned;
use super::slice::Slice;
use crate::analysis::names::Names;
use crate::pattern::{Pattern, regex};

/// `"port": 8080`, `\"port\": \"8080\"`
static ENTRY: Pattern = regex!(
    r#"\\?"(?P<name>[A-Za-z_][0-9A-Za-z_.-]*)\\?"\s*:\s*(?:\\?")?(?P<port>[0-9]{2,5})(?:\\?")?\s*[,}\]]"#
);

/// The ports in such a body, each with its key.
pub(super) fn ports<'a>(body: Slice<'a>, names: &Names) -> Vec<Assigned<'a>> {
    let entries = ENTRY.captures_iter(body.text());
    entries
        .filter_map(|entry| {
            let name = entry.name("name")?.as_str();
            let port = body.part(entry.name("port")?.range());
            names.is_port(name).then_some(Assigned { name, port })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::packs::Names;

    /// The names of a body's ports, and the bytes of their numbers.
    fn found(body: &str) -> Vec<(&str, &str)> {
        let ports = ports(Slice::of(body), Names::built_in());
        ports.into_iter().map(|port| (port.name, &body[port.port.span()])).collect()
    }

    #[test]
    fn an_entry_that_is_named_like_a_port_is_one() {
        assert_eq!(found(r#"{"port": 8080, "limit": 9000}"#), [("port", "8080")]);
        assert_eq!(found(r#"{"web": {"httpPort":8080}}"#), [("httpPort", "8080")]);
        assert_eq!(found(r#"{"port": 8080.5}"#), [("", ""); 0]);
    }

    #[test]
    fn quotes_that_a_shell_needs_escaped_change_nothing() {
        assert_eq!(found(r#"{\"port\": \"8080\"}"#), [("port", "8080")]);
    }
}
