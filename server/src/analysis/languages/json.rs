//! JSON and JSON with comments: scripts of `package.json`, settings with ports and addresses.

mod devcontainer;
mod json5;

use tree_sitter::{Node, Tree};

use crate::analysis::address::{Host, Place, addresses, decide};
use crate::analysis::decided_by::DecidedBy;
use crate::analysis::markup::Markup;
use crate::analysis::names::{Names, PortName};
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;
use crate::analysis::reading::host_beside;
use crate::analysis::reading::siblings::Siblings;
use crate::analysis::tree::{Path, walk_numbers};
use crate::analysis::{command_line, connection};
use crate::pattern::{Pattern, regex};
use crate::port::Port;

/// A key like a port's, or an address: a text without either is not parsed.
static CANDIDATE: Pattern = regex!(
    r"(?i)(?:port|listen|bind)[^\n]{0,40}[0-9]{2}|port\s*\x22,\s*\x22value|:[0-9]{2,5}|scripts|command|args|ConnectionStrings"
);

/// Whether a JSON file can hold a port at all.
pub(in crate::analysis) fn is_candidate(text: &str) -> bool {
    CANDIDATE.is_match(text)
}

/// The text in which JSON's parser finds the places of this one, where it is JSON5 or a template of either.
pub(in crate::analysis) fn plain(text: &str) -> Option<String> {
    let template = Markup::of(text).map(|markup| markup.with_strings());
    let json = json5::plain(template.as_deref().unwrap_or(text));
    json.or(template)
}

/// Reads a JSON file.
pub(in crate::analysis) fn read(text: &str, tree: &Tree, packs: &Packs) -> Vec<Occurrence> {
    let (mut found, mut siblings) = (Found::of(text, "json", packs), Siblings::of(text, packs));
    let is_devcontainer = devcontainer::is_devcontainer(text);
    walk_numbers(text, tree, |path| {
        let is_value = matches!(path.leaf().kind(), "number" | "string");
        let keys = || keys(text, path);
        if is_value && is_devcontainer && devcontainer::read(text, path, &keys(), &mut found) {
            return false;
        }
        match path.leaf().kind() {
            "number" | "string" if keys().iter().any(|key| found.names().gives_production(key)) => {}
            "number" => number(text, path, &mut siblings, &mut found),
            "string" => string(text, path, &mut siblings, &mut found),
            _ => return true,
        }
        false
    });
    found.finish()
}

fn number<'a>(text: &'a str, path: &Path<'_>, siblings: &mut Siblings<'a>, found: &mut Found<'_>) {
    let node = path.leaf();
    let keys = keys(text, path);
    let Some(key) = &name_of_value(path, &keys, siblings) else { return };
    let port = text.get(node.byte_range()).and_then(|digits| digits.parse().ok());
    if let Some(says) = found.says(key) {
        let digits = text.get(node.byte_range()).unwrap_or_default();
        return found.setting_by_row(&says, key, digits, node.start_byte(), &Shape::Fixed);
    }
    let is_port = match found.names().port_name(key) {
        Some(PortName::One) => true,
        Some(PortName::Many) => {
            path.parent(node).is_some_and(|parent| parent.kind() == "array")
                || port.is_some_and(|port| found.names().names_port(key, port))
        }
        None => port.is_some_and(|port| {
            found.names().names_port(key, port) || is_in_ports(path, &keys, port, found.names())
        }),
    };
    if is_port && !is_of_public_host(path, &keys, siblings) {
        found.literal(node.byte_range(), Kind::Setting, Shape::Fixed, Some(key));
    }
}

/// Whether a value is the port of a public host that is named beside it.
fn is_of_public_host(path: &Path<'_>, keys: &[&str], siblings: &mut Siblings<'_>) -> bool {
    let Some(key) = keys.first() else { return false };
    host_beside::is_of_another(keys.get(1).copied().unwrap_or_default(), key)
        && path
            .above(path.leaf())
            .nth(1)
            .is_some_and(|object| siblings.mapping(object).has_public_host(&host_beside::names(key)))
}

/// The name that a value is given to: its key, or what is called `name` or `key` beside a `value`.
fn name_of_value<'a>(path: &Path<'_>, keys: &[&'a str], siblings: &mut Siblings<'a>) -> Option<&'a str> {
    let key = keys.first().copied()?;
    if !key.eq_ignore_ascii_case("value") {
        return Some(key);
    }
    let object = path.above(path.leaf()).nth(1)?;
    siblings.mapping(object).label().or(Some(key))
}

/// Whether the value is that of an entry of the map under `ports`, and of that map itself.
fn is_in_ports(path: &Path<'_>, keys: &[&str], port: Port, names: &Names) -> bool {
    let &[key, map, ..] = keys else { return false };
    let kinds = ["pair", "object", "pair"];
    path.above(path.leaf()).map(|node| node.kind()).take(3).eq(kinds)
        && names.is_entry_of_ports(map, key, port)
}

fn string<'a>(text: &'a str, path: &Path<'_>, siblings: &mut Siblings<'a>, found: &mut Found<'_>) {
    let node = path.leaf();
    let range = node.start_byte() + 1..node.end_byte().saturating_sub(1);
    let Some(content) = text.get(range.clone()) else { return };
    if !content.bytes().any(|byte| byte.is_ascii_digit() || byte == b'$') {
        return;
    }
    let keys = keys(text, path);
    let Some(key) = keys.first() else { return };
    let at = |span: std::ops::Range<usize>| range.start + span.start..range.start + span.end;
    // The second are those of Deno.
    if matches!(keys.get(1), Some(&"scripts" | &"tasks")) || found.is_command(key) {
        found.interpolations(content, range.start);
        if let Some(kind) = word_of_command(text, node, found.packs()) {
            found.literal_by(range, kind.0, Shape::Fixed, None, kind.1);
            return;
        }
        for port in command_line::ports(content, found.packs()) {
            // Inside single quotes the script's shell expands nothing.
            let is_quoted = content[..port.span.start].matches('\'').count() % 2 == 1;
            let shape =
                if is_quoted || keys.get(1) != Some(&"scripts") { Shape::Fixed } else { Shape::Expanded };
            found.literal_by(at(port.span), port.kind, shape, port.hint.as_deref(), port.decided_by);
        }
        return;
    }
    if let Some(says) = found.says(key) {
        return found.setting_by_row(&says, key, content, range.start, &Shape::Fixed);
    }
    if let Ok(port) = content.parse::<Port>() {
        let Some(key) = name_of_value(path, &keys, siblings) else { return };
        let is_port = found.names().names_port(key, port) || is_in_ports(path, &keys, port, found.names());
        if is_port && !is_of_public_host(path, &keys, siblings) {
            found.literal(range, Kind::Setting, Shape::Fixed, Some(key));
        }
        return;
    }
    if keys.get(1) == Some(&"ConnectionStrings") {
        for port in connection::ports(content, found.packs()) {
            found.literal(at(port), Kind::Connect, Shape::Fixed, Some(key));
        }
        for address in addresses(content, found.packs()).into_iter().filter(|address| address.has_scheme) {
            if let Some(kind) = decide(&address, Place::Setting(key), found.packs()) {
                found.literal(at(address.span), kind, Shape::Fixed, Some(key));
            }
        }
        return;
    }
    for port in connection::keywords(content, found.packs()) {
        found.literal(at(port), Kind::Connect, Shape::Fixed, Some(key));
    }
    if content.contains(char::is_whitespace) || key.starts_with('$') || keys.contains(&"dependencies") {
        return;
    }
    for address in addresses(content, found.packs()) {
        let Some(kind) = decide(&address, Place::Setting(key), found.packs()) else { continue };
        let hint = if address.host == Host::Service { &address.name } else { *key };
        found.literal(at(address.span.clone()), kind, Shape::Fixed, Some(hint));
    }
}

/// What a number is that is a word of its own in a command, and what says so: `"args": ["--port", "8000"]`.
fn word_of_command(text: &str, node: Node<'_>, packs: &Packs) -> Option<(Kind, DecidedBy)> {
    let content = |node: Node<'_>| Some(text.get(node.byte_range())?.trim_matches(['"', '\'']));
    let digits = content(node)?;
    digits.parse::<Port>().ok()?;
    let list = node.parent().filter(|parent| parent.kind() == "array")?;
    if list.named_child_count() > command_line::MOST_WORDS {
        return None;
    }
    let mut cursor = list.walk();
    let before = list.named_children(&mut cursor).take_while(|item| item.end_byte() <= node.start_byte());
    let words: Vec<_> = before.filter_map(content).chain([digits]).collect();
    command_line::in_list(&words, packs)
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
            keys.push(text.get(key.byte_range()).unwrap_or_default().trim_matches(['"', '\'']));
        }
        child = parent;
    }
    keys
}
