//! The components of a project: the parts that are started by themselves.

use std::path::{Path, PathBuf};

/// The directories of a project that have a manifest of their own, with what these call them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Components {
    /// Relative to the root, in ascending order; the root itself is not listed.
    directories: Vec<(PathBuf, String)>,
}

/// A part of a project that is started by itself: its directory, relative to the root; empty for the root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Component(pub PathBuf);

impl Component {
    /// Whether it is the project itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.as_os_str().is_empty()
    }
}

impl Components {
    /// The components in these directories, relative to the root, each with the name that its manifest gives it.
    #[must_use]
    pub fn new(directories: impl IntoIterator<Item = (PathBuf, Option<String>)>) -> Self {
        let mut directories: Vec<(PathBuf, String)> = directories
            .into_iter()
            .filter_map(|(directory, name)| {
                let own = directory.file_name()?.to_string_lossy().into_owned();
                // `@shop/web` is `web`.
                let name = name.and_then(|name| name.rsplit('/').next().map(str::to_owned)).unwrap_or(own);
                Some((directory, name))
            })
            .collect();
        directories.sort();
        directories.dedup_by(|later, earlier| later.0 == earlier.0);
        Self { directories }
    }

    /// The component that a file belongs to: the nearest directory above it.
    #[must_use]
    pub fn of(&self, path: &Path) -> Component {
        let directory = path.ancestors().skip(1).find(|above| {
            self.directories.binary_search_by(|(directory, _)| directory.as_path().cmp(above)).is_ok()
        });
        Component(directory.map(Path::to_owned).unwrap_or_default())
    }

    /// The directories of the components below the root.
    pub fn directories(&self) -> impl Iterator<Item = &Path> {
        self.directories.iter().map(|(directory, _)| directory.as_path())
    }

    /// What a component is called; `None` for the root.
    #[must_use]
    pub fn name(&self, component: &Component) -> Option<&str> {
        let found = self.directories.binary_search_by(|(directory, _)| directory.cmp(&component.0)).ok()?;
        Some(&self.directories[found].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_nearest_component() {
        let components = Components::new([
            (PathBuf::from("packages/web"), Some("@shop/web".to_owned())),
            (PathBuf::from("packages/web/admin"), None),
        ]);
        let of = |path: &str| components.of(Path::new(path)).0;
        assert_eq!(of("packages/web/src/app.ts"), Path::new("packages/web"));
        assert_eq!(of("packages/web/admin/x.ts"), Path::new("packages/web/admin"));
        assert_eq!(of("packages/api/x.ts"), Path::new(""));
        let name = |directory: &str| components.name(&Component(directory.into()));
        assert_eq!(name("packages/web"), Some("web"));
        assert_eq!(name("packages/web/admin"), Some("admin"));
        assert_eq!(name(""), None);
    }
}
