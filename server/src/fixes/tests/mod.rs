//! Each test shows a text with a port, and what the fixes make of it.

mod documentation;
mod formats;
mod offers;
mod pages;
mod programs;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::analysis::{Language, analyze};
use crate::port::Port;
use crate::ports_env::PortsEnv;
use crate::project::ProjectRoot;
use crate::project::map::Memory;
use crate::registry::Registry;
use crate::rules::{Settings, check};

/// A project of its own with the given `.ports.env`.
struct Project {
    directory: tempfile::TempDir,
    facts: Facts,
}

impl Project {
    /// Whose `.ports.env.example` says the same: the numbers are the default numbers of these variables.
    fn with(ports_env: &str) -> Self {
        let listed = PortsEnv::parse(ports_env);
        let listed = listed.variables().map(|variable| (variable.clone(), listed.get(variable))).collect();
        Self::remembering(ports_env, Memory { listed, ..Memory::default() })
    }

    fn remembering(ports_env: &str, memory: Memory) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("go.mod"), "module example.com/shop\n\ngo 1.22\n").unwrap();
        let facts = Facts {
            root: ProjectRoot::exact(directory.path()).unwrap(),
            ports_env: Some(PortsEnv::parse(ports_env)),
            defined_elsewhere: Default::default(),
            listed: Some(memory.listed),
            example: None,
            scene: Default::default(),
            settings: Default::default(),
            is_registry_known: true,
            registry: Arc::new(Registry::default()),
            map: Arc::default(),
            is_among_tests: false,
            is_tests: false,
            opened_as: None,
            is_left_out: false,
        };
        Self { directory, facts }
    }

    /// The same project with a `port-manager.toml` that asks for no defaults.
    fn without_defaults(ports_env: &str) -> Self {
        let mut project = Self::with(ports_env);
        std::fs::write(project.path("port-manager.toml"), "[fixes]\ndefault = \"none\"\n").unwrap();
        project.facts.settings = Settings::load(project.directory.path()).unwrap();
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join(name)
    }

    /// Every fix for the first diagnostic of the text: its title and the text that it leaves.
    fn offers(&self, name: &str, text: &str) -> Vec<(String, String)> {
        let path = self.path(name);
        let language = Language::of_path(&path).unwrap();
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let document = Document { path: &path, text, language, analysis: &analysis };
        let facts = self.facts.seeing(&document);
        let diagnostics = check(&document, &facts);
        let Some(first) = diagnostics.first() else { return Vec::new() };
        Fixer::new(&document, &facts)
            .fixes(first)
            .into_iter()
            .map(|fix| (fix.title, apply(text, &fix.edits).unwrap()))
            .collect()
    }

    /// Whether any place of the text has a fix that repairs it.
    fn can_repair(&self, name: &str, text: &str) -> bool {
        let path = self.path(name);
        let language = Language::of_path(&path).unwrap();
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let document = Document { path: &path, text, language, analysis: &analysis };
        let facts = self.facts.seeing(&document);
        check(&document, &facts)
            .iter()
            .filter(|diagnostic| diagnostic.rule == Rule::HardcodedPort)
            .any(|diagnostic| Fixer::new(&document, &facts).first_repair(diagnostic).is_some())
    }

    /// Whether the analysis sees 8080 in a text as what `WEB_PORT` falls back to.
    fn has_default(&self, name: &str, text: &str) -> bool {
        let language = Language::of_path(&self.path(name)).unwrap();
        analyze(text, language, &mut SyntaxCache::default()).occurrences.iter().any(|occurrence| {
            matches!(
                &occurrence.meaning,
                Meaning::Fallback { port, variable: Some(variable), .. }
                    if port.get() == 8080 && variable.as_str() == "WEB_PORT"
            )
        })
    }

    /// The text that the first repair of the first hardcoded port leaves.
    fn repaired(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        let language = Language::of_path(&path).unwrap();
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let document = Document { path: &path, text, language, analysis: &analysis };
        let facts = self.facts.seeing(&document);
        let diagnostics = check(&document, &facts);
        let hardcoded = diagnostics.iter().find(|diagnostic| diagnostic.rule == Rule::HardcodedPort);
        let diagnostic = hardcoded.unwrap_or_else(|| panic!("nothing is hardcoded in {text}"));
        Fixer::new(&document, &facts)
            .first_repair(diagnostic)
            // One that edits another file leaves the text as it is.
            .filter(|fix| !fix.edits.is_empty())
            .map_or_else(|| NO_FIX.to_owned(), |fix| apply(text, &fix.edits).unwrap())
    }
}

/// The text that is shown where no fix is offered.
const NO_FIX: &str = "no fix";

/// Holds, for a file of that name in a project with `WEB_PORT=8080`, what the first repair makes of
/// each text.
#[track_caller]
fn assert_repairs(name: &str, cases: &[(&str, &str)]) {
    assert_repairs_in(&Project::with("WEB_PORT=8080\n"), name, cases);
}

/// The same where the project wants no defaults.
#[track_caller]
fn assert_bare_repairs(name: &str, cases: &[(&str, &str)]) {
    assert_repairs_in(&Project::without_defaults("WEB_PORT=8080\n"), name, cases);
}

#[track_caller]
fn assert_repairs_in(project: &Project, name: &str, cases: &[(&str, &str)]) {
    for (before, after) in cases {
        let repaired = project.repaired(name, before);
        assert_eq!(repaired, *after, "{before}");
        let is_bare = project.facts.settings.fallback() == Fallback::None;
        assert!(
            *after == NO_FIX || is_bare || project.has_default(name, after),
            "no default is seen in {after}"
        );
    }
}
