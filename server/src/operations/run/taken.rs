//! Which ports of a command somebody listens on before it starts.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::environment::Number;
use super::super::owner::{is_telling, lies_in};
use super::super::status::{ListenerStatus, Live};
use crate::error::Result;
use crate::port::Port;
use crate::ports::{Availability, Protocol};
use crate::project::ProjectRoot;
use crate::registry::{Registry, choose};
use crate::variable::Variable;

/// A port that a command gets, on which somebody listens already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenPort {
    /// The variable that holds it.
    pub variable: Variable,
    /// The port.
    pub port: Port,
    /// Who listens there.
    pub listeners: Vec<ListenerStatus>,
    /// Whether that is somebody outside of the project.
    pub by: TakenBy,
}

/// Where those who listen on a port of a project come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBy {
    /// All were started in the project.
    Project,
    /// One was started outside of the project.
    Others {
        /// Another number that the variable can have; `None` where `.ports.env` does not decide it, or none is left.
        alternative: Option<Port>,
    },
    /// It is hidden, or publishes the port of a container: its working directory does not say which project owns it.
    Unknown,
}

/// Looks who listens on the numbers that a command gets. Datagrams are left out: a UDP socket is no server by itself.
///
/// # Errors
/// When the system does not tell who listens.
pub(super) fn taken(
    root: &ProjectRoot,
    registry: &Registry,
    numbers: &BTreeMap<Port, Number>,
) -> Result<Vec<TakenPort>> {
    let live = Live::look(registry, &|port| numbers.contains_key(&port))?;
    let mut taken = Vec::new();
    for (port, number) in numbers {
        let mut listeners = live.on(*port, None);
        listeners.retain(|listener| listener.protocol == Protocol::Tcp);
        if listeners.is_empty() {
            continue;
        }
        let origins: Vec<Origin> =
            listeners.iter().map(|listener| origin(listener, &live, root.as_path())).collect();
        for (listener, origin) in listeners.iter_mut().zip(&origins) {
            listener.is_foreign = match origin {
                Origin::Project => Some(false),
                Origin::Elsewhere => Some(true),
                Origin::Unknown => None,
            };
            // Another checkout has the same name: its directory tells the two apart.
            listener.project.take_if(|name| *name == root.name());
        }
        let by = if origins.contains(&Origin::Elsewhere) {
            TakenBy::Others { alternative: alternative(root, registry, *port, number, numbers) }
        } else if origins.contains(&Origin::Unknown) {
            TakenBy::Unknown
        } else {
            TakenBy::Project
        };
        taken.push(TakenPort { variable: number.variable.clone(), port: *port, listeners, by });
    }
    Ok(taken)
}

/// Where a process was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Project,
    Elsewhere,
    Unknown,
}

fn origin(listener: &ListenerStatus, live: &Live<'_>, root: &Path) -> Origin {
    match listener.directory.as_deref().filter(|directory| is_telling(directory)) {
        Some(directory) if lies_in(directory, root) => Origin::Project,
        // Where it was started says nothing of the container's project.
        Some(_) if !live.is_container_runtime(listener) => Origin::Elsewhere,
        _ => Origin::Unknown,
    }
}

/// A number for the variable that nobody has, from the range of its service.
fn alternative(
    root: &ProjectRoot,
    registry: &Registry,
    port: Port,
    Number { variable, is_of_file }: &Number,
    numbers: &BTreeMap<Port, Number>,
) -> Option<Port> {
    if !is_of_file {
        return None;
    }
    let own = root.key().ok().and_then(|key| registry.project(key)?.get(variable));
    let service = own.map_or_else(|| registry.types().of_variable(variable, Some(port)), |own| own.service);
    let availability = Availability::default();
    let is_free = |port| !numbers.contains_key(&port) && availability.is_free(port);
    choose(registry, service, None, &is_free).ok().map(|choice| choice.port)
}
