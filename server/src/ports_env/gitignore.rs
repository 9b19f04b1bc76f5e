//! Keeps `.ports.env` out of git: its numbers are this machine's.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{FILE_NAME as PORTS_ENV, newline_of};
use crate::error::Result;
use crate::files::{self, Pending};

pub(super) const FILE_NAME: &str = ".gitignore";

/// The line that is added.
pub(super) const LINE: &str = "/.ports.env";

/// Whether git ignores the `.ports.env` of the project: by a `.gitignore` in its root or above it
/// in the same repository, by the repository's `info/exclude`, or by the user's own list.
#[must_use]
pub fn is_ignored(root: impl AsRef<Path>) -> bool {
    is_file_ignored(&root.as_ref().join(PORTS_ENV))
}

/// Whether git ignores a file, which need not exist yet.
#[must_use]
pub fn is_file_ignored(file: &Path) -> bool {
    is_ignored_by(file, global_list)
}

/// Whether git would take the `.ports.env` of the project into a repository.
#[must_use]
pub fn is_exposed(root: impl AsRef<Path>) -> bool {
    let root = root.as_ref();
    root.ancestors().any(|directory| directory.join(".git").exists()) && !is_ignored(root)
}

/// The same by another list of the user's own.
fn is_ignored_by(file: &Path, global_list: impl Fn(&Path) -> Gitignore) -> bool {
    let root = file.parent().unwrap_or(file);
    let repository = root.ancestors().find(|directory| directory.join(".git").exists());
    let decided = |list: &Gitignore| {
        let matched = list.matched_path_or_any_parents(file, false);
        (!matched.is_none()).then(|| matched.is_ignore())
    };
    // The nearest list that says something decides (gitignore(5)).
    for directory in root.ancestors() {
        if let Some(ignored) = list(directory, &directory.join(FILE_NAME)).as_ref().and_then(decided) {
            return ignored;
        }
        if repository.is_none_or(|repository| repository == directory) {
            break;
        }
    }
    let Some(repository) = repository else { return false };
    let exclude = list(repository, &repository.join(".git").join("info").join("exclude"));
    exclude.as_ref().and_then(decided).or_else(|| decided(&global_list(repository))).unwrap_or(false)
}

/// The list in a file, whose patterns are about a directory; `None` where there is none that can be read.
fn list(directory: &Path, file: &Path) -> Option<Gitignore> {
    let bytes = files::read(file, files::LARGEST).ok()?;
    let mut builder = GitignoreBuilder::new(directory);
    for line in String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').lines() {
        // A pattern that cannot be understood is passed over, as git does it.
        let _ = builder.add_line(Some(file.to_owned()), line);
    }
    builder.build().ok()
}

/// The user's own list (`core.excludesFile`), read relative to the repository.
fn global_list(repository: &Path) -> Gitignore {
    GitignoreBuilder::new(repository).build_global().0
}

/// What makes git ignore the project's `.ports.env`, if it does not already: by a line in the root's
/// `.gitignore`, which is made where there is none, also outside of a repository, so that a later
/// `git init` finds it.
///
/// # Errors
/// When the file cannot be read, or is a symbolic link that leads out of the project.
pub(crate) fn pending_ignore(root: impl AsRef<Path>) -> Result<Option<Pending>> {
    let root = root.as_ref();
    if is_ignored(root) {
        return Ok(None);
    }
    let mut text = files::read_within(root, FILE_NAME)?.unwrap_or_default();
    let newline = newline_of(&text);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(newline);
    }
    text.push_str(LINE);
    text.push_str(newline);
    files::pending_within(root, FILE_NAME, text)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use std::path::PathBuf;

    use super::*;

    /// A repository with the files, and a project in it.
    fn repository(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir_all(directory.path().join(".git/info")).unwrap();
        let project = directory.path().join("apps/shop");
        fs::create_dir_all(&project).unwrap();
        for (name, text) in files {
            fs::write(directory.path().join(name), text).unwrap();
        }
        (directory, project)
    }

    /// The own list of a user who has none, unlike perhaps the one who runs these tests.
    fn nothing(_repository: &Path) -> Gitignore {
        Gitignore::empty()
    }

    fn ignore_ports_env(root: impl AsRef<Path>) -> Result<Option<PathBuf>> {
        files::write_pending(pending_ignore(root)?)
    }

    #[test]
    fn the_users_own_list_decides_last() {
        let own = |repository: &Path| {
            let mut list = GitignoreBuilder::new(repository);
            list.add_line(None, ".ports.env").unwrap();
            list.build().unwrap()
        };
        let (_directory, project) = repository(&[]);
        assert!(is_ignored_by(&project.join(PORTS_ENV), own));
        let (_directory, project) = repository(&[(".gitignore", "!.ports.env\n")]);
        assert!(!is_ignored_by(&project.join(PORTS_ENV), own));
    }

    #[test]
    fn the_nearest_list_decides() {
        let cases: [(&[(&str, &str)], bool); 8] = [
            (&[], false),
            (&[(".gitignore", ".ports.env\n")], true),
            (&[(".gitignore", "/.ports.env\n")], false),
            (&[(".gitignore", ".*.env\n")], true),
            (&[(".gitignore", "apps/\n")], true),
            (&[("apps/shop/.gitignore", "*.env\n!.ports.env\n"), (".gitignore", ".ports.env\n")], false),
            (&[("apps/.gitignore", "*\n")], true),
            (&[(".git/info/exclude", ".ports.env\n")], true),
        ];
        for (files, expected) in cases {
            let (_directory, project) = repository(files);
            assert_eq!(is_ignored_by(&project.join(PORTS_ENV), nothing), expected, "{files:?}");
        }
    }

    #[test]
    fn a_list_above_the_repository_does_not_count() {
        let (directory, project) = repository(&[(".gitignore", ".ports.env\n")]);
        fs::create_dir(project.join(".git")).unwrap();
        assert!(!is_ignored_by(&project.join(PORTS_ENV), nothing), "{}", directory.path().display());
    }

    #[test]
    fn a_line_is_added_once_and_nothing_else_is_touched() {
        let (_directory, project) = repository(&[("apps/shop/.gitignore", "!.ports.env\r\ndist")]);
        let path = project.join(".gitignore");
        assert_eq!(ignore_ports_env(&project).unwrap(), Some(path.clone()));
        assert_eq!(fs::read_to_string(&path).unwrap(), "!.ports.env\r\ndist\r\n/.ports.env\r\n");
        assert_eq!(ignore_ports_env(&project).unwrap(), None);
    }

    #[test]
    fn a_project_that_is_no_repository_yet_is_prepared_to_become_one() {
        let directory = tempfile::tempdir().unwrap();
        ignore_ports_env(directory.path()).unwrap();
        assert_eq!(fs::read_to_string(directory.path().join(".gitignore")).unwrap(), "/.ports.env\n");
        assert_eq!(ignore_ports_env(directory.path()).unwrap(), None);
    }
}
