//! The syntax tree of YAML: keys and scalars.

use std::ops::Range;

use tree_sitter::Node;

use super::command_line;
use super::decided_by::DecidedBy;
use super::occurrence::Kind;
use super::packs::Packs;
use super::tree::Path;
use crate::port::Port;

/// Whether the node is the value of a key or an item.
pub(super) fn is_scalar(node: Node<'_>) -> bool {
    matches!(node.kind(), "plain_scalar" | "double_quote_scalar" | "single_quote_scalar" | "block_scalar")
}

/// The keys from the top down to a scalar, items of lists left out. A key itself has none.
pub(super) fn keys<'a>(text: &'a str, path: &Path<'_>) -> Vec<&'a str> {
    let mut keys = Vec::new();
    let mut child = path.leaf();
    for parent in path.above(child) {
        if matches!(parent.kind(), "block_mapping_pair" | "flow_pair") {
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

/// A number that is an item of its own in the list of a command's words, what it is, and what says so:
/// `command: ["redis-server", "--port", "6380"]`.
pub(super) fn word_of_command(
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
        match parent.kind() {
            "flow_sequence" | "block_sequence" if parent.named_child_count() > command_line::MOST_WORDS => {
                return None;
            }
            "flow_sequence" | "block_sequence" => {
                let mut cursor = parent.walk();
                let items = parent.named_children(&mut cursor);
                let before = items.take_while(|other| other.end_byte() <= item.start_byte());
                let words: Vec<_> = before.filter_map(content).chain([digits]).collect();
                let (kind, by) = command_line::in_list(&words, packs)?;
                return Some((span, kind, by));
            }
            "flow_node" | "block_sequence_item" => item = parent,
            _ => return None,
        }
    }
    None
}
