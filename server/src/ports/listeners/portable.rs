//! Listeners by the crate `listeners`: macOS, Windows and the BSDs.

use std::collections::HashSet;
use std::path::Path;

use super::{Listener, Protocol, Wanted};
use crate::error::{Error, ListenerError, Result};
use crate::port::Port;

/// The listeners that are asked for. Sockets of other users are left out where we may
/// not look into their processes.
pub(super) fn listeners(is_wanted: Wanted<'_>) -> Result<Vec<Listener>> {
    let all = listeners::get_all()
        .map_err(|error| Error::Listener(ListenerError::Unknown { reason: error.to_string() }))?;
    Ok(all.into_iter().filter_map(|found| convert(found, is_wanted)).collect())
}

/// The TCP ports on which anybody listens whom we may see.
pub(super) fn taken_ports() -> Result<HashSet<Port>> {
    let found = listeners(&|_, protocol| protocol == Protocol::Tcp)?;
    Ok(found.into_iter().map(|listener| listener.port).collect())
}

fn convert(found: listeners::Listener, is_wanted: Wanted<'_>) -> Option<Listener> {
    let port = Port::new(found.socket.port())?;
    let protocol = match found.protocol {
        listeners::Protocol::TCP if found.state == listeners::SocketState::Listen => Protocol::Tcp,
        listeners::Protocol::TCP => return None,
        listeners::Protocol::UDP => Protocol::Udp,
    };
    if !is_wanted(port, protocol) {
        return None;
    }
    let program = Path::new(&found.process.path)
        .file_name()
        .map_or(found.process.name.clone(), |name| name.to_string_lossy().into_owned());
    Some(Listener {
        port,
        protocol,
        address: found.socket.ip(),
        pid: Some(found.process.pid),
        program: (!program.is_empty()).then_some(program),
        user: None,
    })
}
