//! JSON and JSON with comments: scripts of `package.json`, settings with ports and addresses.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::{Node, Tree};

use super::found::Found;
use crate::analysis::address::{Host, addresses};
use crate::analysis::command_line;
use crate::analysis::names::{PortName, is_address_name, port_name};
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::tree::{Path, walk_numbers};

/// A key like a port's, or an address: a text without either is not parsed.
static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(r"(?i)port[^\n]{0,40}[0-9]{2}|:[0-9]{2,5}|scripts|command|args")
        .expect("the pattern is constant")
});

/// Whether a JSON file can hold a port at all.
pub(in crate::analysis) fn is_candidate(text: &str) -> bool {
    CANDIDATE.is_match(text)
}

/// Reads a JSON file.
pub(in crate::analysis) fn read(text: &str, tree: &Tree) -> Vec<Occurrence> {
    let mut found = Found::of(text);
    walk_numbers(text, tree, |path| {
        match path.leaf().kind() {
            "number" => number(text, path, &mut found),
            "string" => string(text, path, &mut found),
            _ => return true,
        }
        false
    });
    found.finish()
}

fn number(text: &str, path: &Path<'_>, found: &mut Found<'_>) {
    let node = path.leaf();
    let keys = keys(text, path);
    let Some(key) = keys.first() else { return };
    let is_port = match port_name(key) {
        Some(PortName::One) => true,
        Some(PortName::Many) => path.parent(node).is_some_and(|parent| parent.kind() == "array"),
        None => false,
    };
    // `forwardPorts` of a development container are looked at from inside it.
    if is_port && *key != "forwardPorts" {
        found.literal(node.byte_range(), Kind::Setting, Shape::Fixed, Some(key));
    }
}

fn string(text: &str, path: &Path<'_>, found: &mut Found<'_>) {
    let node = path.leaf();
    let range = node.start_byte() + 1..node.end_byte().saturating_sub(1);
    let Some(content) = text.get(range.clone()) else { return };
    if !content.bytes().any(|byte| byte.is_ascii_digit() || byte == b'$') {
        return;
    }
    let keys = keys(text, path);
    let Some(key) = keys.first() else { return };
    let at = |span: std::ops::Range<usize>| range.start + span.start..range.start + span.end;
    if keys.get(1) == Some(&"scripts") || matches!(*key, "command" | "args" | "runtimeArgs" | "commands") {
        found.interpolations(content, range.start);
        for port in command_line::ports(content) {
            // Inside single quotes the script's shell expands nothing.
            let is_quoted = content[..port.span.start].matches('\'').count() % 2 == 1;
            let shape =
                if is_quoted || keys.get(1) != Some(&"scripts") { Shape::Fixed } else { Shape::Expanded };
            found.literal(at(port.span), port.kind, shape, port.hint.as_deref());
        }
        argument(text, node, content, range.start, found);
        return;
    }
    if content.parse::<crate::port::Port>().is_ok() {
        if port_name(key) == Some(PortName::One) {
            found.literal(range, Kind::Setting, Shape::Fixed, Some(key));
        }
        return;
    }
    if content.contains(char::is_whitespace) || key.starts_with('$') || keys.contains(&"dependencies") {
        return;
    }
    for address in addresses(content) {
        let kind = match address.host {
            Host::Any if address.name.is_empty() => continue,
            Host::Any => Kind::Listen,
            Host::Local | Host::Private => Kind::Connect,
            Host::Service if address.has_scheme || (is_address_name(key) && address.port.get() >= 1000) => {
                Kind::InNetwork
            }
            Host::Service | Host::Variable | Host::Remote => continue,
        };
        let hint = if address.host == Host::Service { &address.name } else { *key };
        found.literal(at(address.span.clone()), kind, Shape::Fixed, Some(hint));
    }
}

/// `"--port", "8080"`: the element of a command line whose flag is the element before it.
fn argument(text: &str, node: Node<'_>, content: &str, start: usize, found: &mut Found<'_>) {
    let Some(before) = node.prev_named_sibling().and_then(|before| text.get(before.byte_range())) else {
        return;
    };
    let before = before.trim_matches('"');
    if content.contains(char::is_whitespace) || !before.starts_with('-') {
        return;
    }
    let behind = before.len() + 1;
    for port in command_line::ports(&format!("{before} {content}")) {
        if port.span.start >= behind {
            let span = start + port.span.start - behind..start + port.span.end - behind;
            found.literal(span, port.kind, Shape::Fixed, port.hint.as_deref());
        }
    }
}

/// The keys from a value up to the top. A key itself has none.
fn keys<'a>(text: &'a str, path: &Path<'_>) -> Vec<&'a str> {
    let mut keys = Vec::new();
    let mut child = path.leaf();
    for parent in path.above(child) {
        if parent.kind() == "pair" {
            let Some(key) = parent.child_by_field_name("key") else { return Vec::new() };
            if key.id() == child.id() {
                return Vec::new();
            }
            keys.push(text.get(key.byte_range()).unwrap_or_default().trim_matches('"'));
        }
        child = parent;
    }
    keys
}
