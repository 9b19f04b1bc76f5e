//! The port map of a project, read from its files; and how it looks beside the registry.

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use super::Context;
use super::project_files::{OpenSurveys, ProjectFiles, UnreadFile};
use super::source::Source;
use crate::analysis::{self, Meaning, SyntaxCache};
use crate::error::Result;
use crate::port::Port;
use crate::ports_env::{Example, PortsEnv};
use crate::project::map::{MappedPort, Memory, Naming, Place, PortMap, Role};
use crate::project::runtime::{Runtime, runtime};
use crate::project::{MOST_ENTRIES, ProjectRoot};
use crate::rewrite::{Site, by_hand};
use crate::rules::{SETTINGS_FILE_NAME, Settings};
use crate::service::{Service, ServiceTypes};
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
    /// The manifests, compose files and Dockerfiles that were not read.
    pub unread: Vec<UnreadFile>,
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
    /// How many of them are in code that runs on this machine.
    pub places_here: usize,
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
/// When the registry, `port-manager.toml` or a file that lists the project's variables cannot be read.
pub fn ports(context: &Context, root: &ProjectRoot) -> Result<PortsReport> {
    let registry = context.store.load()?;
    // Without what it says, the table would be of another project.
    Settings::load(root.nearest_with(SETTINGS_FILE_NAME))?;
    let reading = port_map(root, registry.types())?;
    let by_hand = left_by_hand(root, &reading);
    let unread = reading.files.unread();
    let map = reading.map;
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
            listens: places(&port.listens()),
            connects: places(&Place::connects),
            places: port.places.len(),
            places_here: port.places.iter().filter(|place| place.runtime.is_here()).count(),
            by_hand: places(&|place| {
                place.runtime.is_here()
                    && !is_own_line(port, place)
                    && (place.is_in_another_variable()
                        || place.role != Role::Falls
                            && by_hand.contains(&(place.path.clone(), place.span.start)))
            }),
        }
    };
    Ok(PortsReport {
        project: root.name(),
        root: root.as_path().to_owned(),
        ports: map.ports().iter().map(report).collect(),
        unread,
    })
}

/// Whether it is the line of a file such as `.env` that gives the port's own variable a value: what is set already counts
/// before it, so that nothing needs to be done there.
fn is_own_line(port: &MappedPort, place: &Place) -> bool {
    place.is_loaded && place.hint.as_deref() == Some(port.variable.as_str())
}

/// A project's files as they were read once: its map, and what each file says.
#[derive(Debug, Default)]
pub struct Reading {
    /// The map.
    pub map: Arc<PortMap>,
    /// What each file says.
    pub files: ProjectFiles,
}

/// Reads the project's files, on all processors, and makes the map of its ports, as a user with these service types
/// names them.
///
/// # Errors
/// When `.ports.env.example` cannot be read.
pub fn port_map(root: &ProjectRoot, types: &ServiceTypes) -> Result<Reading> {
    bounded_port_map(root, types, MOST_ENTRIES)
}

/// The same of as many files and directories.
pub(super) fn bounded_port_map(
    root: &ProjectRoot,
    types: &ServiceTypes,
    most_entries: usize,
) -> Result<Reading> {
    let example = Example::load(root)?;
    // One that cannot be read says nothing here: `check` and `run` report it.
    let settings = Settings::load(root.nearest_with(SETTINGS_FILE_NAME)).unwrap_or_default();
    let memory = Memory {
        listed: example.variables().map(|(variable, port)| (variable.clone(), port)).collect(),
        renamed: settings.renamed_in(root),
        types: types.clone(),
    };
    let files = ProjectFiles::read(root, most_entries, &OpenSurveys::new(), settings.packs());
    let map = Arc::new(PortMap::of_shared(files.places().cloned(), memory, files.survey().clone()));
    Ok(Reading { map, files })
}

/// The places that no fix can repair, by file and first byte.
fn left_by_hand(root: &ProjectRoot, reading: &Reading) -> HashSet<(PathBuf, usize)> {
    let paths: BTreeSet<&PathBuf> = reading
        .map
        .ports()
        .iter()
        .flat_map(|port| port.places.iter())
        .filter(|it| it.number.is_some())
        .map(|it| &it.path)
        .collect();
    let settings = Settings::load(root.nearest_with(SETTINGS_FILE_NAME)).unwrap_or_default();
    let fallback = settings.fallback();
    let mut left = HashSet::new();
    let mut buffer = Vec::new();
    for path in paths {
        let file = root.as_path().join(path);
        let Ok(Source::Text { text, language }) = Source::read(&file, false, &mut buffer) else { continue };
        let analysis = reading.files.get(&file).and_then(|read| read.analysis_of(&text));
        let analysis = analysis.unwrap_or_else(|| {
            Arc::new(analysis::analyze_by(&text, language, settings.packs(), &mut SyntaxCache::default()))
        });
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let around = reading.map.around(path);
        let runs = runtime(path, &text, language, settings.packs(), &around);
        let site =
            Site::new(name, &text, language).of_file(&file, fallback).running(runs, around.bundled).asking();
        left.extend(analysis.occurrences.iter().filter_map(|occurrence| match &occurrence.meaning {
            Meaning::Literal(literal)
                if !settings.computed_values().has_default(literal)
                    && by_hand(&site, literal, &occurrence.span, None).is_some() =>
            {
                Some((path.clone(), occurrence.span.start))
            }
            _ => None,
        }));
    }
    left
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
