//! What is known outside the documents: the registry and the projects. It is read from disk once, and again only when one
//! of the files has changed, so that a keystroke touches none.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::error::{Error, Result};
use crate::files::{self, Stamp};
use crate::operations::LookedAt;
use crate::ports_env::{self, PortsEnv};
use crate::project::{self, ProjectRoot};
use crate::registry::{Registry, Store};
use crate::rules::Facts;
use crate::text::printable;

/// The registry, the projects, and the problems that were last reported about them.
#[derive(Debug)]
pub(super) struct Knowledge {
    store: Result<Store>,
    /// The registry as last loaded, and the states of the files that it was loaded from.
    loaded: Mutex<Option<([Stamp; 2], Arc<Registry>)>>,
    gathered: Mutex<Gathered>,
    /// What kept us from knowing more, by registry and project: it is said once, not at every
    /// keystroke.
    troubles: Mutex<HashMap<PathBuf, String>>,
}

/// What was gathered from disk.
#[derive(Debug, Default)]
struct Gathered {
    /// By the directory of a file and the folder that it lies in.
    places: HashMap<(PathBuf, Option<PathBuf>), Known<Located>>,
    /// `None` where a project cannot be judged, which has been reported.
    facts: HashMap<ProjectRoot, Known<Option<Arc<Facts>>>>,
    /// The `.ports.env` of other projects, by their roots; `None` where it cannot be read.
    others: HashMap<PathBuf, Known<Option<Arc<PortsEnv>>>>,
}

/// Where the files of a directory belong.
#[derive(Debug, Clone)]
pub(super) struct Located {
    /// The directory itself, without symbolic links.
    pub(super) directory: PathBuf,
    pub(super) root: ProjectRoot,
    folder: Option<PathBuf>,
    looked_at: Arc<OnceLock<LookedAt>>,
}

impl Located {
    /// Whether `check` looks at the file of that name in the directory.
    pub(super) fn is_looked_at(&self, file: &Path) -> bool {
        let looked_at = self
            .looked_at
            .get_or_init(|| LookedAt::in_directory(&self.directory, self.folder.as_deref(), &self.root));
        file.file_name().is_none_or(|name| looked_at.contains(name))
    }
}

/// What was made of some files and directories, and their state before that.
#[derive(Debug)]
struct Known<T> {
    value: T,
    sources: Vec<(PathBuf, Stamp)>,
}

impl<T> Known<T> {
    fn new(sources: impl IntoIterator<Item = PathBuf>, make: impl FnOnce() -> T) -> Self {
        let sources = sources.into_iter().map(|path| (Stamp::of(&path), path));
        let sources = sources.map(|(stamp, path)| (path, stamp)).collect();
        Self { sources, value: make() }
    }
}

impl Knowledge {
    /// Of this user's registry.
    pub(super) fn from_environment() -> Self {
        Self {
            store: Store::from_environment(),
            loaded: Mutex::default(),
            gathered: Mutex::default(),
            troubles: Mutex::default(),
        }
    }

    /// The registry's place.
    pub(super) fn store(&self) -> Result<&Store, &Error> {
        self.store.as_ref()
    }

    /// The registry's file.
    pub(super) fn registry_path(&self) -> Option<&Path> {
        self.store().ok().map(Store::path)
    }

    /// The files of this user that decide over every project: the registry and the settings beside it.
    pub(super) fn own_files(&self) -> Vec<PathBuf> {
        self.store().map_or_else(|_| Vec::new(), |store| vec![store.path().to_owned(), store.config_path()])
    }

    /// The registry as it is now, with the user's settings, loaded only where one of the files has changed.
    pub(super) fn registry(&self) -> Result<Arc<Registry>, String> {
        let store = self.store().map_err(describe)?;
        let stamps = [Stamp::of(store.path()), Stamp::of(&store.config_path())];
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((before, registry)) = &*loaded
            && *before == stamps
        {
            return Ok(registry.clone());
        }
        let registry = Arc::new(store.load().map_err(|error| describe(&error))?);
        *loaded = Some((stamps, registry.clone()));
        Ok(registry)
    }

    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all that was gathered: it is read again when it is asked for.
    pub(super) fn forget(&self) {
        *self.gathered() = Gathered::default();
    }

    /// Forgets what has changed on disk, and what is about none of the directories that are `wanted`. What is trusted to
    /// be as it was is not looked at, and everything else once.
    pub(super) fn forget_stale(
        &self,
        wanted: Option<&HashSet<&Path>>,
        is_trusted: impl Fn(&Path) -> bool,
    ) -> Forgotten {
        // The files are looked at without the lock: a file system may not answer.
        let sources = |known: &Gathered| -> HashSet<(PathBuf, Stamp)> {
            let places = known.places.values().flat_map(|place| &place.sources);
            let facts = known.facts.values().flat_map(|facts| &facts.sources);
            let others = known.others.values().flat_map(|other| &other.sources);
            let sources = places.chain(facts).chain(others);
            sources.filter(|(path, _)| !is_trusted(path)).cloned().collect()
        };
        let known = sources(&self.gathered());
        let stale: HashSet<PathBuf> = known
            .into_iter()
            .filter(|(path, stamp)| Stamp::of(path) != *stamp)
            .map(|(path, _)| path)
            .collect();
        let is_stale = |sources: &[(PathBuf, Stamp)]| sources.iter().any(|(path, _)| stale.contains(path));
        let mut gathered = self.gathered();
        gathered.places.retain(|(directory, _), place| {
            wanted.is_none_or(|wanted| wanted.contains(directory.as_path())) && !is_stale(&place.sources)
        });
        gathered.facts.retain(|_, facts| !is_stale(&facts.sources));
        gathered.others.retain(|_, other| !is_stale(&other.sources));
        Forgotten { is_any: !stale.is_empty(), is_file: stale.iter().any(|path| !path.is_dir()) }
    }

    /// Where a file belongs that lies in the folder.
    pub(super) fn locate(&self, file: &Path, folder: Option<&Path>) -> Located {
        let directory = file.parent().unwrap_or(file);
        let key = (directory.to_owned(), folder.map(Path::to_owned));
        if let Some(known) = self.gathered().places.get(&key) {
            return known.value.clone();
        }
        // Names decide: a `.ports.env`, a `.git` or a manifest in one of the directories above.
        let real = files::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
        let above = ProjectRoot::candidates(directory);
        let lists = project::ignore_lists_above(&real);
        let known = Known::new(above.into_iter().chain(lists), || Located {
            root: ProjectRoot::of_directory(directory, folder),
            directory: real,
            folder: folder.map(Path::to_owned),
            looked_at: Arc::default(),
        });
        let located = known.value.clone();
        self.gathered().places.insert(key, known);
        located
    }

    /// What was made of a project's files before, or is made now; `None` where that cannot be.
    pub(super) fn facts(
        &self,
        root: &ProjectRoot,
        make: impl FnOnce() -> Option<Arc<Facts>>,
    ) -> Option<Arc<Facts>> {
        if let Some(known) = self.gathered().facts.get(root) {
            return known.value.clone();
        }
        let known = Known::new(Facts::sources(root).into_iter().chain(self.own_files()), make);
        let facts = known.value.clone();
        self.gathered().facts.insert(root.clone(), known);
        facts
    }

    /// The `.ports.env` of another project; `None` where it cannot be read.
    pub(super) fn ports_env_of(&self, root: &Path) -> Option<Arc<PortsEnv>> {
        if let Some(known) = self.gathered().others.get(root) {
            return known.value.clone();
        }
        let load = || PortsEnv::load(root).ok().flatten().map(Arc::new);
        let known = Known::new([root.join(ports_env::FILE_NAME)], load);
        let file = known.value.clone();
        self.gathered().others.insert(root.to_owned(), known);
        file
    }

    /// Remembers the problem, or that there is no problem; returns what is new.
    pub(super) fn news(&self, about: &Path, trouble: Option<String>) -> Option<String> {
        let mut known = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        match &trouble {
            Some(text) => known.insert(about.to_owned(), text.clone()),
            None => known.remove(about),
        }
        .map_or(trouble.clone(), |before| trouble.filter(|text| *text != before))
    }
}

/// An error and what to do about it, as an editor may show it.
pub(super) fn describe(error: &Error) -> String {
    printable(&match error.help() {
        Some(help) => format!("{error}. {help}"),
        None => format!("{error}."),
    })
}

/// What of that which was gathered has changed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Forgotten {
    pub(super) is_any: bool,
    /// Whether it is a file: the registry, `.ports.env`, `port-manager.toml` and their like.
    pub(super) is_file: bool,
}
