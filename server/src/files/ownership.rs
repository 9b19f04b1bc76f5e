//! Whose a file is. Who runs us by `sudo` is root, and the files are still the user's: were they
//! root's, the user could not read them any more.

use std::fs::{File, Metadata};
use std::path::Path;

/// Makes a new file belong to whom the file belongs that it replaces.
///
/// Where that may not be, it belongs to who wrote it: the one who may write here, and so no stranger.
#[cfg(unix)]
pub(super) fn give(file: &File, replaced: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let is_same = |now: &Metadata| (now.uid(), now.gid()) == (replaced.uid(), replaced.gid());
    if !file.metadata().is_ok_and(|now| is_same(&now)) {
        let _ = fchown(file, Some(replaced.uid()), Some(replaced.gid()));
    }
}

/// Makes a file that root has just made belong to whom its directory belongs.
#[cfg(unix)]
pub(crate) fn give_to_owner_of(directory: &Path, file: &File) {
    use std::os::unix::fs::MetadataExt as _;
    let is_roots = file.metadata().is_ok_and(|now| now.uid() == 0);
    if is_roots
        && let Ok(directory) = directory.metadata()
        && directory.uid() != 0
    {
        give(file, &directory);
    }
}

#[cfg(not(unix))]
pub(super) fn give(_file: &File, _replaced: &Metadata) {}

#[cfg(not(unix))]
pub(crate) fn give_to_owner_of(_directory: &Path, _file: &File) {}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, chown};

    use crate::files::{Access, ThisDisk, replace};

    /// A directory of nobody's, where the tests run as root; else of whoever runs them, which shows
    /// that nothing is in the way of these.
    #[test]
    fn a_file_belongs_to_whom_it_belonged_and_a_new_one_to_whom_the_directory_belongs() {
        let directory = tempfile::tempdir().unwrap();
        let _ = chown(directory.path(), Some(65534), Some(65534));
        let owner = fs::metadata(directory.path()).unwrap().uid();
        let path = directory.path().join("file");
        for text in [b"new", b"two"] {
            replace(&ThisDisk, &path, text, Access::Private).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().uid(), owner);
        }
    }
}
