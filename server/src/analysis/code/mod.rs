//! The engine for programming languages: candidates in the text, their nodes in the syntax tree,
//! and what the ancestors of a node say that it is.

mod calls;
mod candidates;
mod climb;
mod constants;
mod environment;
mod framework;
mod given;
mod subject;
mod surroundings;
mod syntax;

use std::cell::OnceCell;
use std::collections::HashMap;

use tree_sitter::Node;

pub(super) use climb::Verdict;
pub(super) use framework::{Attribute, Called, Framework, Named, SettingsClass, SettingsField, Tag};
pub(super) use syntax::{Binding, Operator, Part, Role, Syntax};

use super::SyntaxCache;
use super::occurrence::{Meaning, Occurrence};
use super::packs::{self, Packs};
use super::tree::{Descent, Path};
use environment::Environment;
use given::Given;
use surroundings::Entries;

/// A text with its syntax tree.
struct Source<'a> {
    text: &'a str,
    syntax: &'static Syntax,
    packs: &'a Packs,
    environment: Environment<'a>,
    /// The functions that take a port, and in which place; found when they are first asked for.
    port_parameters: OnceCell<HashMap<String, Vec<usize>>>,
    /// What was asked of the entries of a list or map.
    entries: Entries,
}

/// Finds every occurrence in a program.
pub(super) fn read(
    text: &str,
    cache: &mut SyntaxCache,
    syntax: &'static Syntax,
    packs: &Packs,
) -> Vec<Occurrence> {
    let scan = candidates::Scan::of(text, packs);
    let candidates = scan.candidates();
    let environment = Environment::of(text, syntax, packs);
    let named = constants::Named::of(text, &scan);
    if candidates.is_empty() && named.is_empty() && !environment.reads_port() {
        cache.clear();
        return Vec::new();
    }
    let Some(tree) = cache.parse(text, syntax.grammar) else { return Vec::new() };
    let port_parameters = OnceCell::new();
    let source = Source { text, syntax, packs, environment, port_parameters, entries: Entries::default() };
    let mut descent = Descent::of(&tree);
    let mut occurrences = Vec::new();
    for span in candidates {
        let path = descent.to(&span);
        let Some(occurrence) = climb::literal(&source, path, span) else { continue };
        if let Meaning::Literal(literal) = &occurrence.meaning {
            match given::given(&source, path, literal.port) {
                Given::Production => continue,
                Given::Variable(definition) => occurrences.push(definition),
                Given::Nothing => {}
            }
        }
        occurrences.push(occurrence);
    }
    if !named.is_empty() {
        occurrences.extend(named.occurrences(&source, &mut Descent::of(&tree)));
    }
    occurrences.extend(source.environment.references(&source, &tree));
    occurrences
}

impl<'a> Source<'a> {
    fn text_of(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// What is known of a call by what is called, as written.
    fn called(&self, callee: &str) -> packs::Called<'a> {
        self.packs.calls.called(callee)
    }

    /// Whether a place lies in a comment.
    fn is_comment(&self, path: &Path<'_>) -> bool {
        path.up().any(|node| self.syntax.comments.contains(&node.kind()))
    }
}
