//! YAML: settings of a service, of a test runner, of a build. Compose files have a reader of their own.

use tree_sitter::Tree;

use super::compose::{self, MAPPING};
use crate::analysis::Yaml;
use crate::analysis::address::is_remote;
use crate::analysis::command_line;
use crate::analysis::embedded::{EmbeddedFile, Form};
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::{KeyDoes, Names, Packs};
use crate::analysis::reading::comments::without_any;
use crate::analysis::reading::found::Found;
use crate::analysis::reading::manifest::is_manifest;
use crate::analysis::reading::siblings::{Mapping, Siblings};
use crate::analysis::reading::{host_beside, placeholder};
use crate::analysis::tree::{Path, walk_numbers};
use crate::analysis::yaml_tree::{is_scalar, keys, word_of_command};
use crate::port::Port;

/// Whether a YAML file can hold a port at all.
pub(in crate::analysis) fn is_candidate(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'$')
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
pub(in crate::analysis) fn files<'a>(text: &'a str, tree: &Tree, _: &Packs) -> Vec<EmbeddedFile<'a>> {
    let mut files = Vec::new();
    if is_manifest(text) {
        return files;
    }
    let mut siblings = Siblings::of(text, Packs::built_in());
    walk_numbers(text, tree, |path| {
        if path.leaf().kind() == "block_scalar" {
            files.extend(file(text, path, &mut siblings));
        }
        !is_scalar(path.leaf())
    });
    files
}

fn file<'a>(text: &'a str, path: &Path<'_>, siblings: &mut Siblings<'a>) -> Option<EmbeddedFile<'a>> {
    let span = path.leaf().byte_range();
    let content = text.get(span.clone()).filter(|content| content.starts_with('|'))?;
    let last = keys(text, path).last().copied().filter(|last| !is_command(last, Packs::built_in()))?;
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
            let service = keys.len().checked_sub(2).and_then(|index| keys.get(index)).copied();
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
        "ports" if content.trim_matches(['"', '\'']).parse::<Port>().is_ok() => {}
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
        _ if is_of_public_host(path, &keys, content, siblings, found.packs()) => {}
        // A text of several lines is for people, or a file.
        _ if content.contains('\n') => {}
        _ if is_entry_of_ports(path, &keys, content, found.names()) => {
            let digits = content.trim_matches(['"', '\'']);
            let start = span.start + content.find(digits).unwrap_or(0);
            found.literal(start..start + digits.len(), Kind::Setting, Shape::Fixed, Some(last));
        }
        // Skaffold: the port of the cluster, which becomes the other one here.
        "port" if beside(path, siblings).is_some_and(|beside| beside.value(&["localPort"]).is_some()) => {}
        "value" => {
            let beside = beside(path, siblings);
            let name = beside.and_then(|beside| beside.value(&["name", "key"])).unwrap_or(last);
            found.setting(name, content, span.start, &Shape::Fixed);
        }
        _ => found.setting(last, content, span.start, &Shape::Fixed),
    }
}

/// What is written beside a scalar, in the nearest mapping around it.
fn beside<'s, 'a>(path: &Path<'_>, siblings: &'s mut Siblings<'a>) -> Option<&'s Mapping<'a>> {
    let map = path.above(path.leaf()).find(|node| matches!(node.kind(), "block_mapping" | "flow_mapping"))?;
    Some(siblings.mapping(map))
}

/// Whether the scalar is the port of a public host that is named beside it.
fn is_of_public_host(
    path: &Path<'_>,
    keys: &[&str],
    content: &str,
    siblings: &mut Siblings<'_>,
    packs: &Packs,
) -> bool {
    let &[.., key] = keys else { return false };
    let group = keys.len().checked_sub(2).map_or("", |index| keys[index]);
    content.trim_matches(['"', '\'']).parse::<Port>().is_ok()
        && host_beside::is_of_another(group, key)
        && beside(path, siblings)
            .and_then(|beside| beside.value(&host_beside::names(key)))
            .is_some_and(|host| is_remote(host, packs))
}

/// Whether what stands behind the key is run.
fn is_command(key: &str, packs: &Packs) -> bool {
    packs.keys.says("yaml", key).is_some_and(|says| says.does == KeyDoes::Command)
        || packs.names.is_command_name(key)
}

/// Whether the scalar is what an entry of the map under `ports` has. Items of a list there are maps of
/// their own, with other numbers in them.
fn is_entry_of_ports(path: &Path<'_>, keys: &[&str], content: &str, names: &Names) -> bool {
    let &[.., map, key] = keys else { return false };
    let Ok(port) = content.trim_matches(['"', '\'']).parse() else { return false };
    let is_in_map = path
        .above(path.leaf())
        .filter(|node| {
            matches!(node.kind(), "block_mapping_pair" | "flow_pair" | "block_sequence" | "flow_sequence")
        })
        .take(2)
        .all(|node| matches!(node.kind(), "block_mapping_pair" | "flow_pair"));
    is_in_map && names.is_entry_of_ports(map, key, port)
}
