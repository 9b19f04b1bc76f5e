//! What stands around a number without being its ancestor: neighbours, declarations, conditions.

use tree_sitter::Node;

use super::Source;
use crate::analysis::address;
use crate::analysis::names::{PortName, port_name};
use crate::service::words;

impl<'a> Source<'a> {
    /// Whether the function that is called is declared in this text with a port in that place.
    pub(super) fn parameter_is_port(&self, callee: &str, index: usize) -> bool {
        if callee.is_empty() || !callee.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return false;
        }
        let text = self.text;
        text.match_indices(callee).any(|(at, _)| {
            let declares = text[..at].trim_end().ends_with("function")
                || ["def", "func", "const", "let", "var"]
                    .iter()
                    .any(|word| text[..at].trim_end().ends_with(word));
            let rest = &text[at + callee.len()..];
            declares
                && rest.find('(').filter(|open| *open < 24).is_some_and(|open| {
                    let list = rest[open + 1..].split(')').next().unwrap_or_default();
                    list.split(',').nth(index).is_some_and(|parameter| {
                        let name = parameter.trim().split([':', '=', ' ']).next().unwrap_or_default();
                        port_name(name) == Some(PortName::One)
                    })
                })
        })
    }

    /// `{ host: "example.com", port: 443 }`
    pub(super) fn is_beside_remote_host(&self, entry: Node<'_>) -> bool {
        let Some(entries) = entry.parent() else { return false };
        let mut cursor = entries.walk();
        entries.named_children(&mut cursor).any(|other| {
            let text = self.text_of(other);
            text.split_once([':', '=']).is_some_and(|(key, value)| {
                let is_host =
                    words(key).last().is_some_and(|word| matches!(word.as_str(), "host" | "hostname"));
                let host = value.trim().trim_matches(['"', '\'', '`']);
                is_host && address::is_remote(host)
            })
        })
    }

    /// The arguments of the call around a node, as written.
    pub(super) fn enclosing_call(&self, node: Node<'_>) -> Option<Vec<&'a str>> {
        let mut node = node;
        for _ in 0..3 {
            node = node.parent()?;
            if let Some((_, arguments)) = self.syntax.call(node) {
                let mut cursor = arguments.walk();
                return Some(
                    arguments.named_children(&mut cursor).map(|argument| self.text_of(argument)).collect(),
                );
            }
        }
        None
    }

    /// `if port == "" { port = "8080" }`, where `port` came from the environment; or
    /// `port := "8080"` with `if p != "" { port = p }` further down, where `p` did.
    pub(super) fn is_default_of(&self, assignment: Node<'_>, name: &str) -> bool {
        let assigned_at = assignment.end_byte();
        if self.environment.is_overridden(self.text, name, assigned_at) {
            return true;
        }
        if !self.environment.binds(name) {
            return false;
        }
        let mut node = assignment;
        while let Some(parent) = node.parent() {
            if let Some((_, condition)) =
                self.syntax.conditionals.iter().find(|(kind, _)| *kind == parent.kind())
            {
                return parent
                    .child_by_field_name(condition)
                    .is_some_and(|condition| self.text_of(condition).contains(name));
            }
            node = parent;
        }
        false
    }

    /// `const { PORT = 3000 } = process.env`
    pub(super) fn destructured_from_environment(&self, pattern: Node<'_>) -> bool {
        let mut node = pattern;
        while let Some(parent) = node.parent() {
            if let Some((_, name)) = parent
                .child_by_field_name("value")
                .and_then(|value| Some((self.text_of(value), parent.child_by_field_name("name")?)))
                .filter(|(value, _)| value.ends_with("env"))
            {
                return name.byte_range().contains(&pattern.start_byte());
            }
            if self.syntax.functions.contains(&parent.kind()) {
                return false;
            }
            node = parent;
        }
        false
    }
}
