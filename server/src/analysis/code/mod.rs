//! The engine for programming languages: candidates in the text, their nodes in the syntax tree,
//! and what the ancestors of a node say that it is.

mod calls;
mod candidates;
mod climb;
mod environment;
mod subject;
mod surroundings;
mod syntax;

use std::ops::Range;

use tree_sitter::Node;

pub(super) use syntax::{Binding, Part, Role, Syntax};

use super::SyntaxCache;
use super::occurrence::Occurrence;
use environment::Environment;

/// A text with its syntax tree.
struct Source<'a> {
    text: &'a str,
    syntax: &'static Syntax,
    environment: Environment<'a>,
}

/// Finds every occurrence in a program.
pub(super) fn read(text: &str, cache: &mut SyntaxCache, syntax: &'static Syntax) -> Vec<Occurrence> {
    let candidates: Vec<Range<usize>> = candidates::candidates(text).collect();
    let environment = Environment::of(text, (syntax.environment)());
    if candidates.is_empty() && !environment.reads_port() {
        cache.clear();
        return Vec::new();
    }
    let Some(tree) = cache.parse(text, &(syntax.grammar)()) else { return Vec::new() };
    let source = Source { text, syntax, environment };
    let root = tree.root_node();
    let mut occurrences: Vec<Occurrence> =
        candidates.into_iter().filter_map(|span| climb::literal(&source, root, span)).collect();
    occurrences.extend(source.environment.references(&source, root));
    occurrences
}

impl<'a> Source<'a> {
    fn text_of(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The smallest node that covers the span, and whether it or a node around it is a comment.
    fn node_at<'tree>(&self, root: Node<'tree>, span: &Range<usize>) -> Option<Node<'tree>> {
        let node = root.descendant_for_byte_range(span.start, span.end)?;
        let mut next = Some(node);
        while let Some(ancestor) = next {
            if self.syntax.comments.contains(&ancestor.kind()) {
                return None;
            }
            next = ancestor.parent();
        }
        Some(node)
    }
}
