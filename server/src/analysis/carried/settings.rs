//! An edit of a file of settings: of what an entry at its top holds.
//!
//! What is a port there is said by its keys, and by what is beside it in its own mapping. So an entry that holds others says
//! nothing of those beside it, unless it names a host, which may be that of a port elsewhere.

use std::ops::Range;

use tree_sitter::{Node, Tree};

use super::{Change, LONGEST};
use crate::analysis::language::Settings;
use crate::analysis::packs::Packs;
use crate::analysis::reading::entry::MAPPINGS;
use crate::analysis::reading::host_beside;

/// A few entries as a text of their own.
struct Piece {
    text: String,
    tree: Tree,
}

/// The entry that was edited, if neither it nor what it was says anything of ports or of another entry.
pub(super) fn independent_part(
    former: &str,
    text: &str,
    change: &Change,
    tree: &Tree,
    settings: &Settings,
    packs: &Packs,
) -> Option<Range<usize>> {
    let mapping = top_mapping(tree)?;
    let mut cursor = mapping.walk();
    cursor.goto_first_child_for_byte(change.new.start)?;
    let edited = cursor.node();
    let value = edited.child_by_field_name("value")?.byte_range();
    if value.start >= change.new.start || change.new.end >= value.end {
        return None;
    }
    let around = [edited.prev_named_sibling(), Some(edited), edited.next_named_sibling()];
    let around: Vec<Node<'_>> = around.into_iter().flatten().collect();
    let span = around.first()?.start_byte()..around.last()?.end_byte();
    if span.len() > LONGEST {
        return None;
    }
    let before = span.start..change.before(span.end);
    let piece = Piece::of(text.get(span.clone())?, settings)?;
    let piece_before = Piece::of(former.get(before)?, settings)?;
    let length = span.len();
    let in_piece = |start: usize, node: &Node<'_>| {
        let span = node.byte_range();
        // The last entry of YAML has the end of the text in it.
        (node.kind_id(), span.start - start..(span.end - start).min(length))
    };
    let entries = top_mapping(&piece.tree)?;
    let mut cursor = entries.walk();
    let read = entries.named_children(&mut cursor).map(|node| in_piece(settings.around.0.len(), &node));
    if !read.eq(around.iter().map(|node| in_piece(span.start, node))) {
        return None;
    }
    let edited = edited.byte_range();
    let end_before = change.before(edited.end);
    let is_independent = |whole: &str, piece: &Piece, end: usize| {
        let start = settings.around.0.len();
        let own = edited.start - span.start + start..end - span.start + start;
        let found = (settings.read)(&piece.text, &piece.tree, packs);
        // A value of one line may be beside a port.
        whole.get(value.start..end).is_some_and(|value| value.trim_end().contains('\n'))
            && !found.iter().any(|found| own.contains(&found.span.start))
            && whole.get(edited.start..end).is_some_and(|entry| !host_beside::names_public_host(entry, packs))
    };
    (is_independent(text, &piece, edited.end)
        && is_independent(former, &piece_before, end_before)
        && (settings.is_plain)(text))
    .then_some(edited)
}

impl Piece {
    fn of(entries: &str, settings: &Settings) -> Option<Self> {
        let (open, close) = settings.around;
        let text = format!("{open}{entries}\n{close}");
        let parsed = settings.grammar.parse(&text, None).ok()?;
        (parsed.is_exact && !parsed.tree.root_node().has_error()).then_some(Self { text, tree: parsed.tree })
    }
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
