//! `devcontainer.json`: what a development container publishes on this machine, and the ports inside of it
//! (containers.dev, "Dev Container metadata reference").

use tree_sitter::Node;

use crate::analysis::address::{Place, addresses, decide};
use crate::analysis::languages::compose::MAPPING;
use crate::analysis::occurrence::{Kind, Shape};
use crate::analysis::packs::KeyDoes;
use crate::analysis::reading::found::Found;
use crate::analysis::tree::Path;
use crate::pattern::{Pattern, regex};
use crate::port::Port;

/// Keys that no other file has at its top.
static MARK: Pattern = regex!(
    r#""(?:forwardPorts|portsAttributes|otherPortsAttributes|runArgs|containerEnv|remoteEnv|remoteUser|containerUser|dockerComposeFile|dockerFile|workspaceMount|workspaceFolder|postCreateCommand|postStartCommand|onCreateCommand|shutdownAction)"\s*:"#
);

/// `${localEnv:WEB_PORT:8080}`, a variable of this machine with its default.
static LOCAL: Pattern = regex!(r"\$\{localEnv:(?P<name>[A-Za-z_][0-9A-Za-z_]*)(?::(?P<default>[^{}:]*))?\}");

/// `-p`, `--publish`, and the value that may stand behind it in the same word.
static PUBLISH: Pattern = regex!(r"^(?:--publish=|-p=?)");

/// Whether a JSON text describes a development container.
pub(super) fn is_devcontainer(text: &str) -> bool {
    MARK.is_match(text)
}

/// Reads a value with its keys, the nearest first. Whether it is one of those that only such a file has.
pub(super) fn read(text: &str, path: &Path<'_>, keys: &[&str], found: &mut Found<'_>) -> bool {
    let node = path.leaf();
    local(text, node, found);
    match keys {
        ["appPort"] => published(text, node, 0, found),
        ["runArgs"] => argument(text, path, found),
        ["forwardPorts"] => inside(text, node, None, found),
        // What is given to the container, or said of one of its ports.
        ["PORT", "containerEnv" | "remoteEnv"] => inside(text, node, Some("PORT"), found),
        [key, "containerEnv" | "remoteEnv"] if key.ends_with("_PORT") => inside(text, node, Some(key), found),
        // The container is the host of its own addresses.
        [_, "containerEnv" | "remoteEnv"] => addressed(text, node, found),
        [] if is_key_of(text, path, "portsAttributes") => inside(text, node, None, found),
        [.., outermost] if is_no_port(outermost, found) => {}
        _ => return false,
    }
    true
}

/// Whether nothing below a key at the top is a port.
fn is_no_port(key: &str, found: &Found<'_>) -> bool {
    found.packs().keys.says("devcontainer", key).is_some_and(|says| says.does == KeyDoes::NoPort)
}

/// The text of a value without its quotes, and where it begins.
fn content<'a>(text: &'a str, node: Node<'_>) -> (&'a str, usize) {
    let written = text.get(node.byte_range()).unwrap_or_default();
    let bare = written.trim_matches('"');
    (bare, node.start_byte() + written.find(bare).unwrap_or_default())
}

/// Adds what reads a variable of this machine.
fn local(text: &str, node: Node<'_>, found: &mut Found<'_>) {
    let (content, start) = content(text, node);
    for captures in LOCAL.captures_iter(content) {
        let Some(name) = captures.name("name") else { continue };
        let default = captures.name("default");
        found.reference(start + name.start()..start + name.end(), default.is_some());
        if let Some(default) = default {
            found.fallback(start + default.start()..start + default.end(), name.as_str());
        }
    }
}

/// `8080`, `"8080"` or `"8080:80"`, from the byte `from` of a value: this machine's side comes first.
fn published(text: &str, node: Node<'_>, from: usize, found: &mut Found<'_>) {
    let (content, start) = content(text, node);
    let Some(mapping) = content.get(from..) else { return };
    let span = match MAPPING.captures(mapping).and_then(|captures| captures.name("host")) {
        Some(host) => host.range(),
        None if mapping.parse::<Port>().is_ok() => 0..mapping.len(),
        None => return,
    };
    let start = start + from;
    found.literal(start + span.start..start + span.end, Kind::Published, Shape::Expanded, None);
}

/// A word of `docker run`: `"-p", "3001:3000"`, `"--publish=3001:3000"`.
fn argument(text: &str, path: &Path<'_>, found: &mut Found<'_>) {
    let node = path.leaf();
    let word = content(text, node).0;
    let before = node.prev_named_sibling().map(|before| content(text, before).0);
    if matches!(before, Some("-p" | "--publish")) {
        published(text, node, 0, found);
    } else if let Some(flag) = PUBLISH.find(word) {
        published(text, node, flag.end(), found);
    }
}

/// A port of the container: a number, or the last part of `db:5432`.
fn inside(text: &str, node: Node<'_>, hint: Option<&str>, found: &mut Found<'_>) {
    let (content, start) = content(text, node);
    if content.parse::<Port>().is_ok() {
        found.literal(start..start + content.len(), Kind::ContainerEnvironment, Shape::Fixed, hint);
        return;
    }
    addressed(text, node, found);
}

/// The ports of addresses in the container.
fn addressed(text: &str, node: Node<'_>, found: &mut Found<'_>) {
    let (content, start) = content(text, node);
    for address in addresses(content, found.packs()) {
        let Some(kind) = decide(&address, Place::Forwarded, found.packs()) else { continue };
        let span = start + address.span.start..start + address.span.end;
        found.literal(span, kind, Shape::Fixed, Some(address.name.as_str()));
    }
}

/// Whether a string is a key of the map that a key at the top holds.
fn is_key_of(text: &str, path: &Path<'_>, map: &str) -> bool {
    let mut above = path.above(path.leaf());
    let (pair, outer) = (above.next(), above.nth(1));
    let is_key =
        |pair: Node<'_>| pair.child_by_field_name("key").is_some_and(|key| key.id() == path.leaf().id());
    let is_map =
        |outer: Node<'_>| outer.child_by_field_name("key").is_some_and(|key| content(text, key).0 == map);
    pair.is_some_and(is_key) && outer.is_some_and(is_map)
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, variables};

    const NAME: &str = ".devcontainer/devcontainer.json";

    fn finds(entries: &str) {
        finds_what_is_marked(NAME, &format!("{{\"remoteUser\": \"dev\", {entries}}}"));
    }

    #[test]
    fn the_first_side_of_what_is_published_is_this_machines() {
        finds(r#""appPort": ["«8080 published»:80", "«8081 published»", «8082 published»]"#);
        finds(
            r#""runArgs": ["-p", "«3001 published»:3000", "--publish=«3002 published»:3000", "--memory", "8080"]"#,
        );
    }

    #[test]
    fn what_is_forwarded_or_given_is_inside_the_container() {
        finds(r#""forwardPorts": [«3000 container-environment», "db:«5432 in-network»"]"#);
        finds(r#""containerEnv": {"PORT": "«3000 container-environment»", "SIZE": "8080"}"#);
        finds(r#""portsAttributes": {"«3000 container-environment»": {"label": "8080"}}"#);
    }

    #[test]
    fn settings_of_the_editor_are_no_ports_of_the_container() {
        finds(r#""settings": {"sql": {"port": 5432}}"#);
        finds_what_is_marked("a.json", r#"{"settings": {"sql": {"port": «5432 setting»}}}"#);
    }

    #[test]
    fn a_variable_of_this_machine_may_have_a_default() {
        let text = |value: &str| format!("{{\"remoteUser\": \"dev\", \"appPort\": \"{value}:80\"}}");
        assert_eq!(variables(NAME, &text("${localEnv:WEB_PORT:8080}")), ["$WEB_PORT:-", "8080 of WEB_PORT"]);
        assert_eq!(variables(NAME, &text("${localEnv:WEB_PORT}")), ["$WEB_PORT"]);
        assert_eq!(variables(NAME, &text("${containerEnv:WEB_PORT}")), [""; 0]);
    }
}
