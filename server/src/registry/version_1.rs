//! What the script `port-manager.py` left: a file without `version`,
//! `{"ports": {"8000": {"project": "shop", "service": "web"}}, "projects": {"shop": {"web": 8000}}}`.
//!
//! It knows names and no paths, so its projects stand under their bare names. `ports` and `projects`
//! say the same twice; where they differ nothing is lost: what only one of them has is taken from it,
//! and `ports` decides whose a port is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::unique_keys::unique_keys;
use super::{Assignment, Project, Registry, Unknown};
use crate::port::Port;
use crate::service::{Service, ServiceTypes};
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

/// The project of a port whose owner the script does not name.
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
        let variable =
            if service.is_empty() { ServiceTypes::default().variable(kind) } else { variable_of(&service) };
        let variable = free_name(variable, project);
        let assignment = Assignment { port, service: kind, assigned_at: now, unknown };
        project.ports.insert(variable.clone(), assignment);
        registry.assigned.insert(port, (name, variable));
    }
    registry
}

/// The service that the script called so.
fn service_of(name: &str, port: Port) -> Service {
    let types = ServiceTypes::default();
    types
        .named(name)
        .or_else(|| Service::of_name(name))
        .or_else(|| types.of_port(port))
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
    name.parse()
        .or_else(|_| format!("SERVICE_{name}").parse())
        .unwrap_or_else(|_| ServiceTypes::default().variable(Service::Misc))
}

/// The variable, with a number behind it where the project has one of that name.
fn free_name(variable: Variable, project: &Project) -> Variable {
    let numbered = (2..).map_while(|number| format!("{variable}{number}").parse().ok());
    std::iter::once(variable.clone())
        .chain(numbered)
        .find(|name| project.get(name).is_none())
        .unwrap_or(variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every assignment as `project VARIABLE port service`.
    fn migrated(text: &str) -> Vec<String> {
        let registry = migrate(serde_json::from_str(text).unwrap(), Timestamp::UNIX_EPOCH);
        let assignments = registry.projects().flat_map(|(key, project)| {
            assert_eq!(key, project.name());
            project.ports().map(move |(variable, it)| format!("{key} {variable} {} {}", it.port, it.service))
        });
        assignments.collect()
    }

    #[test]
    fn every_service_of_the_script_gets_its_variable() {
        let text = r#"{
            "ports": {
                "8000": { "project": "shop", "service": "web" }, "8100": { "project": "shop", "service": "api" },
                "5400": { "project": "shop", "service": "db" }, "6300": { "project": "shop", "service": "redis" },
                "7230": { "project": "shop", "service": "temporal" },
                "3000": { "project": "shop", "service": "docs" },
                "9000": { "project": "shop", "service": "metrics" },
                "6301": { "project": "blog", "service": "cache" }, "3001": { "project": "blog", "service": "misc" },
                "9001": { "project": "blog", "service": "monitoring" },
                "5670": { "project": "blog", "service": "queue" },
                "12345": { "project": "blog", "service": "my-thing" }
            },
            "projects": { "shop": { "web": 8000, "api": 8100 }, "blog": {}, "empty": {} }
        }"#;
        assert_eq!(
            migrated(text),
            [
                "blog DOCS_PORT 3001 misc",
                "blog METRICS_PORT 9001 monitoring",
                "blog MY_THING_PORT 12345 misc",
                "blog QUEUE_PORT 5670 queue",
                "blog REDIS_PORT 6301 cache",
                "shop API_PORT 8100 api",
                "shop DB_PORT 5400 db",
                "shop DOCS_PORT 3000 misc",
                "shop METRICS_PORT 9000 monitoring",
                "shop REDIS_PORT 6300 cache",
                "shop TEMPORAL_PORT 7230 temporal",
                "shop WEB_PORT 8000 web",
            ]
        );
    }

    #[test]
    fn where_the_two_lists_differ_nothing_is_lost_and_a_port_has_one_owner() {
        let text = r#"{
            "ports": {
                "8000": { "project": "shop", "service": "web" },
                "8001": { "project": "shop", "service": "web" },
                "8002": { "project": "blog", "service": "web" },
                "8003": {}
            },
            "projects": { "shop": { "web": 8001, "api": 8002, "db": 5400 }, "café": { "9": 5400 } }
        }"#;
        assert_eq!(
            migrated(text),
            [
                "blog WEB_PORT 8002 web",
                "café SERVICE_9_PORT 5400 db",
                "shop WEB_PORT 8001 web",
                "shop WEB_PORT2 8000 web",
                "unnamed WEB_PORT 8003 web",
            ]
        );
    }
}
