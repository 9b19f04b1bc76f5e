//! What a port's other places say about a number that is typed.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::Facts;
use crate::port::Port;
use crate::project::map::{MappedPort, Place, Role};
use crate::project::runtime::Runtime;
use crate::variable::Variable;

/// The other places of each port, looked up once for a document: it may type one port a thousand times.
pub(super) struct Others<'a> {
    facts: &'a Facts,
    path: &'a Path,
    of_port: HashMap<&'a Variable, Other<'a>>,
}

/// What is remarkable about the other places of a port.
#[derive(Clone, Copy)]
struct Other<'a> {
    /// A place that reads the variable.
    reader: Option<&'a Place>,
    /// A second port on whose same number something listens, and where.
    twin: Option<(&'a MappedPort, &'a Place)>,
}

impl<'a> Others<'a> {
    /// For a document at that path, relative to the project's root.
    pub(super) fn of(facts: &'a Facts, path: &'a Path) -> Self {
        Self { facts, path, of_port: HashMap::new() }
    }

    /// What to say behind a finding about the number of the port at the place.
    pub(super) fn remark(&mut self, port: &'a MappedPort, place: &Place) -> Option<String> {
        if !place.runtime.is_here() || gives_value(place, port) {
            return None;
        }
        let Other { reader, twin } = *self
            .of_port
            .entry(&port.variable)
            .or_insert_with(|| Other { reader: reader(port), twin: twin(port, self.facts) });
        let listens = matches!(place.role, Role::Listens | Role::Publishes | Role::Sets);
        match (reader, twin.filter(|_| listens)) {
            (_, Some((twin, at))) => Some(format!(
                "; {} listens on the same number, as {}: give each of the two its own variable, or only one of them can run",
                self.name(at),
                twin.variable
            )),
            (Some(reader), None) => Some(format!(
                ", but {} reads {} for it: read that here, too",
                self.name(reader),
                port.variable
            )),
            (None, None) => None,
        }
    }

    /// What to say of a number that may be that of several ports.
    pub(super) fn choice(&self, number: Port) -> Option<String> {
        let name = |port: &MappedPort| {
            let place = port.places.iter().find(|place| place.runtime.is_here())?;
            Some(format!("{} ({})", port.variable, self.name(place)))
        };
        let ports: Vec<String> = self.facts.map.with_default(number).filter_map(name).collect();
        let (last, others) = ports.split_last().filter(|(_, others)| !others.is_empty())?;
        Some(format!("; it may be {} or {last}: choose one", others.join(", ")))
    }

    /// A place as a message names it.
    fn name(&self, place: &Place) -> String {
        match place.path == self.path {
            true => format!("line {}", place.line),
            false => format!("{}:{}", place.path.display(), place.line),
        }
    }
}

/// A place that reads the variable from the environment: not one whose own file gives it a value.
fn reader(port: &MappedPort) -> Option<&Place> {
    let given: HashSet<&Path> =
        port.places.iter().filter(|place| gives_value(place, port)).map(|place| &*place.path).collect();
    let mut places = port.places.iter().filter(|place| place.runtime == Runtime::Host && reads(place));
    places.find(|place| !given.contains(&*place.path))
}

/// Whether a place is the variable's own assignment: `WEB_PORT=8080` of a script.
fn gives_value(place: &Place, port: &MappedPort) -> bool {
    place.role == Role::Defines || place.hint.as_deref() == Some(port.variable.as_str())
}

fn reads(place: &Place) -> bool {
    matches!(place.role, Role::Reads | Role::Falls)
        && place.variable.as_ref().is_some_and(Variable::is_port_name)
}

/// Another port with the same default number on which something listens, where something listens on this one as well.
fn twin<'a>(port: &'a MappedPort, facts: &'a Facts) -> Option<(&'a MappedPort, &'a Place)> {
    let listening = |port: &'a MappedPort| {
        let here = port.places.iter().filter(|place| place.runtime.is_here());
        let mut here = here.filter(|_| !port.listeners.is_empty());
        here.find(|place| place.role.decides() || reads(place))
    };
    listening(port)?;
    let mut others = facts.map.with_default(port.default?).filter(|other| other.variable != port.variable);
    others.find_map(|other| Some((other, listening(other)?)))
}
