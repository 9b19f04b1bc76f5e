//! The registry follows `.ports.env` where a line of it got another name, by an editor's rename, by its undo, or by hand: the
//! number stays that of the line.

use serde::Serialize;

use crate::error::Result;
use crate::operations::Context;
use crate::port::Port;
use crate::ports_env::PortsEnv;
use crate::project::ProjectRoot;
use crate::registry::{Owner, Registry};
use crate::variable::Variable;

/// A variable that has another name now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FollowedRename {
    /// Its name in the registry before.
    pub from: Variable,
    /// Its name in `.ports.env`.
    pub to: Variable,
    /// Its number.
    pub port: Port,
}

/// The lines of a project's `.ports.env` whose numbers the registry has for the same project under names that the file no longer
/// lists.
#[must_use]
pub fn renamed_lines(registry: &Registry, root: &ProjectRoot, file: &PortsEnv) -> Vec<FollowedRename> {
    let Ok(key) = root.key() else { return Vec::new() };
    let registered = |variable: &Variable| registry.project(key).and_then(|project| project.get(variable));
    let mut renamed: Vec<FollowedRename> = Vec::new();
    for variable in file.variables() {
        let Some(port) = file.get(variable).filter(|_| registered(variable).is_none()) else { continue };
        let Some(Owner::Project { key: owner, variable: from, .. }) = registry.owner(port) else { continue };
        let is_followed = renamed.iter().any(|it| it.from == *from);
        if owner == key && !file.lists(from) && !is_followed {
            renamed.push(FollowedRename { from: from.clone(), to: variable.clone(), port });
        }
    }
    renamed
}

/// Has the registry follow the names of the project's `.ports.env` as it is on disk. Where nothing is to follow, nothing is locked.
///
/// # Errors
/// When the registry or the file cannot be read, or the registry cannot be written.
pub fn follow_renames(context: &Context, root: &ProjectRoot) -> Result<Vec<FollowedRename>> {
    let Some(file) = PortsEnv::load(root)? else { return Ok(Vec::new()) };
    if renamed_lines(&context.store.load()?, root, &file).is_empty() {
        return Ok(Vec::new());
    }
    context.store.change(|registry| {
        // Both may have changed while the lock was waited for.
        let file = PortsEnv::load(root)?.unwrap_or_default();
        let renamed = renamed_lines(registry, root, &file);
        for FollowedRename { from, to, .. } in &renamed {
            registry.rename(root.key()?, from, to)?;
        }
        Ok(renamed)
    })
}
