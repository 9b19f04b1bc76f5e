//! What the script `port-manager.py` left: a file without `version`,
//! `{"ports": {"8000": {"project": "shop", "service": "web"}}, "projects": {"shop": {"web": 8000}}}`.
//!
//! It knows names and no paths, so its projects stand under their bare names. `ports` and `projects`
//! say the same twice; where they differ nothing is lost: what only one of them has is taken from it,
//! and `ports` decides whose a port is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::format::unique_keys;
use super::{Assignment, Project, Registry, Unknown};
use crate::port::Port;
use crate::service::Service;
use crate::variable::Variable;

#[derive(Deserialize)]
pub(super) struct File {
    #[serde(default, deserialize_with = "unique_keys")]
    ports: BTreeMap<Port, Entry>,
    #[serde(default, deserialize_with = "unique_keys")]
    projects: BTreeMap<String, BTreeMap<String, Port>>,
    #[serde(flatten)]
    unknown: Unknown,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default = "unnamed")]
    project: String,
    #[serde(default)]
    service: String,
    #[serde(flatten)]
    unknown: Unknown,
}

/// The project of a port of which the script does not say whose it is.
fn unnamed() -> String {
    "unnamed".to_owned()
}

/// The registry that the script's file stands for.
pub(super) fn migrate(file: File, now: Timestamp) -> Registry {
    let File { mut ports, projects, mut unknown } = file;
    unknown.remove("version");
    // What `projects` lists comes first, so that of two ports of one service it keeps the plain name.
    let listed = projects.iter().flat_map(|(project, services)| {
        services.iter().map(move |(service, port)| (*port, project.clone(), service.clone()))
    });
    let mut entries = Vec::new();
    for (port, project, service) in listed {
        match ports.get(&port) {
            Some(entry) if entry.project != project || entry.service != service => {}
            _ => {
                let unknown = ports.remove(&port).map(|entry| entry.unknown).unwrap_or_default();
                entries.push((port, Entry { project, service, unknown }));
            }
        }
    }
    entries.extend(ports);

    let mut registry = Registry { unknown, ..Registry::empty(now) };
    for name in projects.into_keys() {
        registry.projects.insert(name.clone(), Project { name, ..Project::default() });
    }
    for (port, Entry { project: name, service, unknown }) in entries {
        if registry.assigned.contains_key(&port) {
            // Two lists of `projects` have it, and the first keeps it: a port has one owner.
            continue;
        }
        let project = registry
            .projects
            .entry(name.clone())
            .or_insert_with(|| Project { name: name.clone(), ..Project::default() });
        let kind = service_of(&service, port);
        let variable = if service.is_empty() { kind.variable() } else { variable_of(&service) };
        let variable = free_name(variable, project);
        let assignment = Assignment { port, service: kind, assigned_at: now, unknown };
        project.ports.insert(variable.clone(), assignment);
        registry.assigned.insert(port, (name, variable));
    }
    registry
}

/// The service that the script called so.
fn service_of(name: &str, port: Port) -> Service {
    name.parse()
        .ok()
        .or_else(|| Service::of_name(name))
        .or_else(|| Service::of_port(port))
        .unwrap_or(Service::Misc)
}

/// The variable in which the script put the port of a service.
fn variable_of(service: &str) -> Variable {
    let name = match service {
        "cache" => "REDIS",
        "misc" => "DOCS",
        "monitoring" => "METRICS",
        name => name,
    };
    let name: String =
        name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    let name = format!("{}_PORT", name.to_ascii_uppercase());
    // A name that starts with a digit, or is empty.
    name.parse().or_else(|_| format!("SERVICE_{name}").parse()).unwrap_or_else(|_| Service::Misc.variable())
}

/// The variable, with a number behind it where the project has one of that name.
fn free_name(variable: Variable, project: &Project) -> Variable {
    let numbered = (2..).map_while(|number| format!("{variable}{number}").parse().ok());
    std::iter::once(variable.clone())
        .chain(numbered)
        .find(|name| project.get(name).is_none())
        .unwrap_or(variable)
}
