//! Hands out a port without a project.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::clean::make_room;
use super::{CleanedProject, Context, RefusedPort};
use crate::error::Result;
use crate::port::Port;
use crate::project::ProjectRoot;
use crate::registry::{self, Owner};
use crate::service::Service;

/// A port that is held for a short time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReservedPort {
    /// The port.
    pub port: Port,
    /// What it is for.
    pub service: Service,
    /// Until when nobody else is given it (RFC 3339, UTC).
    pub expires_at: Timestamp,
    /// The root of the project that it is held for, or the directory where that is in no project; null
    /// where it is held for no directory.
    pub directory: Option<String>,
    /// The preferred number, where it could not be had; else null.
    pub refused: Option<RefusedPort>,
    /// The projects that were removed to make room in a full range: their directories are gone.
    pub cleaned: Vec<CleanedProject>,
}

/// Reserves a port that nobody owns, reserved or uses, for five minutes: the preferred one, else
/// the first of the service's range, in which projects whose directories are gone make room. Only the project of `directory` may use it meanwhile.
///
/// # Errors
/// When there is no such type or its range is full, or `config.toml` or the registry cannot be read or written.
pub fn get_port(
    context: &Context,
    service: Service,
    preferred: Option<Port>,
    directory: Option<&Path>,
) -> Result<ReservedPort> {
    let root = directory.map(|directory| ProjectRoot::of_directory(directory, None));
    // A path that is not Unicode cannot be a project's in the registry either.
    let directory = root.as_ref().and_then(|root| root.key().ok());
    let privileged = preferred.and_then(|preferred| context.privileged(preferred));
    let wish = preferred.filter(|_| privileged.is_none());
    context.store.change(|registry| {
        registry.config()?;
        let is_free = |port| context.is_free(port);
        let cleaned = match registry::is_range_full(registry, service, wish, &is_free) {
            true => make_room(registry, service),
            false => Vec::new(),
        };
        let owner = wish.and_then(|wish| match registry.owner(wish) {
            Some(Owner::Project { key, .. }) => Some(key.to_owned()),
            _ => None,
        });
        let choice = registry::choose(registry, service, wish, &is_free)?;
        let expires_at = registry.now().saturating_add(registry::HELD).unwrap_or(Timestamp::MAX);
        registry.reserve(choice.port, service, expires_at, directory)?;
        let refused = preferred.zip(privileged.as_ref().or(choice.refusal.as_ref()));
        let refused =
            refused.map(|(port, refusal)| RefusedPort { root: owner, ..RefusedPort::new(port, refusal) });
        let directory = directory.map(str::to_owned);
        Ok(ReservedPort { port: choice.port, service, expires_at, directory, refused, cleaned })
    })
}
