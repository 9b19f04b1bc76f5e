//! YAML: settings of a service, of a test runner, of a build. Compose files have a reader of their own.

use tree_sitter::Tree;

use super::compose::{self, MAPPING};
use crate::analysis::Yaml;
use crate::analysis::command_line;
use crate::analysis::embedded::{EmbeddedFile, Form};
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::{KeyDoes, Packs};
use crate::analysis::reading::comments::without_any;
use crate::analysis::reading::entry::{
    beside, is_entry_of_ports, is_of_public_host, is_scalar, keys, name_of_value, word_of_command,
};
use crate::analysis::reading::found::Found;
use crate::analysis::reading::manifest::is_manifest;
use crate::analysis::reading::placeholder;
use crate::analysis::reading::siblings::Siblings;
use crate::analysis::tree::{Path, walk_numbers};
use crate::port::Port;

/// Whether a YAML file can hold a port at all.
pub(in crate::analysis) fn is_candidate(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'$')
}

/// Whether a text is plain settings: not a compose file, not a manifest of a cluster, without a file in a block. Any part of a text can make
/// it one of these, so all of it is read.
pub(in crate::analysis) fn is_plain(text: &str, _: &str) -> bool {
    is_candidate(text)
        && memchr::memchr(b'|', text.as_bytes()).is_none()
        && !text.contains("services")
        && !is_manifest(text)
}

/// Reads any other YAML file: settings of a service, of a test runner, of a build.
pub(in crate::analysis) fn read(text: &str, tree: &Tree, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "yaml", packs);
    if is_manifest(text) {
        return found.finish();
    }
    if compose::is_compose(Yaml::of(tree, text)) {
        return compose::read(text, tree, packs);
    }
    let mut siblings = Siblings::of(text, packs);
    walk_numbers(text, tree, |path| {
        let is_scalar = is_scalar(path.leaf());
        if is_scalar {
            setting(text, path, &mut siblings, &mut found);
        }
        !is_scalar
    });
    found.finish()
}

/// The files that block scalars are: `nginx.conf: |`, and `content: |` beside a path.
pub(in crate::analysis) fn files<'a>(text: &'a str, tree: &Tree, packs: &'a Packs) -> Vec<EmbeddedFile<'a>> {
    let mut files = Vec::new();
    if memchr::memchr(b'|', text.as_bytes()).is_none() || is_manifest(text) {
        return files;
    }
    let mut siblings = Siblings::of(text, packs);
    walk_numbers(text, tree, |path| {
        if path.leaf().kind() == "block_scalar" {
            files.extend(file(text, path, packs, &mut siblings));
        }
        !is_scalar(path.leaf())
    });
    files
}

fn file<'a>(
    text: &'a str,
    path: &Path<'_>,
    packs: &'a Packs,
    siblings: &mut Siblings<'a>,
) -> Option<EmbeddedFile<'a>> {
    let span = path.leaf().byte_range();
    let content = text.get(span.clone()).filter(|content| content.starts_with('|'))?;
    let last = keys(text, path).last().copied().filter(|last| !is_command(last, packs))?;
    let beside = if last == "content" { beside(path, siblings) } else { None };
    let name = beside.and_then(|beside| beside.value(&["path", "dest"])).unwrap_or(last);
    let start = span.start + content.find('\n')? + 1;
    name.contains('.').then_some(EmbeddedFile { part: start..span.end, form: Form::Name(name) })
}

/// What a scalar of a file of settings says.
fn setting<'a>(text: &'a str, path: &Path<'_>, siblings: &mut Siblings<'a>, found: &mut Found<'_>) {
    let span = path.leaf().byte_range();
    let Some(content) = text.get(span.clone()) else { return };
    if !content.bytes().any(|byte| byte.is_ascii_digit() || byte == b'$') {
        return;
    }
    let keys = keys(text, path);
    let Some(last) = keys.last().copied() else { return };
    let group = keys.len().checked_sub(2).map_or("", |index| keys[index]);
    let number = content.trim_matches(['"', '\'']).parse::<Port>().ok();
    if keys.iter().any(|key| found.names().gives_production(key)) {
        return;
    }
    if placeholder::read(content, span.start, found) {
        return;
    }
    if last == "ports"
        && let Some(captures) = MAPPING.captures(content)
    {
        if let Some(host) = captures.name("host") {
            let service = Some(group).filter(|group| !group.is_empty());
            found.literal(
                span.start + host.start()..span.start + host.end(),
                Kind::Published,
                Shape::Fixed,
                service,
            );
        }
        return;
    }
    match last {
        // A number by itself is the container's side, and this machine's is drawn.
        "ports" if number.is_some() => {}
        _ if found.is_no_port(last) => {}
        _ if is_command(last, found.packs()) => {
            if let Some((span, kind, by)) = word_of_command(text, path, found.packs()) {
                found.literal_by(span, kind, Shape::Fixed, None, by);
                return;
            }
            // A runner that fills in variables itself writes `$$` for the shell's `$`.
            found.defaults(&content.replace("$${", " ${"), span.start);
            for port in command_line::ports(&without_any(content), found.packs()) {
                // Between single quotes a shell expands nothing; around the whole command YAML has taken them away.
                let inner = content.trim_start_matches('\'');
                let before = content[..port.span.start].trim_start_matches('\'');
                let is_raw = inner.len() == content.len() && before.matches('\'').count() % 2 == 1;
                let shape = if is_raw { Shape::Fixed } else { Shape::Expanded };
                let span = span.start + port.span.start..span.start + port.span.end;
                found.literal_by(span, port.kind, shape, port.hint.as_deref(), port.decided_by);
            }
        }
        // `environment: ["PORT=3002"]`
        "environment" | "env"
            if let Some((name, value)) = content.trim_matches(['"', '\'']).split_once('=') =>
        {
            let start = span.start + content.find('=').unwrap_or_default() + 1;
            found.setting(name, value, start, &Shape::Fixed);
            let end = start - 1;
            found.definition(end - name.len()..end, value.parse().ok());
        }
        _ if number.is_some() && is_of_public_host(path, group, last, siblings) => {}
        // A text of several lines is for people, or a file.
        _ if content.contains('\n') => {}
        _ if number.is_some_and(|port| is_entry_of_ports(path, group, last, port, found.names())) => {
            let digits = content.trim_matches(['"', '\'']);
            let start = span.start + content.find(digits).unwrap_or(0);
            found.literal(start..start + digits.len(), Kind::Setting, Shape::Fixed, Some(last));
        }
        // Skaffold: the port of the cluster, which becomes the other one here.
        "port" if beside(path, siblings).is_some_and(|beside| beside.value(&["localPort"]).is_some()) => {}
        _ => {
            let name = name_of_value(path, last, siblings);
            found.setting(name, content, span.start, &Shape::Fixed);
        }
    }
}

/// Whether what stands behind the key is run.
fn is_command(key: &str, packs: &Packs) -> bool {
    packs.keys.says("yaml", key).is_some_and(|says| says.does == KeyDoes::Command)
        || packs.names.is_command_name(key)
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, shapes, variables};

    fn finds(text: &str) {
        finds_what_is_marked("a.yaml", text);
    }

    #[test]
    fn the_file_of_a_cluster_or_of_compose_is_another_ones() {
        finds("port: «8080 setting»\n");
        finds("apiVersion: v1\nkind: Service\nport: 8080\n");
        finds("services:\n  web:\n    image: shop\n    ports: [\"«8080 published»:80\"]\n");
    }

    #[test]
    fn a_mapping_under_ports_publishes_its_first_number() {
        finds("web:\n  ports:\n    - \"«8080 published»:80\"\n    - 8081\n");
        finds("web:\n  sizes:\n    - \"8080:80\"\n");
    }

    #[test]
    fn a_command_is_read_without_its_comments() {
        finds("run: |\n  serve --port «8080 command-flag» # --port 8081\ntext: |\n  serve --port 8082\n");
        finds("command: [serve, --port, \"«8080 command-flag»\"]\n");
    }

    #[test]
    fn nothing_is_expanded_between_single_quotes_of_a_command() {
        assert_eq!(shapes("a.yaml", "run: sh -c 'serve --port 8080'\n"), ["fixed"]);
        assert_eq!(shapes("a.yaml", "run: 'serve --port 8080'\n"), ["expanded"]);
    }

    #[test]
    fn an_item_of_the_environment_gives_a_variable_a_value() {
        finds("environment:\n  - PORT=«8080 setting»\n  - LIMIT=8081\n");
        assert_eq!(variables("a.yaml", "environment:\n  - WEB_PORT=8080\n"), ["WEB_PORT=8080"]);
        assert_eq!(variables("a.yaml", "environment:\n  - LIMIT=8080\n"), [""; 0]);
        assert_eq!(variables("a.yaml", "items:\n  - WEB_PORT=8080\n"), [""; 0]);
    }

    #[test]
    fn skaffold_forwards_to_the_local_port() {
        finds("- port: 8080\n  localPort: «8081 setting»\n- port: «8082 setting»\n");
    }

    #[test]
    fn a_text_of_several_lines_is_a_file_by_its_key_or_path() {
        finds("nginx.conf: |\n  listen «8080 listen»;\nnotes: |\n  listen 8081;\n");
        finds("- path: /etc/a.ini\n  content: |\n    port = «8080 setting»\n- content: |\n    port = 8081\n");
        finds("nginx.conf: >\n  listen 8080;\n");
    }
}
