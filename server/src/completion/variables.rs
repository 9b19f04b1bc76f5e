//! The port variables of a project, as they are offered.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::Path;

use super::{Kind, Offer};
use crate::port::Port;
use crate::ports::{self, Listener, Protocol};
use crate::project::map::MappedPort;
use crate::registry::Owner;
use crate::rewrite::Edit;
use crate::rules::Facts;
use crate::service::Service;
use crate::variable::Variable;

/// A port variable of the project.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) variable: Variable,
    /// Its number on this machine.
    pub(super) assigned: Option<Port>,
    /// The number that the code itself uses, and the team knows.
    pub(super) default: Option<Port>,
    pub(super) service: Service,
    /// How far away it is used: 0 in the same component.
    distance: usize,
}

/// The project's variables, those of the nearest component first. `but` is a place that does not count: a name that
/// is being typed there is no variable yet.
pub(super) fn known(facts: &Facts, path: &Path, but: &Range<usize>) -> Vec<Known> {
    let mut names: BTreeSet<&Variable> = BTreeSet::new();
    let file = facts.ports_env.iter().flat_map(|file| file.definitions()).map(|it| &it.variable);
    let listed = facts.listed.iter().flatten().map(|(variable, _)| variable);
    let is_typed = |port: &MappedPort| {
        port.places.iter().all(|place| place.path == path && touches(&place.span, but)) && !port.is_listed
    };
    let mapped = facts.map.ports().iter().filter(|port| port.is_decided_here() && !is_typed(port));
    names.extend(file.chain(listed).chain(mapped.map(|port| &port.variable)));
    let component = facts.map.components().of(path);
    let mut known: Vec<Known> = names
        .into_iter()
        .filter(|variable| variable.ensure_holds_port().is_ok())
        .map(|variable| {
            let mapped = facts.map.of_variable(variable);
            let distance = mapped.map_or(3, |port| {
                let is_near = |path: &Path| facts.map.components().of(path) == component;
                if port.listeners.contains(&component) {
                    0
                } else if port.places.iter().any(|place| is_near(&place.path)) {
                    1
                } else {
                    2
                }
            });
            Known::new(variable, facts, distance)
        })
        .collect();
    known.sort_by(|a, b| (a.distance, &a.variable).cmp(&(b.distance, &b.variable)));
    known
}

fn touches(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// Who listens on the numbers of variables now.
pub(super) struct Listening(HashMap<Port, Vec<Listener>>);

impl Listening {
    pub(super) fn on(known: &[Known]) -> Self {
        let is_wanted = |port| known.iter().any(|it| it.assigned == Some(port));
        Self(ports::listeners_by_port(&is_wanted).unwrap_or_default())
    }

    fn describe(&self, port: Port) -> String {
        let tcp = |listener: &&Listener| listener.protocol == Protocol::Tcp;
        match self.0.get(&port).and_then(|listeners| listeners.iter().find(tcp)) {
            None => format!("Nothing listens on port {port}."),
            Some(Listener { program: Some(program), pid: Some(pid), .. }) => {
                format!("{program} (pid {pid}) listens on port {port}.")
            }
            Some(_) => format!("A process that is not visible to you listens on port {port}."),
        }
    }
}

impl Known {
    pub(super) fn new(variable: &Variable, facts: &Facts, distance: usize) -> Self {
        Self {
            assigned: facts.assigned_number(variable),
            default: facts.default_number(variable),
            service: facts.service_of(variable),
            variable: variable.clone(),
            distance,
        }
    }

    /// The variable as an offer that writes `text` in place of `span`.
    pub(super) fn offer(&self, name: &Variable, edit: Edit, facts: &Facts, listening: &Listening) -> Offer {
        let number = self.assigned.map(|port| port.to_string());
        let project = facts.root.name();
        let mut lines = Vec::new();
        if *name != self.variable {
            lines.push(format!("{name} is {} here.", self.variable));
        }
        match (self.assigned, self.default) {
            (Some(_), Some(default)) => lines.push(format!("Default number {default}.")),
            (None, Some(default)) => lines.push(format!("Default number {default}; no number here yet.")),
            (None, None) => lines.push("No number here yet.".to_owned()),
            (Some(_), None) => {}
        }
        if let Some(port) = self.assigned {
            lines.push(listening.describe(port));
            if let Some(Owner::Project { key, name, variable, .. }) = facts.registry.owner(port)
                && facts.root.key().ok() != Some(key)
            {
                lines.push(format!("Port {port} is {variable} of the project {name}."));
            }
        }
        let number_or_none = number.clone().unwrap_or_else(|| "no number".to_owned());
        Offer {
            label: name.to_string(),
            kind: Kind::Variable,
            edit,
            filter: name.to_string(),
            besides: Vec::new(),
            hint: number,
            detail: Some(format!("{number_or_none}, service {}, project {project}", self.service)),
            lines,
        }
    }
}
