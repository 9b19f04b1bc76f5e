//! Which places are evidence that this machine decides a port, and which only look like it.
//!
//! A number in a program or a setting may be the default of somebody else's server, of a form, or of a machine far away. It
//! is worth a warning where the file is known to be read on this machine, where the program itself listens, or where
//! such a place says the same number.

use std::collections::BTreeSet;
use std::path::Path;

use super::{MappedPort, Place, Role};
use crate::port::Port;
use crate::project::runtime::{Reader, Runtime};
use crate::service::words;
use crate::variable::Variable;

impl MappedPort {
    /// Whether the literal at one of its places decides something on this machine, so that changing it there helps.
    #[must_use]
    pub fn promises(&self, place: &Place) -> bool {
        match (place.reader, place.role) {
            (Reader::Known, _) | (_, Role::Publishes) => true,
            (Reader::Settings | Reader::Unknown, Role::Connects) => self.is_listed,
            (Reader::Unknown, _) => false,
            (_, Role::Listens) => !is_of_root(place),
            (_, Role::Sets) if is_among_defaults(place) => false,
            (Reader::Own | Reader::Settings, Role::Sets) => {
                self.has_evidence && place.runtime == Runtime::Host
                    || is_own_setting(place, self.is_infrastructure)
            }
            // A page never listens, and the port of a database is what somebody is offered to fill in.
            (Reader::Program, Role::Sets) => {
                self.has_evidence && is_own_setting(place, self.is_infrastructure)
            }
            (Reader::Own | Reader::Program, Role::Connects)
                if is_named(place, &SHOWN) || is_offered(place) && !place.is_argument =>
            {
                false
            }
            (Reader::Own | Reader::Program, Role::Connects) => {
                self.has_evidence || place.is_argument && !self.is_infrastructure && !is_of_root(place)
            }
            _ => self.has_evidence,
        }
    }
}

/// Whether one of the places of a port says for sure that this machine decides it.
pub(super) fn is_among(places: &[&Place], is_infrastructure: bool) -> bool {
    places.iter().any(|place| place.runtime.is_here() && is_evidence(place, is_infrastructure))
}

/// Lets ports with the same default number share their evidence: which of them a client means may be unclear, but not that
/// it is one of them.
pub(super) fn share(ports: &mut [MappedPort]) {
    let sure = ports.iter().filter(|port| port.has_evidence).filter_map(|port| port.default);
    let sure: BTreeSet<Port> = sure.collect();
    for port in ports {
        port.has_evidence |= port.default.is_some_and(|number| sure.contains(&number));
    }
}

fn is_evidence(place: &Place, is_infrastructure: bool) -> bool {
    match place.role {
        Role::Publishes => true,
        Role::Listens => place.reader != Reader::Unknown && !is_of_root(place),
        // What one line of `.env` takes from another says nothing of who obeys it.
        Role::Reads => !place.is_loaded || place.is_in_address,
        Role::Falls => {
            place.reader == Reader::Known || place.variable.as_ref().is_none_or(Variable::is_port_name)
        }
        Role::Sets => {
            place.reader == Reader::Known
                || matches!(place.reader, Reader::Own | Reader::Settings)
                    && is_own_setting(place, is_infrastructure)
        }
        Role::Connects => place.reader == Reader::Known,
        Role::Defines => false,
    }
}

/// Whether only root may listen there: such a program serves on another machine, where it runs as root.
fn is_of_root(place: &Place) -> bool {
    place.reader != Reader::Known && place.number.is_some_and(|number| number.get() < 1024)
}

/// Whether a setting in the program that listens is where it listens, not where one of its servers does.
fn is_own_setting(place: &Place, is_infrastructure: bool) -> bool {
    place.runtime == Runtime::Host
        && !is_infrastructure
        && !is_of_root(place)
        && !is_offered(place)
        && !is_among_defaults(place)
}

/// Names of what people are shown and fill in.
const SHOWN: [&str; 2] = ["example", "placeholder"];

/// Whether the name of a number says that other settings go before it: `DEFAULT_PORT`.
fn is_offered(place: &Place) -> bool {
    is_named(place, &["default"]) || is_named(place, &SHOWN)
}

/// Whether the name of the file or of its directory says that other settings go before those in it: `config/default.js`.
fn is_among_defaults(place: &Place) -> bool {
    let stem = place.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let directory = place.path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    let is_word = |word: &str| matches!(word, "default" | "defaults");
    directory.is_some_and(is_word) || words(stem).iter().any(|word| is_word(word))
}

fn is_named(place: &Place, named: &[&str]) -> bool {
    place.hint.as_deref().is_some_and(|hint| words(hint).iter().any(|word| named.contains(&word.as_str())))
}
