//! JSON and JSON with comments: scripts of `package.json`, settings with ports and addresses.

mod devcontainer;
mod json5;

use tree_sitter::Tree;

use crate::analysis::address::{Host, Place, addresses, decide};
use crate::analysis::markup::Markup;
use crate::analysis::names::PortName;
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::entry::{
    self, is_entry_of_ports, is_of_public_host, name_of_value, word_of_command,
};
use crate::analysis::reading::found::Found;
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

/// Whether a text is plain settings: not JSON5, not a template, not `devcontainer.json`. Only the part is read for that; the rest is known to be
/// plain.
pub(in crate::analysis) fn is_plain(text: &str, part: &str) -> bool {
    is_candidate(text) && !devcontainer::is_devcontainer(part) && plain(part).is_none()
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
    let Some(key) = keys.first() else { return };
    let name = name_of_value(path, key, siblings);
    let port = text.get(node.byte_range()).and_then(|digits| digits.parse().ok());
    if let Some(says) = found.says(name) {
        let digits = text.get(node.byte_range()).unwrap_or_default();
        return found.setting_by_row(&says, name, digits, node.start_byte(), &Shape::Fixed);
    }
    let is_entry = |port| is_entry_of_ports(path, group(&keys), key, port, found.names());
    let is_port = match found.names().port_name(name) {
        Some(PortName::One) => true,
        Some(PortName::Many) => {
            path.parent(node).is_some_and(|parent| parent.kind() == "array")
                || port.is_some_and(|port| found.names().names_port(name, port))
        }
        None => port.is_some_and(|port| found.names().names_port(name, port) || is_entry(port)),
    };
    if is_port && !is_of_public_host(path, group(&keys), key, siblings) {
        found.literal(node.byte_range(), Kind::Setting, Shape::Fixed, Some(name));
    }
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
        if let Some((span, kind, by)) = word_of_command(text, path, found.packs()) {
            found.literal_by(span, kind, Shape::Fixed, None, by);
            return;
        }
        for port in command_line::ports(content, found.packs()) {
            // Inside single quotes the script's shell expands nothing.
            let is_quoted = content[..port.span.start].matches('\'').count() % 2 == 1;
            let shape =
                if is_quoted || keys.get(1) != Some(&"scripts") { Shape::Fixed } else { Shape::Expanded };
            found.literal_by(at(port.span), port.kind, shape, port.hint.as_deref(), port.decided_by);
            if matches!(keys.get(1), Some(&"scripts" | &"tasks")) {
                found.starts_here();
            }
        }
        return;
    }
    if let Some(says) = found.says(key) {
        return found.setting_by_row(&says, key, content, range.start, &Shape::Fixed);
    }
    if let Ok(port) = content.parse::<Port>() {
        let name = name_of_value(path, key, siblings);
        let is_port = found.names().names_port(name, port)
            || is_entry_of_ports(path, group(&keys), key, port, found.names());
        if is_port && !is_of_public_host(path, group(&keys), key, siblings) {
            found.literal(range, Kind::Setting, Shape::Fixed, Some(name));
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

/// The keys from a value up to the top. A key itself has none.
fn keys<'a>(text: &'a str, path: &Path<'_>) -> Vec<&'a str> {
    let mut keys = entry::keys(text, path);
    keys.reverse();
    keys
}

/// The key of the mapping that a value stands in.
fn group<'a>(keys: &[&'a str]) -> &'a str {
    keys.get(1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, shapes};

    fn finds(text: &str) {
        finds_what_is_marked("a.json", text);
    }

    #[test]
    fn a_number_is_a_port_by_its_key() {
        finds(r#"{"port": «8080 setting», "limit": 8081, "httpPort": "«8082 setting»"}"#);
        finds(r#"{"ports": [«8080 setting», «8081 setting»], "sizes": [8082]}"#);
    }

    #[test]
    fn an_address_counts_where_it_is_the_whole_string() {
        finds(r#"{"api": "http://localhost:«8080 connect»", "help": "see http://localhost:8081 for more"}"#);
        finds(
            r#"{"$schema": "http://localhost:8080/a", "dependencies": {"a": "http://localhost:8081/a.tgz"}}"#,
        );
    }

    #[test]
    fn a_connection_string_is_read_by_its_own_words() {
        finds(r#"{"ConnectionStrings": {"shop": "Server=localhost,«1433 connect»;Database=shop"}}"#);
        finds(r#"{"shop": "Host=localhost;Port=«5432 connect»;Database=shop"}"#);
        finds(r#"{"shop": "Host=db.example.com;Port=5432;Database=shop"}"#);
    }

    #[test]
    fn only_a_shell_expands_what_is_in_a_script() {
        let script = |key: &str, command: &str| format!(r#"{{"{key}": {{"dev": "{command}"}}}}"#);
        assert_eq!(shapes("package.json", &script("scripts", "serve --port 8080")), ["expanded"]);
        assert_eq!(shapes("package.json", &script("scripts", "sh -c 'serve --port 8080'")), ["fixed"]);
        assert_eq!(shapes("deno.json", &script("tasks", "serve --port 8080")), ["fixed"]);
        assert_eq!(shapes("package.json", &script("words", "serve --port 8080")), [""; 0]);
    }

    #[test]
    fn a_text_without_a_sign_of_a_port_is_not_parsed() {
        for text in [r#"{"port": 8080}"#, r#"{"a": "localhost:8080"}"#, r#"{"args": []}"#] {
            assert!(super::is_candidate(text), "{text}");
        }
        assert!(!super::is_candidate(r#"{"version": "8080", "support": true}"#));
    }
}
