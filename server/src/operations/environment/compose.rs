//! `COMPOSE_PROJECT_NAME`: a name for Docker Compose's project that no other copy of the repository has.

use std::ffi::OsString;
use std::path::Path;

use jiff::Timestamp;

use crate::project::{ComposeDirectory, ProjectRoot, has_usual_name};
use crate::registry::{Project, Registry};

/// What Compose takes its project's name from.
pub(super) const NAME: &str = "COMPOSE_PROJECT_NAME";

/// What sets other compose files than the usual.
const FILE: &str = "COMPOSE_FILE";

/// The name for commands in a directory; `None` where it has no compose file, or the project or the environment sets one.
pub(super) fn project_name(
    registry: &Registry,
    root: &ProjectRoot,
    directory: &Path,
    set: impl Fn(&str) -> Option<OsString>,
) -> Option<String> {
    if set(FILE).is_some() {
        return None;
    }
    let compose = ComposeDirectory::of(root.as_path(), directory)?;
    let own = name(registry, root.as_path(), &compose);
    let is_chosen = |inherited: &OsString| {
        // The shell may be that of another project, for which it was set by this very function.
        let inherited = inherited.to_string_lossy();
        inherited != own && !is_of_another_project(registry, &inherited)
    };
    if set(NAME).is_some_and(|inherited| is_chosen(&inherited)) || compose.is_named(root.as_path()) {
        return None;
    }
    Some(own)
}

fn is_of_another_project(registry: &Registry, inherited: &str) -> bool {
    registry.projects().any(|(key, _)| {
        let root = Path::new(key);
        root.is_absolute()
            && ComposeDirectory::of(root, root)
                .is_some_and(|compose| name(registry, root, &compose) == inherited)
    })
}

/// Compose's usual name where no older project has it, so that existing containers and volumes stay in use; else one that
/// the root's path makes unique.
fn name(registry: &Registry, root: &Path, compose: &ComposeDirectory) -> String {
    let usual = compose.usual_name();
    let within = compose.path().strip_prefix(root).unwrap_or(Path::new(""));
    let age = |project: Option<&Project>| {
        let first = project.and_then(|project| project.ports().map(|(_, own)| own.assigned_at).min());
        first.unwrap_or(Timestamp::MAX)
    };
    let key = root.to_str().unwrap_or_default();
    let own_age = (age(registry.project(key)), key);
    let is_taken = registry.projects().any(|(other, project)| {
        other != key
            && (age(Some(project)), other) < own_age
            && has_usual_name(&Path::new(other).join(within), &usual)
    });
    let base = if usual.is_empty() { "project" } else { &usual };
    if usual.is_empty() || is_taken { format!("{base}-{:08x}", digest(key)) } else { usual }
}

/// FNV-1a, which is the same on every machine and in every version.
fn digest(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |digest, byte| (digest ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_its_definition() {
        assert_eq!(digest(""), 0x811c_9dc5);
        assert_eq!(digest("foobar"), 0xbf9c_f968);
    }
}
