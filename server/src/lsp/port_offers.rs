//! What was found in the files of a port when the fix for all of them was offered, so that the next offer reads only the files
//! that have changed since. A port may have places in hundreds of files, and an editor asks at each move of the cursor.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::open_texts::OpenTexts;
use crate::files::{self, Stamp, fingerprint};
use crate::operations::fix::{PortFixes, PortInFile};
use crate::project::map::PortMap;
use crate::rules::Facts;
use crate::variable::Variable;

/// How many ports are kept.
const MOST_PORTS: usize = 16;

/// What was found, by the project's root and the port's variable.
#[derive(Debug, Default)]
pub(super) struct PortOffers(Mutex<HashMap<(PathBuf, Variable), Arc<Kept>>>);

/// What was found in the files of a port.
#[derive(Debug)]
struct Kept {
    /// The map that it was found with.
    map: Arc<PortMap>,
    /// The states of the files besides the code that decide what is repaired.
    sources: Vec<Stamp>,
    files: BTreeMap<PathBuf, (Version, Found)>,
}

/// The text of a file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Version {
    Open(u64),
    OnDisk(Stamp),
}

/// What was found of a port in one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// How many places would be repaired.
    pub(super) count: usize,
    /// Where the edits are made.
    pub(super) edits: Vec<Range<usize>>,
    /// Identifies the text that they are made in.
    pub(super) text: u64,
    /// Whether a place has to be edited by hand.
    pub(super) needs_hands: bool,
    /// Whether `port-manager.toml` has to name the variable for a page.
    pub(super) needs_names: bool,
}

impl PortOffers {
    /// What is found of a port in each of its files. Those are read that have changed since they were last asked for.
    pub(super) fn found(
        &self,
        facts: &Facts,
        variable: &Variable,
        fixes: &PortFixes<'_>,
        open: &OpenTexts,
    ) -> BTreeMap<PathBuf, Found> {
        let key = (facts.root.as_path().to_owned(), variable.clone());
        let sources: Vec<Stamp> = Facts::sources(&facts.root).iter().map(|path| Stamp::of(path)).collect();
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        // An editor's text may have moved the places of its file. That file has another version then.
        let kept = kept.filter(|kept| kept.map.has_ports_of(&facts.map) && kept.sources == sources);
        let version = |path: &Path| {
            let text = files::canonicalize_new(path).ok().and_then(|path| open.text(&path));
            text.map_or_else(|| Version::OnDisk(Stamp::of(path)), |text| Version::Open(fingerprint(&*text)))
        };
        let before = kept.as_ref().map(|kept| &kept.files);
        let files = look_again(&fixes.files, before, version, |path| fixes.look(path).into());
        let found = files.iter().map(|(path, (_, found))| (path.clone(), found.clone())).collect();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_PORTS && !all.contains_key(&key) {
            all.clear();
        }
        all.insert(key, Arc::new(Kept { map: Arc::clone(&facts.map), sources, files }));
        found
    }
}

/// What is found in each of the files. Of those that are still the version that was looked at `before`, it is known.
fn look_again(
    paths: &[PathBuf],
    before: Option<&BTreeMap<PathBuf, (Version, Found)>>,
    version: impl Fn(&Path) -> Version,
    look: impl Fn(&Path) -> Found,
) -> BTreeMap<PathBuf, (Version, Found)> {
    let look_at = |path: &PathBuf| {
        // Taken first: a file that changes while it is looked at is looked at again.
        let version = version(path);
        let known = before.and_then(|before| before.get(path)).filter(|(before, _)| *before == version);
        let found = known.map_or_else(|| look(path), |(_, found)| found.clone());
        (path.clone(), (version, found))
    };
    paths.iter().map(look_at).collect()
}

impl From<PortInFile> for Found {
    fn from(PortInFile { fixes, needs_hands }: PortInFile) -> Self {
        let Some(fixes) = fixes else { return Self { needs_hands, ..Self::default() } };
        Self {
            count: fixes.count,
            edits: fixes.edits.iter().map(|edit| edit.span.clone()).collect(),
            text: fingerprint(&*fixes.text),
            needs_hands,
            needs_names: fixes.needs_names(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn only_files_that_changed_are_looked_at_again() {
        let paths: Vec<PathBuf> = ["a.js", "b.js", "c.js"].map(PathBuf::from).to_vec();
        let looked = RefCell::new(Vec::new());
        let look = |path: &Path| {
            looked.borrow_mut().push(path.to_owned());
            Found { count: 1, ..Found::default() }
        };
        let first = look_again(&paths, None, |_| Version::Open(1), look);
        assert_eq!(looked.take(), paths);
        let version = |path: &Path| Version::Open(if path == Path::new("b.js") { 2 } else { 1 });
        let second = look_again(&paths, Some(&first), version, look);
        assert_eq!(looked.take(), [PathBuf::from("b.js")]);
        assert_eq!(second.len(), 3);
        look_again(&paths[..1], Some(&second), version, look);
        assert_eq!(looked.take(), Vec::<PathBuf>::new());
    }
}
