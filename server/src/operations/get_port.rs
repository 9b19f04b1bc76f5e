//! Hands out a port without a project.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Context, RefusedPort};
use crate::error::Result;
use crate::port::Port;
use crate::registry;
use crate::service::Service;

/// How long a port is held for whoever asked, who is about to listen on it or to write it down.
const HELD: SignedDuration = SignedDuration::from_mins(5);

/// A port that is held for a short time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReservedPort {
    /// The port.
    pub port: Port,
    /// What it is for.
    pub service: Service,
    /// Until when nobody else is given it (RFC 3339, UTC).
    pub expires_at: Timestamp,
    /// The preferred number, where it could not be had; else null.
    pub refused: Option<RefusedPort>,
}

/// Reserves a port that nobody owns, reserved or uses, for five minutes: the preferred one, else
/// the first of the service's range.
///
/// # Errors
/// When the service's range is full, or the registry cannot be read or written.
pub fn get_port(context: &Context, service: Service, preferred: Option<Port>) -> Result<ReservedPort> {
    context.store.change(|registry| {
        let choice = registry::choose(registry, service, preferred, &|port| context.is_free(port))?;
        let expires_at = registry.now().saturating_add(HELD).unwrap_or(Timestamp::MAX);
        registry.reserve(choice.port, service, expires_at)?;
        let refused = preferred.zip(choice.refusal.as_ref());
        let refused = refused.map(|(port, refusal)| RefusedPort::new(port, refusal));
        Ok(ReservedPort { port: choice.port, service, expires_at, refused })
    })
}
