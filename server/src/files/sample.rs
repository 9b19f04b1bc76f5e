//! Files for a test.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

/// A temporary directory with these files in it, by path and text; and its path without symbolic links.
pub(crate) fn tree(files: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = fs::canonicalize(directory.path()).unwrap();
    for (name, text) in files {
        let file = path.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    (directory, path)
}
