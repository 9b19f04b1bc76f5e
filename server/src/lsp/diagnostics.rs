//! What the rules say about one document, in the client's terms.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;

use super::client_features::ClientFeatures;
use super::server::Server;
use super::text::{Encoding, Text};
use super::uri;
use crate::analysis::{Language, Meaning};
use crate::ports_env::{self, PortsEnv, ProblemKind};
use crate::project::map::{MappedPort, Place, Role};
use crate::registry::Owner;
use crate::rules::{Diagnostic, Document, Facts, Rule, SettingsFault, Severity};
use crate::text::printable;
use crate::variable::Variable;
use crate::version;

/// The source of the diagnostics, as clients show it.
const SOURCE: &str = "port-manager";

/// How many related places a diagnostic names. A port may have thousands of places.
const MOST_RELATED: usize = 5;

/// How many diagnostics of a document name related places. A file of which every line is a finding is sent at every keystroke.
const MOST_WITH_RELATED: usize = 100;

/// A document, as its diagnostics have to name it.
pub(super) struct Terms<'a> {
    pub(super) uri: &'a lsp::Uri,
    pub(super) text: &'a Text,
    pub(super) document: Document<'a>,
    pub(super) facts: &'a Facts,
    pub(super) features: &'a ClientFeatures,
    /// Knows which files are open, and the other projects.
    pub(super) server: &'a Server,
}

impl Terms<'_> {
    /// The diagnostics of the document, each as the client understands it, in the same order.
    pub(super) fn all(&self, diagnostics: &[Diagnostic]) -> Vec<lsp::Diagnostic> {
        let related = Related { terms: self, ports: RefCell::default(), uris: RefCell::default() };
        let ineffective = self.ineffective_lines();
        let pages = self.pages(diagnostics);
        let mut counts = HashMap::new();
        let diagnostics = diagnostics.iter().enumerate().map(|(number, diagnostic)| {
            let count =
                counts.entry((diagnostic.rule, diagnostic.port, &diagnostic.variable)).or_insert(0_usize);
            let index = *count;
            *count += 1;
            let related = Some(&related).filter(|_| number < MOST_WITH_RELATED);
            let page = pages.get(&diagnostic.rule).cloned();
            self.one(diagnostic, index, page, related, &ineffective)
        });
        diagnostics.collect()
    }

    fn one(
        &self,
        diagnostic: &Diagnostic,
        index: usize,
        page: Option<lsp::CodeDescription>,
        related: Option<&Related<'_>>,
        ineffective: &[usize],
    ) -> lsp::Diagnostic {
        let features = self.features;
        let Diagnostic { rule, port, variable, .. } = diagnostic;
        let has_no_effect = *rule == Rule::InvalidPortsEnv && ineffective.contains(&diagnostic.span.start);
        lsp::Diagnostic {
            range: self.text.range(&diagnostic.span, features.encoding),
            severity: Some(match diagnostic.severity {
                Severity::Warning => lsp::DiagnosticSeverity::Warning,
                Severity::Information => lsp::DiagnosticSeverity::Information,
                Severity::Hint => lsp::DiagnosticSeverity::Hint,
            }),
            code: Some(rule.name().to_owned().into()),
            code_description: page,
            source: Some(SOURCE.to_owned()),
            message: printable(&diagnostic.message).into(),
            tags: (has_no_effect && features.unnecessary_tag).then(|| vec![lsp::DiagnosticTag::Unnecessary]),
            related_information: related
                .filter(|_| features.related_information)
                .map(|related| related.of(diagnostic))
                .filter(|related| !related.is_empty()),
            // It tells the diagnostic from others on another line that the client knows as well.
            data: features
                .diagnostic_data
                .then(|| json!({"port": port, "variable": variable, "index": index})),
        }
    }

    /// Where the page of each rule is that found something, if the client shows that.
    fn pages(&self, diagnostics: &[Diagnostic]) -> HashMap<Rule, lsp::CodeDescription> {
        let rules: HashSet<Rule> = diagnostics.iter().map(|diagnostic| diagnostic.rule).collect();
        let rules = rules.into_iter().filter(|_| self.features.code_descriptions);
        let page = |rule: Rule| {
            let href = lsp::Uri::parse(&rule.address_in(version::REPOSITORY)?).ok()?;
            Some((rule, lsp::CodeDescription { href }))
        };
        rules.filter_map(page).collect()
    }

    /// Where the lines of `.ports.env` begin that say nothing: a later line gives the same variable another value.
    fn ineffective_lines(&self) -> Vec<usize> {
        if self.document.language != Language::PortsEnv {
            return Vec::new();
        }
        let file = PortsEnv::parse(self.document.text);
        let problems = file.problems().iter();
        let repeated = problems.filter(|it| matches!(it.kind, ProblemKind::DuplicateVariable { .. }));
        repeated.map(|problem| problem.span.start).collect()
    }
}

/// What keeps `port-manager.toml` from being obeyed: an error, as nothing of the project is judged until it is repaired. It is
/// no rule, which could be turned off in the very file.
pub(super) fn of_fault(fault: &SettingsFault, text: &Text, features: &ClientFeatures) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range: text.range(&fault.span, features.encoding),
        severity: Some(lsp::DiagnosticSeverity::Error),
        code: Some("invalid-settings".to_owned().into()),
        source: Some(SOURCE.to_owned()),
        message: printable(&fault.message).into(),
        ..Default::default()
    }
}

/// Finds the places that diagnostics of a document are related to. What several of them ask is looked up once.
struct Related<'a> {
    terms: &'a Terms<'a>,
    /// The first places of each port.
    ports: RefCell<HashMap<Variable, Vec<&'a Place>>>,
    uris: RefCell<HashMap<PathBuf, Option<lsp::Uri>>>,
}

impl<'a> Related<'a> {
    fn of(&self, diagnostic: &Diagnostic) -> Vec<lsp::DiagnosticRelatedInformation> {
        let mut related: Vec<_> = self.of_other_project(diagnostic).into_iter().collect();
        related.extend(self.in_same_ports_env(diagnostic));
        let own = self.terms.facts.within(self.terms.document.path);
        let is_other = |place: &&Place| place.path != own || place.span != diagnostic.span;
        let places = self.places(diagnostic).into_iter().filter(is_other);
        related.extend(places.filter_map(|place| self.of_place(place)));
        related.truncate(MOST_RELATED);
        related
    }

    /// The places of the port that a diagnostic is about, or of the ports that it may be about.
    fn places(&self, diagnostic: &Diagnostic) -> Vec<&'a Place> {
        let map = &self.terms.facts.map;
        if let Some(variable) = &diagnostic.variable {
            if let Some(known) = self.ports.borrow().get(variable) {
                return known.clone();
            }
            let places = map.of_variable(variable).map_or_else(Vec::new, first_places);
            self.ports.borrow_mut().insert(variable.clone(), places.clone());
            return places;
        }
        let ports = diagnostic.port.filter(|_| diagnostic.rule.is_about_a_number());
        let ports = ports.into_iter().flat_map(|number| map.with_default(number));
        ports.flat_map(first_places).take(MOST_RELATED + 1).collect()
    }

    fn of_place(&self, place: &Place) -> Option<lsp::DiagnosticRelatedInformation> {
        let Terms { uri, text, document, facts, features, .. } = self.terms;
        let location = if place.path == facts.within(document.path) {
            lsp::Location { uri: (*uri).clone(), range: text.range(&place.span, features.encoding) }
        } else {
            let path = facts.root.as_path().join(&place.path);
            lsp::Location { uri: self.uri_of(path)?, range: range_of(place, features.encoding) }
        };
        Some(lsp::DiagnosticRelatedInformation { location, message: printable(&what_is_at(place)) })
    }

    /// The line in `.ports.env` of the other project that has the port.
    fn of_other_project(&self, diagnostic: &Diagnostic) -> Option<lsp::DiagnosticRelatedInformation> {
        if diagnostic.rule != Rule::PortConflict {
            return None;
        }
        let port = diagnostic.port?;
        let Owner::Project { key, name, variable, .. } = self.terms.facts.registry.owner(port)? else {
            return None;
        };
        let Terms { features, server, .. } = self.terms;
        let uri = self.uri_of(Path::new(key).join(ports_env::FILE_NAME))?;
        let message = printable(&format!("{name} has port {port} as {variable}"));
        let range = server.knowledge.ports_env_of(Path::new(key)).and_then(|file| {
            let (_, name, _) = file.named_lines().filter(|(other, ..)| *other == variable).last()?;
            Some(Text::new(&file.to_text()).range(&name, features.encoding))
        });
        // The registry has it, whatever became of the file.
        let location = lsp::Location { uri, range: range.unwrap_or_default() };
        Some(lsp::DiagnosticRelatedInformation { location, message })
    }

    /// The other lines of the same `.ports.env` with the variable or the port.
    fn in_same_ports_env(&self, diagnostic: &Diagnostic) -> Vec<lsp::DiagnosticRelatedInformation> {
        let Terms { uri, text, document, features, .. } = self.terms;
        if diagnostic.rule != Rule::InvalidPortsEnv {
            return Vec::new();
        }
        let lines = document.analysis.occurrences.iter().filter_map(|occurrence| {
            let Meaning::Definition { variable, port } = &occurrence.meaning else { return None };
            let is_same = match diagnostic.port {
                Some(wanted) => *port == Some(wanted),
                None => diagnostic.variable.as_ref() == Some(variable),
            };
            let is_here =
                occurrence.span.start < diagnostic.span.end && diagnostic.span.start < occurrence.span.end;
            (is_same && !is_here).then(|| lsp::DiagnosticRelatedInformation {
                location: lsp::Location {
                    uri: (*uri).clone(),
                    range: text.range(&occurrence.span, features.encoding),
                },
                message: format!("{variable} is given a value here"),
            })
        });
        lines.take(MOST_RELATED).collect()
    }

    fn uri_of(&self, path: PathBuf) -> Option<lsp::Uri> {
        if let Some(known) = self.uris.borrow().get(&path) {
            return known.clone();
        }
        let found = self.terms.server.state().uri_of(&path).or_else(|| uri::from_file(&path));
        self.uris.borrow_mut().insert(path, found.clone());
        found
    }
}

/// The first places of a port: where something listens, then the others.
fn first_places(port: &MappedPort) -> Vec<&Place> {
    let others = port.places.iter().filter(|place| !place.role.decides());
    port.listening().chain(others).take(MOST_RELATED + 1).collect()
}

/// The range of a place in a file whose text is not at hand.
fn range_of(place: &Place, encoding: Encoding) -> lsp::Range {
    let number = |value| u32::try_from(value).unwrap_or(u32::MAX);
    let before = match encoding {
        Encoding::Utf8 => place.before.utf8,
        Encoding::Utf16 => place.before.utf16,
    };
    let line = number(place.line.saturating_sub(1));
    // A number or the name of a variable: of the same length in every encoding.
    let end = before + place.span.len();
    lsp::Range {
        start: lsp::Position { line, character: number(before) },
        end: lsp::Position { line, character: number(end) },
    }
}

/// What a place does with its port, as a sentence.
fn what_is_at(place: &Place) -> String {
    match (place.role, &place.variable) {
        (Role::Listens, _) => "A service listens on the port here".to_owned(),
        (Role::Publishes, _) => "The port is published here".to_owned(),
        (Role::Connects, _) => "A client connects to the port here".to_owned(),
        (Role::Sets, _) => "The number is set here".to_owned(),
        (Role::Falls, Some(variable)) => format!("The number is the default of {variable} here"),
        (Role::Falls, None) => "The number is a default here".to_owned(),
        (Role::Reads, Some(variable)) => format!("{variable} is read here"),
        (Role::Reads, None) => "The variable is read here".to_owned(),
        (Role::Defines, Some(variable)) => format!("{variable} is given a value here"),
        (Role::Defines, None) => "The variable is given a value here".to_owned(),
    }
}
