//! The values of `[env]` that a project's `.env` files ask for: addresses with ports of the project.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::super::check::{Looked, Projects, Subject};
use crate::analysis::Kind;
use crate::files;
use crate::fixes::{computed_value, name_of};
use crate::project::marks::exemplified;
use crate::rules::{Document, Facts};
use crate::variable::Variable;

/// The files that programs load on a developer's machine.
const OWN: &[&str] = &[".env", ".env.local", ".env.development", ".env.development.local"];

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

/// What the files of a project ask for, by name. A name with several values is left out, since the table is the whole project's.
#[derive(Debug, Default)]
pub(in crate::operations) struct Computable {
    /// Values that are in use on this machine.
    pub(in crate::operations) used: Vec<ComputedAddress>,
    /// Values of examples, of names that no other file gives a value.
    pub(in crate::operations) of_examples: Vec<ComputedAddress>,
}

/// The values that the project's files of variables ask for.
pub(super) fn find(facts: &Facts, projects: &Projects) -> Computable {
    let (mut own, mut examples) = (Named::default(), Named::default());
    let directories: BTreeSet<&Path> =
        std::iter::once(Path::new("")).chain(facts.map.components().directories()).collect();
    for directory in directories {
        let Ok(entries) = facts.root.as_path().join(directory).read_dir() else { continue };
        let mut names: Vec<OsString> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
        names.sort();
        for name in names.iter().filter_map(|name| name.to_str()) {
            if OWN.contains(&name) {
                own.read(&directory.join(name), facts, projects);
            } else if exemplified(name).is_some_and(|name| OWN.contains(&name)) {
                examples.read(&directory.join(name), facts, projects);
            }
        }
    }
    let is_new = |it: &ComputedAddress| !facts.settings.computed_values().has(&it.name);
    let used = own.distinct().into_iter().filter(is_new).collect();
    let of_examples = examples.distinct().into_iter().filter(is_new);
    let of_examples = of_examples.filter(|it| !own.names.contains_key(it.name.as_str())).collect();
    Computable { used, of_examples }
}

/// What the files of a kind give each name.
#[derive(Default)]
struct Named {
    names: BTreeMap<String, Vec<Option<ComputedAddress>>>,
}

impl Named {
    /// Adds the lines of a file, where there is one.
    fn read(&mut self, path: &Path, facts: &Facts, projects: &Projects) {
        // What a link leads to outside of the project is not the project's to commit.
        let Ok(file) = files::within(facts.root.as_path(), path) else { return };
        let mut buffer = Vec::new();
        let looked = Subject::look(&file, true, &mut buffer, projects, None);
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
