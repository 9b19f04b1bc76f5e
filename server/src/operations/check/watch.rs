//! Waits until something changes that a check depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::super::walk::{Found, walk};
use crate::error::{Error, Result};
use crate::ports_env;
use crate::project::{ProjectRoot, canonical};
use crate::rules::SETTINGS_FILE_NAME;

/// How long nothing has to change before somebody is told of a change: a checkout or a build changes many files.
const QUIET: Duration = Duration::from_millis(100);

/// After how many such times somebody is told all the same.
const MOST_WAITS: usize = 20;

/// The state of every file that a check depends on.
type State = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Watches the directories that a check looks into.
pub struct Watch<'a> {
    paths: &'a [PathBuf],
    /// A file that the check depends on besides: the registry.
    besides: &'a Path,
    state: State,
    /// The watcher stops when it is dropped.
    _watcher: RecommendedWatcher,
    events: mpsc::Receiver<notify::Result<notify::Event>>,
}

impl<'a> Watch<'a> {
    /// Watches from now on.
    ///
    /// # Errors
    /// When the system does not let that many directories be watched.
    pub fn start(paths: &'a [PathBuf], besides: &'a Path) -> Result<Self> {
        let (sender, events) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(sender).map_err(unwatched)?;
        let (state, directories) = look(paths, besides);
        for directory in &directories {
            match watcher.watch(directory, RecursiveMode::NonRecursive) {
                // It is gone since.
                Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
                watched => watched.map_err(unwatched)?,
            }
        }
        Ok(Self { paths, besides, state, _watcher: watcher, events })
    }

    /// Waits for a change, and for the end of those that come with it. Says which files have changed.
    ///
    /// # Errors
    /// When the system tells of no more changes.
    pub fn wait(&self) -> Result<BTreeSet<PathBuf>> {
        loop {
            let event = self.events.recv().map_err(|_| Error::Watch {
                reason: "the system tells of no more changes".to_owned(),
                is_limit: false,
            })?;
            // A check reads files itself.
            if event.map_err(unwatched)?.kind.is_access() {
                continue;
            }
            for _ in 0..MOST_WAITS {
                if self.events.recv_timeout(QUIET).is_err() {
                    break;
                }
            }
            // What git ignores, such as a log in the project, changes nothing.
            let changed = difference(&self.state, &look(self.paths, self.besides).0);
            if !changed.is_empty() {
                return Ok(changed);
            }
        }
    }
}

fn unwatched(error: notify::Error) -> Error {
    let is_limit = matches!(error.kind, notify::ErrorKind::MaxFilesWatch);
    Error::Watch { reason: error.to_string(), is_limit }
}

/// The files that a check of the paths depends on, and the directories that they lie in.
fn look(paths: &[PathBuf], besides: &Path) -> (State, BTreeSet<PathBuf>) {
    let seen = Mutex::new((State::new(), BTreeSet::new()));
    let add_file = |path: PathBuf| {
        let metadata = path.metadata().ok();
        let state = metadata.and_then(|metadata| Some((metadata.modified().ok()?, metadata.len())));
        seen.lock().unwrap_or_else(PoisonError::into_inner).0.insert(path, state);
    };
    let add_directory = |path: PathBuf| {
        seen.lock().unwrap_or_else(PoisonError::into_inner).1.insert(path);
    };
    walk(
        paths,
        || (),
        |(), found| match found {
            Found::File { path, is_named } => {
                if is_named {
                    add_directory(parent(&path));
                }
                add_file(path);
            }
            Found::Directory(path) if path.as_os_str().is_empty() => add_directory(PathBuf::from(".")),
            Found::Directory(path) => add_directory(path),
            Found::Special { .. } | Found::Failure(_) => {}
        },
    );
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let trees: Vec<PathBuf> = paths.iter().map(|path| canonical(path)).collect();
    for path in paths {
        let root = match path.is_dir() {
            true => ProjectRoot::of_directory(&canonical(path), None),
            false => ProjectRoot::of_file(path, None),
        };
        let settings = root.nearest_with(SETTINGS_FILE_NAME).join(SETTINGS_FILE_NAME);
        let own = [ports_env::FILE_NAME, ports_env::EXAMPLE_FILE_NAME].map(|name| root.as_path().join(name));
        for file in own.into_iter().chain([settings, besides.to_owned()]) {
            // The walk has come upon the others.
            if !trees.iter().any(|tree| file.starts_with(tree)) {
                add_directory(parent(&file));
                add_file(file);
            }
        }
    }
    seen.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The files that are not the same in both.
fn difference(before: &State, after: &State) -> BTreeSet<PathBuf> {
    let changed = |(path, state): (&PathBuf, &Option<(SystemTime, u64)>), other: &State| {
        (other.get(path) != Some(state)).then(|| path.clone())
    };
    let gone = before.iter().filter_map(|entry| changed(entry, after));
    gone.chain(after.iter().filter_map(|entry| changed(entry, before))).collect()
}
