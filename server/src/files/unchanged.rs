//! A file is replaced only if it is still the one that was read: nobody's newer text is lost.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::{Access, Disk, LARGEST_NAMED, RegularFile, directory_of, prepare};
use crate::error::{Error, Result};

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snapshot {
    bytes: Vec<u8>,
    identity: Identity,
    modified: Option<SystemTime>,
}

/// Tells a file from another that was put in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity(#[cfg(unix)] (u64, u64));

impl Identity {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self((metadata.dev(), metadata.ino()))
    }

    #[cfg(not(unix))]
    fn of(_metadata: &Metadata) -> Self {
        Self()
    }
}

impl Snapshot {
    /// Reads the file.
    pub(crate) fn take(path: &Path) -> io::Result<Self> {
        let file = RegularFile::open(path)?;
        let mut bytes = Vec::new();
        file.read(LARGEST_NAMED, &mut bytes)?;
        let metadata = file.metadata();
        Ok(Self { bytes, identity: Identity::of(metadata), modified: metadata.modified().ok() })
    }

    /// What was read.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the file at the path is this one, unchanged.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        Self::take(path).is_ok_and(|now| now == *self)
    }
}

/// Replaces the file at `path` in one step if it is still the one that was read; whether it was. It keeps
/// its permissions, its owner and its attributes.
///
/// The new file and the old one change places, where the system can do that, so that what was there is
/// looked at once more when nobody can open it by its name any more. If it is not what was read, the two
/// change places again. Whoever opened the old file before and writes into it after that has lost what he
/// writes: no system tells of that.
///
/// # Errors
/// As [`super::replace`].
pub(crate) fn replace_unchanged(disk: &dyn Disk, path: &Path, read: &Snapshot, text: &[u8]) -> Result<bool> {
    replace(disk, path, read, text).map_err(Error::writing(path))
}

fn replace(disk: &dyn Disk, path: &Path, read: &Snapshot, text: &[u8]) -> io::Result<bool> {
    let directory = directory_of(path);
    let file = prepare(disk, path, text, Access::Usual)?;
    if !read.is_at(path) {
        return Ok(false);
    }
    match disk.exchange(file.path(), path) {
        Ok(()) => {
            // What was replaced has the temporary name now, and goes with that.
            let is_same = read.is_at(file.path()) && {
                disk.sync_directory(directory)?;
                // Who had it open has had that long to write.
                read.is_at(file.path())
            };
            if !is_same {
                put_back(disk, file.path(), path, file.as_file())?;
            }
            Ok(is_same)
        }
        Err(error) if is_unsupported(&error) => {
            disk.rename(file, path)?;
            disk.sync_directory(directory)?;
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

/// Gives the place back to what was in it, or to what somebody has put there since.
fn put_back(disk: &dyn Disk, replaced: &Path, path: &Path, ours: &File) -> io::Result<()> {
    disk.exchange(replaced, path)?;
    let ours = Identity::of(&ours.metadata()?);
    let out = std::fs::metadata(replaced).map(|metadata| Identity::of(&metadata));
    if out.is_ok_and(|out| out != ours) {
        disk.exchange(replaced, path)?;
    }
    Ok(())
}

/// Whether the system, or the file system, cannot let two files change places.
pub(super) fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::sync::Mutex;

    use super::super::ThisDisk;
    use super::*;

    /// When somebody saves the file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Moment {
        BeforeTheExchange,
        AfterTheExchange,
    }

    /// A disk on which somebody else saves the file, once, in the midst of the work.
    #[derive(Debug)]
    struct SharedDisk {
        moment: Moment,
        save: Mutex<Option<Save>>,
        can_exchange: bool,
    }

    #[derive(Debug, Clone)]
    enum Save {
        /// As most editors do: a new file takes the place.
        Rename(PathBuf),
        /// As others do: the file is written over by who had it open.
        InPlace(PathBuf),
    }

    impl SharedDisk {
        fn at(&self, moment: Moment) {
            let Some(save) = self.save.lock().unwrap().take_if(|_| moment == self.moment) else { return };
            match save {
                Save::Rename(path) => {
                    let new = path.with_extension("new");
                    fs::write(&new, "saved").unwrap();
                    fs::rename(new, path).unwrap();
                }
                Save::InPlace(path) => fs::write(path, "saved").unwrap(),
            }
        }
    }

    impl Disk for SharedDisk {
        fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
            self.at(Moment::BeforeTheExchange);
            if !self.can_exchange {
                return Err(io::ErrorKind::Unsupported.into());
            }
            ThisDisk.exchange(one, other)?;
            self.at(Moment::AfterTheExchange);
            Ok(())
        }
    }

    fn contents(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        entries.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
    }

    #[test]
    fn a_file_that_nobody_touched_is_replaced_and_nothing_is_left() {
        for can_exchange in [true, false] {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("file");
            fs::write(&path, "old").unwrap();
            let disk = SharedDisk { moment: Moment::AfterTheExchange, save: Mutex::new(None), can_exchange };
            let read = Snapshot::take(&path).unwrap();
            assert!(replace_unchanged(&disk, &path, &read, b"new").unwrap());
            assert_eq!(contents(directory.path()), ["new"]);
        }
    }

    #[test]
    fn a_file_that_was_saved_before_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, "old").unwrap();
        let read = Snapshot::take(&path).unwrap();
        fs::write(&path, "saved").unwrap();
        assert!(!replace_unchanged(&ThisDisk, &path, &read, b"new").unwrap());
        assert_eq!(contents(directory.path()), ["saved"]);
    }

    #[cfg(any(target_os = "linux", target_os = "macos"))]
    #[test]
    fn a_save_in_the_last_moment_is_put_back() {
        for save in [Save::Rename, Save::InPlace] {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("file");
            fs::write(&path, "old").unwrap();
            let save = Mutex::new(Some(save(path.clone())));
            let disk = SharedDisk { moment: Moment::BeforeTheExchange, save, can_exchange: true };
            let read = Snapshot::take(&path).unwrap();
            assert!(!replace_unchanged(&disk, &path, &read, b"new").unwrap());
            assert_eq!(contents(directory.path()), ["saved"]);
        }
    }

    #[cfg(any(target_os = "linux", target_os = "macos"))]
    #[test]
    fn a_save_after_the_exchange_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, "old").unwrap();
        let save = Mutex::new(Some(Save::Rename(path.clone())));
        let disk = SharedDisk { moment: Moment::AfterTheExchange, save, can_exchange: true };
        let read = Snapshot::take(&path).unwrap();
        replace_unchanged(&disk, &path, &read, b"new").unwrap();
        assert_eq!(contents(directory.path()), ["saved"], "it was saved over ours");
    }
}
