//! The engine for programming languages: candidates in the text, their nodes in the syntax tree,
//! and what the ancestors of a node say that it is.

mod calls;
mod climb;
mod environment;
mod subject;
mod surroundings;
mod syntax;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

pub(super) use syntax::{Binding, Part, Role, Syntax};

use super::SyntaxCache;
use super::occurrence::Occurrence;
use environment::Environment;

/// Words that stand near a number that is a port.
static NEAR: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(
        r"(?i)(?:^|[^xm])port|listen|bind|serve|socket|connect|dial|host|addr|127\.0\.0\.1|0\.0\.0\.0|\brun\(|start|\bio\(",
    )
    .expect("the pattern is constant")
});

/// Numbers that may be ports: decimal with separators, hexadecimal.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(r"\b(?:0[xX][0-9A-Fa-f_]{2,5}|[1-9][0-9_]{1,6})\b").expect("the pattern is constant")
});

/// How far before a number a word still says something about it.
const WINDOW: usize = 120;

/// A text with its syntax tree.
struct Source<'a> {
    text: &'a str,
    syntax: &'static Syntax,
    environment: Environment<'a>,
}

/// Finds every occurrence in a program.
pub(super) fn read(text: &str, cache: &mut SyntaxCache, syntax: &'static Syntax) -> Vec<Occurrence> {
    let candidates: Vec<Range<usize>> = candidates(text).collect();
    let environment = Environment::of(text, (syntax.environment)());
    if candidates.is_empty() && environment.is_empty() {
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

/// The numbers that stand near a word that speaks of ports, or behind a colon.
fn candidates(text: &str) -> impl Iterator<Item = Range<usize>> {
    NUMBER.find_iter(text).map(|found| found.range()).filter(|span| {
        if text.as_bytes()[..span.start].last() == Some(&b':') {
            return true;
        }
        let mut start = span.start.saturating_sub(WINDOW);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        NEAR.is_match(&text[start..span.start])
    })
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
