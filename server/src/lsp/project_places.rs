//! Where the ports of a project are named, as the client is told of it: in the project's own files by their text, elsewhere by
//! the map. Nothing is read from disk.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tower_lsp::gen_lsp_types as lsp;

use super::server::Server;
use super::text::{Encoding, Text};
use super::uri;
use crate::ports_env::{self, PortsEnv};
use crate::project::map::Place;
use crate::rules::{Facts, NamedPort};
use crate::variable::Variable;

/// The places of one project.
pub(super) struct ProjectPlaces<'a> {
    facts: &'a Facts,
    encoding: Encoding,
    /// The documents that are open, by where their files lie.
    open: HashMap<PathBuf, (lsp::Uri, Text)>,
}

/// A line of `.ports.env` or `.ports.env.example`.
pub(super) struct DeclaredPort {
    pub(super) variable: Variable,
    pub(super) uri: lsp::Uri,
    /// The whole line.
    pub(super) line: lsp::Range,
    /// The variable's name in it.
    pub(super) name: lsp::Range,
}

impl DeclaredPort {
    /// Its name, as a location.
    pub(super) fn location(self) -> lsp::Location {
        lsp::Location { uri: self.uri, range: self.name }
    }
}

impl<'a> ProjectPlaces<'a> {
    pub(super) fn of(server: &Server, facts: &'a Facts) -> Self {
        let (encoding, open) = {
            let state = server.state();
            let open = state.documents.iter();
            let open = open.filter_map(|(uri, it)| Some((it.path.clone()?, uri.clone(), it.text.clone())));
            (state.features.encoding, open.collect::<Vec<_>>())
        };
        let real = |path: &Path| Some(server.locate(path).directory.join(path.file_name()?));
        let open = open.into_iter().filter_map(|(path, uri, text)| Some((real(&path)?, (uri, text))));
        Self { facts, encoding, open: open.collect() }
    }

    /// The lines of `.ports.env` and then of `.ports.env.example` that are about a port variable, of each variable the one that
    /// counts.
    pub(super) fn declared(&self) -> Vec<DeclaredPort> {
        let kept = |name: &str| match name {
            ports_env::FILE_NAME => self.facts.ports_env.as_ref().map(PortsEnv::to_text),
            _ => self.facts.example.as_ref().map(|example| example.file().to_text()),
        };
        let mut declared = Vec::new();
        for name in [ports_env::FILE_NAME, ports_env::EXAMPLE_FILE_NAME] {
            let path = self.facts.root.as_path().join(name);
            let Some((uri, text)) = self.text(&path, || kept(name)) else { continue };
            let content = String::from(&text);
            let file = PortsEnv::parse(&content);
            let mut lines: Vec<DeclaredPort> = Vec::new();
            for (variable, span, _) in file.named_lines() {
                lines.retain(|line| line.variable != *variable);
                let before = content.get(..span.start).unwrap_or_default();
                let start = before.rfind('\n').map_or(0, |newline| newline + 1);
                let rest = content.get(span.end..).unwrap_or_default();
                let end = span.end + rest.find(['\r', '\n']).unwrap_or(rest.len());
                lines.push(DeclaredPort {
                    variable: variable.clone(),
                    uri: uri.clone(),
                    line: text.range(&(start..end), self.encoding),
                    name: text.range(&span, self.encoding),
                });
            }
            declared.append(&mut lines);
        }
        declared
    }

    /// The lines of those files that are about the variable.
    pub(super) fn declared_as(&self, variable: &Variable) -> Vec<DeclaredPort> {
        self.declared().into_iter().filter(|line| line.variable == *variable).collect()
    }

    /// Where `port-manager.toml` names the variable.
    pub(super) fn in_settings(&self, variable: &Variable) -> Vec<lsp::Location> {
        let Some((path, kept)) = self.facts.settings.source() else { return Vec::new() };
        let Some((uri, text)) = self.text(&path, || Some(kept.to_owned())) else { return Vec::new() };
        let content = String::from(&text);
        let named = NamedPort::all_in_settings(&content, self.facts);
        let of_variable = named.iter().filter(|named| named.variable.as_ref() == Some(variable));
        let location = |named: &NamedPort<'_>| lsp::Location {
            uri: uri.clone(),
            range: text.range(&named.span, self.encoding),
        };
        of_variable.map(location).collect()
    }

    /// A place of the map. Numbers and names are ASCII, so each byte is one column.
    pub(super) fn location(&self, place: &Place) -> Option<lsp::Location> {
        let number = |value| u32::try_from(value).unwrap_or(u32::MAX);
        let column = match self.encoding {
            Encoding::Utf8 => place.before.utf8,
            Encoding::Utf16 => place.before.utf16,
        };
        let line = number(place.line.saturating_sub(1));
        let at = |character| lsp::Position { line, character: number(character) };
        let range = lsp::Range { start: at(column), end: at(column + place.span.len()) };
        Some(lsp::Location { uri: self.uri(&self.facts.root.as_path().join(&place.path))?, range })
    }

    /// A file of the project as the client names it.
    fn uri(&self, path: &Path) -> Option<lsp::Uri> {
        self.open.get(path).map_or_else(|| uri::from_file(path), |(uri, _)| Some(uri.clone()))
    }

    /// The text that the client has of a file; that which is kept of it where it is not open.
    fn text(&self, path: &Path, kept: impl FnOnce() -> Option<String>) -> Option<(lsp::Uri, Text)> {
        match self.open.get(path) {
            Some((uri, text)) => Some((uri.clone(), text.clone())),
            None => Some((uri::from_file(path)?, Text::new(&kept()?))),
        }
    }
}
