//! Whether the registry is whole, can be changed, and is the user's alone.

use std::time::Duration;

use super::{Finding, Kind};
use crate::error::Error;
use crate::paste::command_line;
use crate::registry::{Registry, Store};

const REPAIR: &str = "port-manager doctor --repair";

/// The registry, where it can be read.
pub(super) fn examine(store: &Store, findings: &mut Vec<Finding>) -> Option<Registry> {
    let registry = match store.load() {
        Ok(registry) => {
            if !store.path().exists() && store.backup_path().is_file() {
                let message = format!("{} is gone, and its backup is there", store.path().display());
                findings.push(Finding::problem(Kind::RegistryMissing, message).command(REPAIR));
            }
            Some(registry)
        }
        Err(error @ Error::RegistryDamaged { .. }) => {
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
            Err(error @ Error::RegistryLocked { .. }) => {
                findings.push(Finding::note(Kind::RegistryLocked, with_help(&error)));
            }
            Err(error) => findings.push(Finding::problem(Kind::RegistryNotWritable, with_help(&error))),
        }
        findings.extend(exposure(store));
    }
    registry
}

fn with_help(error: &Error) -> String {
    match error.help() {
        Some(help) => format!("{error}. {help}"),
        None => error.to_string(),
    }
}

#[cfg(unix)]
fn exposure(store: &Store) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = store.path();
    let mode = path.metadata().ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let message = format!("other users may open {} (mode {mode:o})", path.display());
        let command = path.to_str().and_then(|path| command_line(&["chmod", "600", path]));
        Finding::problem(Kind::RegistryExposed, message).command(command)
    })
}

#[cfg(not(unix))]
fn exposure(_store: &Store) -> Option<Finding> {
    None
}
