//! Projects: roots, names, worktrees; what services a project seems to need.

mod compose;
mod ignore_lists;
pub mod needs;
mod package;
mod walk;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use ignore_lists::UnreadableLists;
pub use walk::{is_directory_below, is_foreign, walk};

use crate::error::{Error, Result};
use crate::{files, ports_env};

/// The canonical path of a project's root directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ProjectRoot(PathBuf);

impl ProjectRoot {
    /// The project that a file belongs to, whether the file exists or not: the nearest directory
    /// above it with a `.ports.env`; else the nearest with `.git`; else `fallback`, as long as the
    /// file lies in it; else the file's own directory.
    #[must_use]
    pub fn of_file(path: &Path, fallback: Option<&Path>) -> Self {
        let path = canonical(path);
        Self::above(path.parent().unwrap_or(&path), fallback)
    }

    /// The project that a directory belongs to: as [`Self::of_file`], with the directory itself
    /// being looked at first.
    #[must_use]
    pub fn of_directory(directory: &Path, fallback: Option<&Path>) -> Self {
        Self::above(&canonical(directory), fallback)
    }

    /// The directory as a project of its own, whatever lies above it.
    ///
    /// # Errors
    /// When there is no such directory.
    pub fn exact(directory: &Path) -> Result<Self> {
        let root = files::canonicalize(directory).map_err(Error::reading(directory))?;
        if root.is_dir() { Ok(Self(root)) } else { Err(Error::NotADirectory { path: root }) }
    }

    fn above(directory: &Path, fallback: Option<&Path>) -> Self {
        // A worktree that lies inside of the main one is a project of its own.
        let in_reach = directory.ancestors().position(is_worktree).map_or(usize::MAX, |last| last + 1);
        let with = |name: &str| directory.ancestors().take(in_reach).find(|above| above.join(name).exists());
        if let Some(root) = with(ports_env::FILE_NAME).or_else(|| with(".git")) {
            return Self(root.to_owned());
        }
        let fallback = fallback.map(canonical).filter(|fallback| directory.starts_with(fallback));
        Self(fallback.unwrap_or_else(|| directory.to_owned()))
    }

    /// The directory.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// The name that people see: the directory's.
    #[must_use]
    pub fn name(&self) -> String {
        let name = self.0.file_name().unwrap_or(self.0.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// What the project is called in the registry: its path.
    ///
    /// # Errors
    /// When the path is not Unicode: two such projects could not be told apart there.
    pub fn key(&self) -> Result<&str> {
        self.0.to_str().ok_or_else(|| Error::PathNotUnicode { path: self.0.clone() })
    }
}

impl AsRef<Path> for ProjectRoot {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

/// Whether the directory, which lies in a project, is the root of another.
#[must_use]
pub fn is_root(directory: &Path) -> bool {
    directory.join(ports_env::FILE_NAME).exists() || is_worktree(directory)
}

/// Whether the directory is the root of a linked git worktree, whose `.git` is a file that names
/// its administrative directory (gitrepository-layout(5)). A submodule's `.git` is a file too.
fn is_worktree(directory: &Path) -> bool {
    let file = directory.join(".git");
    let Ok(text) = fs::symlink_metadata(&file).and_then(|metadata| {
        if metadata.is_file() { files::read_to_string(&file) } else { Ok(String::new()) }
    }) else {
        return false;
    };
    text.strip_prefix("gitdir:").is_some_and(|target| {
        Path::new(target.trim())
            .parent()
            .and_then(Path::file_name)
            .is_some_and(|directory| directory == "worktrees")
    })
}

/// The canonical path; of a path that does not exist, what exists of it made canonical.
fn canonical(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for above in absolute.ancestors() {
        if let Ok(real) = files::canonicalize(above)
            && let Ok(rest) = absolute.strip_prefix(above)
        {
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    absolute
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A temporary directory by its canonical path, with the files in it.
    fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = fs::canonicalize(directory.path()).unwrap();
        for (name, text) in files {
            let file = path.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        (directory, path)
    }

    #[test]
    fn the_nearest_ports_env_makes_the_project_and_else_the_nearest_repository() {
        let (_directory, top) = tree(&[
            ("mono/.git/HEAD", ""),
            ("mono/web/.ports.env", ""),
            ("mono/web/src/app.js", ""),
            ("mono/api/main.py", ""),
        ]);
        let root = |path: &str| ProjectRoot::of_file(&top.join(path), Some(&top)).as_path().to_owned();
        assert_eq!(root("mono/web/src/app.js"), top.join("mono/web"));
        assert_eq!(root("mono/web/not/there/yet.js"), top.join("mono/web"));
        assert_eq!(root("mono/api/main.py"), top.join("mono"));
        assert_eq!(ProjectRoot::of_directory(&top.join("mono/web"), None).as_path(), top.join("mono/web"));
        assert_eq!(ProjectRoot::exact(&top.join("mono/api")).unwrap().as_path(), top.join("mono/api"));
    }

    #[test]
    fn without_either_the_fallback_is_the_project_as_long_as_the_file_lies_in_it() {
        let (_directory, top) = tree(&[("folder/src/app.js", ""), ("elsewhere/app.js", "")]);
        let folder = top.join("folder");
        let root =
            |path: &str, fallback| ProjectRoot::of_file(&top.join(path), fallback).as_path().to_owned();
        assert_eq!(root("folder/src/app.js", Some(folder.as_path())), folder);
        assert_eq!(root("folder/src/app.js", None), top.join("folder/src"));
        assert_eq!(root("elsewhere/app.js", Some(folder.as_path())), top.join("elsewhere"));
    }

    #[test]
    fn a_worktree_inside_of_the_main_one_is_a_project_of_its_own_and_a_submodule_is_not() {
        let (_directory, top) = tree(&[
            ("shop/.ports.env", ""),
            ("shop/.git/HEAD", ""),
            ("shop/.worktrees/fix/.git", "gitdir: /home/dev/shop/.git/worktrees/fix\n"),
            ("shop/.worktrees/fix/src/app.js", ""),
            ("shop/lib/theme/.git", "gitdir: ../../.git/modules/theme\n"),
            ("shop/lib/theme/index.js", ""),
        ]);
        let root = |path: &str| ProjectRoot::of_file(&top.join(path), None).as_path().to_owned();
        assert_eq!(root("shop/.worktrees/fix/src/app.js"), top.join("shop/.worktrees/fix"));
        assert_eq!(root("shop/lib/theme/index.js"), top.join("shop"));
    }

    #[cfg(unix)]
    #[test]
    fn a_project_reached_by_a_link_is_the_project_that_is_linked() {
        let (_directory, top) = tree(&[("real/.ports.env", ""), ("real/src/app.js", "")]);
        std::os::unix::fs::symlink(top.join("real"), top.join("link")).unwrap();
        assert_eq!(ProjectRoot::of_file(&top.join("link/src/new.js"), None).as_path(), top.join("real"));
        assert_eq!(ProjectRoot::exact(&top.join("link")).unwrap().name(), "real");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_path_that_is_no_unicode_has_no_key() {
        use std::os::unix::ffi::OsStrExt as _;
        let (_directory, top) = tree(&[]);
        let path = top.join(std::ffi::OsStr::from_bytes(b"sh\xffp"));
        fs::create_dir(&path).unwrap();
        let root = ProjectRoot::exact(&path).unwrap();
        assert!(matches!(root.key(), Err(Error::PathNotUnicode { .. })));
        assert_eq!(root.name(), "sh\u{fffd}p");
    }

    #[test]
    fn a_file_or_nothing_is_no_project() {
        let (_directory, top) = tree(&[("file", "")]);
        assert!(matches!(ProjectRoot::exact(&top.join("file")), Err(Error::NotADirectory { .. })));
        assert!(matches!(ProjectRoot::exact(&top.join("nothing")), Err(Error::Read { .. })));
    }
}
