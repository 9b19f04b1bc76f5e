//! An edit of a file of settings: of what an entry at its top holds.
//!
//! What is a port there is said by its keys, and by what is beside it in its own mapping. So an entry that holds others says
//! nothing of those beside it, unless it names a host, which may be that of a port elsewhere.

use std::cell::OnceCell;
use std::ops::Range;

use tree_sitter::{Node, Tree};

use super::{Edit, LONGEST, Part, Piece};
use crate::analysis::language::Settings;
use crate::analysis::reading::entry::{MAPPINGS, is_mapping};
use crate::analysis::reading::host_beside;

/// The edited entry and what is found in it, if no other entry depends on it, before the edit or after. `values_at_top` stays true or
/// false as long as edits are carried over: they leave the other entries alone, and the edited one a mapping.
pub(super) fn independent_part(
    edit: &Edit<'_>,
    settings: &Settings,
    values_at_top: &OnceCell<bool>,
) -> Option<Part> {
    let Edit { former, text, change, tree, packs, .. } = *edit;
    let mapping = top_mapping(tree)?;
    let mut cursor = mapping.walk();
    cursor.goto_first_child_for_byte(change.new.start)?;
    let edited = cursor.node();
    let value = edited.child_by_field_name("value").filter(|value| is_mapping(*value))?.byte_range();
    let is_of_key = edited.start_byte() < change.new.start && change.new.end <= value.start;
    let is_of_value = value.start < change.new.start && change.new.end < value.end;
    if !is_of_value && (!is_of_key || *values_at_top.get_or_init(|| has_values(text, mapping))) {
        return None;
    }
    let around = [edited.prev_named_sibling(), Some(edited), edited.next_named_sibling()];
    let around: Vec<Node<'_>> = around.into_iter().flatten().collect();
    let span = around.first()?.start_byte()..around.last()?.end_byte();
    if span.len() > LONGEST {
        return None;
    }
    let (open, close) = settings.around;
    let piece = format!("{open}{}\n{close}", text.get(span.clone())?);
    let piece = Piece::parse(piece, settings.grammar)?;
    let length = span.len();
    let in_piece = |start: usize, node: &Node<'_>| {
        let span = node.byte_range();
        // The last entry of YAML has the end of the text in it.
        (node.kind_id(), span.start - start..(span.end - start).min(length))
    };
    let entries = top_mapping(&piece.tree)?;
    let mut cursor = entries.walk();
    let read = entries.named_children(&mut cursor).map(|node| in_piece(open.len(), &node));
    if !read.eq(around.iter().map(|node| in_piece(span.start, node))) {
        return None;
    }
    let edited = edited.byte_range();
    let is_independent = |whole: &str, value: Range<usize>, end: usize| {
        // A value of one line may be beside a port, unless it is a mapping.
        let is_mapping = |value: &str| value.starts_with('{') || value.trim_end().contains('\n');
        whole.get(value).is_some_and(is_mapping)
            && whole.get(edited.start..end).is_some_and(|entry| !host_beside::names_public_host(entry, packs))
    };
    let start_before = if is_of_key { change.before(value.start) } else { value.start };
    let value_before = start_before..change.before(value.end);
    if !is_independent(text, value, edited.end)
        || !is_independent(former, value_before, change.before(edited.end))
        || !(settings.is_plain)(text, &piece.text)
    {
        return None;
    }
    let found = (settings.read)(&piece.text, &piece.tree, packs);
    Some(Part::of(edited, found, open.len(), span.start))
}

/// Whether an entry of the mapping has a value with a digit that is no mapping. Such a value may depend on the keys beside its own.
fn has_values(text: &str, mapping: Node<'_>) -> bool {
    let mut cursor = mapping.walk();
    mapping.named_children(&mut cursor).filter_map(|entry| entry.child_by_field_name("value")).any(|value| {
        let has_digit = |value: &str| value.bytes().any(|byte| byte.is_ascii_digit() || byte == b'$');
        !is_mapping(value) && text.get(value.byte_range()).is_some_and(has_digit)
    })
}

/// The mapping that a text is; `None` where it is a list, or several documents.
fn top_mapping(tree: &Tree) -> Option<Node<'_>> {
    let mut node = tree.root_node();
    while !MAPPINGS.contains(&node.kind()) {
        let mut cursor = node.walk();
        let mut held = node.named_children(&mut cursor).filter(|child| !child.is_extra());
        let only = held.next()?;
        if held.next().is_some() {
            return None;
        }
        drop(held);
        node = only;
    }
    Some(node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tree::Trees;
    use crate::grammar::Grammar;

    #[test]
    fn a_text_is_a_mapping_if_it_is_one_document() {
        let kind = |text: &str, grammar| {
            let tree = Trees::default().parse(text, grammar).unwrap();
            top_mapping(&tree).map(|node| node.kind().to_owned())
        };
        assert_eq!(kind("{\"a\": 1}", Grammar::Json).as_deref(), Some("object"));
        assert_eq!(kind("# b\na: 1\n", Grammar::Yaml).as_deref(), Some("block_mapping"));
        assert_eq!(kind("[1]", Grammar::Json), None);
        assert_eq!(kind("a: 1\n---\nb: 1\n", Grammar::Yaml), None);
    }
}
