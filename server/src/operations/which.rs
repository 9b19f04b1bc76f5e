//! Which project of the registry somebody means.

use std::path::Path;

use crate::error::{Error, Result};
use crate::project::ProjectRoot;
use crate::registry::{Project, Registry};

/// Which project.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// As the user names it: by its name, or by a path in it.
    Named(&'a str),
    /// The one that this directory belongs to.
    Of(&'a Path),
}

/// The project that is meant, with its key.
///
/// # Errors
/// When there is none, or several have the name.
pub(super) fn find<'r>(registry: &'r Registry, which: Which<'_>) -> Result<(&'r str, &'r Project)> {
    let at = |directory: &Path| {
        let root = ProjectRoot::of_directory(directory, None);
        let key = root.as_path().to_str()?;
        registry.projects().find(|(other, _)| *other == key)
    };
    let unknown = |name: String| {
        let known = registry.projects().map(|(_, project)| project.name().to_owned()).collect();
        Error::UnknownProject { name, known }
    };
    let name = match which {
        Which::Of(directory) => {
            let name = || ProjectRoot::of_directory(directory, None).as_path().display().to_string();
            return at(directory).ok_or_else(|| unknown(name()));
        }
        Which::Named(name) => name,
    };
    // A root that is gone is named by its path as well.
    if let Some(found) = registry.projects().find(|(key, _)| *key == name) {
        return Ok(found);
    }
    let named: Vec<_> = registry.projects().filter(|(_, project)| project.name() == name).collect();
    match named.as_slice() {
        [found] => Ok(*found),
        [] => Some(Path::new(name))
            .filter(|path| path.is_dir())
            .and_then(at)
            .ok_or_else(|| unknown(name.to_owned())),
        several => {
            let roots = several.iter().map(|(key, _)| (*key).to_owned()).collect();
            Err(Error::AmbiguousProject { name: name.to_owned(), roots })
        }
    }
}
