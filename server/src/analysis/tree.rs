//! Syntax trees: parsed again only where the text changed, and walked.

use std::ops::Range;

use tree_sitter::{InputEdit, Node, Tree, TreeCursor};

use super::markup::Markup;
use crate::grammar::{Grammar, Parsed, Refused};

/// The syntax trees of a text, kept between two readings so that the next one parses only what changed.
#[derive(Debug, Default)]
pub(super) struct Trees {
    tree: Option<Tree>,
    /// The tree of the text without the markup of a template, where the grammar makes more of that, or without what
    /// the grammar cannot take.
    substitute: Option<Tree>,
    /// Why the text was not parsed, if that was refused.
    refused: Option<Refused>,
}

impl Trees {
    /// Takes an edit that has been made to the text.
    pub(super) fn edit(&mut self, edit: &InputEdit) {
        if let Some(tree) = &mut self.tree {
            tree.edit(edit);
        }
    }

    /// The tree of the former text, with the edits since; `None` where there was none, or it had need of a substitute.
    pub(super) fn edited(&self) -> Option<&Tree> {
        self.tree.as_ref()
    }

    /// Forgets the tree: the next text is another one, or has no need of one.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Why the text was not parsed, if that was refused.
    pub(super) fn refused(&self) -> Option<Refused> {
        self.refused
    }

    /// How many places of the text the grammar makes nothing of; `None` where it was not parsed.
    pub(super) fn errors(&self) -> Option<usize> {
        self.read().map(errors)
    }

    /// The tree that the text was read by; `None` where it was not parsed.
    pub(super) fn read(&self) -> Option<&Tree> {
        self.substitute.as_ref().or(self.tree.as_ref())
    }

    /// Whether the text could be parsed only without the markup of a template.
    pub(super) fn is_template(&self) -> bool {
        self.substitute.is_some()
    }

    /// The tree of the text, of the same places without the markup of a template where the grammar makes more
    /// of that; `None` where the text is not one that the grammar can take.
    pub(super) fn parse(&mut self, text: &str, grammar: Grammar) -> Option<Tree> {
        let former = self.tree.take();
        self.clear();
        let mut parsed = grammar.parse(text, former.as_ref());
        // How the parser gets over an error depends on what it knew before: only without errors is a tree
        // that was made of a former one sure to be what a new one would be.
        if former.is_some() && parsed.as_ref().is_ok_and(|parsed| parsed.tree.root_node().has_error()) {
            parsed = grammar.parse(text, None);
        }
        let Parsed { tree, is_exact } = match parsed {
            Ok(parsed) => parsed,
            Err(refused) => {
                self.refused = Some(refused);
                return None;
            }
        };
        if is_exact {
            self.substitute = parse_without_markup(text, &tree, grammar);
            // A copy shares all of the tree but its root.
            self.tree = Some(tree.clone());
        } else {
            self.substitute = Some(tree.clone());
        }
        Some(self.substitute.clone().unwrap_or(tree))
    }
}

/// The tree of a template without its markup, where the grammar makes more of that than of the template.
fn parse_without_markup(text: &str, tree: &Tree, grammar: Grammar) -> Option<Tree> {
    if !tree.root_node().has_error() {
        return None;
    }
    let plain = Markup::of(text)?.with_words();
    let other = grammar.parse(&plain, None).ok()?.tree;
    (lost(&other) < lost(tree)).then_some(other)
}

/// How many bytes of a text the grammar makes nothing of. Their number says more than how many places they are in:
/// one place may be the whole text.
fn lost(tree: &Tree) -> usize {
    let mut lost = 0;
    walk(tree, |path| {
        let node = path.leaf();
        if node.is_error() {
            lost += node.byte_range().len().max(1);
        }
        lost += usize::from(node.is_missing());
        node.has_error() && !node.is_error()
    });
    lost
}

/// How many places of a text the grammar makes nothing of.
pub(super) fn errors(tree: &Tree) -> usize {
    let mut errors = 0;
    walk(tree, |path| {
        let node = path.leaf();
        errors += usize::from(node.is_error() || node.is_missing());
        node.has_error()
    });
    errors
}

/// How many nodes deep a tree is looked into. What lies deeper was made by a program, or to keep us busy: what a
/// place means depends on all that is above it, so that every place of such a text takes longer than the one before.
const DEEPEST: usize = 256;

/// The nodes from the top of a tree down to one of them. A node of tree-sitter finds its parent by
/// going down from the top again, so that who asks often has to remember the way.
#[derive(Debug, Clone)]
pub(super) struct Path<'tree>(Vec<Node<'tree>>);

impl<'tree> Path<'tree> {
    /// The node at the end of the way.
    pub(super) fn leaf(&self) -> Node<'tree> {
        // A path begins with the top of the tree, which is never taken away.
        self.0[self.0.len() - 1]
    }

    /// Whether what the last node holds is looked into.
    fn goes_on(&self) -> bool {
        self.0.len() < DEEPEST
    }

    /// The nodes from the end of the way up to the top.
    pub(super) fn up(&self) -> impl Iterator<Item = Node<'tree>> {
        self.0.iter().rev().copied()
    }

    /// The nodes above one on the way, the nearest first.
    pub(super) fn above(&self, node: Node<'tree>) -> impl Iterator<Item = Node<'tree>> {
        self.up().skip_while(move |other| other.id() != node.id()).skip(1)
    }

    /// The node above one on the way.
    pub(super) fn parent(&self, node: Node<'tree>) -> Option<Node<'tree>> {
        self.above(node).next()
    }
}

/// Visits a tree from the top, each node before what it holds, for as long as `visit` says that
/// what the node holds is of interest.
pub(super) fn walk<'tree>(tree: &'tree Tree, mut visit: impl FnMut(&Path<'tree>) -> bool) {
    let mut cursor = tree.walk();
    let mut path = Path(vec![cursor.node()]);
    loop {
        if visit(&path) && path.goes_on() && cursor.goto_first_child() {
            path.0.push(cursor.node());
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
            path.0.pop();
        }
        path.0.pop();
        path.0.push(cursor.node());
    }
}

/// The same, of the parts of a tree only in which a number of its own or a `$` stands: without either nothing of a
/// format says a port. What lies between is passed over, not walked through.
pub(super) fn walk_numbers<'tree>(
    text: &str,
    tree: &'tree Tree,
    mut visit: impl FnMut(&Path<'tree>) -> bool,
) {
    let mut next = next_number(text.as_bytes(), 0);
    let mut cursor = tree.walk();
    let mut path = Path(vec![cursor.node()]);
    while let Some(at) = next {
        let span = path.leaf().byte_range();
        if at < span.start {
            next = next_number(text.as_bytes(), span.start);
            continue;
        }
        if at < span.end {
            if visit(&path) && path.goes_on() && cursor.goto_first_child_for_byte(at).is_some() {
                path.0.push(cursor.node());
                continue;
            }
            next = next_number(text.as_bytes(), span.end);
        }
        // The way up to a node in which more is to come, and down into that.
        let Some(at) = next else { return };
        while !to_near_sibling(&mut cursor, &mut path, at) {
            if !cursor.goto_parent() {
                return;
            }
            path.0.pop();
            if at < path.leaf().end_byte() && cursor.goto_first_child_for_byte(at).is_some() {
                path.0.push(cursor.node());
                break;
            }
        }
    }
}

/// How many siblings are tried. In a list of numbers the next one is near, whereas a search for the child at a place begins with
/// the first child each time.
const NEAR: usize = 16;

/// Goes to the sibling that the place is in, or that is the first behind it, if that is one of the next.
fn to_near_sibling<'tree>(cursor: &mut TreeCursor<'tree>, path: &mut Path<'tree>, at: usize) -> bool {
    if path.parent(path.leaf()).is_none_or(|parent| parent.end_byte() <= at) {
        return false;
    }
    for _ in 0..NEAR {
        if !cursor.goto_next_sibling() {
            return false;
        }
        path.0.pop();
        path.0.push(cursor.node());
        if at < path.leaf().end_byte() {
            return true;
        }
    }
    false
}

/// Where from an offset on the next `$` or number stands that is no part of a word: `8080`, `-p8080`, not `step12`.
fn next_number(text: &[u8], from: usize) -> Option<usize> {
    let begins = |at: usize| {
        let before = text[..at].last().copied().unwrap_or(b' ');
        let is_word = before.is_ascii_alphanumeric() || before == b'_';
        !is_word || matches!(text[..at], [.., b'-', b'p' | b'P' | b'l'])
    };
    (from..text.len()).find(|at| match text[*at] {
        b'$' => true,
        b'0'..=b'9' => begins(*at),
        _ => false,
    })
}

/// Finds the nodes of many places: each search begins where the one before ended, so it is quick where
/// the places come in the order of the text.
pub(super) struct Descent<'tree> {
    cursor: TreeCursor<'tree>,
    path: Path<'tree>,
}

impl<'tree> Descent<'tree> {
    pub(super) fn of(tree: &'tree Tree) -> Self {
        let cursor = tree.walk();
        let path = Path(vec![cursor.node()]);
        Self { cursor, path }
    }

    /// The way to the smallest node that covers the span.
    pub(super) fn to(&mut self, span: &Range<usize>) -> &Path<'tree> {
        let covers = |node: Node<'_>| node.start_byte() <= span.start && span.end <= node.end_byte();
        while !covers(self.path.leaf()) && self.cursor.goto_parent() {
            self.path.0.pop();
        }
        // A long list is a balanced tree inside of tree-sitter, which is why it is asked for the child.
        let last = span.end.saturating_sub(1);
        while self.path.goes_on() && self.cursor.goto_first_child_for_byte(last).is_some() {
            let child = self.cursor.node();
            if !covers(child) {
                self.cursor.goto_parent();
                break;
            }
            self.path.0.push(child);
        }
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Language, SyntaxCache, analyze};

    #[test]
    fn a_tree_is_looked_into_as_deep_as_people_nest() {
        let nested = |language, open: &str, port: &str, close: &str, depth: usize| {
            let text = format!("{}{port}{}", open.repeat(depth), close.repeat(depth));
            analyze(&text, language, &mut SyntaxCache::default()).occurrences.len()
        };
        for (language, open, port, close) in [
            (Language::Json, "{\"a\":\n", "{\"port\": 8080}", "}"),
            (Language::JavaScript, "if (x) {\n", "app.listen(8080);", "}"),
        ] {
            assert_eq!(nested(language, open, port, close, 50), 1, "{language:?}");
            assert_eq!(nested(language, open, port, close, 5_000), 0, "{language:?}");
        }
    }
}
