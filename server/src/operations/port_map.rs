//! The port map of a project, read from its files; and how it looks beside the registry.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use serde::Serialize;

use super::check::Source;
use super::{Context, run_tables};
use crate::analysis::{self, Analysis, Meaning, SyntaxCache};
use crate::error::Result;
use crate::exchange::{Site, by_hand};
use crate::files;
use crate::port::Port;
use crate::ports_env::{Example, PortsEnv};
use crate::project::map::{FilePlaces, MappedPort, Memory, Naming, Place, PortMap, Role, has_scripts};
use crate::project::runtime::Runtime;
use crate::project::survey::{Survey, is_telling};
use crate::project::{self, MOST_ENTRIES, ProjectRoot};
use crate::service::Service;
use crate::variable::Variable;

/// The ports of a project, as its own files have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortsReport {
    /// The project's name.
    pub project: String,
    /// Its root directory.
    pub root: PathBuf,
    /// Its ports: those of web servers first.
    pub ports: Vec<PortReport>,
}

/// A port of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortReport {
    /// The variable that is for it.
    pub variable: Variable,
    /// Where that name comes from.
    pub naming: Naming,
    /// The number that the code itself uses; null where it has none.
    pub default: Option<Port>,
    /// The number that this machine gives the variable; null where it gives none.
    pub assigned: Option<Port>,
    /// What listens there.
    pub service: Service,
    /// Whether this machine decides it.
    pub is_decided_here: bool,
    /// The component that reads it as `PORT`, by its directory; else null.
    pub reads_bare_port: Option<PathBuf>,
    /// Where something listens on it or publishes it.
    pub listens: Vec<PlaceReport>,
    /// Where a client connects to it.
    pub connects: Vec<PlaceReport>,
    /// How many places speak of it.
    pub places: usize,
    /// The places where a person has to put the variable.
    pub by_hand: Vec<PlaceReport>,
}

/// A place of the project's text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PlaceReport {
    /// The file, relative to the root.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What the place does with the port.
    pub role: Role,
    /// Where its code runs.
    pub runtime: Runtime,
}

/// The ports of the project, with what this machine gives them.
///
/// # Errors
/// When the registry or a file that lists the project's variables cannot be read.
pub fn ports(context: &Context, root: &ProjectRoot) -> Result<PortsReport> {
    let reading = port_map(root)?;
    let by_hand = left_by_hand(root, &reading);
    let map = reading.map;
    let registry = context.store.load()?;
    let env = PortsEnv::load(root)?;
    let registered = registry.project(root.key()?);
    let report = |port: &MappedPort| {
        let assigned = env.as_ref().and_then(|env| env.get(&port.variable));
        let registered = || registered.and_then(|project| project.get(&port.variable)).map(|it| it.port);
        let places = |is_wanted: &dyn Fn(&Place) -> bool| -> Vec<PlaceReport> {
            port.places.iter().filter(|place| is_wanted(place)).map(PlaceReport::new).collect()
        };
        PortReport {
            variable: port.variable.clone(),
            naming: port.naming,
            default: port.default,
            assigned: assigned.or_else(registered),
            service: port.service,
            is_decided_here: port.is_decided_here(),
            reads_bare_port: port.reads_bare_port.clone(),
            listens: places(&|place| listens(port, place)),
            connects: places(&|place| place.role == Role::Connects),
            places: port.places.len(),
            by_hand: places(&|place| {
                place.runtime.is_here() && by_hand.contains(&(place.path.clone(), place.span.start))
            }),
        }
    };
    Ok(PortsReport {
        project: root.name(),
        root: root.as_path().to_owned(),
        ports: map.ports().iter().map(report).collect(),
    })
}

/// Whether something listens on the port at the place. Where no place says so, it is who reads the variable, unless that
/// is of something that programs connect to.
fn listens(port: &MappedPort, place: &Place) -> bool {
    let is_read = || place.role.reads() && place.runtime.is_here() && place.number.is_some();
    place.role.decides()
        || is_read() && port.listening().next().is_none() && !port.service.is_infrastructure()
}

/// A project's files as they were read once: its map, and what each file says.
#[derive(Debug, Default)]
pub struct Reading {
    /// The map.
    pub map: Arc<PortMap>,
    /// Whether there was more to look at than [`MOST_ENTRIES`] files and directories.
    pub is_cut: bool,
    files: HashMap<PathBuf, Read>,
}

/// What was read of a file.
#[derive(Debug, Clone)]
pub(super) enum Read {
    /// It says nothing about ports.
    Nothing,
    /// What it says, for the text with that fingerprint.
    Analysed(u64, Arc<Analysis>),
}

impl Reading {
    /// What was read of the file at that canonical path.
    pub(super) fn get(&self, path: &Path) -> Option<&Read> {
        self.files.get(path)
    }
}

impl Read {
    /// What was found in the file, if it still has this text.
    pub(super) fn analysis_of(&self, text: &str) -> Option<Arc<Analysis>> {
        match self {
            Self::Analysed(known, analysis) if *known == fingerprint(text) => Some(Arc::clone(analysis)),
            _ => None,
        }
    }
}

/// Tells texts apart that were read one after the other.
fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Reads the project's files, on all processors, and makes the map of its ports.
///
/// # Errors
/// When `.ports.env.example` cannot be read.
pub fn port_map(root: &ProjectRoot) -> Result<Reading> {
    bounded_port_map(root, MOST_ENTRIES)
}

/// The same of as many files and directories.
pub(super) fn bounded_port_map(root: &ProjectRoot, most_entries: usize) -> Result<Reading> {
    let example = Example::load(root)?;
    let memory = Memory {
        listed: example.variables().map(|(variable, port)| (variable.clone(), port)).collect(),
        renamed: run_tables::renamed(root),
    };
    let (paths, is_cut) = files_of(root, most_entries);
    let survey = survey(root, &paths);
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, paths, survey, next) = (sender.clone(), &paths, &survey, &next);
            scope.spawn(move || {
                let mut buffer = Vec::new();
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // A panic, which is a fault of ours, loses this one file, and `check` reports it.
                    let read = catch_unwind(AssertUnwindSafe(|| read_file(root, path, &mut buffer, survey)));
                    if let Ok(Some((read, places))) = read {
                        // The receiver outlives the threads.
                        let _ = sender.send((path.clone(), read, places));
                    }
                }
            });
        }
    });
    drop(sender);
    let (mut files, mut places) = (HashMap::new(), Vec::new());
    for (path, read, found) in receiver {
        files.insert(path, read);
        places.extend(found);
    }
    Ok(Reading { map: Arc::new(PortMap::of(places, memory, survey)), files, is_cut })
}

/// The project's own files, in the order of their names, and whether there was more to look at than so many files and
/// directories.
fn files_of(root: &ProjectRoot, most_entries: usize) -> (Vec<PathBuf>, bool) {
    let mut paths = Vec::new();
    for (index, entry) in project::walk(root).build().enumerate() {
        if index >= most_entries {
            return (paths, true);
        }
        if let Ok(entry) = entry
            && entry.file_type().is_some_and(|kind| kind.is_file())
        {
            paths.push(entry.into_path());
        }
    }
    (paths, false)
}

/// The places that no fix can repair, by file and first byte.
fn left_by_hand(root: &ProjectRoot, reading: &Reading) -> HashSet<(PathBuf, usize)> {
    let paths: BTreeSet<&PathBuf> = reading
        .map
        .ports()
        .iter()
        .flat_map(|port| &port.places)
        .filter(|it| it.number.is_some())
        .map(|it| &it.path)
        .collect();
    let mut left = HashSet::new();
    let mut buffer = Vec::new();
    for path in paths {
        let file = root.as_path().join(path);
        let Ok(Source::Text { text, language }) = Source::read(&file, false, &mut buffer) else { continue };
        let analysis = reading.get(&file).and_then(|read| read.analysis_of(&text));
        let analysis = analysis
            .unwrap_or_else(|| Arc::new(analysis::analyze(&text, language, &mut SyntaxCache::default())));
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let site = Site::new(name, &text, language).asking();
        left.extend(analysis.occurrences.iter().filter_map(|occurrence| match &occurrence.meaning {
            Meaning::Literal(literal) if by_hand(&site, literal, &occurrence.span, None).is_some() => {
                Some((path.clone(), occurrence.span.start))
            }
            _ => None,
        }));
    }
    left
}

/// What manifests, compose files and Dockerfiles say about the others.
fn survey(root: &ProjectRoot, paths: &[PathBuf]) -> Survey {
    let mut survey = Survey::default();
    for path in paths {
        if let Ok(relative) = path.strip_prefix(root)
            && is_telling(relative)
            && let Ok(text) = files::read_to_string(path)
        {
            survey.add(relative, &text);
        }
    }
    survey
}

fn read_file(
    root: &ProjectRoot,
    path: &Path,
    buffer: &mut Vec<u8>,
    survey: &Survey,
) -> Option<(Read, Option<FilePlaces>)> {
    let relative = path.strip_prefix(root).ok()?;
    let name = path.file_name()?.to_str()?;
    // What these list is known.
    if name.starts_with(".ports.env") {
        return None;
    }
    let Ok(Source::Text { text, language }) = Source::read(path, false, buffer) else { return None };
    let analysis = analysis::analyze(&text, language, &mut SyntaxCache::default());
    // What the grammar refused is reported by whoever checks the file.
    if analysis.refused.is_some() {
        return None;
    }
    let is_silent = analysis.occurrences.is_empty();
    if is_silent && !has_scripts(path) {
        return Some((Read::Nothing, None));
    }
    let places = FilePlaces::of(relative, &text, language, &analysis, survey.around(relative));
    let read = if is_silent { Read::Nothing } else { Read::Analysed(fingerprint(&text), Arc::new(analysis)) };
    Some((read, Some(places)))
}

impl PlaceReport {
    fn new(place: &Place) -> Self {
        Self {
            path: place.path.clone(),
            line: place.line,
            column: place.column,
            role: place.role,
            runtime: place.runtime,
        }
    }
}
