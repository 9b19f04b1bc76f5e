//! Each test shows a text with a port, and what the fixes make of it.

mod documentation;
mod formats;
mod offers;
mod programs;

use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::analysis::Language;
use crate::ports_env::PortsEnv;
use crate::project::ProjectRoot;
use crate::registry::Registry;
use crate::rules::check;

/// A project of its own with the given `.ports.env`.
struct Project {
    directory: tempfile::TempDir,
    facts: Facts,
}

impl Project {
    fn with(ports_env: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let facts = Facts {
            root: ProjectRoot::exact(directory.path()).unwrap(),
            ports_env: Some(PortsEnv::parse(ports_env)),
            defined_elsewhere: Default::default(),
            listed: None,
            scene: Default::default(),
            settings: Default::default(),
            is_registry_known: true,
            registry: Arc::new(Registry::default()),
        };
        Self { directory, facts }
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
        let diagnostics = check(&document, &self.facts);
        let Some(first) = diagnostics.first() else { return Vec::new() };
        fixes(first, &document, &self.facts)
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
        check(&document, &self.facts)
            .iter()
            .filter(|diagnostic| diagnostic.rule == Rule::HardcodedPort)
            .any(|diagnostic| first_repair(diagnostic, &document, &self.facts).is_some())
    }

    /// The text that the first repair of the first hardcoded port leaves.
    fn repaired(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        let language = Language::of_path(&path).unwrap();
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let document = Document { path: &path, text, language, analysis: &analysis };
        let diagnostics = check(&document, &self.facts);
        let hardcoded = diagnostics.iter().find(|diagnostic| diagnostic.rule == Rule::HardcodedPort);
        let diagnostic = hardcoded.unwrap_or_else(|| panic!("nothing is hardcoded in {text}"));
        first_repair(diagnostic, &document, &self.facts)
            .map_or_else(|| NO_FIX.to_owned(), |fix| apply(text, &fix.edits).unwrap())
    }
}

/// What stands in place of a fix where none is offered.
const NO_FIX: &str = "no fix";

/// Holds, for a file of that name in a project with `WEB_PORT=8080`, what the first repair makes of
/// each text.
#[track_caller]
fn assert_repairs(name: &str, cases: &[(&str, &str)]) {
    let project = Project::with("WEB_PORT=8080\n");
    for (before, after) in cases {
        assert_eq!(project.repaired(name, before), *after, "{before}");
    }
}
