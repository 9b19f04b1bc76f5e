//! Whether `check` looks at a file that somebody has open.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::walk::visited_in;
use crate::project::{self, ProjectRoot};

/// Which files of one directory `check` looks at when it is run in the folder that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookedAt {
    /// None: the directory, or one above it, is left out.
    None,
    /// All but the files with these names; a file that does not exist yet is looked at.
    AllBut(HashSet<OsString>),
}

impl LookedAt {
    /// Which files of a directory are looked at from the folder that it lies in; without such a folder, from the repository or
    /// the project that it belongs to. The directory need not exist yet.
    #[must_use]
    pub fn in_directory(directory: &Path, folder: Option<&Path>, root: &ProjectRoot) -> Self {
        let directory = project::canonical(directory);
        let folder = folder.map(project::canonical).filter(|folder| directory.starts_with(folder));
        let is_foreign = |path: &Path| path.iter().any(project::is_foreign);
        // Where nobody says what is theirs, a manifest says nothing: every package in `node_modules` has one.
        if folder.is_none() && !project::is_root(root.repository()) && is_foreign(&directory) {
            return Self::None;
        }
        let base = folder.as_deref().unwrap_or_else(|| root.repository());
        let existing = directory.ancestors().find(|above| above.is_dir()).unwrap_or(&directory);
        let Ok(new) = directory.strip_prefix(existing) else { return Self::None };
        if !existing.starts_with(base) {
            // Not even the folder exists.
            return Self::AllBut(HashSet::new());
        }
        let visited = visited_in(base, existing);
        if !visited.is_reached || is_foreign(new) {
            return Self::None;
        }
        if !new.as_os_str().is_empty() {
            return Self::AllBut(HashSet::new());
        }
        let files = existing.read_dir().into_iter().flatten().flatten();
        // The target of a symbolic link is looked at where it lies.
        let files = files.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let left_out = files.map(|entry| entry.file_name()).filter(|name| !visited.files.contains(name));
        Self::AllBut(left_out.collect())
    }

    /// Whether the file with that name is looked at.
    #[must_use]
    pub fn contains(&self, file_name: &OsStr) -> bool {
        match self {
            Self::None => false,
            Self::AllBut(left_out) => !left_out.contains(file_name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::sample::tree;

    /// Whether each file is looked at, with that folder open.
    fn check(top: &Path, folder: Option<&str>, cases: &[(&str, bool)]) {
        let folder = folder.map(|folder| top.join(folder));
        for (file, expected) in cases {
            let file = top.join(file);
            let directory = file.parent().unwrap();
            let root = ProjectRoot::of_directory(directory, folder.as_deref());
            let looked_at = LookedAt::in_directory(directory, folder.as_deref(), &root);
            let found = looked_at.contains(file.file_name().unwrap());
            assert_eq!(found, *expected, "{} with {folder:?} open", file.display());
        }
    }

    const SHOP: &[(&str, &str)] = &[
        ("shop/.git/HEAD", ""),
        ("shop/.gitignore", "build/\n*.local.js\n.env\n"),
        ("shop/.env", ""),
        ("shop/.ports.env", ""),
        ("shop/server.js", ""),
        ("shop/server.local.js", ""),
        ("shop/web/api.js", ""),
        ("shop/web/.gitignore", "made.js\n"),
        ("shop/web/made.js", ""),
        ("shop/build/server.js", ""),
        ("shop/node_modules/theirs/package.json", "{}"),
        ("shop/node_modules/theirs/index.js", ""),
        ("shop/worktrees/fix/.git", "gitdir: /elsewhere/shop/.git/worktrees/fix\n"),
        ("shop/worktrees/fix/server.js", ""),
    ];

    const OF_SHOP: &[(&str, bool)] = &[
        ("shop/server.js", true),
        ("shop/.env", true),
        ("shop/.ports.env", true),
        ("shop/server.local.js", false),
        ("shop/web/api.js", true),
        ("shop/web/made.js", false),
        ("shop/build/server.js", false),
        ("shop/node_modules/theirs/index.js", false),
        ("shop/new.js", true),
        ("shop/new/directory/a.js", true),
        ("shop/new/node_modules/a.js", false),
    ];

    #[test]
    fn what_git_ignores_and_what_others_wrote_is_left_out() {
        let (_directory, top) = tree(SHOP);
        for folder in [Some("shop"), Some(""), None] {
            check(&top, folder, OF_SHOP);
        }
    }

    #[test]
    fn a_nested_worktree_is_looked_at_where_it_is_open_itself() {
        let (_directory, top) = tree(SHOP);
        let file = "shop/worktrees/fix/server.js";
        check(&top, Some("shop"), &[(file, false)]);
        check(&top, Some("shop/worktrees/fix"), &[(file, true)]);
        check(&top, None, &[(file, true)]);
    }

    #[test]
    fn outside_of_a_repository_a_package_of_others_is_left_out() {
        let (_directory, top) = tree(&[
            ("lib/node_modules/theirs/package.json", "{}"),
            ("lib/node_modules/theirs/index.js", ""),
            ("lib/index.js", ""),
        ]);
        let theirs = "lib/node_modules/theirs/index.js";
        check(&top, None, &[(theirs, false), ("lib/index.js", true)]);
        // Who opens it means it.
        check(&top, Some("lib/node_modules/theirs"), &[(theirs, true)]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_file_is_looked_at() {
        let (_directory, top) = tree(&[("shop/.git/HEAD", ""), ("shop/web/a.js", "")]);
        std::os::unix::fs::symlink(top.join("shop/web/a.js"), top.join("shop/a.js")).unwrap();
        check(&top, Some("shop"), &[("shop/a.js", true)]);
    }
}
