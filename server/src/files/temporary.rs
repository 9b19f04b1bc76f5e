//! The files that are to take the place of others: their names, and what dead processes left of them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::{Disk, directory_of};

/// How the names of all of them end.
pub(super) const SUFFIX: &str = ".port-manager.tmp";

/// After this time nobody is at work any more who made such a file.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// How the names of the files begin that are to take this one's place.
pub(super) fn prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!(".{}.", name.trim_start_matches('.'))
}

/// Whether the middle of a name is what the crate puts there: six letters and digits.
fn is_random(middle: &str) -> bool {
    middle.len() == 6 && middle.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Removes what processes have left that died while they replaced the file at `path`. Only for who
/// knows that nobody is replacing it now.
pub(crate) fn remove_leftovers(disk: &dyn Disk, path: &Path) {
    let prefix = prefix(path);
    remove(disk, directory_of(path), |entry| {
        let middle = entry.name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(SUFFIX));
        middle.is_some_and(is_random)
    });
}

/// Removes from a directory what processes have left there that died while they replaced any file of it
/// more than an hour ago. One that is younger may be somebody's who is at work, perhaps on another machine.
pub(crate) fn remove_abandoned(disk: &dyn Disk, directory: &Path) {
    remove(disk, directory, |entry| {
        let rest = entry.name.strip_prefix('.').and_then(|name| name.strip_suffix(SUFFIX));
        let middle = rest.and_then(|rest| rest.rsplit_once('.')).map(|(_, middle)| middle);
        let modified = || entry.metadata.modified().ok();
        middle.is_some_and(is_random)
            && modified().is_some_and(|at| at.elapsed().is_ok_and(|age| age > ABANDONED))
    });
}

/// A file in a directory that may be one of ours.
struct Candidate<'a> {
    name: &'a str,
    metadata: fs::Metadata,
}

fn remove(disk: &dyn Disk, directory: &Path, is_left: impl Fn(&Candidate<'_>) -> bool) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.ends_with(SUFFIX)) else { continue };
        // Of the entry itself: a link is not followed.
        let Some(metadata) = entry.metadata().ok().filter(fs::Metadata::is_file) else { continue };
        if is_left(&Candidate { name, metadata }) {
            // What stays is in nobody's way.
            let _ = disk.remove(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ThisDisk;
    use super::*;

    #[test]
    fn what_a_dead_process_left_is_removed_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".ports.env");
        let left = directory.path().join(".ports.env.aB3dE6.port-manager.tmp");
        let others = [
            ".ports.env",
            ".ports.env.aB3dE6.tmp",
            ".ports.env.example.aB3dE6.port-manager.tmp",
            ".other.aB3dE6.port-manager.tmp",
        ];
        for name in others {
            fs::write(directory.path().join(name), "").unwrap();
        }
        fs::write(&left, "").unwrap();
        remove_leftovers(&ThisDisk, &path);
        assert!(!left.exists());
        for name in others {
            assert!(directory.path().join(name).exists(), "{name}");
        }
    }

    #[test]
    fn a_temporary_file_is_abandoned_after_an_hour() {
        let directory = tempfile::tempdir().unwrap();
        let make = |name: &str, minutes: u64| {
            let file = fs::File::create(directory.path().join(name)).unwrap();
            let age = Duration::from_secs(minutes * 60);
            file.set_modified(std::time::SystemTime::now().checked_sub(age).unwrap()).unwrap();
        };
        make(".server.js.aB3dE6.port-manager.tmp", 61);
        make(".server.js.aB3dE7.port-manager.tmp", 30);
        make("server.js", 61);
        make("notes.port-manager.tmp", 61);
        remove_abandoned(&ThisDisk, directory.path());
        let mut left: Vec<_> =
            fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [".server.js.aB3dE7.port-manager.tmp", "notes.port-manager.tmp", "server.js"]);
    }
}
