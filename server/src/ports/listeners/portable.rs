//! Listeners by the crate `listeners`: macOS, Windows and the BSDs.

use std::path::Path;

use super::{Listener, Protocol};
use crate::error::{Error, Result};
use crate::port::Port;

/// Every listener, or the TCP listeners of one port. Sockets of other users are left out where we may
/// not look into their processes.
pub(super) fn listeners(only: Option<Port>) -> Result<Vec<Listener>> {
    let all = listeners::get_all().map_err(|error| Error::Listeners { reason: error.to_string() })?;
    Ok(all.into_iter().filter_map(|found| convert(found, only)).collect())
}

fn convert(found: listeners::Listener, only: Option<Port>) -> Option<Listener> {
    let port = Port::new(found.socket.port())?;
    let protocol = match found.protocol {
        listeners::Protocol::TCP if found.state == listeners::SocketState::Listen => Protocol::Tcp,
        listeners::Protocol::TCP => return None,
        listeners::Protocol::UDP => Protocol::Udp,
    };
    if only.is_some_and(|only| only != port || protocol != Protocol::Tcp) {
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
