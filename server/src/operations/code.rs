//! The port variables that a project's code reads.

use std::collections::BTreeSet;

use crate::analysis::{self, Language, Meaning, SyntaxCache};
use crate::files::{self, ThisDisk};
use crate::project::{self, ProjectRoot};
use crate::variable::Variable;

/// Every port variable that the project's code reads, but for bare `PORT`, which names no service.
/// Files that cannot be read tell nothing.
pub(super) fn port_variables(root: &ProjectRoot) -> BTreeSet<Variable> {
    let mut variables = BTreeSet::new();
    for entry in project::walk(root).build().flatten() {
        let path = entry.path();
        let Some(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            files::remove_abandoned(&ThisDisk, path);
        }
        let Some(language) = Language::of_path(path).filter(|_| kind.is_file()) else { continue };
        if let Ok(text) = files::read_to_string(path) {
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
