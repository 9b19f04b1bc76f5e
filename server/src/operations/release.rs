//! Ends a reservation.

use serde::Serialize;

use super::{Context, PortOwner};
use crate::error::Result;
use crate::port::Port;

/// What [`release`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Released {
    /// The port.
    pub port: Port,
    /// Whether it was reserved, and no longer is.
    pub is_released: bool,
    /// The project that it belongs to, or the reservation that has ended; null where there is neither.
    pub owner: Option<PortOwner>,
}

/// Ends the reservation of a port. A port that belongs to a project stays so.
///
/// # Errors
/// When the registry cannot be read or written.
pub fn release(context: &Context, port: Port) -> Result<Released> {
    context.store.change(|registry| {
        let owner = PortOwner::of(port, registry);
        Ok(Released { port, is_released: registry.release(port).is_some(), owner })
    })
}
