//! Choosing a port.

use std::collections::BTreeMap;
use std::fmt;

use super::{Owner, Registry};
use crate::config;
use crate::error::{AssignmentError, Error, NameError, Result};
use crate::port::Port;
use crate::service::{Service, ServiceTypes};
use crate::variable::Variable;

/// What a project asks for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The project's key.
    pub key: &'a str,
    /// The project's name, for when it is new.
    pub name: &'a str,
    /// The variable that needs a port.
    pub variable: &'a Variable,
    /// The service whose range the port comes from.
    pub service: Service,
    /// The number that is taken if it can be had, in the range or not.
    pub preferred: Option<Port>,
    /// Whether a reservation of the preferred number was made by the same project.
    pub is_reserved_for_it: bool,
}

/// A port that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The port.
    pub port: Port,
    /// Whether it was not the project's own before.
    pub is_new: bool,
    /// Why the preferred number was not taken, where it was not.
    pub refusal: Option<Refusal>,
}

/// Why a number was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It belongs to another project, or to another variable of this one.
    Owned(String),
    /// Somebody else has reserved it.
    Reserved(String),
    /// A program listens there.
    InUse,
    /// Browsers refuse to open it.
    BlockedByBrowsers,
    /// The user's settings avoid it.
    Avoided,
    /// Only privileged users may listen there.
    Privileged {
        /// The first port on which every user may listen.
        first: Port,
    },
    /// The variable keeps the port that it has.
    HasAnother,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owned(owner) => write!(f, "it belongs to {owner}"),
            Self::Reserved(owner) => write!(f, "it is held by {owner}"),
            Self::InUse => f.write_str("a program listens there"),
            Self::BlockedByBrowsers => f.write_str("browsers refuse to open it"),
            Self::Avoided => write!(f, "`avoid` in {} has it", config::FILE_NAME),
            Self::Privileged { first } => {
                write!(f, "only privileged users may listen on ports below {first} here")
            }
            Self::HasAnother => f.write_str("the variable keeps the port that it has"),
        }
    }
}

impl Refusal {
    /// Because it belongs to somebody else.
    #[must_use]
    pub fn of(owner: &Owner<'_>) -> Self {
        match owner {
            Owner::Project { .. } => Self::Owned(owner.to_string()),
            Owner::Reservation { .. } => Self::Reserved(owner.to_string()),
        }
    }
}

/// Gives a project a port for a variable: the one that it has; else the preferred one, if nobody
/// owns, reserved or uses it; else the first such one of the service's range, or of the hundred that
/// the range overflows into.
///
/// `is_free` says whether nothing listens on a port; the project's own ports are never asked for.
///
/// # Errors
/// When the service's range is full, or the user's settings cannot be read.
pub fn allocate(
    registry: &mut Registry,
    request: &Request<'_>,
    is_free: &dyn Fn(Port) -> bool,
) -> Result<Choice> {
    let Request { key, name, variable, service, preferred, is_reserved_for_it } = *request;
    let own = registry.project(key).and_then(|project| project.get(variable));
    if let Some(own) = own {
        let refusal = preferred.filter(|preferred| *preferred != own.port).map(|_| Refusal::HasAnother);
        return Ok(Choice { port: own.port, is_new: false, refusal });
    }
    check_type(registry, service)?;
    let choice = match preferred {
        Some(port) if is_reserved_for_it && may_be_given(registry, port) && is_free(port) => {
            Choice { port, is_new: true, refusal: None }
        }
        _ => choose(registry, service, preferred, is_free)?,
    };
    registry.assign(key, name, variable, choice.port, service)?;
    Ok(choice)
}

/// Whether a variable that has no port yet would find the service's range full, and the preferred number
/// taken.
#[must_use]
pub fn needs_room(registry: &Registry, request: &Request<'_>, is_free: &dyn Fn(Port) -> bool) -> bool {
    let Request { key, variable, service, preferred, is_reserved_for_it, .. } = *request;
    let has_port = registry.project(key).and_then(|project| project.get(variable)).is_some();
    let is_its_reservation =
        preferred.is_some_and(|port| is_reserved_for_it && may_be_given(registry, port) && is_free(port));
    !has_port && !is_its_reservation && is_range_full(registry, service, preferred, is_free)
}

/// Whether neither the preferred number nor any of the service's range can be had.
#[must_use]
pub fn is_range_full(
    registry: &Registry,
    service: Service,
    preferred: Option<Port>,
    is_free: &dyn Fn(Port) -> bool,
) -> bool {
    !preferred
        .into_iter()
        .chain(registry.types().ports(service))
        .any(|port| can_be_had(registry, port, is_free))
}

/// Whether a port may be given to anybody at all: browsers open it, and the user's settings do not avoid it.
fn may_be_given(registry: &Registry, port: Port) -> bool {
    !port.is_blocked_by_browsers() && !registry.config.avoids(port)
}

/// Whether nobody owns, reserved or uses the port.
fn can_be_had(registry: &Registry, port: Port, is_free: &dyn Fn(Port) -> bool) -> bool {
    registry.owner(port).is_none() && may_be_given(registry, port) && is_free(port)
}

/// Chooses a port that nobody owns, reserved or uses: the preferred one, else the first of the
/// service's range, else the first of the hundred that the range overflows into.
///
/// # Errors
/// When the service's range is full, and what it overflows into too; and when there is no such type, or the user's
/// settings cannot be read.
pub fn choose(
    registry: &Registry,
    service: Service,
    preferred: Option<Port>,
    is_free: &dyn Fn(Port) -> bool,
) -> Result<Choice> {
    let types = check_type(registry, service)?;
    let refusal = match preferred.map(|port| (port, refusal(registry, port, is_free))) {
        Some((port, None)) => return Ok(Choice { port, is_new: true, refusal: None }),
        Some((_, refusal)) => refusal,
        None => None,
    };
    let mut candidates = types.ports(service).chain(types.overflow(service));
    match candidates.find(|port| can_be_had(registry, *port, is_free)) {
        Some(port) => Ok(Choice { port, is_new: true, refusal }),
        None => Err(range_full(registry, service)),
    }
}

/// The service types, where the service is one of them. A preferred number needs that too, and settings that cannot be read
/// may avoid the number.
fn check_type(registry: &Registry, service: Service) -> Result<&ServiceTypes> {
    let types = registry.config()?.types();
    if types.get(service).is_none() {
        return Err(Error::Name(NameError::UnknownServiceType {
            name: service.to_string(),
            known: types.names(),
        }));
    }
    Ok(types)
}

/// Why a port cannot be given to anybody now.
#[must_use]
pub fn refusal(registry: &Registry, port: Port, is_free: &dyn Fn(Port) -> bool) -> Option<Refusal> {
    if port.is_blocked_by_browsers() {
        return Some(Refusal::BlockedByBrowsers);
    }
    if let Some(owner) = registry.owner(port) {
        return Some(Refusal::of(&owner));
    }
    if registry.config.avoids(port) {
        return Some(Refusal::Avoided);
    }
    (!is_free(port)).then_some(Refusal::InUse)
}

/// The error about a range in which no port is left.
fn range_full(registry: &Registry, service: Service) -> Error {
    let types = registry.types();
    let range = |ports: &mut dyn Iterator<Item = Port>| {
        let first = ports.next()?;
        Some(format!("{first} to {}", ports.last().unwrap_or(first)))
    };
    let ranges = [range(&mut types.ports(service)), range(&mut types.overflow(service))];
    Error::Assignment(AssignmentError::RangeFull {
        service,
        ranges: ranges.into_iter().flatten().collect(),
        holders: holders(registry, service),
    })
}

/// Who holds the ports of a full range: each project once, with its ports.
fn holders(registry: &Registry, service: Service) -> Vec<String> {
    let mut projects: BTreeMap<(&str, &str), Vec<Port>> = BTreeMap::new();
    let (mut reserved, mut in_use, mut avoided) = (Vec::new(), Vec::new(), Vec::new());
    let types = registry.types();
    for port in types.ports(service).chain(types.overflow(service)) {
        match registry.owner(port) {
            Some(Owner::Project { key, name, .. }) => projects.entry((name, key)).or_default().push(port),
            Some(Owner::Reservation { .. }) => reserved.push(port),
            None if port.is_blocked_by_browsers() => {}
            None if registry.config.avoids(port) => avoided.push(port),
            None => in_use.push(port),
        }
    }
    let mut holders: Vec<String> = projects
        .iter()
        .map(|((name, key), ports)| {
            let place = if name == key { String::new() } else { format!(" in {key}") };
            format!("{name}{place} has {}", list(ports))
        })
        .collect();
    if !reserved.is_empty() {
        holders.push(format!("reserved for a few minutes are {}", list(&reserved)));
    }
    if !avoided.is_empty() {
        holders.push(format!("{} avoids {}", config::FILE_NAME, list(&avoided)));
    }
    if !in_use.is_empty() {
        holders.push(format!("programs without a project listen on {}", list(&in_use)));
    }
    holders
}

/// Ports in ascending order: `5670-5673, 5675`.
fn list(ports: &[Port]) -> String {
    let is_next = |one: &Port, next: &Port| one.get().checked_add(1) == Some(next.get());
    let runs = ports.chunk_by(is_next).filter_map(|run| Some((run.first()?, run.last()?)));
    let runs = runs.map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    });
    runs.collect::<Vec<_>>().join(", ")
}
