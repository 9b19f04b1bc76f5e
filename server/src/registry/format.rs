//! The registry's file: `{"version": 2, "projects": {...}, "reservations": {...}}`, with sorted
//! keys, an indent of two spaces and a newline at the end.

mod second_place;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::unique_keys::unique_keys;
use super::{Assignment, Project, Registry, Reservation, Unknown, version_1};
use crate::error::{Error, RegistryError, Result};
use crate::port::Port;
use crate::service::Service;
use crate::text::without_position;
use crate::variable::Variable;

/// The version that is written.
pub(super) const VERSION: u64 = 2;

/// Just enough to see which version the rest is to be read as.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Head {
    version: Option<u64>,
}

#[derive(Deserialize)]
struct RegistryFile {
    version: u64,
    #[serde(default, deserialize_with = "unique_keys")]
    projects: BTreeMap<String, ProjectFile>,
    #[serde(default, deserialize_with = "unique_keys")]
    reservations: BTreeMap<Port, ReservationFile>,
    #[serde(flatten)]
    unknown: Unknown,
}

#[derive(Deserialize)]
struct ProjectFile {
    name: String,
    #[serde(default, deserialize_with = "unique_keys")]
    ports: BTreeMap<Variable, AssignmentFile>,
    #[serde(flatten)]
    unknown: Unknown,
}

#[derive(Deserialize)]
pub(super) struct AssignmentFile {
    pub(super) port: Port,
    pub(super) service: Service,
    pub(super) assigned_at: Timestamp,
    #[serde(flatten)]
    pub(super) unknown: Unknown,
}

#[derive(Deserialize)]
pub(super) struct ReservationFile {
    pub(super) service: Service,
    pub(super) expires_at: Timestamp,
    pub(super) directory: Option<String>,
    #[serde(flatten)]
    pub(super) unknown: Unknown,
}

impl From<ReservationFile> for Reservation {
    fn from(file: ReservationFile) -> Self {
        let ReservationFile { service, expires_at, directory, unknown } = file;
        Self { service, expires_at, directory, unknown }
    }
}

/// A registry as read from a file.
pub(super) struct Read {
    pub(super) registry: Registry,
    /// Whether the file is the script's: it is to be kept when a newer one takes its place.
    pub(super) is_version_1: bool,
}

/// Reads a registry. `path` and `backup` are named in errors.
pub(super) fn read(text: &str, now: Timestamp, path: &Path, backup: Option<&Path>) -> Result<Read> {
    let damaged_at = |line, column, message| {
        Error::Registry(RegistryError::Damaged {
            path: path.to_owned(),
            line,
            column,
            message,
            backup: backup.map(Path::to_owned),
        })
    };
    let damaged = |error: serde_json::Error| {
        // The parser says 0 where there is nothing before the place.
        damaged_at(error.line(), error.column().max(1), without_position(&error.to_string()).to_owned())
    };
    // Nearly every file is one of ours, so it is read as such, and only one that is not is read again
    // to see what it is.
    let (mut registry, is_version_1) = match serde_json::from_str::<RegistryFile>(text) {
        Ok(file) if file.version == VERSION => (from_file(file, now), false),
        read => {
            let head: Head = serde_json::from_str(text).map_err(damaged)?;
            match (head.version, read) {
                (Some(VERSION), Err(error)) => return Err(damaged(error)),
                (Some(version), _) if version > VERSION => {
                    return Err(Error::Registry(RegistryError::TooNew {
                        path: path.to_owned(),
                        version,
                        understood: VERSION,
                    }));
                }
                _ => (version_1::migrate(serde_json::from_str(text).map_err(damaged)?, now), true),
            }
        }
    };
    index(&mut registry).map_err(|(port, message)| {
        let (line, column) = second_place::of(port, text);
        damaged_at(line, column, message)
    })?;
    Ok(Read { registry, is_version_1 })
}

/// The file's text.
pub(super) fn write(registry: &Registry) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(registry)? + "\n")
}

/// The value of a field.
#[derive(Serialize)]
#[serde(untagged)]
enum Field<'a> {
    Version(u64),
    Text(&'a str),
    Port(Port),
    Service(Service),
    Time(Timestamp),
    Projects(&'a BTreeMap<String, Project>),
    Ports(&'a BTreeMap<Variable, Assignment>),
    Reservations(BTreeMap<String, &'a Reservation>),
    Unknown(Value),
}

/// Writes an object with its known and unknown fields sorted together. One that was unknown to the
/// script's format and is known to ours gives way: the script's file is kept.
fn sorted<'a, S: Serializer>(
    serializer: S,
    known: Vec<(&'a str, Field<'a>)>,
    unknown: &'a Unknown,
) -> Result<S::Ok, S::Error> {
    let names: Vec<&str> = known.iter().map(|(field, _)| *field).collect();
    let unknown = unknown.iter().filter(|(field, _)| !names.contains(&field.as_str()));
    let unknown = unknown.map(|(field, value)| {
        let mut value = value.clone();
        value.sort_all_objects();
        (field.as_str(), Field::Unknown(value))
    });
    let mut fields: Vec<(&str, Field<'_>)> = known.into_iter().chain(unknown).collect();
    fields.sort_by_key(|(field, _)| *field);
    serializer.collect_map(fields)
}

impl Serialize for Registry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Sorted as all keys are: as text.
        let reservations = self.reservations.iter().map(|(port, it)| (port.to_string(), it)).collect();
        let known = vec![
            ("projects", Field::Projects(&self.projects)),
            ("reservations", Field::Reservations(reservations)),
            ("version", Field::Version(VERSION)),
        ];
        sorted(serializer, known, &self.unknown)
    }
}

impl Serialize for Project {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known = vec![("name", Field::Text(&self.name)), ("ports", Field::Ports(&self.ports))];
        sorted(serializer, known, &self.unknown)
    }
}

impl Serialize for Assignment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known = vec![
            ("assigned_at", Field::Time(self.assigned_at)),
            ("port", Field::Port(self.port)),
            ("service", Field::Service(self.service)),
        ];
        sorted(serializer, known, &self.unknown)
    }
}

impl Serialize for Reservation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut known =
            vec![("expires_at", Field::Time(self.expires_at)), ("service", Field::Service(self.service))];
        known.extend(self.directory.as_deref().map(|directory| ("directory", Field::Text(directory))));
        sorted(serializer, known, &self.unknown)
    }
}

fn from_file(file: RegistryFile, now: Timestamp) -> Registry {
    let projects = file.projects.into_iter().map(|(key, project)| {
        let ports = project.ports.into_iter().map(|(variable, assignment)| {
            let AssignmentFile { port, service, assigned_at, unknown } = assignment;
            (variable, Assignment { port, service, assigned_at, unknown })
        });
        (key, Project { name: project.name, ports: ports.collect(), unknown: project.unknown })
    });
    let projects = projects.collect();
    let (reservations, expired) = file
        .reservations
        .into_iter()
        .map(|(port, reservation)| (port, Reservation::from(reservation)))
        .partition(|(_, reservation)| reservation.holds_at(now));
    Registry { projects, reservations, expired, unknown: file.unknown, now, ..Registry::default() }
}

/// Finds where each port is, and that none is anywhere else; else which is, and what to say of it.
fn index(registry: &mut Registry) -> Result<(), (Port, String)> {
    let twice = |port, first: &str, second: &str| {
        Err((port, format!("port {port} belongs to {first} and to {second}")))
    };
    let mut assigned: BTreeMap<Port, (String, Variable)> = BTreeMap::new();
    for (key, project) in &registry.projects {
        for (variable, assignment) in &project.ports {
            if let Some((other, its)) = assigned.insert(assignment.port, (key.clone(), variable.clone())) {
                let (first, second) = (format!("{its} of {other}"), format!("{variable} of {key}"));
                return twice(assignment.port, &first, &second);
            }
        }
    }
    if let Some((port, (key, variable))) =
        assigned.iter().find(|(port, _)| registry.reservations.contains_key(port))
    {
        return twice(*port, &format!("{variable} of {key}"), "a reservation");
    }
    registry.assigned = assigned;
    Ok(())
}
