//! A file's state, cheaply compared.

use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::{LARGEST_NAMED, read};

/// Clocks of file systems tick in steps of up to two seconds (FAT): a file that was changed more
/// recently than that could change again and show the same time.
const TICK: Duration = Duration::from_secs(2);

/// The state of a file that has not been touched for a while: where two of them are equal, so is the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Settled {
    modified: Option<SystemTime>,
    /// When the file, its name or its times were changed, which no program can set (Unix).
    changed: (i64, i64),
    length: u64,
}

impl Settled {
    /// The state; `None` where the file was touched so recently that only its content tells.
    pub(crate) fn of(metadata: &Metadata) -> Option<Self> {
        let modified = metadata.modified().ok();
        let changed = changed(metadata);
        let newest = modified
            .max(u64::try_from(changed.0).ok().map(|at| SystemTime::UNIX_EPOCH + Duration::from_secs(at)));
        let is_old = newest.is_some_and(|newest| newest.elapsed().is_ok_and(|age| age > TICK));
        is_old.then_some(Self { modified, changed, length: metadata.len() })
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_metadata: &Metadata) -> (i64, i64) {
    (0, 0)
}

/// Differs when the content of a file, or the names in a directory, differ. (It may also differ when they do not.)
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Stamp {
    /// There is nothing, or it cannot be seen.
    Missing,
    /// It has not been touched for a while.
    Old(Settled),
    /// It has just been changed, so that only its content tells.
    Fresh(u64),
}

impl Stamp {
    /// The state of the file or directory at `path`.
    pub(crate) fn of(path: &Path) -> Self {
        let Ok(metadata) = fs::metadata(path) else { return Self::Missing };
        if !metadata.is_file() && !metadata.is_dir() {
            return Self::Missing;
        }
        if let Some(settled) = Settled::of(&metadata) {
            return Self::Old(settled);
        }
        Self::Fresh(if metadata.is_dir() {
            let Ok(entries) = fs::read_dir(path) else { return Self::Missing };
            let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
            names.sort();
            fingerprint(&names)
        } else {
            let Ok(bytes) = read(path, LARGEST_NAMED) else { return Self::Missing };
            fingerprint(&bytes)
        })
    }
}

/// Tells a text from others, as long as this process runs: the same number is the same text.
pub(crate) fn fingerprint<T: Hash + ?Sized>(text: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_changes_in_the_same_instant_are_two() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".ports.env");
        assert_eq!(Stamp::of(&path), Stamp::Missing);
        fs::write(&path, "WEB_PORT=8000\n").unwrap();
        let first = Stamp::of(&path);
        assert_eq!(first, Stamp::of(&path));
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, "WEB_PORT=8001\n").unwrap();
        fs::File::options().append(true).open(&path).unwrap().set_modified(modified).unwrap();
        assert_ne!(first, Stamp::of(&path));
    }

    #[test]
    fn a_name_in_a_directory_changes_its_stamp() {
        let directory = tempfile::tempdir().unwrap();
        let first = Stamp::of(directory.path());
        assert_eq!(first, Stamp::of(directory.path()));
        fs::write(directory.path().join("package.json"), "").unwrap();
        assert_ne!(first, Stamp::of(directory.path()));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_just_written_with_an_old_time_is_not_settled() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("server.js");
        fs::write(&path, "").unwrap();
        let file = fs::File::options().append(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(Settled::of(&fs::metadata(&path).unwrap()), None);
    }
}
