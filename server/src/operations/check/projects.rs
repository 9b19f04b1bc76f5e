//! The projects that the files of a check belong to, each looked at once.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::port_map::{Reading, port_map};
use crate::error::{Error, Result};
use crate::project::{ProjectRoot, RootFinder, holds_program, is_root, is_sample};
use crate::registry::Registry;
use crate::rules::{Facts, Scene, Severities};

/// Facts by project, and projects by directory.
pub(in crate::operations) struct Projects {
    /// The directories that a file may be a part of, the likeliest first: those that are checked and hold
    /// a program, the current one, the others that are checked.
    folders: Vec<PathBuf>,
    /// The directories that are checked whole.
    trees: Vec<PathBuf>,
    registry: Arc<Registry>,
    scene: Scene,
    /// A directory that is taken for a project's root, though nothing in it says so yet.
    assumed: Option<ProjectRoot>,
    /// The most serious that findings are to be.
    severities: Severities,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    roots: RootFinder,
    directories: HashMap<PathBuf, Arc<Directory>>,
    /// `None` where a project cannot be judged, which has been reported.
    projects: HashMap<ProjectRoot, Option<Arc<Project>>>,
}

/// A directory that holds files to be checked.
pub(in crate::operations) struct Directory {
    /// Where it really lies.
    pub(super) canonical: PathBuf,
    /// `None` where it cannot be judged, which has been reported.
    pub(super) project: Option<Arc<Project>>,
}

/// A project that files belong to.
pub(in crate::operations) struct Project {
    /// What the rules have to know for its files.
    pub(super) facts: Arc<Facts>,
    /// What was read of its files for its map.
    pub(super) reading: Reading,
}

impl Projects {
    pub(in crate::operations) fn new(registry: Registry, paths: &[PathBuf], scene: Scene) -> Result<Self> {
        let current_directory = std::env::current_dir()
            .and_then(fs::canonicalize)
            .map_err(|source| Error::CurrentDirectory { source })?;
        let checked: Vec<PathBuf> = paths.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
        let trees = if paths.is_empty() { vec![current_directory.clone()] } else { checked.clone() };
        let (mut folders, others): (Vec<PathBuf>, Vec<PathBuf>) =
            checked.into_iter().partition(|directory| holds_program(directory));
        folders.push(current_directory);
        folders.extend(others);
        let (registry, severities, known) = (Arc::new(registry), Severities::default(), Mutex::default());
        Ok(Self { folders, trees, registry, scene, assumed: None, severities, known })
    }

    /// The same projects, whose findings are at most so serious.
    pub(in crate::operations) fn limited(self, severities: Severities) -> Self {
        Self { severities, ..self }
    }

    /// One project, as it is known.
    pub(in crate::operations) fn of(facts: Facts) -> Self {
        let mut projects = Self {
            folders: vec![facts.root.as_path().to_owned()],
            trees: Vec::new(),
            registry: Arc::clone(&facts.registry),
            scene: facts.scene,
            assumed: None,
            severities: Severities::default(),
            known: Mutex::default(),
        };
        projects.know(facts);
        projects
    }

    /// One project as it will be once it is set up, with what was read of its files. Its root need not be marked yet.
    pub(in crate::operations) fn assuming(facts: Facts, reading: Reading) -> Self {
        let root = facts.root.clone();
        let mut projects = Self::of(facts.clone());
        projects.know_read(facts, reading);
        Self { assumed: Some(root), ..projects }
    }

    /// Takes what is known of a project, so that its files need not be read for it.
    pub(in crate::operations) fn know(&mut self, facts: Facts) {
        self.know_read(facts, Reading::default());
    }

    fn know_read(&mut self, facts: Facts, reading: Reading) {
        let root = facts.root.clone();
        let project = Arc::new(Project { facts: Arc::new(facts), reading });
        let known = self.known.get_mut().unwrap_or_else(PoisonError::into_inner);
        known.projects.insert(root, Some(project));
    }

    /// What is known of the project with that root, where a file of it was looked at.
    pub(in crate::operations) fn known(&self, root: &Path) -> Option<Arc<Facts>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut projects = known.projects.iter();
        let (_, project) = projects.find(|(project, _)| project.as_path() == root)?;
        Some(Arc::clone(&project.as_ref()?.facts))
    }

    /// The root of the project that a file belongs to.
    pub(in crate::operations) fn root_of(&self, path: &Path) -> Option<ProjectRoot> {
        Some(self.directory_of(path).ok()?.project.as_ref()?.facts.root.clone())
    }

    /// The directory that a file lies in, with its project.
    pub(super) fn directory_of(&self, path: &Path) -> Result<Arc<Directory>> {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // What is known stays true when a thread has panicked.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(directory) = known.directories.get(directory) {
            return Ok(Arc::clone(directory));
        }
        let canonical = fs::canonicalize(directory).map_err(Error::reading(directory))?;
        let root = known.roots.of_directory(&canonical, Some(self.fallback(&canonical)));
        let root = match &self.assumed {
            Some(assumed) if is_part_of(assumed, &canonical) => assumed.clone(),
            _ => root,
        };
        let project = match known.projects.get(&root) {
            Some(project) => project.clone(),
            None => {
                let project = self.project(root.clone());
                let kept = project.as_ref().ok().cloned();
                known.projects.insert(root, kept.clone());
                project?;
                kept
            }
        };
        let found = Arc::new(Directory { canonical, project });
        known.directories.insert(directory.to_owned(), Arc::clone(&found));
        Ok(found)
    }

    fn project(&self, root: ProjectRoot) -> Result<Arc<Project>> {
        // Who checks one file somewhere does not mean all that lies around it.
        let is_whole = root.is_marked() || self.trees.iter().any(|tree| tree == root.as_path());
        let reading = if is_whole { port_map(&root, self.registry.types())? } else { Reading::default() };
        let mut facts = Facts::load(root, Some(Arc::clone(&self.registry)), Arc::clone(&reading.map))?;
        facts.settings.limit(&self.severities);
        Ok(Arc::new(Project { facts: Arc::new(Facts { scene: self.scene, ..facts }), reading }))
    }

    /// The project of a directory that nothing marks as part of one.
    fn fallback<'a>(&'a self, directory: &'a Path) -> &'a Path {
        self.folders.iter().find(|folder| directory.starts_with(folder)).map_or(directory, PathBuf::as_path)
    }
}

/// Whether a directory is a part of a project whose root nothing marks yet. A project that lies in it stays one.
fn is_part_of(root: &ProjectRoot, directory: &Path) -> bool {
    let mut below = directory.ancestors().take_while(|above| *above != root.as_path());
    directory.starts_with(root) && below.all(|above| !is_root(above) && !is_sample(root.as_path(), above))
}
