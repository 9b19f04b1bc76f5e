//! The projects that the files of a check belong to, each looked at once.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result};
use crate::project::{ProjectRoot, holds_program};
use crate::registry::Registry;
use crate::rules::{Facts, Scene};

/// Facts by project, and projects by directory.
pub(in crate::operations) struct Projects {
    /// The directories that a file may be a part of, the likeliest first: those that are checked and hold
    /// a program, the current one, the others that are checked.
    folders: Vec<PathBuf>,
    registry: Arc<Registry>,
    scene: Scene,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    roots: HashMap<PathBuf, ProjectRoot>,
    facts: HashMap<ProjectRoot, Arc<Facts>>,
}

impl Projects {
    pub(in crate::operations) fn new(registry: Registry, paths: &[PathBuf], scene: Scene) -> Result<Self> {
        let current_directory = std::env::current_dir()
            .and_then(fs::canonicalize)
            .map_err(|source| Error::CurrentDirectory { source })?;
        let checked = paths.iter().filter_map(|path| fs::canonicalize(path).ok());
        let (mut folders, others): (Vec<PathBuf>, Vec<PathBuf>) =
            checked.partition(|directory| holds_program(directory));
        folders.push(current_directory);
        folders.extend(others);
        Ok(Self { folders, registry: Arc::new(registry), scene, known: Mutex::default() })
    }

    /// What the rules have to know for that file.
    pub(super) fn facts_of(&self, path: &Path) -> Result<Arc<Facts>> {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // What is known stays true when a thread has panicked.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let root = match known.roots.get(directory) {
            Some(root) => root.clone(),
            None => {
                let canonical = fs::canonicalize(directory).map_err(Error::reading(directory))?;
                let root = ProjectRoot::of_directory(&canonical, Some(self.fallback(&canonical)));
                known.roots.insert(directory.to_owned(), root.clone());
                root
            }
        };
        if let Some(facts) = known.facts.get(&root) {
            return Ok(Arc::clone(facts));
        }
        let facts = Facts::load(root.clone(), Some(Arc::clone(&self.registry)))?;
        let facts = Arc::new(Facts { scene: self.scene, ..facts });
        known.facts.insert(root, Arc::clone(&facts));
        Ok(facts)
    }

    /// The project of a directory that nothing marks as part of one.
    fn fallback<'a>(&'a self, directory: &'a Path) -> &'a Path {
        self.folders.iter().find(|folder| directory.starts_with(folder)).map_or(directory, PathBuf::as_path)
    }
}
