//! Whether the registry is whole, can be changed, and is the user's alone.

#[cfg(unix)]
use std::path::Path;
use std::time::Duration;

use super::{Finding, Kind};
use crate::error::{Error, RegistryError};
#[cfg(unix)]
use crate::paste::command_line;
use crate::registry::{Registry, Reservation, Store};

const REPAIR: &str = "port-manager doctor --repair";

/// The registry, where it can be read.
pub(super) fn examine(store: &Store, findings: &mut Vec<Finding>) -> Option<Registry> {
    let registry = match store.load() {
        Ok(registry) => Some(registry),
        Err(error @ Error::Registry(RegistryError::Gone { .. })) => {
            findings.push(Finding::problem(Kind::RegistryMissing, with_help(&error)).command(REPAIR));
            None
        }
        Err(error @ Error::Registry(RegistryError::Damaged { .. })) => {
            findings.push(Finding::problem(Kind::RegistryDamaged, error).command(REPAIR));
            None
        }
        Err(error) => {
            findings.push(Finding::problem(Kind::RegistryUnreadable, with_help(&error)));
            None
        }
    };
    // Where there is no registry yet, nothing is made only to look.
    if store.path().exists() {
        match store.clone().with_patience(Duration::ZERO).ensure_writable() {
            Ok(()) => {}
            Err(error @ Error::Registry(RegistryError::Locked { .. })) => {
                findings.push(Finding::note(Kind::RegistryLocked, with_help(&error)));
            }
            Err(error) => findings.push(Finding::problem(Kind::RegistryNotWritable, with_help(&error))),
        }
        exposure(store, findings);
    }
    findings.extend(registry.iter().flat_map(false_reservations));
    registry
}

fn with_help(error: &Error) -> String {
    match error.help() {
        Some(help) => format!("{error}. {help}"),
        None => error.to_string(),
    }
}

/// Reservations that last longer than any can.
fn false_reservations(registry: &Registry) -> impl Iterator<Item = Finding> {
    let is_false = |it: &Reservation| it.expires_at > registry.now();
    registry.expired().filter(move |(_, reservation)| is_false(reservation)).map(|(port, reservation)| {
        let message = format!(
            "the reservation of {port} lasts until {}: the clock was wrong when it was made, so it does not count",
            reservation.expires_at
        );
        Finding::note(Kind::ReservationNotCounted, message).command("port-manager clean")
    })
}

/// What other users may do with the registry's directory and its files.
#[cfg(unix)]
fn exposure(store: &Store, findings: &mut Vec<Finding>) {
    use std::os::unix::fs::PermissionsExt as _;
    let exposed = |path: &Path, forbidden: u32, what: &str, change: &str| {
        let mode = path.symlink_metadata().ok()?.permissions().mode() & 0o777;
        (mode & forbidden != 0).then(|| {
            let message = format!("other users may {what} {} (mode {mode:o})", path.display());
            let command = path.to_str().and_then(|path| command_line(&["chmod", change, path]));
            Finding::problem(Kind::RegistryExposed, message).command(command)
        })
    };
    if let Some(directory) = store.path().parent() {
        // A user who may write there may replace the registry.
        let what = "replace the files in";
        match exposed(directory, 0o002, what, "o-w") {
            Some(finding) => findings.push(finding),
            // On many systems, each user has a group alone.
            None => findings
                .extend(exposed(directory, 0o020, what, "g-w").map(|it| Finding { is_problem: false, ..it })),
        }
    }
    for path in [store.path(), &store.backup_path(), &store.version_1_path(), &store.lock_path()] {
        findings.extend(exposed(path, 0o077, "open", "600"));
    }
}

#[cfg(not(unix))]
fn exposure(_store: &Store, _findings: &mut Vec<Finding>) {}
