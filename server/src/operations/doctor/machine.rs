//! Who listens on the projects' ports, and who runs this.

use std::env;
use std::path::Path;

use super::super::Context;
use super::super::status::status;
use super::{Finding, Kind};
use crate::registry::Store;

/// The user who runs this through sudo, as sudo(8) tells, where the registry is another user's; `None` where nobody does,
/// where it is said which registry is meant, and where the home is still that user's, as with `sudo -E`.
#[must_use]
pub fn sudo_user() -> Option<String> {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let user = env::var("SUDO_USER").ok().filter(|user| !user.is_empty())?;
    (!is_set("PORT_MANAGER_CONFIG_DIR") && !has_own_registry()).then_some(user)
}

/// Whether the registry lies, or would lie, in a directory of the user who runs this through sudo.
#[cfg(unix)]
fn has_own_registry() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let user = env::var("SUDO_UID").ok().and_then(|user| user.parse::<u32>().ok());
    let Ok(store) = Store::from_environment() else { return false };
    let directory = store.path().ancestors().skip(1).find_map(|above| above.metadata().ok());
    directory.is_some_and(|directory| Some(directory.uid()) == user)
}

#[cfg(not(unix))]
fn has_own_registry() -> bool {
    false
}

/// What there is to know where this runs in a container: its registry is its own. `None` elsewhere, and where it is said
/// which registry is meant.
#[must_use]
pub fn container_note(store: &Store) -> Option<String> {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    // Docker makes the first file, Podman the second; `container` is what systemd and Podman set (systemd,
    // "The Container Interface").
    let is_in_container = is_set("container")
        || (cfg!(target_os = "linux")
            && ["/.dockerenv", "/run/.containerenv"].iter().any(|path| Path::new(path).exists()));
    (is_in_container && !is_set("PORT_MANAGER_CONFIG_DIR")).then(|| {
        let path = store.path().display();
        format!(
            "this runs in a container, so the registry {path} belongs to the container and not to its host"
        )
    })
}

/// `is_readable` says whether the registry is.
pub(super) fn examine(context: &Context, is_readable: bool, findings: &mut Vec<Finding>) {
    if let Some(user) = sudo_user() {
        let message = format!(
            "this runs through sudo, so its registry is {} and not that of {user}",
            context.store.path().display()
        );
        findings.push(Finding::note(Kind::Sudo, message));
    }
    findings.extend(container_note(&context.store).map(|message| Finding::note(Kind::Container, message)));
    match is_readable.then(|| status(context, false)) {
        Some(Ok(status)) => {
            for assignment in status.ports {
                let foreign = assignment.listeners.iter().filter(|it| it.is_foreign == Some(true));
                findings.extend(foreign.map(|listener| {
                    let program = listener.program.as_deref().unwrap_or("a process");
                    let pid = listener.pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default();
                    let directory = listener.directory.as_deref().unwrap_or(Path::new("?")).display();
                    let message = format!(
                        "{program}{pid} in {directory} listens on {}, which is {} of {}",
                        assignment.port, assignment.variable, assignment.project
                    );
                    Finding::problem(Kind::ForeignListener, message)
                        .of(&assignment.root, &assignment.project)
                        .about(&assignment.variable, Some(assignment.port))
                        .command(format!("port-manager free {}", assignment.port))
                }));
            }
        }
        Some(Err(error)) => findings.push(Finding::note(Kind::ListenersUnknown, error)),
        None => {}
    }
}
