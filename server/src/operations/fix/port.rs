//! The repairs of every certain place of one port, file by file.

use std::path::{Path, PathBuf};

use super::super::check::{NewerText, Projects};
use super::judgement::PortKey;
use super::{FileFixes, Finder, LookedAt};
use crate::rules::{Facts, Selection};
use crate::variable::Variable;

/// Looks for the repairs of one port. The variable needs no number yet.
pub struct PortFixes<'a> {
    port: PortKey,
    projects: Projects,
    newer: &'a NewerText<'a>,
    /// The files in which the map knows a number of the port that runs here.
    pub files: Vec<PathBuf>,
}

/// What can be repaired of a port in one of its files.
#[derive(Debug, Default)]
pub struct PortInFile {
    /// The repairs.
    pub fixes: Option<FileFixes>,
    /// Whether a place has to be edited by hand, so that no place of the port is to be repaired.
    pub needs_hands: bool,
}

impl<'a> PortFixes<'a> {
    /// For the port of that variable; `None` where the project has no such port.
    #[must_use]
    pub fn of(facts: &Facts, variable: &Variable, newer: &'a NewerText<'a>) -> Option<Self> {
        let port = facts.map.of_variable(variable)?;
        let root = facts.root.as_path();
        let files = port.files_here().into_iter().map(|path| root.join(path)).collect();
        let port_key = (root.to_owned(), variable.clone());
        Some(Self { port: port_key, projects: Projects::of(facts.assuming(port)), newer, files })
    }

    /// Looks at one of the files.
    #[must_use]
    pub fn look(&self, path: &Path) -> PortInFile {
        let rules = Selection::default();
        let finder = Finder { rules: &rules, projects: &self.projects, newer: Some(self.newer) };
        let looked = finder.look(path.to_owned(), false, &mut Vec::new(), &|port| port == Some(&self.port));
        let Some(LookedAt { judgement, fixes, .. }) = looked else { return PortInFile::default() };
        PortInFile { needs_hands: judgement.by_hand().next().is_some(), fixes }
    }

    /// The repairs of all files; `None` where a place has to be edited by hand.
    #[must_use]
    pub fn all(&self) -> Option<Vec<FileFixes>> {
        let looked = self.files.iter().map(|path| self.look(path));
        let found = looked.map(|file| (!file.needs_hands).then_some(file.fixes));
        Some(found.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
    }
}
