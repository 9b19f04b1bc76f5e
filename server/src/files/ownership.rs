//! The owners of files. Somebody who runs us through `sudo` is root, and the files are still the user's:
//! if they were root's, the user could not read them any more.
//!
//! Only what has just been made is given away: a file or a directory that was there may be anybody's.

use std::fs::{DirBuilder, File, Metadata};
use std::io;
use std::path::Path;

/// Gives a new file the owner of the file that it replaces.
///
/// Where that is not permitted, it belongs to the user who wrote it, who may write here.
#[cfg(unix)]
pub(super) fn give(file: &File, replaced: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let is_same = |now: &Metadata| (now.uid(), now.gid()) == (replaced.uid(), replaced.gid());
    if !file.metadata().is_ok_and(|now| is_same(&now)) {
        let _ = fchown(file, Some(replaced.uid()), Some(replaced.gid()));
    }
}

/// Makes a directory that nobody else may look into; as root, for the owner of the one that holds it.
///
/// # Errors
/// When it cannot be made, or there is something of that name already.
pub(crate) fn make_directory(directory: &Path) -> io::Result<()> {
    #[cfg(unix)]
    let builder = {
        let mut builder = DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
    };
    #[cfg(not(unix))]
    let builder = DirBuilder::new();
    builder.create(directory)?;
    #[cfg(unix)]
    if let Some(parent) = directory.parent() {
        use rustix::fs::OFlags;
        let mut options = std::fs::OpenOptions::new();
        // What somebody has put in its place since then is not followed.
        let flags = OFlags::NOFOLLOW | OFlags::DIRECTORY;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
        give_to_owner_of(parent, &options.read(true).open(directory)?);
    }
    Ok(())
}

/// Gives a file that root has just made to the owner of its directory.
#[cfg(unix)]
pub(super) fn give_to_owner_of(directory: &Path, file: &File) {
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
pub(super) fn give_to_owner_of(_directory: &Path, _file: &File) {}

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
