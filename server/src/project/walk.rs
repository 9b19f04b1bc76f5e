//! The files of a project.

use std::ffi::OsStr;
use std::path::Path;

use ignore::{DirEntry, WalkBuilder};

use super::ignore_lists::UnreadableLists;
use super::root::{ProjectRoot, is_root, is_sample};

/// Directories that hold what others wrote or what was built, wherever they are not ignored already.
const FOREIGN_DIRECTORIES: &[&str] = &[
    ".bundle",
    ".cache",
    ".direnv",
    ".eggs",
    ".git",
    ".gradle",
    ".hg",
    ".idea",
    ".jj",
    ".mypy_cache",
    ".next",
    ".nox",
    ".nuxt",
    ".pnpm-store",
    ".pytest_cache",
    ".ruff_cache",
    ".svelte-kit",
    ".svn",
    ".terraform",
    ".tox",
    ".turbo",
    ".venv",
    ".yarn",
    "__pycache__",
    "bower_components",
    "coverage",
    "dist",
    "node_modules",
    "site-packages",
    "target",
    "vendor",
    "venv",
];

/// How many files and directories are looked at to find out what a project needs: an answer within
/// seconds for the largest of repositories, and for a directory that is no project at all.
pub const MOST_ENTRIES: usize = 50_000;

/// A walk over the project's own files, in the order of their names: what git ignores is left out, and
/// so are other people's code and projects that lie in this one. Hidden files are included.
#[must_use]
pub fn walk(root: &ProjectRoot) -> WalkBuilder {
    walk_below(root, root.as_path(), |_| true)
}

/// The same of what lies in one of the project's own directories, and in those below it that are `wanted`.
pub fn walk_below(
    root: &ProjectRoot,
    directory: &Path,
    is_wanted: impl Fn(&Path) -> bool + Send + Sync + 'static,
) -> WalkBuilder {
    let mut builder = WalkBuilder::new(directory);
    let lists = UnreadableLists::default();
    lists.look_above(&mut builder, [directory]);
    let root = root.clone();
    builder.hidden(false).sort_by_file_name(Ord::cmp).filter_entry(move |entry| {
        !is_directory_below(entry)
            || (!is_foreign(entry.file_name())
                && !is_root(entry.path())
                && !is_sample(root.as_path(), entry.path())
                && lists.are_readable_in(entry.path())
                && is_wanted(entry.path()))
    });
    builder
}

/// Whether the entry is a directory, and not where the walk began.
#[must_use]
pub fn is_directory_below(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_type().is_some_and(|kind| kind.is_dir())
}

/// Whether a directory of that name holds what others wrote or what was built.
#[must_use]
pub fn is_foreign(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| FOREIGN_DIRECTORIES.binary_search(&name).is_ok())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_table_of_directories_can_be_searched() {
        assert!(FOREIGN_DIRECTORIES.is_sorted());
    }

    #[test]
    fn other_projects_and_other_peoples_code_are_left_out() {
        let directory = tempfile::tempdir().unwrap();
        let files = [
            ".gitignore",
            ".env",
            "web/app.js",
            "web/app.log",
            "node_modules/x/index.js",
            "blog/.ports.env",
            "blog/app.js",
            "examples/shop/package.json",
            "examples/shop/app.js",
            "clone/.git/HEAD",
            "clone/app.js",
        ];
        for name in files {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        fs::create_dir(directory.path().join(".git")).unwrap();
        fs::write(directory.path().join(".gitignore"), "*.log\n").unwrap();
        let root = ProjectRoot::exact(directory.path()).unwrap();
        let mut found: Vec<_> = walk(&root)
            .build()
            .map(|entry| entry.unwrap().into_path())
            .filter(|path| path.is_file())
            .map(|path| path.strip_prefix(&root).unwrap().to_owned())
            .collect();
        found.sort();
        assert_eq!(found, [".env", ".gitignore", "web/app.js"].map(std::path::PathBuf::from));
    }
}
