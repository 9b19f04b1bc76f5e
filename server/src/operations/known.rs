//! What people can name here: projects, variables and ports, for a shell that completes them.
//!
//! Nothing is written, and nothing fails: what cannot be read has no names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::error::Result;
use crate::port::Port;
use crate::ports;
use crate::ports_env::{Example, PortsEnv};
use crate::project::ProjectRoot;
use crate::registry::{Registry, Store};
use crate::service::Service;
use crate::variable::Variable;

/// The names that the registry and this machine know.
#[derive(Debug)]
pub struct Known {
    registry: Registry,
}

/// A word that names a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProject {
    /// The project's name; where several projects have it, the root.
    pub word: String,
    /// The root directory; for a project that the script `port-manager.py` left, its bare name.
    pub root: String,
}

/// A port that people may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPort {
    /// The port.
    pub port: Port,
    /// The variable that holds it and the name of the project; `None` where something listens that is not registered.
    pub owner: Option<(Variable, String)>,
}

impl Known {
    /// The names of a registry; none of one that cannot be read.
    #[must_use]
    pub fn of(store: Result<Store>) -> Self {
        Self { registry: store.and_then(|store| store.load()).unwrap_or_default() }
    }

    /// The registered projects.
    #[must_use]
    pub fn projects(&self) -> Vec<KnownProject> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, project) in self.registry.projects() {
            *counts.entry(project.name()).or_default() += 1;
        }
        let word = |root: &str, name: &str| if counts[name] == 1 { name.to_owned() } else { root.to_owned() };
        let projects = self.registry.projects();
        projects
            .map(|(root, project)| KnownProject { word: word(root, project.name()), root: root.to_owned() })
            .collect()
    }

    /// The variables of the project that a directory belongs to, each with its number where it has one.
    #[must_use]
    pub fn variables(&self, directory: &Path) -> BTreeMap<Variable, Option<Port>> {
        let root = ProjectRoot::of_directory(directory, None);
        let mut known = BTreeMap::new();
        if let Ok(example) = Example::load(&root) {
            known.extend(example.variables().map(|(variable, _)| (variable.clone(), None)));
        }
        if let Some(project) = root.key().ok().and_then(|key| self.registry.project(key)) {
            known.extend(project.ports().map(|(variable, own)| (variable.clone(), Some(own.port))));
        }
        if let Ok(Some(file)) = PortsEnv::load(&root) {
            let defined = file.definitions().iter();
            known.extend(defined.map(|definition| (definition.variable.clone(), Some(definition.port))));
        }
        known
    }

    /// The registered ports, and those on which something listens now, in ascending order.
    #[must_use]
    pub fn ports(&self) -> Vec<KnownPort> {
        let mut owners = BTreeMap::new();
        for (_, project) in self.registry.projects() {
            let ports = project.ports();
            owners.extend(
                ports.map(|(variable, own)| (own.port, (variable.clone(), project.name().to_owned()))),
            );
        }
        let listening = ports::listening().unwrap_or_default();
        let all: BTreeSet<Port> = owners.keys().copied().chain(listening).collect();
        all.into_iter().map(|port| KnownPort { port, owner: owners.remove(&port) }).collect()
    }

    /// The reservations that `get-port` has made.
    pub fn reservations(&self) -> impl Iterator<Item = (Port, Service)> {
        self.registry.reservations().map(|(port, reservation)| (port, reservation.service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(number: u16) -> Port {
        Port::new(number).unwrap()
    }

    #[test]
    fn a_name_that_two_projects_have_is_replaced_by_their_roots() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::at(directory.path());
        let web: Variable = "WEB_PORT".parse().unwrap();
        let projects = [("/a/shop", "shop"), ("/b/shop", "shop"), ("/b/blog", "blog")];
        store
            .change(|registry| {
                for ((root, name), number) in projects.into_iter().zip(8000..) {
                    registry.assign(root, name, &web, port(number), Service::Web)?;
                }
                Ok(())
            })
            .unwrap();
        let known = Known::of(Ok(store));
        let words: Vec<String> = known.projects().into_iter().map(|project| project.word).collect();
        assert_eq!(words, ["/a/shop", "blog", "/b/shop"]);
        let owned: Vec<_> = known.ports().into_iter().filter_map(|it| Some((it.port, it.owner?.1))).collect();
        assert_eq!(
            owned,
            [
                (port(8000), "shop".to_owned()),
                (port(8001), "shop".to_owned()),
                (port(8002), "blog".to_owned())
            ]
        );
    }

    #[test]
    fn a_registry_that_cannot_be_read_leaves_the_variables_of_the_files() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("registry.json"), "{").unwrap();
        std::fs::write(directory.path().join(".ports.env"), "WEB_PORT=8000\n").unwrap();
        std::fs::write(directory.path().join(".ports.env.example"), "WEB_PORT=8080\nAPI_PORT=5000\n")
            .unwrap();
        let known = Known::of(Ok(Store::at(directory.path())));
        let variables = known.variables(directory.path());
        let expected = [("API_PORT", None), ("WEB_PORT", Some(port(8000)))];
        assert_eq!(
            variables.iter().map(|(variable, port)| (variable.as_str(), *port)).collect::<Vec<_>>(),
            expected
        );
        assert_eq!(known.projects(), []);
    }
}
