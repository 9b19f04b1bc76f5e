//! Rebuilding a damaged registry from what still tells of it: what can be read of the file itself, the
//! backup, the script's registry that was migrated, and the `.ports.env` of every project that any of
//! these names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::format::{self, AssignmentFile, ReservationFile};
use super::store::Lock;
use super::{Assignment, Project, Registry, Reservation, Store, Unknown, version_1};
use crate::error::{Error, RegistryError, Result};
use crate::port::Port;
use crate::ports_env::PortsEnv;
use crate::service::ServiceTypes;
use crate::variable::Variable;

/// What was done about a damaged registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// What was wrong.
    pub damage: String,
    /// Where the damaged file is now; `None` where there was no file any more.
    pub moved_to: Option<PathBuf>,
    /// Whether the backup could be read.
    pub has_backup: bool,
    /// How many projects the registry has now.
    pub projects: usize,
    /// How many assignments the registry has now.
    pub ports: usize,
    /// What could not be restored, each with the reason.
    pub lost: Vec<String>,
}

/// What one file tells, as far as it can be understood; unlike in a registry, a port may stand there
/// more than once.
#[derive(Debug, Default)]
struct Witness {
    projects: BTreeMap<String, Project>,
    reservations: BTreeMap<Port, Reservation>,
    unknown: Unknown,
    /// What cannot be understood.
    lost: Vec<Loss>,
}

/// An entry that cannot be understood.
#[derive(Debug)]
struct Loss {
    /// The project and the variable that own it, as far as they are known.
    of: Option<(String, Variable)>,
    text: String,
}

/// One variable of one project, and the ports that it may have had: what its `.ports.env` says, and
/// what the other witnesses say, the newest first.
struct Claim<'a> {
    key: &'a str,
    variable: &'a Variable,
    written: Option<Port>,
    registered: Vec<&'a Assignment>,
}

impl Store {
    /// Rebuilds the registry if it is damaged, or gone while its backup is there, and keeps the damaged
    /// file beside it. `None` where nothing was wrong.
    ///
    /// # Errors
    /// When the registry is of a newer version, a link leads to another file in its place, or a file cannot
    /// be read or written.
    pub fn repair(&self) -> Result<Option<Repair>> {
        let lock = self.lock()?;
        let bytes = self.bytes(self.path())?;
        let damage = match self.load() {
            Err(
                error @ (Error::Registry(RegistryError::Damaged { .. })
                | Error::Registry(RegistryError::Gone { .. })),
            ) => error.to_string(),
            Err(error) => return Err(error),
            Ok(_) => return Ok(None),
        };
        if let (Some(link), Some(bytes)) = (self.link(), &bytes)
            && !is_likely_ours(bytes, self.path())
        {
            return Err(Error::Registry(RegistryError::NotARegistry {
                link: link.to_owned(),
                target: self.path().to_owned(),
            }));
        }
        let now = self.now();
        let types = &self.shown_types();
        let backup = self.bytes(&self.backup_path())?;
        let original = self.bytes(&self.version_1_path())?;
        let texts: Vec<&[u8]> =
            [&bytes, &backup, &original].into_iter().flatten().map(Vec::as_slice).collect();
        let witnesses: Vec<Witness> = texts.iter().map(|text| Witness::hear(text, now, types)).collect();
        let has_backup =
            backup.as_deref().is_some_and(|backup| Witness::hear(backup, now, types) != Witness::default());
        let named = texts.iter().flat_map(|text| paths_in(text)).collect();
        let (registry, lost) = rebuild(&witnesses, named, now, types)?;

        // The copy first: at no time is there no registry.
        let moved_to = bytes.as_deref().map(|bytes| self.keep_damaged(bytes, &lock)).transpose()?;
        let text = format::write(&registry)
            .map_err(|error| Error::Write { path: self.path().to_owned(), source: error.into() })?;
        self.replace(self.path(), text.as_bytes(), || lock.ensure_held())?;
        Ok(Some(Repair {
            damage,
            moved_to,
            has_backup,
            projects: registry.projects.len(),
            ports: registry.assigned.len(),
            lost,
        }))
    }

    /// Puts the damaged file where no other lies.
    fn keep_damaged(&self, bytes: &[u8], lock: &Lock) -> Result<PathBuf> {
        let numbered = (2..).map(|number| format!("json.broken-{number}"));
        let extensions = std::iter::once("json.broken".to_owned()).chain(numbered);
        for path in extensions.map(|extension| self.path().with_extension(extension)) {
            match self.bytes(&path)? {
                Some(other) if other != bytes => {}
                Some(_) => return Ok(path),
                None => {
                    self.replace(&path, bytes, || lock.ensure_held())?;
                    return Ok(path);
                }
            }
        }
        Ok(self.path().to_owned())
    }
}

impl PartialEq for Witness {
    fn eq(&self, other: &Self) -> bool {
        self.projects == other.projects && self.reservations == other.reservations
    }
}

impl Witness {
    fn hear(text: &[u8], now: Timestamp, types: &ServiceTypes) -> Self {
        let Ok(Value::Object(mut file)) = serde_json::from_slice(text) else { return Self::default() };
        let is_version_1 =
            file.contains_key("ports") && file.get("version").and_then(Value::as_u64).is_none_or(|it| it < 2);
        if is_version_1 {
            return Self::hear_version_1(file, now);
        }
        let mut witness = Self::default();
        file.remove("version");
        for (key, project) in object(file.remove("projects")) {
            witness.hear_project(key, project, now, types);
        }
        for (port, reservation) in object(file.remove("reservations")) {
            // One that cannot be understood is no loss: it would have expired in a few minutes.
            if let (Ok(port), Ok(read)) =
                (port.parse(), serde_json::from_value::<ReservationFile>(reservation))
            {
                witness.reservations.insert(port, read.into());
            }
        }
        witness.unknown = file.into_iter().collect();
        witness
    }

    fn hear_project(&mut self, key: String, project: Value, now: Timestamp, types: &ServiceTypes) {
        let Value::Object(mut fields) = project else {
            self.lost.push(Loss { of: None, text: format!("{key}: its entry is not an object") });
            return;
        };
        let name = match fields.remove("name") {
            Some(Value::String(name)) => name,
            _ => name_of(&key),
        };
        let mut ports = BTreeMap::new();
        for (variable, entry) in object(fields.remove("ports")) {
            let port = entry.get("port").cloned().unwrap_or_default();
            let read = (variable.parse::<Variable>(), serde_json::from_value::<Port>(port.clone()));
            let (Ok(variable), Ok(port)) = read else {
                let text = format!("{variable} of {name} ({key}): the registry says port {port}");
                let of = variable.parse().ok().map(|variable| (key.clone(), variable));
                self.lost.push(Loss { of, text });
                continue;
            };
            let assignment = match serde_json::from_value::<AssignmentFile>(entry) {
                Ok(AssignmentFile { port, service, assigned_at, unknown }) => {
                    Assignment { port, service, assigned_at, unknown }
                }
                Err(_) => new_assignment(&variable, port, now, types),
            };
            ports.insert(variable, assignment);
        }
        let unknown = fields.into_iter().collect();
        self.projects.insert(key, Project { name, ports, unknown });
    }

    /// What the script left, without the entries that cannot be understood.
    fn hear_version_1(mut file: Map<String, Value>, now: Timestamp) -> Self {
        let mut lost = Vec::new();
        let mut ports = object(file.remove("ports"));
        ports.retain(|port, entry| {
            let is_sound = port.parse::<Port>().is_ok() && entry.is_object();
            if !is_sound {
                let text = format!("port {port} of the script's registry: {entry}");
                lost.push(Loss { of: None, text });
            }
            is_sound
        });
        let mut projects = object(file.remove("projects"));
        for (name, services) in &mut projects {
            let mut sound = object(Some(services.take()));
            sound.retain(|service, port| {
                let is_sound = serde_json::from_value::<Port>(port.clone()).is_ok();
                if !is_sound {
                    let text = format!("{service} of {name} in the script's registry: {port}");
                    lost.push(Loss { of: None, text });
                }
                is_sound
            });
            *services = Value::Object(sound);
        }
        file.insert("ports".to_owned(), Value::Object(ports));
        file.insert("projects".to_owned(), Value::Object(projects));
        let Ok(read) = serde_json::from_value(Value::Object(file)) else {
            return Self { lost, ..Self::default() };
        };
        let Registry { projects, unknown, .. } = version_1::migrate(read, now);
        Self { projects, unknown, lost, ..Self::default() }
    }
}

/// Builds a registry of what the witnesses tell, the newest first, and of what the projects' files
/// say. A port that several claim goes to the one whose `.ports.env` and registry agree; else to one
/// that was registered; else to one whose `.ports.env` has it.
fn rebuild(
    witnesses: &[Witness],
    named: BTreeSet<String>,
    now: Timestamp,
    types: &ServiceTypes,
) -> Result<(Registry, Vec<String>)> {
    let mut registry = Registry::empty(now);
    let mut lost: Vec<String> = Vec::new();
    let mut keys = named;
    keys.extend(witnesses.iter().flat_map(|witness| witness.projects.keys().cloned()));
    let mut files: BTreeMap<String, PortsEnv> = BTreeMap::new();
    for key in keys.iter().filter(|key| Path::new(key).is_absolute()) {
        match PortsEnv::load(key) {
            Ok(Some(file)) => {
                files.insert(key.clone(), file);
            }
            Ok(None) => {}
            Err(error) => lost.push(error.to_string()),
        }
    }
    // A path that stands somewhere in a damaged file is a project if there is one.
    keys.retain(|key| files.contains_key(key) || !told(witnesses, key).is_empty());
    for key in &keys {
        let mut project = Project { name: name_of(key), ..Project::default() };
        if let Some(known) = told(witnesses, key).first() {
            project.name.clone_from(&known.name);
            project.unknown.clone_from(&known.unknown);
        }
        registry.projects.insert(key.clone(), project);
    }

    let claims = keys.iter().flat_map(|key| {
        let file = files.get(key);
        let told = told(witnesses, key);
        let written = file.into_iter().flat_map(PortsEnv::variables);
        let registered = told.iter().flat_map(|project| project.ports.keys());
        let variables: BTreeSet<&Variable> = written.chain(registered).collect();
        variables.into_iter().map(move |variable| Claim {
            key,
            variable,
            written: file.and_then(|file| file.get(variable)),
            registered: told.iter().filter_map(|project| project.get(variable)).collect(),
        })
    });
    let mut claims: Vec<Claim<'_>> = claims.collect();
    claims.sort_by_key(|claim| (claim.rank(), claim.key, claim.variable));
    for claim in claims {
        let candidates: Vec<Assignment> = claim.candidates(now, types);
        match candidates.iter().find(|it| registry.owner(it.port).is_none()) {
            Some(assignment) => {
                registry.assigned.insert(assignment.port, (claim.key.to_owned(), claim.variable.clone()));
                if let Some(project) = registry.projects.get_mut(claim.key) {
                    project.ports.insert(claim.variable.clone(), assignment.clone());
                }
            }
            None => lost.extend(candidates.first().and_then(|it| {
                let owner = registry.owner(it.port)?;
                Some(format!("{} of {}: port {} belongs to {owner}", claim.variable, claim.key, it.port))
            })),
        }
    }
    for witness in witnesses {
        for (port, reservation) in &witness.reservations {
            if registry.owner(*port).is_none() && reservation.holds_at(now) {
                registry.reservations.insert(*port, reservation.clone());
            }
        }
        for (field, value) in &witness.unknown {
            registry.unknown.entry(field.clone()).or_insert_with(|| value.clone());
        }
    }
    // What one witness garbles, another may have told.
    let is_restored = |(key, variable): &(String, Variable)| {
        registry.project(key).is_some_and(|project| project.get(variable).is_some())
    };
    let garbled = witnesses.iter().flat_map(|witness| &witness.lost);
    lost.extend(garbled.filter(|loss| !loss.of.as_ref().is_some_and(is_restored)).map(|it| it.text.clone()));
    lost.sort();
    lost.dedup();
    Ok((registry, lost))
}

/// What each witness tells of a project.
fn told<'w>(witnesses: &'w [Witness], key: &str) -> Vec<&'w Project> {
    witnesses.iter().filter_map(|witness| witness.projects.get(key)).collect()
}

impl Claim<'_> {
    /// How well it is founded, the best first.
    fn rank(&self) -> u8 {
        match self.written {
            Some(port) if self.registered.iter().any(|it| it.port == port) => 0,
            None => 1,
            Some(_) => 2,
        }
    }

    /// What it may get, the best first: the file that the project's programs read, then the registry.
    fn candidates(&self, now: Timestamp, types: &ServiceTypes) -> Vec<Assignment> {
        let written = self.written.map(|port| {
            let known = self.registered.iter().find(|it| it.port == port);
            known.map_or_else(|| new_assignment(self.variable, port, now, types), |known| (*known).clone())
        });
        written.into_iter().chain(self.registered.iter().map(|it| (*it).clone())).collect()
    }
}

fn new_assignment(variable: &Variable, port: Port, now: Timestamp, types: &ServiceTypes) -> Assignment {
    let service = types.of_variable(variable, Some(port));
    Assignment { port, service, assigned_at: now, unknown: Unknown::new() }
}

fn name_of(key: &str) -> String {
    Path::new(key).file_name().map_or_else(|| key.to_owned(), |name| name.to_string_lossy().into_owned())
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

/// Whether a damaged file, to which a link leads, was a registry: what is in it looks like one, or it has
/// its name and nothing in it. A link may lead to anything by mistake.
fn is_likely_ours(bytes: &[u8], path: &Path) -> bool {
    let has_key = |key: &[u8]| bytes.windows(key.len()).any(|window| window == key);
    let is_blank = bytes.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace());
    (is_blank && path.file_name().is_some_and(|name| name == "registry.json"))
        || has_key(b"\"projects\"")
        || has_key(b"\"reservations\"")
        || has_key(b"\"ports\"")
}

/// No path is longer, each of its bytes being an escape (`\u0000`): PATH_MAX of Linux is 4,096.
const LONGEST_PATH: usize = 6 * 4_096;

/// Every JSON string in a text, however damaged, that is an absolute path.
fn paths_in(text: &[u8]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for (start, _) in text.iter().enumerate().filter(|(_, byte)| **byte == b'"') {
        let rest = &text[start..text.len().min(start + LONGEST_PATH)];
        // Cheap to see for most: a path begins with a slash, or with a drive's letter and a colon.
        if rest.get(1) != Some(&b'/') && rest.get(2) != Some(&b':') {
            continue;
        }
        let mut strings = serde_json::Deserializer::from_slice(rest).into_iter::<String>();
        if let Some(Ok(path)) = strings.next()
            && Path::new(&path).is_absolute()
        {
            paths.insert(path);
        }
    }
    paths
}
