//! The variables that a project needs a port for, by its files and by the map of its ports.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;
use strsim::osa_distance;

use super::super::session::{Known, Session};
use crate::port::Port;
use crate::project::map::{MappedPort, Naming, Place, PortMap};
use crate::project::runtime::Runtime;
use crate::service::Service;
use crate::variable::Variable;

/// What a project gets that has no program yet.
const USUAL: [Service; 4] = [Service::Web, Service::Api, Service::Db, Service::Cache];

/// A variable that gets no port: its name looks like a misspelling of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MisspelledVariable {
    /// The variable as the code reads it.
    pub variable: Variable,
    /// The variable that it looks like.
    pub meant: Variable,
    /// The file that reads it first, relative to the root.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

/// What a project needs.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The variables, each with what listens there where that is known: those of its files first, in their order.
    pub(super) variables: Vec<(Variable, Option<Service>)>,
    /// The variables that its code reads and that get no port.
    pub(super) misspelled: Vec<MisspelledVariable>,
}

impl Wanted {
    /// `is_blank` is whether the project has no file that could say anything about ports.
    pub(super) fn of(session: &Session<'_>, map: &PortMap, is_blank: bool) -> Self {
        let mut seen = BTreeSet::new();
        let listed: Vec<Variable> = session
            .listed()
            .into_iter()
            .chain(session.examples())
            .filter(|it| seen.insert(it.clone()))
            .collect();
        let new = map.ports().iter().filter(|port| {
            port.is_decided_here()
                && !seen.contains(&port.variable)
                && !is_listed(port, &listed, session, map)
                // A client that reads a number of its own would find nobody.
                && map.meant_by(port).variable == port.variable
        });
        let (mut found, mut misspelled) = (Vec::new(), Vec::new());
        for port in new {
            match meant(port, &listed, map) {
                Some(other) => misspelled.extend(MisspelledVariable::of(port, other)),
                None => found.push((port.variable.clone(), Some(port.service))),
            }
        }
        // A project whose lines were all removed by people wants none of these.
        if listed.is_empty() && is_blank && !session.is_managed() {
            found.extend(USUAL.map(|service| (session.types().variable(service), Some(service))));
        }
        let service = |variable: &Variable| {
            let service = map.of_variable(variable).map(|port| port.service);
            service.filter(|service| *service != Service::Misc)
        };
        let variables = listed.into_iter().map(|variable| (service(&variable), variable));
        let variables = variables.map(|(service, variable)| (variable, service)).chain(found).collect();
        Self { variables, misspelled }
    }

    /// What the map says about the numbers of these variables.
    pub(super) fn known(&self, map: &PortMap) -> Known {
        let own = || self.variables.iter().filter_map(|(variable, _)| map.of_variable(variable));
        let is_near = |port: &&MappedPort| {
            port.places.iter().any(|it| it.runtime.is_here() || it.runtime == Runtime::Aside)
        };
        Known {
            defaults: own().filter_map(|port| Some((port.variable.clone(), port.default?))).collect(),
            numbers: map.ports().iter().filter(is_near).filter_map(|port| port.default).collect(),
            connected: own().filter(|port| is_connected(port)).map(|port| port.variable.clone()).collect(),
        }
    }
}

impl MisspelledVariable {
    fn of(port: &MappedPort, meant: &Variable) -> Option<Self> {
        let place = port.places.iter().find(|place| reads(place))?;
        Some(Self {
            variable: port.variable.clone(),
            meant: meant.clone(),
            path: place.path.clone(),
            line: place.line,
        })
    }
}

/// Whether a listed variable is for a port that only its number tells: `.ports.env`, which people wrote, gives the
/// variable just that number, and the code knows no other for it.
fn is_listed(port: &MappedPort, listed: &[Variable], session: &Session<'_>, map: &PortMap) -> bool {
    let has_default = |variable: &Variable| map.of_variable(variable).is_some_and(|it| it.default.is_some());
    port.naming > Naming::Read
        && port.default.is_some()
        && listed.iter().any(|it| session.written(it) == port.default && !has_default(it))
}

/// Whether the project connects to a server that it does not start. An application's own server is often configured in
/// another file than the one that starts it, so this is said of databases and their like alone.
fn is_connected(port: &MappedPort) -> bool {
    port.is_infrastructure && !port.listening().any(|place| place.runtime.is_here())
}

fn reads(place: &Place) -> bool {
    place.runtime.is_here() && place.variable.is_some() && place.role.reads()
}

/// The variable that a port's own looks like a misspelling of: one that a file lists or that is read more often. What
/// listens somewhere, is given a value, or has a default number of its own is no slip.
fn meant<'a>(port: &MappedPort, listed: &'a [Variable], map: &'a PortMap) -> Option<&'a Variable> {
    let readers = |port: &MappedPort| port.places.iter().filter(|place| reads(place)).count();
    if port.naming != Naming::Read || port.places.iter().any(|place| place.runtime.is_here() && !reads(place))
    {
        return None;
    }
    let has_same_default = |default: Option<Port>| port.default.is_none() || port.default == default;
    let of_files = listed.iter().filter(|it| has_same_default(map.of_variable(it).and_then(|it| it.default)));
    let of_code = map.ports().iter().filter(|other| {
        other.is_decided_here() && readers(other) > readers(port) && has_same_default(other.default)
    });
    of_files
        .chain(of_code.map(|other| &other.variable))
        .filter_map(|other| Some((slips(&port.variable, other)?, other)))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, other)| other)
}

/// By how many slips of the fingers a name differs from another: `None` for none, and for more than one in five letters,
/// as of `MAIL_PORT` and `MAIN_PORT`. Numbers are no slips: `WORKER_1_PORT`.
fn slips(variable: &Variable, other: &Variable) -> Option<usize> {
    let digits = |name: &Variable| name.as_str().matches(|it: char| it.is_ascii_digit()).collect::<String>();
    let slips = osa_distance(variable.as_str(), other.as_str());
    let length = other.service_name().map_or(0, |name| name.len());
    (slips > 0 && slips * 5 <= length && digits(variable) == digits(other)).then_some(slips)
}

#[cfg(test)]
mod tests {
    use super::slips;

    #[test]
    fn a_slip_is_one_letter_in_five_and_never_a_number() {
        let slips = |one: &str, other: &str| slips(&one.parse().unwrap(), &other.parse().unwrap());
        assert_eq!(slips("QEUE_PORT", "QUEUE_PORT"), Some(1));
        assert_eq!(slips("QUUEE_PORT", "QUEUE_PORT"), Some(1));
        for (one, other) in [
            ("QUEUE_PORT", "QUEUE_PORT"),
            ("MAIN_PORT", "MAIL_PORT"),
            ("API_PORT", "APP_PORT"),
            ("WORKER_1_PORT", "WORKER_2_PORT"),
        ] {
            assert_eq!(slips(one, other), None, "{one} {other}");
        }
    }
}
