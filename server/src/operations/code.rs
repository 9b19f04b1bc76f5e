//! The port variables that a project's code reads.

use std::collections::BTreeSet;
use std::path::Path;

use crate::analysis::{self, Language, Meaning, SyntaxCache};
use crate::files::{self, ThisDisk};
use crate::project::{self, Aside, ProjectRoot};
use crate::variable::Variable;

/// What a project's code tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Code {
    /// The port variables that it reads, but for bare `PORT`, which names no service.
    pub(super) variables: BTreeSet<Variable>,
    /// Whether there was more to look at.
    pub(super) is_cut: bool,
}

/// Looks at as many files and directories of the project. Samples and the data of tests are not its
/// code, and files that cannot be read tell nothing.
pub(super) fn read(root: &ProjectRoot, most_entries: usize) -> Code {
    let mut code = Code::default();
    for (index, entry) in project::walk(root).build().enumerate() {
        if index >= most_entries {
            code.is_cut = true;
            break;
        }
        let Ok(entry) = entry else { continue };
        let path = entry.path();
        let Some(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            files::remove_abandoned(&ThisDisk, path);
        }
        let is_read = kind.is_file() && is_code(root, path);
        let Some(language) = Language::of_path(path).filter(|_| is_read) else { continue };
        if let Ok(text) = files::read_to_string(path) {
            let analysis = analysis::analyze(&text, language, &mut SyntaxCache::default());
            code.variables.extend(analysis.occurrences.into_iter().filter_map(|it| match it.meaning {
                Meaning::Reference { variable, .. } => Some(variable),
                _ => None,
            }));
        }
    }
    code.variables.retain(|variable| variable.is_port_name() && variable.service_name().is_some());
    code
}

fn is_code(root: &ProjectRoot, path: &Path) -> bool {
    let below = path.strip_prefix(root).ok().and_then(Path::parent);
    let is_foreign = |name| Aside::of_name(name).is_some_and(Aside::is_foreign);
    !below.is_some_and(|directories| directories.iter().any(is_foreign))
}
