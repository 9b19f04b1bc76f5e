//! The port variables that a project's code reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ignore::{DirEntry, WalkBuilder};

use crate::analysis::{self, Language, Meaning, SyntaxCache};
use crate::project::ProjectRoot;
use crate::variable::Variable;

/// Directories of other people's code, which `.gitignore` mostly names, but not always.
const FOREIGN: [&str; 4] = [".git", "node_modules", "vendor", "third_party"];

/// What is larger was not typed.
const LARGEST: u64 = 1 << 20;

/// Every port variable that the project's code reads, but for bare `PORT`, which names no service.
/// Files that cannot be read tell nothing.
pub(super) fn port_variables(root: &ProjectRoot) -> BTreeSet<Variable> {
    let mut variables = BTreeSet::new();
    let walk = WalkBuilder::new(root).hidden(false).filter_entry(is_own).build();
    for entry in walk.flatten() {
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

/// Whether an entry belongs to the project at which the walk began.
fn is_own(entry: &DirEntry) -> bool {
    let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
    if entry.depth() == 0 || !is_directory {
        return true;
    }
    let is_foreign = entry.file_name().to_str().is_some_and(|name| FOREIGN.contains(&name));
    !is_foreign && !is_project(entry.path())
}

fn is_project(directory: &Path) -> bool {
    crate::project::is_root(directory)
}
