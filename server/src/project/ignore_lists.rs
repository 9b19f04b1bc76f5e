//! The lists that tell a walk what to leave out. The walk opens them without looking at what they are, so that
//! they are looked at before.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::WalkBuilder;

use crate::error::{Error, Unreadable};
use crate::files;

/// The lists that a directory itself may have.
const LISTS: [&str; 2] = [".gitignore", ".ignore"];

/// What a walk could not read, as far as it has come.
#[derive(Debug, Clone, Default)]
pub struct UnreadableLists(Arc<Mutex<Vec<Error>>>);

impl UnreadableLists {
    /// Whether the lists of a directory can be read. A directory whose lists cannot is left out, for nobody
    /// knows what of it is to be looked at.
    pub fn are_readable_in(&self, directory: &Path) -> bool {
        match unreadable(directory) {
            None => true,
            Some(error) => {
                self.0.lock().unwrap_or_else(PoisonError::into_inner).push(error);
                false
            }
        }
    }

    /// Has a walk from these paths follow no lists if one of them cannot be read in or above a path.
    pub fn look_above<'a>(&self, builder: &mut WalkBuilder, paths: impl IntoIterator<Item = &'a Path>) {
        let absolute = paths.into_iter().filter_map(|path| files::canonicalize(path).ok());
        let above: BTreeSet<PathBuf> =
            absolute.flat_map(|path| path.ancestors().map(Path::to_owned).collect::<Vec<_>>()).collect();
        let unreadable = above.iter().filter(|directory| !self.are_readable_in(directory)).count();
        if unreadable > 0 {
            builder.standard_filters(false);
        }
    }

    /// What could not be read.
    #[must_use]
    pub fn take(&self) -> Vec<Error> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Why a list of the directory, or of the repository whose root it is, cannot be read.
fn unreadable(directory: &Path) -> Option<Error> {
    let in_directory = LISTS.iter().find_map(|name| failure(&directory.join(name)));
    in_directory.or_else(|| in_repository(directory))
}

/// The same of the repository's own list.
fn in_repository(directory: &Path) -> Option<Error> {
    match own_list(directory)? {
        Ok(list) => failure(&list),
        Err((path, source)) => of_kind(&path, source),
    }
}

/// The lists that exist for a directory in it and above it: what they say decides which of its files are looked at.
#[must_use]
pub fn ignore_lists_above(directory: &Path) -> Vec<PathBuf> {
    let in_directory = |directory: &Path| {
        let own = own_list(directory).and_then(std::result::Result::ok);
        LISTS.map(|name| directory.join(name)).into_iter().chain(own)
    };
    directory.ancestors().flat_map(in_directory).filter(|list| list.exists()).collect()
}

/// The list `info/exclude` of the repository whose root the directory is, or the file that should have said where it lies: a
/// linked worktree has it elsewhere (gitrepository-layout(5)). The paths are found as the walk finds them.
fn own_list(directory: &Path) -> Option<std::result::Result<PathBuf, (PathBuf, io::Error)>> {
    let git = directory.join(".git");
    let metadata = git.metadata().ok()?;
    if !metadata.is_file() {
        return Some(Ok(git.join("info").join("exclude")));
    }
    let first_line = |path: &Path| match files::read_to_string(path) {
        Ok(text) => Ok(text.lines().next().unwrap_or_default().to_owned()),
        Err(error) => Err(error),
    };
    let line = match first_line(&git) {
        Ok(line) => line,
        Err(source) => return Some(Err((git, source))),
    };
    let real = PathBuf::from(line.strip_prefix("gitdir: ")?);
    let common = real.join("commondir");
    let line = match first_line(&common) {
        Ok(line) => line,
        Err(source) => return Some(Err((common, source))),
    };
    let common = if line.starts_with('.') { real.join(line) } else { PathBuf::from(line) };
    Some(Ok(common.join("info").join("exclude")))
}

/// Why a walk that opens the file would not come back, if it would not.
fn failure(path: &Path) -> Option<Error> {
    of_kind(path, files::check(path, files::LARGEST).err()?)
}

/// The failure, if the walk would not come back from it. Others, such as no permission, it passes over.
fn of_kind(path: &Path, source: io::Error) -> Option<Error> {
    match Unreadable::in_error(&source)? {
        Unreadable::Directory => None,
        _ => Some(Error::Read { path: path.to_owned(), source }),
    }
}
