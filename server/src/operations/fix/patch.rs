//! Fixes as a patch.

use std::io;
use std::path::{Path, PathBuf};

use super::{FileFixes, names};
use crate::error::{Error, Result};
use crate::files::{self, Patch, patch_path};

/// The patch that makes the edits of files, and those of `port-manager.toml` that belong to them. Paths are relative to the
/// current directory where they lie below it.
///
/// # Errors
/// When a file cannot be read, has changed since it was looked at, or leads out of its project; or when there is no
/// current directory.
pub fn patch(fixes: &[FileFixes]) -> Result<String> {
    let here = current_directory()?;
    let mut patch = String::new();
    for pending in names(fixes)? {
        let before = match files::read_to_string(&pending.path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::reading(&pending.path)(error)),
        };
        patch += &change(&pending.path, &here, before.as_deref(), pending.text());
    }
    for file in fixes {
        let (before, after) = file.rewritten()?;
        // Both are UTF-8: a file that is not gets no fixes.
        let (before, after) = (String::from_utf8_lossy(before.bytes()), String::from_utf8_lossy(&after));
        patch += &change(&file.canonical, &here, Some(&before), &after);
    }
    Ok(patch)
}

/// The same for a text that its file is to have, whatever the file has now.
///
/// # Errors
/// When there is no current directory.
pub fn text_patch(file: &FileFixes) -> Result<String> {
    let here = current_directory()?;
    let fixed = file.fixed_text();
    Ok(fixed.map_or_else(String::new, |fixed| change(&file.canonical, &here, Some(&file.text), &fixed)))
}

fn current_directory() -> Result<PathBuf> {
    let here = std::env::current_dir().and_then(|here| files::canonicalize(&here));
    here.map_err(|source| Error::CurrentDirectory { source })
}

fn change(path: &Path, here: &Path, before: Option<&str>, after: &str) -> String {
    let path = patch_path(path.strip_prefix(here).unwrap_or(path));
    Patch { path: &path, before, after }.to_string()
}
