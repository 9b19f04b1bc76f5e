//! The one place where files are written, step by step: the seam at which tests let a step fail.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::{busy, own};

/// The steps in which files are read and replaced. Each is the system's own, unless a test says
/// otherwise.
pub(crate) trait Disk: fmt::Debug + Send + Sync {
    /// The bytes of a file of ours.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        busy::patiently(|| own::read(path))
    }

    /// Opens the lock's file. Creates it where it is missing.
    fn open_lock(&self, path: &Path) -> io::Result<File> {
        busy::patiently(|| own::open_or_create(path))
    }

    /// Makes the file that is to take the place of another.
    fn create(&self, directory: &Path, builder: &tempfile::Builder<'_, '_>) -> io::Result<NamedTempFile> {
        // The crate adds the path of its file, which nobody knows.
        let without_path = |error: io::Error| match error.get_ref() {
            Some(_) => io::Error::from(error.kind()),
            None => error,
        };
        builder.tempfile_in(directory).map_err(without_path)
    }

    /// Writes its bytes.
    fn write(&self, file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    /// Makes the bytes last through a power cut.
    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    /// Puts it into its place.
    fn rename(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
        rename(file, path)
    }

    /// Puts it into a place that nothing has yet.
    fn place(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
        file.persist_noclobber(path).map(drop).map_err(|error| error.error)
    }

    /// Lets two files change places. Not every system can, nor every file system.
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        exchange(one, other)
    }

    /// Makes a rename in the directory last through a power cut. Only Unix can, and needs to.
    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
    }

    /// Removes what a crash has left.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

#[cfg(not(windows))]
fn rename(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// By `std`, which also replaces a file that somebody has open to read, as Unix does; the crate does not.
#[cfg(windows)]
fn rename(file: NamedTempFile, path: &Path) -> io::Result<()> {
    // From here on, it is no temporary file to the system.
    let (_open, temporary) = file.keep().map_err(|error| error.error)?;
    busy::patiently(|| fs::rename(&temporary, path)).inspect_err(|_| {
        // Else it stays as what a crash leaves, which the next change removes.
        let _ = fs::remove_file(&temporary);
    })
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ThisDisk;

impl Disk for ThisDisk {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_does_not_name_the_temporary_file() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("missing");
        let error = ThisDisk.create(&missing, &tempfile::Builder::new()).unwrap_err();
        assert_eq!((error.kind(), error.to_string().contains("at path")), (io::ErrorKind::NotFound, false));
    }
}
