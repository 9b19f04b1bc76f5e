//! What a project's files say about ports, each read once and again only when it has changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::{fs, thread};

use serde::Serialize;

use super::source::Source;
use crate::analysis::{self, Analysis, Packs, SyntaxCache};
use crate::files::{self, Settled, fingerprint};
use crate::ports_env;
use crate::project::map::{FilePlaces, has_scripts};
use crate::project::runtime::Surroundings;
use crate::project::survey::{Survey, is_telling};
use crate::project::{self, MOST_ENTRIES, ProjectRoot};

/// The texts of manifests, compose files and Dockerfiles that count before those of the disk, by path relative to the
/// project's root: what each says about other files.
pub type OpenSurveys = BTreeMap<Arc<Path>, Survey>;

/// A project's own files as they were last read.
#[derive(Debug, Default)]
pub struct ProjectFiles {
    /// `None` for the files of no project.
    root: Option<ProjectRoot>,
    /// How many files and directories are looked at.
    most_entries: usize,
    is_cut: bool,
    /// By path relative to the root, as everything here.
    files: HashMap<Arc<Path>, ReadFile>,
    /// The project's directories, the root among them as the empty path.
    directories: HashSet<Arc<Path>>,
    survey: Survey,
    /// The rows by which the files were read; `None` before.
    packs: Option<Arc<Packs>>,
}

/// What was read of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadFile {
    /// The state of the file; `None` where it may have changed since without showing it.
    settled: Option<Settled>,
    /// What the text was; `None` where it is not one that is understood.
    fingerprint: Option<u64>,
    /// What was found in the text; `None` where it says nothing about ports, or could not be analysed.
    analysis: Option<Arc<Analysis>>,
    /// What the file says about ports, and the surroundings that this depends on.
    places: Option<Arc<FilePlaces>>,
    around: Surroundings,
    /// What the file says about other files.
    survey: Option<Survey>,
    /// Why a manifest, compose file or Dockerfile could not be read.
    unread: Option<String>,
}

/// A manifest, compose file or Dockerfile that was not read, so that what it says is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct UnreadFile {
    /// The file, relative to the project's root.
    pub path: PathBuf,
    /// Why, as a sentence's end: `larger than 1 MB`.
    pub reason: String,
}

/// What of a project may have changed on disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    is_everything: bool,
    paths: BTreeSet<PathBuf>,
}

/// What has changed since the files were read before.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// The files, with what they say now; `None` for those that say nothing about ports.
    pub files: Vec<(Arc<Path>, Option<Arc<FilePlaces>>)>,
    /// What manifests, compose files and Dockerfiles say now, where that is something else.
    pub survey: Option<Survey>,
}

impl ReadFile {
    /// Whether it was read, and says nothing about ports.
    pub(super) fn is_silent(&self) -> bool {
        self.fingerprint.is_some() && self.analysis.is_none()
    }

    /// What was found in the file, if it still has this text.
    pub(super) fn analysis_of(&self, text: &str) -> Option<Arc<Analysis>> {
        self.analysis.clone().filter(|_| self.fingerprint == Some(fingerprint(text)))
    }
}

impl Touched {
    /// How many files are looked up one by one. Where more were touched, as by `git checkout`, one look at all is cheaper.
    const MOST_PATHS: usize = 200;

    /// All files.
    #[must_use]
    pub fn everything() -> Self {
        Self { is_everything: true, ..Self::default() }
    }

    /// Adds a file or directory, by its path relative to the project's root. What decides which files belong to the project
    /// touches all of them.
    pub fn add(&mut self, path: PathBuf) {
        let decides = match path.file_name().and_then(|name| name.to_str()) {
            Some(".gitignore" | ".ignore" | ".git") => true,
            // It makes a project of its own of a directory below the root.
            Some(ports_env::FILE_NAME) => path.components().nth(1).is_some(),
            _ => path.ends_with(".git/info/exclude"),
        };
        self.paths.insert(path);
        if decides || self.paths.len() > Self::MOST_PATHS {
            *self = Self::everything();
        }
    }

    /// Whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.is_everything && self.paths.is_empty()
    }
}

/// What is to be read, and what is there no more.
#[derive(Default)]
struct Plan {
    read: BTreeSet<Arc<Path>>,
    gone: Vec<Arc<Path>>,
}

impl ProjectFiles {
    /// Reads the project's files by these rows, on all processors. Of more files and directories than `most_entries` only the
    /// first are read.
    #[must_use]
    pub fn read(root: &ProjectRoot, most_entries: usize, open: &OpenSurveys, packs: &Arc<Packs>) -> Self {
        let mut files = Self { root: Some(root.clone()), most_entries, ..Self::default() };
        files.refresh(&Touched::everything(), open, packs);
        files
    }

    /// Whether no file could say anything about ports.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.files.values().all(|file| file.fingerprint.is_none())
    }

    /// Whether there was more to look at.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The manifests, compose files and Dockerfiles that were not read, by path.
    #[must_use]
    pub fn unread(&self) -> Vec<UnreadFile> {
        let unread = |(path, file): (&Arc<Path>, &ReadFile)| {
            Some(UnreadFile { path: path.to_path_buf(), reason: file.unread.clone()? })
        };
        let mut unread: Vec<UnreadFile> = self.files.iter().filter_map(unread).collect();
        unread.sort();
        unread
    }

    /// What manifests, compose files and Dockerfiles say.
    #[must_use]
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// What each file says about ports that says anything.
    pub fn places(&self) -> impl Iterator<Item = &Arc<FilePlaces>> {
        self.files.values().filter_map(|file| file.places.as_ref())
    }

    /// What the file at that path, relative to the root, says about ports.
    #[must_use]
    pub fn places_of(&self, path: &Path) -> Option<&Arc<FilePlaces>> {
        self.files.get(path)?.places.as_ref()
    }

    /// Whether the file at that path, relative to the root, is one of the project's own.
    #[must_use]
    pub fn contains(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    /// What was read of the file at that canonical path.
    pub(super) fn get(&self, path: &Path) -> Option<&ReadFile> {
        self.files.get(path.strip_prefix(self.root.as_ref()?).ok()?)
    }

    /// Reads again what was touched and has changed, and what depends on it; everything where the rows are others than before.
    pub fn refresh(&mut self, touched: &Touched, open: &OpenSurveys, packs: &Arc<Packs>) -> Refreshed {
        let Some(root) = self.root.clone() else { return Refreshed::default() };
        let is_read_otherwise = self.packs.as_ref() != Some(packs);
        if is_read_otherwise {
            self.packs = Some(Arc::clone(packs));
            self.files.values_mut().for_each(ReadFile::forget);
        }
        let mut plan = match touched.is_everything || is_read_otherwise {
            true => self.look_at_everything(&root),
            false => self.look_at(&root, &touched.paths),
        };
        for path in &plan.gone {
            self.files.remove(path);
        }
        let survey = self.survey_again(&root, &plan, open);
        if let Some(survey) = &survey {
            let depends = |(path, file): (&Arc<Path>, &ReadFile)| {
                (file.places.is_some() && survey.around(path) != file.around).then(|| Arc::clone(path))
            };
            plan.read.extend(self.files.iter().filter_map(depends));
            self.survey = survey.clone();
        }
        let paths: Vec<Arc<Path>> = plan.read.into_iter().collect();
        let read = in_parallel(&paths, |path, buffer| {
            let known = self.files.get(path).filter(|file| file.fingerprint.is_some());
            ReadFile::read(&root, path, self.survey.around(path), packs, known, buffer)
        });
        let mut changed: Vec<_> = plan.gone.into_iter().map(|path| (path, None)).collect();
        for (path, read) in paths.into_iter().zip(read) {
            let known = self.files.entry(Arc::clone(&path)).or_default();
            // A panic, which is a fault of ours, loses this one file, and `check` reports it.
            let (survey, unread) = (known.survey.take(), known.unread.take());
            let read = ReadFile { survey, unread, ..read.unwrap_or_default() };
            if known.places != read.places {
                changed.push((path, read.places.clone()));
            }
            *known = read;
        }
        Refreshed { files: changed, survey }
    }

    /// Finds all files of the project, and which of them are new or have changed.
    fn look_at_everything(&mut self, root: &ProjectRoot) -> Plan {
        let mut found = HashSet::new();
        self.directories.clear();
        self.is_cut = false;
        for (index, entry) in project::walk(root).build().enumerate() {
            if index >= self.most_entries {
                self.is_cut = true;
                break;
            }
            let Ok(entry) = entry else { continue };
            let Ok(path) = entry.path().strip_prefix(root) else { continue };
            match entry.file_type() {
                Some(kind) if kind.is_file() => drop(found.insert(Arc::from(path))),
                Some(kind) if kind.is_dir() => drop(self.directories.insert(Arc::from(path))),
                _ => {}
            }
        }
        let gone = self.files.keys().filter(|path| !found.contains(*path)).cloned().collect();
        let has_changed = |path: &Arc<Path>| match self.files.get(path) {
            Some(known) => known.may_have_changed(&root.as_path().join(path)),
            None => true,
        };
        Plan { read: found.into_iter().filter(has_changed).collect(), gone }
    }

    /// Looks again at the directories of some files. Each is listed as a whole, for only that tells what git ignores and
    /// what is there no more.
    fn look_at(&mut self, root: &ProjectRoot, touched: &BTreeSet<PathBuf>) -> Plan {
        let mut plan = Plan::default();
        let mut listed = BTreeSet::new();
        for path in touched {
            let mut known = path.ancestors().skip(1).filter(|above| self.directories.contains(*above));
            listed.extend(known.next().map(Arc::<Path>::from));
            // A manifest may make a project of its own of the directory that it lies in.
            if is_telling(path) {
                listed.extend(known.next().map(Arc::<Path>::from));
            }
        }
        for directory in listed {
            // It may be gone with the one above it.
            if !self.directories.contains(&directory) {
                continue;
            }
            let listing = Listing::of(root, &directory, &self.directories);
            plan.gone.extend(self.files.keys().filter(|path| listing.lacks(path)).cloned());
            self.directories.retain(|path| !listing.lacks(path));
            self.directories.extend(listing.directories);
            let is_read = |path: &Arc<Path>| !self.files.contains_key(path) || touched.contains(&**path);
            plan.read.extend(listing.files.into_iter().filter(is_read));
        }
        plan
    }

    /// What manifests, compose files and Dockerfiles say after some were read again; `None` where that is the same.
    fn survey_again(&mut self, root: &ProjectRoot, plan: &Plan, open: &OpenSurveys) -> Option<Survey> {
        let changed = || plan.read.iter().chain(open.keys()).filter(|path| is_telling(path));
        if changed().next().is_none() && !plan.gone.iter().any(|path| is_telling(path)) {
            return None;
        }
        for path in changed() {
            let mut unread = None;
            let survey = open.get(path).cloned().unwrap_or_else(|| {
                let mut survey = Survey::default();
                match files::read_to_string(&root.as_path().join(path)) {
                    Ok(text) => survey.add(path, &text),
                    Err(error) => unread = Some(error.to_string()),
                }
                survey
            });
            let file = self.files.entry(Arc::clone(path)).or_default();
            (file.survey, file.unread) = (Some(survey), unread);
        }
        let mut survey = Survey::default();
        self.files.values().filter_map(|file| file.survey.as_ref()).for_each(|it| survey.extend(it));
        (survey != self.survey).then_some(survey)
    }
}

/// What lies in one of a project's directories, and in those below it that were not known before.
struct Listing {
    directory: Arc<Path>,
    files: HashSet<Arc<Path>>,
    directories: HashSet<Arc<Path>>,
    /// The directories in it that were known.
    known: HashSet<PathBuf>,
}

impl Listing {
    fn of(root: &ProjectRoot, directory: &Arc<Path>, known: &HashSet<Arc<Path>>) -> Self {
        let mut listing = Self {
            directory: Arc::clone(directory),
            files: HashSet::new(),
            directories: HashSet::new(),
            known: HashSet::new(),
        };
        let children: HashSet<PathBuf> = known
            .iter()
            .filter(|path| path.parent() == Some(directory))
            .map(|path| root.as_path().join(path))
            .collect();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let is_new = {
            let seen = Arc::clone(&seen);
            move |path: &Path| {
                let is_known = children.contains(path);
                if is_known {
                    seen.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
                }
                !is_known
            }
        };
        let walk = project::walk_below(root, &root.as_path().join(directory), is_new);
        for entry in walk.build().take(MOST_ENTRIES).flatten() {
            let Ok(path) = entry.path().strip_prefix(root) else { continue };
            match entry.file_type() {
                Some(kind) if kind.is_file() => drop(listing.files.insert(Arc::from(path))),
                Some(kind) if kind.is_dir() => drop(listing.directories.insert(Arc::from(path))),
                _ => {}
            }
        }
        let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
        let within = seen.iter().filter_map(|path| path.strip_prefix(root).ok());
        listing.known.extend(within.map(Path::to_owned));
        listing
    }

    /// Whether a file or directory that was known is in the directory no more.
    fn lacks(&self, path: &Path) -> bool {
        let Ok(below) = path.strip_prefix(&self.directory) else { return false };
        let Some(child) = below.iter().next() else { return false };
        !self.known.contains(&self.directory.join(child))
            && !self.files.contains(path)
            && !self.directories.contains(path)
    }
}

impl ReadFile {
    fn may_have_changed(&self, path: &Path) -> bool {
        self.settled.is_none()
            || fs::symlink_metadata(path).ok().as_ref().and_then(Settled::of) != self.settled
    }

    /// Forgets what was found in the text, which is then read again.
    fn forget(&mut self) {
        (self.settled, self.fingerprint, self.analysis) = (None, None, None);
    }

    /// Reads a file. What is `known` of the same text is not found out again.
    fn read(
        root: &ProjectRoot,
        path: &Arc<Path>,
        around: Surroundings,
        packs: &Packs,
        known: Option<&Self>,
        buffer: &mut Vec<u8>,
    ) -> Self {
        let nothing = Self { around: around.clone(), ..Self::default() };
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // What these list is known.
        if name.is_empty() || name.starts_with(".ports.env") {
            return nothing;
        }
        let read = Source::read_settled(&root.as_path().join(path), false, buffer);
        let Ok((source, settled)) = read else { return nothing };
        let Source::Text { text, language } = source else { return Self { settled, ..nothing } };
        let fingerprint = fingerprint(&*text);
        let known = known.filter(|known| known.fingerprint == Some(fingerprint));
        if let Some(known) = known.filter(|known| known.around == around || known.places.is_none()) {
            return Self { settled, around, ..known.clone() };
        }
        let analysis = known.and_then(|known| known.analysis.clone());
        let analysis = analysis.unwrap_or_else(|| {
            Arc::new(analysis::analyze_by(&text, language, packs, &mut SyntaxCache::default()))
        });
        // `check` and the editor report a text that the grammar refuses.
        if analysis.refused.is_some() {
            return Self { settled, ..nothing };
        }
        let is_silent = analysis.is_silent();
        let places = (!is_silent || has_scripts(path))
            .then(|| FilePlaces::of(path, &text, language, &analysis, packs, &around))
            .filter(|file| !file.places.is_empty())
            .map(Arc::new);
        let analysis = (!is_silent).then_some(analysis);
        Self { settled, fingerprint: Some(fingerprint), analysis, places, around, ..Self::default() }
    }
}

/// Does the same with each of many, on all processors; `None` where that panicked.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T, &mut Vec<u8>) -> R + Sync) -> Vec<Option<R>> {
    /// Below this many, starting threads takes longer than the work.
    const FEW: usize = 4;
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = if items.len() < FEW { 1 } else { processors };
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let run = |sender: mpsc::Sender<(usize, R)>| {
        let mut buffer = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            if let Ok(done) = catch_unwind(AssertUnwindSafe(|| work(item, &mut buffer))) {
                // The receiver outlives the threads.
                let _ = sender.send((index, done));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            let (sender, run) = (sender.clone(), &run);
            scope.spawn(move || run(sender));
        }
        run(sender);
    });
    let mut done: Vec<Option<R>> = items.iter().map(|_| None).collect();
    for (index, result) in receiver {
        done[index] = Some(result);
    }
    done
}

#[cfg(test)]
mod tests;
