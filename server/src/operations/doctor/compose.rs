//! What two copies of a project share besides ports: containers and volumes with one name.

use std::path::Path;

use super::{Finding, Kind};
use crate::project::{ComposeDirectory, ProjectRoot, SharedKind, SharedName};

/// Looks at the compose files that commands in a directory use.
pub(super) fn examine(root: &ProjectRoot, directory: &Path, findings: &mut Vec<Finding>) {
    let directory = crate::files::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    let Some(compose) = ComposeDirectory::of(root.as_path(), &directory) else { return };
    let (key, project) = (root.as_path().display().to_string(), root.name());
    for SharedName { file, kind, name } in compose.shared_names(root.as_path()) {
        let file = file.display();
        let finding = match kind {
            SharedKind::Container => Finding::note(
                Kind::SharedContainerName,
                format!(
                    "{file} gives a container the name {name}, so only one copy of this project can run it: remove \
                     `container_name`"
                ),
            ),
            SharedKind::Volume => Finding::note(
                Kind::SharedVolume,
                format!(
                    "{file} uses the volume {name}, which all copies of this project share: remove its `name` or `external`"
                ),
            ),
        };
        findings.push(finding.of(&key, &project));
    }
}
