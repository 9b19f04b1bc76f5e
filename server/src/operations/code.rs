//! The port variables that a project's code reads.

use std::collections::BTreeSet;
use std::fs;

use crate::analysis::{self, Language, Meaning, SyntaxCache};
use crate::project::{self, ProjectRoot};
use crate::variable::Variable;

/// What is larger was not typed.
const LARGEST: u64 = 1 << 20;

/// Every port variable that the project's code reads, but for bare `PORT`, which names no service.
/// Files that cannot be read tell nothing.
pub(super) fn port_variables(root: &ProjectRoot) -> BTreeSet<Variable> {
    let mut variables = BTreeSet::new();
    for entry in project::walk(root).build().flatten() {
        let path = entry.path();
        let Some(language) = Language::of_path(path) else { continue };
        let is_readable = entry.metadata().is_ok_and(|it| it.is_file() && it.len() <= LARGEST);
        if is_readable && let Ok(text) = fs::read_to_string(path) {
            let analysis = analysis::analyze(&text, language, &mut SyntaxCache::default());
            variables.extend(analysis.occurrences.into_iter().filter_map(|it| match it.meaning {
                Meaning::Reference { variable, .. } => Some(variable),
                _ => None,
            }));
        }
    }
    variables.retain(|variable| variable.is_port_name() && variable.service_name().is_some());
    variables
}
