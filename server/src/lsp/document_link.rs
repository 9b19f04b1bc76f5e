//! `textDocument/documentLink`: addresses on this machine, with the numbers that variables have here, and the files of the
//! project's ports.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::document_request::DocumentRequest;
use super::server::Server;
use super::uri;
use crate::pattern::{Pattern, regex};
use crate::port::Port;
use crate::ports_env;
use crate::rules::{Mention, NamedPort};

/// The beginning of an address, up to its port or to what reads it: `http://localhost:${process.env.`
static BEFORE: Pattern =
    regex!(r#"(?P<scheme>https?)://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):[^\s"'`/]{0,40}$"#);

/// The end of an address behind its port: what ends the lookup, and a path.
static BEHIND: Pattern =
    regex!(r#"^(?P<lookup>[^\s"'`/<>]{0,40}?)(?P<path>/[^\s"'`<>(){}$\\]*)?(?:[\s"'`<>]|$)"#);

/// How much of a line before a port is of interest, in bytes.
const BEFORE_PORT: usize = 100;

/// How much behind it.
const BEHIND_PORT: usize = 500;

/// A path that ends with the name of one of the project's files.
static FILE: Pattern = regex!(r"[A-Za-z0-9_./-]*(?:\.ports\.env(?:\.example)?|port-manager\.toml)\b");

pub(super) async fn document_link(
    server: &Server,
    params: lsp::DocumentLinkParams,
) -> Result<Option<Vec<lsp::DocumentLink>>> {
    let look = |request: &DocumentRequest| {
        let text = request.document().text;
        let addresses = request.named().into_iter().filter_map(|named| {
            let (span, url) = address(text, &named, request)?;
            let target = lsp::Uri::parse(&url).ok()?;
            Some(link(request.range(&span), target, url))
        });
        let mut links: Vec<lsp::DocumentLink> = addresses.collect();
        // The number of a lookup's default is in the address of the lookup.
        links.dedup_by(|later, earlier| later.range.start <= earlier.range.end);
        links.extend(files(text, request));
        Some(links)
    };
    DocumentRequest::answer(server, &params.text_document.uri, Server::known_facts_of, look).await
}

fn link(range: lsp::Range, target: lsp::Uri, tooltip: String) -> lsp::DocumentLink {
    lsp::DocumentLink { range, target: Some(target), tooltip: Some(tooltip), data: None }
}

/// The address around a place that names a port, and where it leads here.
fn address(text: &str, named: &NamedPort<'_>, request: &DocumentRequest) -> Option<(Range<usize>, String)> {
    let port: Port = match &named.mention {
        Mention::Number(number) => *number,
        Mention::Read(_) => request.facts.port(named.variable.as_ref()?)?,
        Mention::Defined(..) => return None,
    };
    let Range { start, end } = named.span;
    let begin = text.floor_char_boundary(start.saturating_sub(BEFORE_PORT));
    let before = BEFORE.captures(text.get(begin..start)?)?;
    let stop = text.floor_char_boundary(end.saturating_add(BEHIND_PORT));
    let behind = BEHIND.captures(text.get(end..stop)?)?;
    let path = behind.name("path");
    let scheme = before.name("scheme")?;
    let lookup = behind.name("lookup").filter(|_| matches!(named.mention, Mention::Read(_)));
    let last = end + path.or(lookup).map_or(0, |found| found.end());
    let path = path.map_or("/", |path| path.as_str());
    Some((begin + scheme.start()..last, format!("{}://localhost:{port}{path}", scheme.as_str())))
}

/// The links to files of the project's ports: `-include .ports.env`.
fn files(text: &str, request: &DocumentRequest) -> Vec<lsp::DocumentLink> {
    let facts = &request.facts;
    let root = facts.root.as_path();
    let is_known = |path: &Path| {
        path == root.join(ports_env::FILE_NAME) && facts.ports_env.is_some()
            || path == root.join(ports_env::EXAMPLE_FILE_NAME) && facts.example.is_some()
            || facts.settings.source().is_some_and(|(settings, _)| path == settings)
    };
    let own = root.join(facts.within(&request.path));
    let Some(directory) = own.parent() else { return Vec::new() };
    let found = FILE.find_iter(text).filter_map(|found| {
        let path = joined(directory, Path::new(found.as_str()))?;
        let target = uri::from_file(&path).filter(|_| is_known(&path) && path != own)?;
        let tooltip = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        Some(link(request.range(&found.range()), target, tooltip))
    });
    found.collect()
}

/// A path as a directory's file names it, without a look at the disk.
fn joined(directory: &Path, path: &Path) -> Option<PathBuf> {
    let mut joined = directory.to_owned();
    for part in path.components() {
        match part {
            Component::Normal(name) => joined.push(name),
            Component::CurDir => {}
            Component::ParentDir => drop(joined.pop().then_some(())?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_an_address_may_be_a_lookup() {
        for (before, behind, path) in [
            ("fetch('http://localhost:", "/a?b=1');", Some("/a?b=1")),
            ("`https://127.0.0.1:${process.env.", " ?? 5000}/x`", None),
            ("curl http://localhost:$(", ")/health", Some("/health")),
            ("URL = \"http://[::1]:${", "}\"", None),
        ] {
            assert!(BEFORE.captures(before).is_some(), "{before}");
            let found = BEHIND.captures(behind);
            assert_eq!(found.and_then(|it| it.name("path")).map(|it| it.as_str()), path, "{behind}");
        }
        for before in ["http://example.com:", "localhost:", "http://localhost:1/ "] {
            assert!(BEFORE.captures(before).is_none(), "{before}");
        }
    }

    #[test]
    fn a_path_is_joined_without_the_disk() {
        let joined = |path: &str| joined(Path::new("/shop/api"), Path::new(path));
        assert_eq!(joined("../.ports.env"), Some("/shop/.ports.env".into()));
        assert_eq!(joined("./.ports.env"), Some("/shop/api/.ports.env".into()));
        assert_eq!(joined("../../../../.ports.env"), None);
        assert_eq!(joined("/etc/.ports.env"), None);
    }
}
