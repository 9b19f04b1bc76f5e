//! Two variables that are read for one port.

use super::{MappedPort, PortMap};
use crate::project::runtime::Runtime;

/// Two ports with one default number that are one: a server listens on the first, and clients read the second to find it.
#[derive(Debug, Clone, Copy)]
pub struct Twins<'a> {
    /// The port on which something listens.
    pub listening: &'a MappedPort,
    /// The one that only clients read.
    pub silent: &'a MappedPort,
}

impl PortMap {
    /// The port and its twin. `None` where it has none, or where more than two ports have its number.
    #[must_use]
    pub fn twins<'a>(&'a self, port: &'a MappedPort) -> Option<Twins<'a>> {
        let mut others = self.with_default(port.default?).filter(|other| other.variable != port.variable);
        let other = others.next().filter(|_| others.next().is_none())?;
        [(port, other), (other, port)]
            .into_iter()
            .find(|(listening, silent)| is_read(listening) && is_read(silent) && serves(listening, silent))
            .map(|(listening, silent)| Twins { listening, silent })
    }

    /// The port whose number clients of this one need: the twin on which something listens, unless the project lists the
    /// variable; else the port itself.
    #[must_use]
    pub fn meant_by<'a>(&'a self, port: &'a MappedPort) -> &'a MappedPort {
        let twins = self.twins(port).filter(|_| !port.is_listed);
        twins.filter(|twins| twins.silent.variable == port.variable).map_or(port, |twins| twins.listening)
    }
}

/// Whether a variable is read for the port on this machine.
fn is_read(port: &MappedPort) -> bool {
    port.reads_bare_port.is_none()
        && port.places.iter().any(|place| place.role.reads() && place.runtime.is_here())
}

/// Whether what listens on the first port is what clients of the second look for. A file of settings says nothing of who
/// reads it, so a port that a compose file publishes is theirs only where all that they do is to connect.
fn serves(listening: &MappedPort, silent: &MappedPort) -> bool {
    let is_client = || {
        let mut read = silent.places.iter().filter(|place| place.role.reads() && place.runtime.is_here());
        read.all(|place| place.connects() || place.runtime == Runtime::Browser)
    };
    let is_published = || listening.listening().any(|place| place.runtime.is_here());
    silent.listeners.is_empty()
        && silent.listening().next().is_none()
        && (!listening.listeners.is_empty() || is_published() && is_client())
}
