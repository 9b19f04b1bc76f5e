//! The port maps of the projects whose files are open. A project's files are read in the background when the first of them
//! is opened; until then a file is judged by what it says itself. What an editor has open counts before the disk's text.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::analysis::Packs;
use crate::operations::{OpenSurveys, ProjectFiles, Touched};
use crate::ports_env;
use crate::project::ProjectRoot;
use crate::project::map::{FilePlaces, PortMap};
use crate::project::survey::Survey;

/// How often all files of a project are looked at that nobody watches, at most.
pub(super) const OFTEN: Duration = Duration::from_secs(2);

/// The maps by project.
#[derive(Debug, Default)]
pub(super) struct PortMaps(Mutex<HashMap<ProjectRoot, Project>>);

/// A project whose files are open.
#[derive(Debug, Default)]
pub(super) struct Project {
    pub(super) map: Arc<PortMap>,
    /// The rows by which its files are read; `None` before anything is.
    pub(super) packs: Option<Arc<Packs>>,
    /// What the disk says; `None` before it was read, and while it is read again.
    pub(super) files: Option<ProjectFiles>,
    /// Whether the map was made of all the project's files.
    pub(super) is_whole: bool,
    /// The documents that are open, as the client names them.
    pub(super) documents: HashSet<PathBuf>,
    /// What those say that are a part of the project, by path relative to the root.
    pub(super) open: BTreeMap<Arc<Path>, Open>,
    pub(super) touched: Touched,
    /// The files whose text is no longer an editor's.
    pub(super) closed: Vec<Arc<Path>>,
    /// Whether a task reads the files that were touched.
    pub(super) is_busy: bool,
    /// Whether the open documents are judged again when that is done, whatever comes of it.
    pub(super) is_to_be_judged: bool,
    /// Whether they will be judged again soon because one of them has changed.
    pub(super) is_judged_soon: bool,
    /// Whether no document is open, so that nobody looks at the files.
    pub(super) is_asleep: bool,
    /// When all files are looked at again.
    pub(super) next_look: Option<Instant>,
    /// How many looks in a row have found nothing new, while nobody typed.
    pub(super) calm_looks: u32,
}

/// What an open document says.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) places: Arc<FilePlaces>,
    /// What it says about other files.
    pub(super) survey: Option<Survey>,
}

impl PortMaps {
    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<ProjectRoot, Project>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the map of a project. It is made without the lock, and again where somebody else was quicker.
    pub(super) fn update(
        &self,
        root: &ProjectRoot,
        make: impl Fn(&Arc<PortMap>) -> Arc<PortMap>,
        keep: impl FnOnce(&mut Project),
    ) -> (Arc<PortMap>, Arc<PortMap>) {
        loop {
            let before = Arc::clone(&self.lock().entry(root.clone()).or_default().map);
            let after = make(&before);
            let mut projects = self.lock();
            let project = projects.entry(root.clone()).or_default();
            if Arc::ptr_eq(&project.map, &before) {
                project.map = Arc::clone(&after);
                keep(project);
                return (before, after);
            }
        }
    }

    /// Whether the map of a project was made of all its files.
    pub(super) fn is_whole(&self, root: &ProjectRoot) -> bool {
        self.lock().get(root).is_some_and(|project| project.is_whole)
    }

    /// The map of a project, if it is made of all its files as they are now, as far as anybody has told.
    pub(super) fn newest(&self, root: &ProjectRoot) -> Option<Arc<PortMap>> {
        let projects = self.lock();
        let project = projects.get(root).filter(|project| project.is_whole && !project.is_busy)?;
        Some(Arc::clone(&project.map))
    }

    /// The projects in which the document is open.
    pub(super) fn roots_with(&self, document: &Path) -> Vec<ProjectRoot> {
        let projects = self.lock();
        let with = projects.iter().filter(|(_, project)| project.documents.contains(document));
        with.map(|(root, _)| root.clone()).collect()
    }

    /// Notes that a document of the project is open, and no other project's any more; whether it is a part of the project.
    pub(super) fn opened(&self, document: &Path, path: &Path, root: &ProjectRoot) -> bool {
        let mut projects = self.lock();
        for (other, project) in projects.iter_mut().filter(|(other, _)| *other != root) {
            if project.documents.contains(document) {
                project.leave(document, &Arc::from(document.strip_prefix(other).unwrap_or(document)));
            }
        }
        let project = projects.entry(root.clone()).or_default();
        if !project.documents.contains(document) {
            project.documents.insert(document.to_owned());
        }
        project.is_asleep = false;
        if std::mem::take(&mut project.calm_looks) > 0 {
            project.next_look = project.next_look.map(|next| next.min(Instant::now() + OFTEN));
        }
        project.has(path, root)
    }
}

/// What the task that reads a project's files does when it has read some.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rest {
    /// Whether it ends: nothing is left to be read.
    pub(super) is_done: bool,
    /// Whether somebody waits for the open documents to be judged again.
    pub(super) is_to_be_judged: bool,
}

impl Project {
    /// What is left to the task that reads the files.
    pub(super) fn rest(&mut self) -> Rest {
        self.is_busy = !self.touched.is_empty() || !self.closed.is_empty();
        Rest { is_done: !self.is_busy, is_to_be_judged: std::mem::take(&mut self.is_to_be_judged) }
    }

    /// Notes that a document is open no more, or is another project's now. Nobody looks at the files of a project without one.
    pub(super) fn leave(&mut self, document: &Path, path: &Arc<Path>) {
        self.documents.remove(document);
        self.close(path);
        self.is_asleep = self.documents.is_empty();
    }

    /// Goes back to the disk's text of a file.
    fn close(&mut self, path: &Arc<Path>) {
        if self.open.remove(path).is_some() {
            self.closed.push(Arc::clone(path));
            // It may have been saved by others meanwhile.
            self.touched.add(path.to_path_buf());
        }
    }

    /// Whether an open document is a part of the project: git does not ignore it, as far as that is known.
    pub(super) fn has(&self, path: &Path, root: &ProjectRoot) -> bool {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_known = |files: &ProjectFiles| files.contains(path) || !root.as_path().join(path).exists();
        // What those of ours list is known otherwise.
        !name.starts_with(ports_env::FILE_NAME)
            && (self.open.contains_key(path) || self.files.as_ref().is_none_or(is_known))
    }

    /// What a file says: by its open text, else by the disk's.
    pub(super) fn places_of(&self, path: &Path) -> Option<Arc<FilePlaces>> {
        match self.open.get(path) {
            Some(open) => Some(Arc::clone(&open.places)),
            None => self.files.as_ref()?.places_of(path).cloned(),
        }
    }

    pub(super) fn open_surveys(&self) -> OpenSurveys {
        let surveys =
            self.open.iter().filter_map(|(path, open)| Some((Arc::clone(path), open.survey.clone()?)));
        surveys.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_to_judge_is_kept_until_the_task_rests() {
        let mut project = Project { is_busy: true, is_to_be_judged: true, ..Project::default() };
        project.touched.add(PathBuf::from("a.js"));
        assert_eq!(project.rest(), Rest { is_done: false, is_to_be_judged: true });
        // What is wished while the last file is read, or behind that, is not lost with the task.
        project.touched = Touched::default();
        project.is_to_be_judged = true;
        assert_eq!(project.rest(), Rest { is_done: true, is_to_be_judged: true });
        assert!(!project.is_busy && !project.is_to_be_judged);
    }
}
