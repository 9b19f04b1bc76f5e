//! What JSON and YAML share: a value, the keys that lead to it, and the entries beside it. Each of the two grammars has names
//! of its own for the same nodes.

use std::ops::Range;

use tree_sitter::Node;

use super::host_beside;
use super::siblings::{Mapping, Siblings};
use crate::analysis::command_line;
use crate::analysis::decided_by::DecidedBy;
use crate::analysis::names::Names;
use crate::analysis::occurrence::Kind;
use crate::analysis::packs::Packs;
use crate::analysis::tree::Path;
use crate::port::Port;

/// A key with its value.
const PAIRS: &[&str] = &["pair", "block_mapping_pair", "flow_pair"];

pub(in crate::analysis) const MAPPINGS: &[&str] = &["object", "block_mapping", "flow_mapping"];

const LISTS: &[&str] = &["array", "block_sequence", "flow_sequence"];

/// The nodes between a list and the value of an item.
const ITEMS: &[&str] = &["flow_node", "block_sequence_item"];

/// Whether the node is a value or a key of YAML that holds no others.
pub(in crate::analysis) fn is_scalar(node: Node<'_>) -> bool {
    matches!(node.kind(), "plain_scalar" | "double_quote_scalar" | "single_quote_scalar" | "block_scalar")
}

/// Whether a value is a mapping. What is in a list is beside the keys around that.
pub(in crate::analysis) fn is_mapping(value: Node<'_>) -> bool {
    let is = |node: Node<'_>| MAPPINGS.contains(&node.kind());
    let mut cursor = value.walk();
    is(value) || value.named_children(&mut cursor).any(is)
}

/// The keys from the top down to a value, items of lists left out. A key itself has none.
pub(in crate::analysis) fn keys<'a>(text: &'a str, path: &Path<'_>) -> Vec<&'a str> {
    let mut keys = Vec::new();
    let mut child = path.leaf();
    for parent in path.above(child) {
        if PAIRS.contains(&parent.kind()) {
            let Some(key) = parent.child_by_field_name("key") else { return Vec::new() };
            if key.id() == child.id() {
                return Vec::new();
            }
            keys.push(text.get(key.byte_range()).unwrap_or_default().trim_matches(['"', '\'']));
        }
        child = parent;
    }
    keys.reverse();
    keys
}

/// What is written beside a value, in the nearest mapping around it.
pub(in crate::analysis) fn beside<'s, 'a>(
    path: &Path<'_>,
    siblings: &'s mut Siblings<'a>,
) -> Option<&'s Mapping<'a>> {
    let mapping = path.above(path.leaf()).find(|node| MAPPINGS.contains(&node.kind()))?;
    Some(siblings.mapping(mapping))
}

/// The name that a value is given to: its key, or what is called `name` or `key` beside a `value`.
pub(in crate::analysis) fn name_of_value<'a>(
    path: &Path<'_>,
    key: &'a str,
    siblings: &mut Siblings<'a>,
) -> &'a str {
    let is_value = key.eq_ignore_ascii_case("value");
    let label = || beside(path, siblings)?.label();
    is_value.then(label).flatten().unwrap_or(key)
}

/// Whether a value is the port of a public host that is named beside it, in a mapping that is called `group`.
pub(in crate::analysis) fn is_of_public_host(
    path: &Path<'_>,
    group: &str,
    key: &str,
    siblings: &mut Siblings<'_>,
) -> bool {
    let names = &siblings.packs().names;
    host_beside::is_of_another(group, key, names)
        && beside(path, siblings)
            .is_some_and(|beside| beside.has_public_host(&host_beside::hosts_of(key, names)))
}

/// Whether a value is that of an entry of the mapping under `ports`. Items of a list there are mappings of their own, with
/// other numbers in them.
pub(in crate::analysis) fn is_entry_of_ports(
    path: &Path<'_>,
    map: &str,
    key: &str,
    port: Port,
    names: &Names,
) -> bool {
    let is_pair = |node: &Node<'_>| PAIRS.contains(&node.kind());
    let around = path.above(path.leaf()).filter(|node| is_pair(node) || LISTS.contains(&node.kind()));
    around.take(2).all(|node| is_pair(&node)) && names.is_entry_of_ports(map, key, port)
}

/// A number that is an item of its own in the list of a command's words, what it is, and what says so:
/// `command: ["redis-server", "--port", "6380"]`.
pub(in crate::analysis) fn word_of_command(
    text: &str,
    path: &Path<'_>,
    packs: &Packs,
) -> Option<(Range<usize>, Kind, DecidedBy)> {
    let content = |node: Node<'_>| {
        let item = text.get(node.byte_range())?;
        Some(item.strip_prefix("- ").unwrap_or(item).trim().trim_matches(['"', '\'']))
    };
    let leaf = path.leaf();
    let digits = content(leaf)?;
    digits.parse::<Port>().ok()?;
    let quote = leaf.byte_range().len().checked_sub(digits.len())? / 2;
    let span = leaf.start_byte() + quote..leaf.start_byte() + quote + digits.len();
    let mut item = leaf;
    for parent in path.above(leaf) {
        let kind = parent.kind();
        if LISTS.contains(&kind) && parent.named_child_count() <= command_line::MOST_WORDS {
            let mut cursor = parent.walk();
            let items = parent.named_children(&mut cursor);
            let before = items.take_while(|other| other.end_byte() <= item.start_byte());
            let words: Vec<_> = before.filter_map(content).chain([digits]).collect();
            let (kind, by) = command_line::in_list(&words, packs)?;
            return Some((span, kind, by));
        }
        if !ITEMS.contains(&kind) {
            return None;
        }
        item = parent;
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    /// The same in JSON, in YAML's blocks and in YAML's flows.
    fn finds_in_all(json: &str, block: &str) {
        finds_what_is_marked("a.json", json);
        finds_what_is_marked("a.yaml", json);
        finds_what_is_marked("a.yaml", block);
    }

    #[test]
    fn an_entry_below_ports_is_a_port_unless_a_list_is_between() {
        finds_in_all("{\"ports\": {\"http\": «8080 setting»}}", "ports:\n  http: «8080 setting»\n");
        finds_in_all("{\"ports\": [{\"size\": 8080}]}", "ports:\n  - size: 8080\n");
        finds_in_all("{\"sizes\": {\"http\": 8080}}", "sizes:\n  http: 8080\n");
    }

    #[test]
    fn a_value_has_the_name_beside_it() {
        finds_in_all(
            "[{\"Name\": \"WEB_PORT\", \"value\": \"«8080 setting»\"}, {\"Name\": \"SIZE\", \"value\": \"8081\"}]",
            "- Name: WEB_PORT\n  value: \"«8080 setting»\"\n- Name: SIZE\n  value: 8081\n",
        );
    }

    #[test]
    fn a_public_host_beside_it_has_its_own_port() {
        finds_in_all(
            "{\"mail\": {\"port\": 587, \"host\": \"smtp.example.com\"}, \"cache\": {\"host\": \"localhost\", \"port\": «6379 setting»}}",
            "mail:\n  port: 587\n  host: smtp.example.com\ncache:\n  host: localhost\n  port: «6379 setting»\n",
        );
    }

    #[test]
    fn a_number_is_a_word_of_the_command_before_it() {
        finds_in_all(
            "{\"command\": [\"redis-server\", \"--port\", \"«6380 command-flag»\", \"--databases\", \"6381\"]}",
            "command:\n  - redis-server\n  - --port\n  - \"«6380 command-flag»\"\n  - --databases\n  - \"6381\"\n",
        );
    }

    #[test]
    fn variables_of_production_are_not_read() {
        finds_in_all(
            "{\"env\": {\"PORT\": «8080 setting»}, \"env_production\": {\"PORT\": 80}}",
            "env:\n  PORT: «8080 setting»\nenv_production:\n  PORT: 80\n",
        );
    }
}
