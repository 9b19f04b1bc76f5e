//! Brings the port maps up to date with the disk, in the background: one task a project. It waits until a burst of changes is
//! over, so that a `git checkout` is one change. The open files of the project are judged again when the map is another one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::news::Changed;
use super::port_maps::{OFTEN, Project, Rest};
use super::server::Server;
use super::{analyse, changed, pull_again};
use crate::analysis::Packs;
use crate::operations::{OpenSurveys, ProjectFiles, Refreshed, Touched};
use crate::project::map::PortMap;
use crate::project::{self, MOST_ENTRIES, ProjectRoot};

/// How long nothing has to change before a burst of changes counts as over.
pub(super) const QUIET: Duration = Duration::from_millis(100);

/// How long a burst may last.
pub(super) const LONGEST_BURST: Duration = Duration::from_secs(1);

/// The share of its time that a thread spends on looking at files that nobody watches: one part in so many.
const PARTS: u32 = 40;

/// How often the pause between two such looks is doubled, at most, where nothing changes and nobody types.
const MOST_DOUBLINGS: u32 = 2;

/// How often files are looked at that the client watches: a watcher may lose an event, or leave something out.
const SELDOM: Duration = Duration::from_mins(5);

/// How many projects without an open file are kept.
const MOST_IDLE: usize = 4;

impl Server {
    /// The map of a project as far as it is known. It is made in the background where it is not, or not by these rows.
    pub(super) fn port_map(&self, root: &ProjectRoot, packs: &Arc<Packs>) -> Arc<PortMap> {
        let (map, is_to_be_read) = {
            let mut projects = self.port_maps.lock();
            let project = projects.entry(root.clone()).or_default();
            let is_new = project.packs.as_ref() != Some(packs);
            if is_new {
                project.packs = Some(Arc::clone(packs));
            }
            (Arc::clone(&project.map), std::mem::take(&mut project.is_asleep) || is_new)
        };
        if is_to_be_read && root.is_marked() {
            self.touch(root, |project| project.touched = Touched::everything());
        }
        map
    }

    /// Changes what is known of a project, and has it brought up to date in the background.
    pub(super) fn touch(&self, root: &ProjectRoot, touch: impl FnOnce(&mut Project)) {
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

    /// Goes back to the disk's text of a document that was closed, in whichever project it was when it was opened.
    pub(super) fn close_on_map(&self, path: &Path) {
        let directory = self.locate(path).directory;
        let real = path.file_name().map_or_else(|| path.to_owned(), |name| directory.join(name));
        for root in self.port_maps.roots_with(path) {
            let relative: Arc<Path> = Arc::from(real.strip_prefix(&root).unwrap_or(&real));
            self.touch(&root, |project| {
                // It may have been opened again meanwhile.
                if !self.state().is_open(path) {
                    project.leave(path, &relative);
                }
            });
        }
    }

    /// Looks at all files of the projects for which it is time again, and forgets most of those in which nothing is open.
    pub(super) fn look_at_projects(&self) {
        let now = Instant::now();
        let due: Vec<ProjectRoot> = {
            let mut projects = self.port_maps.lock();
            // A command may have woken one.
            projects.values_mut().for_each(|project| project.is_asleep |= project.documents.is_empty());
            let idle = projects.iter().filter(|(_, project)| project.is_asleep && !project.is_busy);
            let forgotten: Vec<ProjectRoot> = idle.skip(MOST_IDLE).map(|(root, _)| root.clone()).collect();
            forgotten.iter().for_each(|root| drop(projects.remove(root)));
            let is_due = |project: &Project| {
                !project.is_busy && !project.is_asleep && project.next_look.is_some_and(|next| next <= now)
            };
            projects.iter().filter(|(_, project)| is_due(project)).map(|(root, _)| root.clone()).collect()
        };
        for root in due {
            self.touch(&root, |project| project.touched = Touched::everything());
        }
    }

    /// How long until all files of a project are looked at again, when that took so long now, and so many looks have found
    /// nothing new.
    fn pause(&self, root: &ProjectRoot, took: Duration, calm_looks: u32) -> Duration {
        let state = self.state();
        let is_watched =
            state.is_watching && state.folders.iter().any(|folder| root.as_path().starts_with(folder));
        let usual = if is_watched { SELDOM } else { OFTEN * 2_u32.pow(calm_looks.min(MOST_DOUBLINGS)) };
        (took * PARTS).max(usual)
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
        let has_changed = tokio::task::spawn_blocking(move || task.run(&reader)).await;
        if has_changed.unwrap_or(true) {
            analyse::schedule_all(&server);
            // Lenses count places, and hints show numbers.
            changed::tell(&server, Changed::default());
        }
    }
}

/// Whether nothing is left to be read, so that the task ends. Who had open documents judged when it is done is obeyed here,
/// in the moment in which it may end: a word that came later would be lost.
fn is_done(server: &Server, root: &ProjectRoot) -> bool {
    let rest = server.port_maps.lock().get_mut(root).map(Project::rest);
    let Some(Rest { is_done, is_to_be_judged }) = rest else { return true };
    if is_to_be_judged {
        analyse::schedule_all(server);
    }
    is_done
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
    packs: Arc<Packs>,
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
            packs: Arc::clone(project.packs.as_ref().unwrap_or_else(|| Packs::built_in())),
        })
    }

    /// Reads the files and brings the map up to date; whether it has other ports now.
    fn run(self, server: &Server) -> bool {
        let Self { root, files, touched, closed, surveys, packs } = self;
        let started = Instant::now();
        let (files, Refreshed { files: mut changed, survey }) = match files {
            Some(mut files) => {
                let refreshed = files.refresh(&touched, &surveys, &packs);
                (files, refreshed)
            }
            None => {
                let files = ProjectFiles::read(&root, MOST_ENTRIES, &surveys, &packs);
                let all = files.places().map(|file| (Arc::from(file.path.as_path()), Some(Arc::clone(file))));
                let refreshed = Refreshed { files: all.collect(), survey: Some(files.survey().clone()) };
                (files, refreshed)
            }
        };
        let is_calm = changed.is_empty();
        changed.extend(closed.into_iter().map(|path| (Arc::clone(&path), files.places_of(&path).cloned())));
        let took = started.elapsed();
        let calm_before = server.port_maps.lock().get(&root).map_or(0, |project| project.calm_looks);
        let calm_looks = if is_calm { calm_before.saturating_add(1) } else { 0 };
        let next_look = Instant::now() + server.pause(&root, took, calm_looks);
        let mut files = Some(files);
        if let Some(project) = server.port_maps.lock().get_mut(&root) {
            project.files = files.take();
            project.next_look = Some(next_look);
            project.calm_looks = calm_looks;
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
        // In the same step as the map, so that it is never called whole before it is.
        let (before, after) = server.port_maps.update(&root, make, |project| project.is_whole = true);
        if !changed.is_empty() {
            pull_again::files_have_changed(server);
        }
        !before.has_ports_of(&after)
    }
}
