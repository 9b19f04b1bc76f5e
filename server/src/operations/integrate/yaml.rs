//! Edits of YAML files by their lines: the grammar says whether a text is YAML, lines keep comments and layout.

use std::ops::Range;
use std::path::Path;

use tree_sitter::Node;

use super::work::not_understood;
use crate::error::Result;
use crate::grammar::Grammar;

/// Fails where a text is not YAML, with the place of the first error.
pub(super) fn ensure_valid(path: &Path, text: &str) -> Result<()> {
    let Ok(parsed) = Grammar::Yaml.parse(text, None) else {
        return Err(not_understood(path, text, 0, "this cannot be parsed"));
    };
    match first_error(parsed.tree.root_node()) {
        Some(at) => Err(not_understood(path, text, at, "this is not YAML")),
        None => Ok(()),
    }
}

fn first_error(node: Node<'_>) -> Option<usize> {
    if node.is_error() || node.is_missing() {
        return Some(node.start_byte());
    }
    if !node.has_error() {
        return None;
    }
    let mut cursor = node.walk();
    node.children(&mut cursor).find_map(first_error)
}

/// The lines below a key with that indentation: what it holds, without the line of the key.
pub(super) fn key(text: &str, indent: usize, name: &str) -> Option<Range<usize>> {
    let mut offset = 0;
    let mut start = None;
    for line in text.split_inclusive('\n') {
        let own = line.len() - line.trim_start_matches(' ').len();
        let content = line.trim();
        let is_blank = content.is_empty() || content.starts_with('#');
        match start {
            None => {
                let value = content.strip_prefix(name).and_then(|rest| rest.strip_prefix(':'));
                if own == indent && value.is_some_and(|value| value.is_empty() || value.starts_with(' ')) {
                    start = Some(offset + line.len());
                }
            }
            // A list may be as far to the left as its key.
            Some(start) if !is_blank && (own < indent || own == indent && !content.starts_with("- ")) => {
                return Some(start..offset);
            }
            Some(_) => {}
        }
        offset += line.len();
    }
    start.map(|start| start..offset)
}

/// The indentation of the first line that says something.
pub(super) fn indent_of_children(text: &str) -> Option<usize> {
    let line = text.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    Some(line.len() - line.trim_start_matches(' ').len())
}
