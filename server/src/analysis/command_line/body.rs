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
