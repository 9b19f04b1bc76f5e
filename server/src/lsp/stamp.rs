//! A file's state, cheaply compared.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::files;

/// Clocks of file systems tick in steps of up to two seconds (FAT): a file that was changed more
/// recently than that could change again and show the same time.
const TICK: Duration = Duration::from_secs(2);

/// Differs when a file's content differs. (It may also differ when it does not.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stamp {
    /// There is no such file, or it cannot be seen.
    Missing,
    /// It has not been touched for a while.
    Old { modified: Option<SystemTime>, length: u64 },
    /// It has just been changed, so that only its content tells.
    Fresh { content: u64 },
}

impl Stamp {
    /// The state of the file at `path`.
    pub(super) fn of(path: &Path) -> Self {
        let Some(metadata) = fs::metadata(path).ok().filter(fs::Metadata::is_file) else {
            return Self::Missing;
        };
        let modified = metadata.modified().ok();
        let is_old = modified.is_some_and(|modified| modified.elapsed().is_ok_and(|age| age > TICK));
        if is_old {
            return Self::Old { modified, length: metadata.len() };
        }
        let Ok(bytes) = files::read(path, files::LARGEST_NAMED) else { return Self::Missing };
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self::Fresh { content: hasher.finish() }
    }
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
}
