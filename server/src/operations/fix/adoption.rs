//! The repairs of a project that has no ports yet, as if it had them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::super::check::{Lines, Looked, NewerText, Projects, Subject};
use super::super::port_map::Reading;
use super::computed::Computable;
use super::{FileFixes, Finder, IncompletePort, Repairs};
use crate::port::Port;
use crate::project::map::PortMap;
use crate::rules::{self, Facts, Rule, Selection, Severity};
use crate::variable::Variable;

/// A project as it will be once it is set up.
pub(in crate::operations) struct AdoptedProject {
    facts: Facts,
    projects: Projects,
}

/// What can be repaired of it.
pub(in crate::operations) struct ProjectRepairs {
    /// The repairs, by path.
    pub(in crate::operations) files: Vec<FileFixes>,
    /// The ports of which some places can be repaired and others cannot, so that none is.
    pub(in crate::operations) incomplete: Vec<IncompletePort>,
}

/// A place that a person has to edit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PlaceByHand {
    /// The file, relative to the project's root.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The variable that belongs there.
    pub variable: Option<Variable>,
    /// The number that is typed there.
    pub port: Option<Port>,
    /// What is wrong, and what to do.
    pub message: String,
}

impl AdoptedProject {
    /// The project of these facts, with what was read of its files.
    pub(in crate::operations) fn new(facts: Facts, reading: Reading) -> Self {
        Self { projects: Projects::assuming(facts.clone(), reading), facts }
    }

    /// The repairs of its own files.
    pub(in crate::operations) fn repairs(&self) -> ProjectRepairs {
        let finder = Finder { rules: &Selection::default(), projects: &self.projects, newer: None };
        let looked = finder.look_below(&[self.facts.root.as_path().to_owned()]);
        let Repairs { files, incomplete } = finder.repairs(looked);
        // Projects that lie in this one are adopted by themselves.
        let files = files.into_iter().filter(|file| file.root == self.facts.root).collect();
        let relative = |path: PathBuf| self.facts.within(&path).to_owned();
        let incomplete = incomplete
            .into_iter()
            .map(|port| IncompletePort { by_hand: port.by_hand.into_iter().map(relative).collect(), ..port });
        ProjectRepairs { files, incomplete: incomplete.collect() }
    }

    /// The values of `[env]` that its `.env` files ask for.
    pub(in crate::operations) fn computable(&self) -> Computable {
        super::computed::find(&self.facts, &self.projects)
    }

    /// The map of its ports once these files have these texts.
    pub(in crate::operations) fn map_after<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p Path>,
        texts: &NewerText<'_>,
    ) -> Arc<PortMap> {
        let places = |path: &Path| {
            let mut buffer = Vec::new();
            let looked = Subject::look(path, true, &mut buffer, &self.projects, Some(texts));
            let Ok(Looked::Subject(subject)) = looked else { return None };
            let places = self.facts.places_of(&subject.document());
            Some((Arc::from(places.path.as_path()), Some(Arc::new(places))))
        };
        let files: Vec<_> = paths.into_iter().filter_map(places).collect();
        self.facts.map.updated(files, self.facts.memory(), None)
    }

    /// The places with a number that decides something here and that are left once the files have these texts.
    pub(in crate::operations) fn left(&self, texts: &NewerText<'_>) -> Vec<PlaceByHand> {
        let paths: BTreeSet<&Path> = self
            .facts
            .map
            .ports()
            .iter()
            .flat_map(|port| port.places.iter())
            .filter(|place| place.number.is_some())
            .map(|place| place.path.as_path())
            .collect();
        let mut left: Vec<PlaceByHand> =
            paths.into_iter().flat_map(|path| self.left_in(path, texts)).collect();
        left.sort();
        left
    }

    fn left_in(&self, path: &Path, texts: &NewerText<'_>) -> Vec<PlaceByHand> {
        let file = self.facts.root.as_path().join(path);
        let mut buffer = Vec::new();
        let looked = Subject::look(&file, true, &mut buffer, &self.projects, Some(texts));
        let Ok(Looked::Subject(subject)) = looked else { return Vec::new() };
        let document = subject.document();
        let lines = Lines::of(document.text);
        let found =
            rules::check_selected(&Selection::only(&[Rule::HardcodedPort]), &document, &subject.facts);
        let warnings = found.into_iter().filter(|found| found.severity == Severity::Warning);
        let left = warnings.map(|found| {
            let place = lines.place(&found.span);
            PlaceByHand {
                path: path.to_owned(),
                line: place.line,
                column: place.column,
                variable: found.variable,
                port: found.port,
                message: found.message,
            }
        });
        left.collect()
    }
}
