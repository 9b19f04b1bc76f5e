//! Syntax trees: parsed again only where the text changed, and walked.

use tree_sitter::{InputEdit, Node, Parser, Tree};

/// The syntax tree of a text that is being edited, kept between two analyses so that the next one
/// parses only what changed. Tell it each edit with [`SyntaxCache::edit`].
#[derive(Debug, Default)]
pub struct SyntaxCache {
    tree: Option<Tree>,
}

impl SyntaxCache {
    /// Tells the cache of an edit that has been made to the text.
    pub fn edit(&mut self, edit: &InputEdit) {
        if let Some(tree) = &mut self.tree {
            tree.edit(edit);
        }
    }

    /// Forgets the tree: the next text is another one, or has no need of one.
    pub(super) fn clear(&mut self) {
        self.tree = None;
    }

    /// How many places of the text the grammar makes nothing of; `None` where it was not parsed.
    pub(super) fn errors(&self) -> Option<usize> {
        self.tree.as_ref().map(errors)
    }

    /// The tree of the text; `None` where the grammar was made for another version of the library.
    pub(super) fn parse(&mut self, text: &str, grammar: &tree_sitter::Language) -> Option<Tree> {
        let mut parser = Parser::new();
        parser.set_language(grammar).ok()?;
        // A copy shares all of the tree but its root.
        self.tree = parser.parse(text, self.tree.as_ref());
        self.tree.clone()
    }
}

/// How many places of a text the grammar makes nothing of.
pub(super) fn errors(tree: &Tree) -> usize {
    let mut errors = 0;
    walk(tree, |node| {
        errors += usize::from(node.is_error() || node.is_missing());
        node.has_error()
    });
    errors
}

/// Visits a tree from the top, each node before what it holds, for as long as `visit` says that
/// what the node holds is of interest.
pub(super) fn walk<'tree>(tree: &'tree Tree, mut visit: impl FnMut(Node<'tree>) -> bool) {
    let mut cursor = tree.walk();
    loop {
        if visit(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}
