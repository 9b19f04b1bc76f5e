//! Which port of the project a text names, and where: by a number, by a variable's name, by a line of `.ports.env` or
//! `.ports.env.example`, or by an entry of `port-manager.toml`.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use super::{Document, Facts, SETTINGS_FILE_NAME, settings_names};
use crate::analysis::{Literal, Meaning, Occurrence};
use crate::port::Port;
use crate::ports_env::{self, PortsEnv};
use crate::project::map::{MappedPort, Place};
use crate::variable::Variable;

/// A place of a document that names a port.
#[derive(Debug, Clone)]
pub struct NamedPort<'a> {
    /// The bytes of the name or number.
    pub span: Range<usize>,
    /// What the text says there.
    pub mention: Mention,
    /// The variable of the project that is meant, by whatever name the text reads it. `None` where the number is that of no
    /// port of the project, or of one of several.
    pub variable: Option<Variable>,
    /// The port on the map.
    pub port: Option<&'a MappedPort>,
    /// The place on the map; `None` in `.ports.env`, `.ports.env.example` and `port-manager.toml`, which are not on it.
    pub place: Option<&'a Place>,
    /// What the analysis found there, where the file is analysed.
    pub occurrence: Option<&'a Occurrence>,
}

/// How a text names a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mention {
    /// By a number without a variable: `listen(8080)`.
    Number(Port),
    /// By a variable that is read, or by the number that is the default of the lookup.
    Read(Variable),
    /// By a variable that is given a value, and the value where that is a port.
    Defined(Variable, Option<Port>),
}

impl Mention {
    /// The variable's name in the text.
    #[must_use]
    pub fn name(&self) -> Option<&Variable> {
        match self {
            Self::Number(_) => None,
            Self::Read(variable) | Self::Defined(variable, _) => Some(variable),
        }
    }

    fn of(meaning: &Meaning) -> Self {
        match meaning {
            Meaning::Literal(Literal { port, .. }) => Self::Number(*port),
            // A number in the default of another variable, such as `API_URL`, is no port of that variable.
            Meaning::Fallback { port, variable, .. } => match variable {
                Some(variable) if variable.is_port_name() => Self::Read(variable.clone()),
                _ => Self::Number(*port),
            },
            Meaning::Reference { variable, .. } => Self::Read(variable.clone()),
            Meaning::Definition { variable, port } => Self::Defined(variable.clone(), *port),
        }
    }
}

/// What a file is to the port variables of its project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKind {
    /// `.ports.env` or `.ports.env.example`: each line is about one port.
    Lines,
    /// `port-manager.toml`.
    Settings,
    /// A file that is analysed.
    Analysed,
}

impl FileKind {
    fn of(path: &Path) -> Self {
        match path.file_name().and_then(|name| name.to_str()) {
            Some(ports_env::FILE_NAME | ports_env::EXAMPLE_FILE_NAME) => Self::Lines,
            Some(SETTINGS_FILE_NAME) => Self::Settings,
            _ => Self::Analysed,
        }
    }
}

impl<'a> NamedPort<'a> {
    /// Every place where a text of `port-manager.toml` names a port.
    #[must_use]
    pub fn all_in_settings(text: &str, facts: &'a Facts) -> Vec<Self> {
        let names = settings_names::of(text).into_iter();
        names.map(|it| Self::by_variable(it.span, Mention::Read(it.name), it.variable, facts)).collect()
    }

    /// The port that the document names at a byte offset: what covers the offset, or begins or ends there; in `.ports.env` and
    /// `.ports.env.example` the port of the line.
    #[must_use]
    pub fn at(document: &Document<'a>, facts: &'a Facts, offset: usize) -> Option<Self> {
        if FileKind::of(document.path) == FileKind::Analysed {
            let occurrence = document.analysis.at(offset)?;
            return Some(Self::of_occurrence(occurrence, facts.within(document.path), facts));
        }
        let line = |offset: usize| {
            let before = document.text.get(..offset).unwrap_or(document.text);
            before.bytes().filter(|byte| *byte == b'\n').count()
        };
        let is_at = |named: &Self| match FileKind::of(document.path) {
            FileKind::Lines => line(named.span.start) == line(offset),
            _ => named.span.start <= offset && offset <= named.span.end,
        };
        Self::all_in(document, facts).into_iter().find(is_at)
    }

    /// Every place of the document that names a port, in the order of the text.
    #[must_use]
    pub fn all_in(document: &Document<'a>, facts: &'a Facts) -> Vec<Self> {
        let path = facts.within(document.path);
        match FileKind::of(document.path) {
            FileKind::Lines => {
                let file = PortsEnv::parse(document.text);
                let lines = file.named_lines().map(|(variable, span, port)| {
                    let mention = Mention::Defined(variable.clone(), port);
                    Self::by_variable(span, mention, variable.clone(), facts)
                });
                lines.collect()
            }
            FileKind::Settings => Self::all_in_settings(document.text, facts),
            FileKind::Analysed => {
                let occurrences = document.analysis.occurrences.iter();
                occurrences.map(|occurrence| Self::of_occurrence(occurrence, path, facts)).collect()
            }
        }
    }

    /// Whether the text at the place is the variable's name, so that another name can take its place; not the number that is
    /// the default of its lookup.
    #[must_use]
    pub fn is_name(&self, text: &str) -> bool {
        self.mention.name().is_some_and(|name| text.get(self.span.clone()) == Some(name.as_str()))
    }

    fn by_variable(span: Range<usize>, mention: Mention, variable: Variable, facts: &'a Facts) -> Self {
        let port = facts.map.of_variable(&variable);
        Self { span, mention, variable: Some(variable), port, place: None, occurrence: None }
    }

    /// `path` is the file's, relative to the project's root.
    fn of_occurrence(occurrence: &'a Occurrence, path: &Path, facts: &'a Facts) -> Self {
        let mention = Mention::of(&occurrence.meaning);
        let (mapped, place) = facts.map.at(path, &occurrence.span).unzip();
        let variable = match mention.name() {
            Some(name) => {
                let read = facts.variable_read_as(name, path);
                // What `port-manager.toml` says goes before what the map makes of it.
                let mapped = mapped.filter(|_| read == *name).map(|port| port.variable.clone());
                Some(mapped.unwrap_or(read))
            }
            None => mapped.map(|port| port.variable.clone()),
        };
        let port = variable.as_ref().and_then(|variable| facts.map.of_variable(variable)).or(mapped);
        let span = occurrence.span.clone();
        Self { span, mention, variable, port, place, occurrence: Some(occurrence) }
    }
}

impl Facts {
    /// Every place on the map that is of the variable's port, by path and position, by whatever name the text reads it.
    pub fn places_of_variable<'f>(&'f self, variable: &'f Variable) -> impl Iterator<Item = &'f Place> {
        let mapped = self.map.of_variable(variable).into_iter().flat_map(|port| port.places.iter());
        let is_meant = |place: &Place, name: &Variable| self.variable_read_as(name, &place.path);
        // What `port-manager.toml` says goes before what the map makes of it.
        let own = mapped.filter(move |place| {
            place.variable.as_ref().is_none_or(|name| {
                let read = is_meant(place, name);
                read == *name || read == *variable
            })
        });
        let names: BTreeSet<Variable> = self
            .settings
            .renamed_in(&self.root)
            .into_iter()
            .filter(|entry| entry.variable == *variable && entry.name != *variable)
            .map(|entry| entry.name)
            .collect();
        let others = self.map.ports().iter().filter(move |port| names.contains(&port.variable));
        let others = others.flat_map(|port| port.places.iter()).filter(move |place| {
            place.variable.as_ref().is_some_and(|name| is_meant(place, name) == *variable)
        });
        // The lines of our own files are on the map as long as these are open.
        own.chain(others).filter(|place| FileKind::of(&place.path) == FileKind::Analysed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::{Analysis, Language, SyntaxCache, analyze};
    use crate::project::ProjectRoot;
    use crate::project::map::PortMap;
    use crate::rules::Settings;

    const SETTINGS: &str =
        "[run.\"web\"]\nPORT = \"WEB_PORT\"\n\n[env]\nAPI_URL = \"http://localhost:${API_PORT}/\"\n";

    /// A project with that file, and what it names.
    fn named(name: &str, text: &str) -> Vec<String> {
        let directory = tempfile::tempdir().unwrap();
        let root = ProjectRoot::exact(directory.path()).unwrap();
        let mut facts = Facts::load(root.clone(), None, Arc::new(PortMap::default())).unwrap();
        facts.settings = Settings::parse(SETTINGS, root.as_path()).unwrap();
        facts.listed = Some(vec![("API_PORT".parse().unwrap(), "5000".parse().ok())]);
        let path = root.as_path().join(name);
        let language = Language::of_path(&path).unwrap_or(Language::Toml);
        let analysis = match name {
            SETTINGS_FILE_NAME => Analysis::of_comments(text),
            _ => analyze(text, language, &mut SyntaxCache::default()),
        };
        let document = Document { path: &path, text, language, analysis: &analysis };
        let facts = facts.seeing(&document);
        let all = NamedPort::all_in(&document, &facts);
        for named in &all {
            let at = NamedPort::at(&document, &facts, named.span.end).unwrap();
            assert_eq!((&at.span, &at.variable), (&named.span, &named.variable), "{text}");
        }
        let describe = |named: &NamedPort<'_>| {
            let variable = named.variable.as_ref().map_or("none", Variable::as_str);
            format!("{} is {variable}", &text[named.span.clone()])
        };
        all.iter().map(describe).collect()
    }

    #[test]
    fn code_names_ports_by_number_and_by_variable() {
        assert_eq!(
            named("api.js", "fetch('http://localhost:5000'); const p = process.env.API_PORT || 5000;\n"),
            ["5000 is API_PORT", "API_PORT is API_PORT", "5000 is API_PORT"]
        );
        assert_eq!(named("web/server.js", "listen(process.env.PORT);\n"), ["PORT is WEB_PORT"]);
        assert_eq!(named("Makefile", "run:\n\tcurl localhost:$(API_PORT)\n"), ["API_PORT is API_PORT"]);
    }

    #[test]
    fn each_line_of_our_files_names_its_variable() {
        let text = "# ours\nexport WEB_PORT=8000 # web\nAPI_PORT=\nDEBUG=1\n";
        for name in [".ports.env", ".ports.env.example"] {
            assert_eq!(named(name, text), ["WEB_PORT is WEB_PORT", "API_PORT is API_PORT"], "{name}");
        }
    }

    #[test]
    fn settings_name_ports_in_two_tables() {
        assert_eq!(
            named("port-manager.toml", SETTINGS),
            ["PORT is WEB_PORT", "WEB_PORT is WEB_PORT", "API_PORT is API_PORT"]
        );
    }
}
