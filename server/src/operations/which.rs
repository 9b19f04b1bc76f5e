//! Which project of the registry somebody means.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::{Error, NameError, Result};
use crate::files;
use crate::project::ProjectRoot;
use crate::registry::{Project, Registry, Store};

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
    let name = match which {
        Which::Of(directory) => {
            let name = || ProjectRoot::of_directory(directory, None).as_path().display().to_string();
            return at(directory).ok_or_else(|| unknown(registry, name()));
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
            .ok_or_else(|| unknown(registry, name.to_owned())),
        several => {
            let roots = several.iter().map(|(key, _)| (*key).to_owned()).collect();
            Err(Error::Name(NameError::AmbiguousProject { name: name.to_owned(), roots }))
        }
    }
}

/// The directory of a project that is named by a directory in it, or by its name. A name with a separator is a path, which
/// needs no registry.
///
/// # Errors
/// When there is no such directory or project, or several may be meant.
pub fn directory_named(store: Result<Store>, name: &str) -> Result<PathBuf> {
    let path = Path::new(name);
    if name.contains(std::path::is_separator) || name.starts_with('.') {
        return match path.is_dir() {
            true => Ok(path.to_owned()),
            false => Err(Error::NotADirectory { path: path.to_owned() }),
        };
    }
    let registry = match store.and_then(|store| store.load()) {
        Ok(registry) => registry,
        Err(_) if path.is_dir() => return Ok(path.to_owned()),
        Err(error) => return Err(error),
    };
    let here = path.is_dir().then(|| files::canonicalize(path).map_err(Error::reading(path))).transpose()?;
    let here = here.as_deref().and_then(Path::to_str);
    let named = registry.projects().filter(|(_, project)| project.name() == name).map(|(root, _)| root);
    let mut meant: Vec<&str> = named.chain(here).collect();
    meant.sort_unstable();
    meant.dedup();
    match meant.as_slice() {
        [] => Err(unknown(&registry, name.to_owned())),
        [root] if Registry::is_bare_name(root) => Err(Error::NotADirectory { path: path.to_owned() }),
        [root] => Ok(PathBuf::from(root)),
        several => Err(Error::Name(NameError::AmbiguousProject {
            name: name.to_owned(),
            roots: several.iter().map(|root| (*root).to_owned()).collect(),
        })),
    }
}

fn unknown(registry: &Registry, name: String) -> Error {
    let names: BTreeSet<&str> = registry.projects().map(|(_, project)| project.name()).collect();
    Error::Name(NameError::UnknownProject { name, known: names.into_iter().map(ToOwned::to_owned).collect() })
}
