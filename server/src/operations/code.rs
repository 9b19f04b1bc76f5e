//! The port variables that a project's code reads.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::analysis::{self, Aside, Language, Meaning, Occurrence, SyntaxCache};
use crate::files::{self, ThisDisk};
use crate::port::Port;
use crate::project::{self, MOST_ENTRIES, ProjectRoot};
use crate::rules::{SETTINGS_FILE_NAME, Settings};
use crate::variable::Variable;

/// A place in the code that reads a variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reader {
    /// The file, relative to the project's root.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

/// How the code uses one variable.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Where it is read, by path and line.
    pub(super) readers: Vec<Reader>,
    /// The number that the code itself uses without it, `8080` in `process.env.WEB_PORT || 8080`; `None` where it uses
    /// none, or several.
    pub(super) default: Option<Port>,
}

/// How the project's code uses each of the variables, in their order. Files that cannot be read are passed over.
pub(super) fn uses(root: &ProjectRoot, variables: &[&Variable]) -> Vec<Uses> {
    let mut readers = vec![BTreeSet::new(); variables.len()];
    let mut defaults = vec![BTreeSet::new(); variables.len()];
    if variables.is_empty() {
        return Vec::new();
    }
    for_each_file(root, |path, text, occurrences| {
        for Occurrence { span, meaning, .. } in occurrences {
            let wanted = |its: &Variable| variables.iter().position(|wanted| *wanted == its);
            match meaning {
                Meaning::Reference { variable, .. } => {
                    let Some(index) = wanted(&variable) else { continue };
                    let line = text[..span.start].matches('\n').count() + 1;
                    let path = path.strip_prefix(root).unwrap_or(path).to_owned();
                    readers[index].insert(Reader { path, line });
                }
                Meaning::Fallback { port, variable: Some(variable), address: None } => {
                    let Some(index) = wanted(&variable) else { continue };
                    defaults[index].insert(port);
                }
                _ => {}
            }
        }
    });
    let uses = |(readers, mut defaults): (BTreeSet<Reader>, BTreeSet<Port>)| Uses {
        readers: readers.into_iter().collect(),
        default: if defaults.len() == 1 { defaults.pop_first() } else { None },
    };
    readers.into_iter().zip(defaults).map(uses).collect()
}

/// Looks at each of the project's own files that have a language: its path, its text, and what was found in it. Of
/// very large projects the first files are enough.
fn for_each_file(root: &ProjectRoot, mut look: impl FnMut(&Path, &str, Vec<Occurrence>)) {
    // One that cannot be read says nothing here: `check` and `run` report it.
    let settings = Settings::load(root.nearest_with(SETTINGS_FILE_NAME)).unwrap_or_default();
    for entry in project::walk(root).build().take(MOST_ENTRIES).flatten() {
        let path = entry.path();
        let Some(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            files::remove_abandoned(&ThisDisk, path);
        }
        let is_read = kind.is_file() && is_code(root, path);
        let Some(language) = Language::of_path(path).filter(|_| is_read) else { continue };
        if let Ok(text) = files::read_to_string(path) {
            let analysis =
                analysis::analyze_by(&text, language, settings.packs(), &mut SyntaxCache::default());
            look(path, &text, analysis.occurrences);
        }
    }
}

fn is_code(root: &ProjectRoot, path: &Path) -> bool {
    let below = path.strip_prefix(root).ok().and_then(Path::parent);
    let is_foreign = |name| Aside::of_name(name).is_some_and(Aside::is_foreign);
    !below.is_some_and(|directories| directories.iter().any(is_foreign))
}
