//! The port maps of the projects whose files are open. A project's files are read in the background when the first of them
//! is opened; until then a file is judged by what it says itself. What an editor has open counts before the disk's text.
//!
//! What changes on disk is read in the background too, by one task a project: it waits until a burst of changes is over, so
//! that a `git checkout` is one change. The open files of the project are judged again when the map is another one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::analyse;
use super::server::Server;
use super::text::Text;
use crate::analysis::{self, Language, SyntaxCache};
use crate::operations::check::SkipReason;
use crate::operations::{self, OpenSurveys, ProjectFiles, Reading, Refreshed, Touched};
use crate::ports_env;
use crate::project::map::{FilePlaces, PortMap};
use crate::project::survey::{Survey, is_telling};
use crate::project::{self, MOST_ENTRIES, ProjectRoot};
use crate::rules::{Document, Facts};

/// How long nothing has to change before a burst of changes counts as over.
const QUIET: Duration = Duration::from_millis(100);

/// How long a burst may last.
const LONGEST_BURST: Duration = Duration::from_secs(1);

/// The share of its time that a thread spends on looking at files that nobody watches: one part in so many.
const PARTS: u32 = 40;

/// How often such files are looked at, at most.
const OFTEN: Duration = Duration::from_secs(2);

/// How often files are looked at that the client watches: it need not hear of everything.
const SELDOM: Duration = Duration::from_secs(30);

/// How many projects without an open file are kept.
const MOST_IDLE: usize = 4;

/// The maps by project.
#[derive(Debug, Default)]
pub(super) struct PortMaps(Mutex<HashMap<ProjectRoot, Project>>);

/// A project whose files are open.
#[derive(Debug, Default)]
struct Project {
    map: Arc<PortMap>,
    /// What the disk says; `None` before it was read, and while it is read again.
    files: Option<ProjectFiles>,
    /// Whether the map was made of all the project's files.
    is_whole: bool,
    /// The documents that are open, as the client names them.
    documents: HashSet<PathBuf>,
    /// What those say that are a part of the project, by path relative to the root.
    open: BTreeMap<Arc<Path>, Open>,
    touched: Touched,
    /// The files whose text is no longer an editor's.
    closed: Vec<Arc<Path>>,
    /// Whether a task reads the files that were touched.
    is_busy: bool,
    /// Whether the open documents are judged again when that is done, whatever comes of it.
    is_to_be_judged: bool,
    /// Whether they will be judged again soon because one of them has changed.
    is_judged_soon: bool,
    /// Whether the last document was closed, so that nobody looks at the files.
    is_asleep: bool,
    /// When all files are looked at again.
    next_look: Option<Instant>,
}

/// An open document that is a file in a language that is understood.
struct OpenFile {
    path: PathBuf,
    text: String,
    language: Language,
}

/// What an open document says.
#[derive(Debug, Clone)]
struct Open {
    places: Arc<FilePlaces>,
    /// What it says about other files.
    survey: Option<Survey>,
}

impl PortMaps {
    fn lock(&self) -> MutexGuard<'_, HashMap<ProjectRoot, Project>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the map of a project. It is made without the lock, and again where somebody else was quicker.
    fn update(
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
    fn newest(&self, root: &ProjectRoot) -> Option<Arc<PortMap>> {
        let projects = self.lock();
        let project = projects.get(root).filter(|project| project.is_whole && !project.is_busy)?;
        Some(Arc::clone(&project.map))
    }

    /// Notes that a document of the project is open, and no other project's any more; whether it is a part of the project.
    fn opened(&self, document: &Path, path: &Path, root: &ProjectRoot) -> bool {
        let mut projects = self.lock();
        for (other, project) in projects.iter_mut().filter(|(other, _)| *other != root) {
            if project.documents.remove(document) {
                let relative = document.strip_prefix(other).map(Arc::<Path>::from);
                relative.into_iter().for_each(|relative| project.close(&relative));
            }
        }
        let project = projects.entry(root.clone()).or_default();
        if !project.documents.contains(document) {
            project.documents.insert(document.to_owned());
        }
        project.has(path, root)
    }
}

impl Project {
    /// Goes back to the disk's text of a file.
    fn close(&mut self, path: &Arc<Path>) {
        if self.open.remove(path).is_some() {
            self.closed.push(Arc::clone(path));
            // It may have been saved by others meanwhile.
            self.touched.add(path.to_path_buf());
        }
    }

    /// Whether an open document is a part of the project: git does not ignore it, as far as that is known.
    fn has(&self, path: &Path, root: &ProjectRoot) -> bool {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_known = |files: &ProjectFiles| files.contains(path) || !root.as_path().join(path).exists();
        // What those of ours list is known otherwise.
        !name.starts_with(ports_env::FILE_NAME)
            && (self.open.contains_key(path) || self.files.as_ref().is_none_or(is_known))
    }

    /// What a file says: by its open text, else by the disk's.
    fn places_of(&self, path: &Path) -> Option<Arc<FilePlaces>> {
        match self.open.get(path) {
            Some(open) => Some(Arc::clone(&open.places)),
            None => self.files.as_ref()?.places_of(path).cloned(),
        }
    }

    fn open_surveys(&self) -> OpenSurveys {
        let surveys =
            self.open.iter().filter_map(|(path, open)| Some((Arc::clone(path), open.survey.clone()?)));
        surveys.collect()
    }
}

impl Server {
    /// What is known of the project of an open document, with what the document itself says on the map. The disk is looked at
    /// only for what has changed.
    pub(super) fn facts_of(&self, document: &Document<'_>) -> Option<Facts> {
        self.knowledge.forget_stale(None);
        self.known_facts_of(document)
    }

    /// The same without any look at the disk, where the project is known.
    pub(super) fn known_facts_of(&self, document: &Document<'_>) -> Option<Facts> {
        let facts = self.known_facts(document.path)?;
        let (root, memory) = (&facts.root, facts.memory());
        let places = Arc::new(facts.places_of(document));
        let path: Arc<Path> = Arc::from(places.path.as_path());
        let is_part = self.port_maps.opened(document.path, &path, root);
        let with = |map: &Arc<PortMap>| {
            map.updated([(Arc::clone(&path), Some(Arc::clone(&places)))], memory.clone(), None)
        };
        if !is_part {
            return Some(Facts { map: with(&facts.map), ..facts });
        }
        let survey = is_telling(&path).then(|| {
            let mut survey = Survey::default();
            survey.add(&path, document.text);
            survey
        });
        let mut is_other_survey = false;
        let keep = |project: &mut Project| {
            let open = Open { places: Arc::clone(&places), survey };
            is_other_survey = open.survey.is_some()
                && project.open.get(&path).is_none_or(|before| before.survey != open.survey);
            project.open.insert(Arc::clone(&path), open);
        };
        let (before, after) = self.port_maps.update(root, with, keep);
        if is_other_survey {
            self.touch(root, |project| project.touched.add(path.to_path_buf()));
        }
        if !before.has_ports_of(&after) {
            self.judge_others(root, document.path);
        }
        Some(Facts { map: after, ..facts })
    }

    /// What is known of a project with the map of all its files, which is made here where it is not known or not the newest,
    /// and with what the open documents say.
    pub(super) fn whole_facts(&self, root: &Path) -> Option<Facts> {
        // Whichever file of it is asked for.
        let any = root.join(ports_env::FILE_NAME);
        let mut facts = self.facts(&any).filter(|facts| facts.root.as_path() == root)?;
        if facts.root.is_marked() {
            facts.map = match self.port_maps.newest(&facts.root) {
                Some(map) => map,
                None => self.read_at_once(&facts.root)?,
            };
        }
        for open in self.open_files(root) {
            let OpenFile { path, text, language } = &open;
            let analysis = analysis::analyze(text, *language, &mut SyntaxCache::default());
            facts = facts.seeing(&Document { path, text, language: *language, analysis: &analysis });
        }
        Some(facts)
    }

    /// The map of a project's files as they are on disk now; that of the project is made of all its files from now on.
    fn read_at_once(&self, root: &ProjectRoot) -> Option<Arc<PortMap>> {
        let Reading { map, files } = operations::port_map(root).ok()?;
        let make = |before: &Arc<PortMap>| {
            let open: HashSet<Arc<Path>> = self
                .port_maps
                .lock()
                .get(root)
                .map(|project| project.open.keys().cloned().collect())
                .unwrap_or_default();
            let closed = files.places().filter(|file| !open.contains(file.path.as_path()));
            let closed = closed.map(|file| (Arc::from(file.path.as_path()), Some(Arc::clone(file))));
            before.updated(closed.collect::<Vec<_>>(), before.memory().clone(), Some(files.survey().clone()))
        };
        self.port_maps.update(root, make, |project| project.is_whole = true);
        Some(map)
    }

    /// The open documents of a project.
    fn open_files(&self, root: &Path) -> Vec<OpenFile> {
        let open: Vec<(PathBuf, Text)> = {
            let state = self.state();
            let open = state.documents.iter().filter_map(|(_, it)| Some((it.path.clone()?, it.text.clone())));
            open.collect()
        };
        let of_project = open.into_iter().filter_map(|(path, text)| {
            let located = self.locate(&path);
            let path = located.directory.join(path.file_name()?);
            let text = text.to_string();
            let language = Language::of(&path, &text)?;
            let is_read = SkipReason::of(text.as_bytes()).is_none();
            (is_read && located.root.as_path() == root).then_some(OpenFile { path, text, language })
        });
        of_project.collect()
    }

    /// The map of a project as far as it is known. It is made in the background where it is not.
    pub(super) fn port_map(&self, root: &ProjectRoot) -> Arc<PortMap> {
        let (map, is_to_be_read) = {
            let mut projects = self.port_maps.lock();
            let is_new = !projects.contains_key(root);
            let project = projects.entry(root.clone()).or_default();
            (Arc::clone(&project.map), std::mem::take(&mut project.is_asleep) || is_new)
        };
        if is_to_be_read && root.is_marked() {
            self.touch(root, |project| project.touched = Touched::everything());
        }
        map
    }

    /// Changes what is known of a project, and has it brought up to date in the background.
    fn touch(&self, root: &ProjectRoot, touch: impl FnOnce(&mut Project)) {
        let mut projects = self.port_maps.lock();
        let Some(project) = projects.get_mut(root) else { return };
        touch(project);
        if !project.is_busy && !project.touched.is_empty() {
            project.is_busy = true;
            tokio::runtime::Handle::current().spawn(keep_up(self.clone(), root.clone()));
        }
    }

    /// Says that files or directories may have changed, whichever project they belong to.
    pub(super) fn touch_files(&self, paths: &[PathBuf]) {
        let roots: Vec<ProjectRoot> = self.port_maps.lock().keys().cloned().collect();
        let mut real = HashMap::new();
        let mut by_root: HashMap<&ProjectRoot, Vec<PathBuf>> = HashMap::new();
        for path in paths {
            let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { continue };
            let path = real.entry(parent).or_insert_with(|| project::canonical(parent)).join(name);
            for root in &roots {
                let Ok(relative) = path.strip_prefix(root) else { continue };
                let is_foreign = relative.iter().any(project::is_foreign);
                if !is_foreign || decides_what_is_ours(relative) {
                    by_root.entry(root).or_default().push(relative.to_owned());
                }
            }
        }
        for (root, paths) in by_root {
            self.touch(root, |project| paths.into_iter().for_each(|path| project.touched.add(path)));
        }
    }

    /// Has the open documents judged again for what was said of their projects besides the code; together with what changes
    /// on the map, where that is being brought up to date.
    pub(super) fn judge_for_facts(&self) {
        let mut is_any_busy = false;
        for project in self.port_maps.lock().values_mut().filter(|project| project.is_busy) {
            project.is_to_be_judged = true;
            is_any_busy = true;
        }
        if !is_any_busy {
            analyse::schedule_all(self);
        }
    }

    /// Goes back to the disk's text of a document that was closed.
    pub(super) fn close_on_map(&self, path: &Path) {
        let located = self.locate(path);
        let real = path.file_name().map_or_else(|| path.to_owned(), |name| located.directory.join(name));
        let relative: Arc<Path> = Arc::from(real.strip_prefix(&located.root).unwrap_or(&real));
        self.touch(&located.root, |project| {
            // It may have been opened again meanwhile.
            if !self.state().documents.paths().any(|open| open == path) {
                project.documents.remove(path);
                project.close(&relative);
                project.is_asleep = project.documents.is_empty();
            }
        });
        let mut projects = self.port_maps.lock();
        let idle = projects.iter().filter(|(_, project)| project.is_asleep && !project.is_busy);
        let forgotten: Vec<ProjectRoot> = idle.skip(MOST_IDLE).map(|(root, _)| root.clone()).collect();
        forgotten.iter().for_each(|root| drop(projects.remove(root)));
    }

    /// Looks at all files of the projects for which it is time again.
    pub(super) fn look_at_projects(&self) {
        let now = Instant::now();
        let due: Vec<ProjectRoot> = {
            let projects = self.port_maps.lock();
            let is_due = |project: &Project| {
                !project.is_busy && !project.is_asleep && project.next_look.is_some_and(|next| next <= now)
            };
            projects.iter().filter(|(_, project)| is_due(project)).map(|(root, _)| root.clone()).collect()
        };
        for root in due {
            self.touch(&root, |project| project.touched = Touched::everything());
        }
    }

    /// How long until all files of a project are looked at again, when that took so long now.
    fn pause(&self, root: &ProjectRoot, took: Duration) -> Duration {
        let state = self.state();
        let is_watched = state.features.watches_files
            && state.folders.iter().any(|folder| root.as_path().starts_with(folder));
        (took * PARTS).max(if is_watched { SELDOM } else { OFTEN })
    }

    /// Has the open documents judged again soon, all but one. A user who types a number types several digits.
    fn judge_others(&self, root: &ProjectRoot, but: &Path) {
        {
            let mut projects = self.port_maps.lock();
            let Some(project) = projects.get_mut(root) else { return };
            if std::mem::replace(&mut project.is_judged_soon, true) {
                return;
            }
        }
        let (server, root, but) = (self.clone(), root.clone(), but.to_owned());
        tokio::runtime::Handle::current().spawn(async move {
            tokio::time::sleep(QUIET).await;
            if let Some(project) = server.port_maps.lock().get_mut(&root) {
                project.is_judged_soon = false;
            }
            analyse::schedule_others(&server, &but);
        });
    }
}

/// Whether a path of git's own decides which files belong to the project.
fn decides_what_is_ours(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == ".git") || path.ends_with(".git/info/exclude")
}

/// Reads what was touched of a project until nothing is.
async fn keep_up(server: Server, root: ProjectRoot) {
    while !is_done(&server, &root) {
        wait_for_quiet(&server, &root).await;
        let Some(task) = Task::begin(&server, &root) else { return };
        let reader = server.clone();
        // A panic, which is a fault of ours, has the files read from nothing the next time.
        let changed = tokio::task::spawn_blocking(move || task.run(&reader)).await;
        let mut projects = server.port_maps.lock();
        let project = projects.get_mut(&root);
        let is_to_be_judged = project.is_some_and(|it| std::mem::take(&mut it.is_to_be_judged));
        drop(projects);
        if changed.unwrap_or(true) || is_to_be_judged {
            analyse::schedule_all(&server);
        }
    }
}

/// Whether nothing is left to be read, so that the task ends.
fn is_done(server: &Server, root: &ProjectRoot) -> bool {
    let mut projects = server.port_maps.lock();
    let Some(project) = projects.get_mut(root) else { return true };
    project.is_busy = !project.touched.is_empty() || !project.closed.is_empty();
    !project.is_busy
}

/// Waits until a burst of changes is over. Nobody waits before the first look.
async fn wait_for_quiet(server: &Server, root: &ProjectRoot) {
    let touched = || {
        server.port_maps.lock().get(root).map(|project| (project.touched.clone(), project.files.is_some()))
    };
    let started = Instant::now();
    let mut before = touched();
    while before.as_ref().is_some_and(|(_, was_read)| *was_read) && started.elapsed() < LONGEST_BURST {
        tokio::time::sleep(QUIET).await;
        let now = touched();
        if now == before {
            return;
        }
        before = now;
    }
}

/// What is read of a project at once.
struct Task {
    root: ProjectRoot,
    files: Option<ProjectFiles>,
    touched: Touched,
    closed: Vec<Arc<Path>>,
    surveys: OpenSurveys,
}

impl Task {
    fn begin(server: &Server, root: &ProjectRoot) -> Option<Self> {
        let mut projects = server.port_maps.lock();
        let project = projects.get_mut(root)?;
        Some(Self {
            root: root.clone(),
            files: project.files.take(),
            touched: std::mem::take(&mut project.touched),
            closed: std::mem::take(&mut project.closed),
            surveys: project.open_surveys(),
        })
    }

    /// Reads the files and brings the map up to date; whether it has other ports now.
    fn run(self, server: &Server) -> bool {
        let Self { root, files, touched, closed, surveys } = self;
        let started = Instant::now();
        let (files, Refreshed { files: mut changed, survey }) = match files {
            Some(mut files) => {
                let refreshed = files.refresh(&touched, &surveys);
                (files, refreshed)
            }
            None => {
                let files = ProjectFiles::read(&root, MOST_ENTRIES, &surveys);
                let all = files.places().map(|file| (Arc::from(file.path.as_path()), Some(Arc::clone(file))));
                let refreshed = Refreshed { files: all.collect(), survey: Some(files.survey().clone()) };
                (files, refreshed)
            }
        };
        changed.extend(closed.into_iter().map(|path| (Arc::clone(&path), files.places_of(&path).cloned())));
        let next_look = Instant::now() + server.pause(&root, started.elapsed());
        let mut files = Some(files);
        if let Some(project) = server.port_maps.lock().get_mut(&root) {
            project.files = files.take();
            project.is_whole = true;
            project.next_look = Some(next_look);
        }
        let make = |map: &Arc<PortMap>| {
            // What was opened or closed meanwhile counts.
            let projects = server.port_maps.lock();
            let project = projects.get(&root);
            let changed = changed.iter().map(|(path, places)| {
                let known = project.map(|project| project.places_of(path));
                (Arc::clone(path), known.unwrap_or_else(|| places.clone()))
            });
            let changed: Vec<_> = changed.collect();
            drop(projects);
            map.updated(changed, map.memory().clone(), survey.clone())
        };
        let (before, after) = server.port_maps.update(&root, make, |_| ());
        !before.has_ports_of(&after)
    }
}
