//! The files of a project.

use ignore::{DirEntry, WalkBuilder};

use super::{ProjectRoot, is_root};

/// Directories of other people's code, which `.gitignore` mostly names, but not always.
const FOREIGN: [&str; 4] = [".git", "node_modules", "vendor", "third_party"];

/// A walk over the project's own files: what git ignores is left out, and so are other people's
/// code and projects that lie in this one. Hidden files are included.
#[must_use]
pub fn walk(root: &ProjectRoot) -> WalkBuilder {
    let mut builder = WalkBuilder::new(root);
    builder.hidden(false).filter_entry(is_own);
    builder
}

fn is_own(entry: &DirEntry) -> bool {
    let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
    if entry.depth() == 0 || !is_directory {
        return true;
    }
    let is_foreign = entry.file_name().to_str().is_some_and(|name| FOREIGN.contains(&name));
    !is_foreign && !is_root(entry.path())
}
