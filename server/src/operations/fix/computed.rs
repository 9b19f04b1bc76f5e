//! The values of `[env]` that a project's `.env` files ask for: addresses with ports of the project.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::super::check::{Looked, Projects, Subject};
use crate::analysis::Kind;
use crate::fixes::computed_value;
use crate::rules::{Document, Facts};
use crate::variable::Variable;

/// The files that programs load on a developer's machine.
const OWN: &[&str] = &[".env", ".env.local", ".env.development", ".env.development.local"];

/// The files that show what those are to have.
const EXAMPLES: &[&str] =
    &[".env.example", ".env.sample", ".env.template", ".env.dist", ".env.local.example", "env.example"];

/// A value that is computed from ports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComputedAddress {
    /// The variable: `API_URL`.
    pub name: Variable,
    /// Its value: `http://localhost:${API_PORT}`.
    pub value: String,
    /// The file that has the value with the number, relative to the project's root.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

/// The values that the project's files of variables ask for, by name. A name that has several is left out, since the table is the
/// whole project's; an example counts where no file gives the name a value, as a developer may have another one.
pub(super) fn find(facts: &Facts, projects: &Projects) -> Vec<ComputedAddress> {
    let (mut own, mut of_examples) = (Named::default(), Named::default());
    let components = facts.map.components();
    let directories: Vec<&Path> = std::iter::once(Path::new("")).chain(components.directories()).collect();
    for (names, found) in [(OWN, &mut own), (EXAMPLES, &mut of_examples)] {
        for path in directories.iter().flat_map(|directory| names.iter().map(|name| directory.join(name))) {
            found.read(&path, facts, projects);
        }
    }
    let mut found = own.distinct();
    found.extend(of_examples.distinct().into_iter().filter(|it| !own.names.contains_key(it.name.as_str())));
    found.retain(|it| !facts.settings.computed_values().has(&it.name));
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// What the files of a kind give each name.
#[derive(Default)]
struct Named {
    names: BTreeMap<String, Vec<Option<ComputedAddress>>>,
}

impl Named {
    /// Adds the lines of a file, where there is one.
    fn read(&mut self, path: &Path, facts: &Facts, projects: &Projects) {
        let mut buffer = Vec::new();
        let looked = Subject::look(&facts.root.as_path().join(path), true, &mut buffer, projects, None);
        let Ok(Looked::Subject(subject)) = looked else { return };
        if subject.facts.root != facts.root {
            return;
        }
        let document = subject.document();
        let mut begin = 0;
        for (index, line) in document.text.split_inclusive('\n').enumerate() {
            let span = begin..begin + line.len();
            begin = span.end;
            let Some(name) = name_of(line) else { continue };
            let computed = computed_in(&document, &span, path, facts).map(|(name, value)| ComputedAddress {
                name,
                value,
                path: path.to_owned(),
                line: index + 1,
            });
            self.names.entry(name.to_owned()).or_default().push(computed);
        }
    }

    /// The values of names that have one.
    fn distinct(&self) -> Vec<ComputedAddress> {
        let one = |values: &Vec<Option<ComputedAddress>>| {
            let (first, rest) = values.split_first()?;
            let first = first.as_ref()?;
            let is_same = |other: &Option<ComputedAddress>| {
                other.as_ref().is_some_and(|other| other.value == first.value)
            };
            rest.iter().all(is_same).then(|| first.clone())
        };
        self.names.values().filter_map(one).collect()
    }
}

/// The name that a line gives a value.
fn name_of(line: &str) -> Option<&str> {
    let (assigned, _) = line.split_once('=').filter(|_| !line.trim_start().starts_with('#'))?;
    Some(assigned.trim().trim_start_matches("export ").trim())
}

/// The value of a line, where all numbers of addresses in it are ports of the project. A file that git ignores is not on the map, so
/// that the number alone tells which port it is.
fn computed_in(
    document: &Document<'_>,
    line: &Range<usize>,
    path: &Path,
    facts: &Facts,
) -> Option<(Variable, String)> {
    let occurrences = document.analysis.occurrences.iter();
    let literals = occurrences
        .filter(|occurrence| line.contains(&occurrence.span.start))
        .filter_map(|occurrence| Some((occurrence, occurrence.meaning.literal()?)))
        .filter(|(_, literal)| literal.kind == Kind::EnvironmentFile);
    let numbers = literals.map(|(occurrence, literal)| {
        let known = facts.map.at(path, &occurrence.span).map(|(port, _)| port);
        let mut same = facts.map.with_default(literal.port);
        let port = known.or_else(|| same.next().filter(|_| same.next().is_none()))?;
        let is_ours = port.is_decided_here() && facts.port(&port.variable).is_some();
        is_ours.then(|| (occurrence.span.clone(), &port.variable))
    });
    let mut numbers: Vec<_> = numbers.collect::<Option<_>>()?;
    numbers.sort_by_key(|(span, _)| span.start);
    computed_value(document.text, &numbers)
}
