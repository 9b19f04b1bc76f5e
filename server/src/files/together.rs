//! Several files are replaced together: all of them, or none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::unchanged::{Snapshot, is_unsupported};
use super::{Access, Disk, directory_of, prepare};
use crate::error::{Error, PlanError, Result};

/// A file that is to have another text.
#[derive(Debug, Clone)]
pub(crate) struct Replacement {
    /// Where it lies; not a link.
    pub(crate) path: PathBuf,
    /// The file as it was read; `None` where there was none.
    pub(crate) before: Option<Snapshot>,
    /// The text that it is to have.
    pub(crate) after: Vec<u8>,
    /// Whether a new file may be executed.
    pub(crate) is_executable: bool,
}

/// Replaces all files, then does `then`. Where any step or `then` fails, each file is what it was before, and nothing is
/// left over. Everything that can fail for want of space or rights is done first, beside the files: between the first and
/// the last of them there are only renames. A process that is killed between two renames leaves each file whole, some old and some new.
///
/// # Errors
/// [`PlanError::Outdated`] where a file is not as it was read; the error of the step that failed; and
/// [`PlanError::NotRestored`] where a file could not get its text back, which is then kept beside it.
pub(crate) fn replace_together(
    disk: &dyn Disk,
    files: &[Replacement],
    then: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let mut together = Together { disk, placed: Vec::new(), made: Vec::new() };
    match together.place(files).and_then(|()| then()) {
        Ok(()) => Ok(()),
        Err(error) => Err(together.restore().err().unwrap_or(error)),
    }
}

/// What was done so far.
struct Together<'d> {
    disk: &'d dyn Disk,
    placed: Vec<Placed>,
    /// The directories that were made for new files.
    made: Vec<PathBuf>,
}

/// A file with its new text.
struct Placed {
    path: PathBuf,
    /// What has its old text; `None` where there was no such file.
    old: Option<NamedTempFile>,
}

impl Together<'_> {
    fn place(&mut self, files: &[Replacement]) -> Result<()> {
        let mut prepared = Vec::new();
        for file in files {
            self.make_directories(directory_of(&file.path))?;
            prepared.push((file, self.prepare(file).map_err(Error::writing(&file.path))?));
        }
        for file in files {
            file.ensure_unchanged()?;
        }
        for (file, new) in prepared {
            self.place_one(file, new)?;
        }
        let directories = files.iter().map(|file| directory_of(&file.path));
        directories
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .try_for_each(|directory| self.disk.sync_directory(directory).map_err(Error::writing(directory)))
    }

    /// The new file beside the old one.
    fn prepare(&self, file: &Replacement) -> io::Result<NamedTempFile> {
        let new = prepare(self.disk, &file.path, &file.after, Access::Usual)?;
        if file.is_executable && file.before.is_none() {
            make_executable(new.as_file())?;
        }
        Ok(new)
    }

    fn place_one(&mut self, file: &Replacement, new: NamedTempFile) -> Result<()> {
        let path = &file.path;
        let Some(before) = &file.before else {
            self.disk.place(new, path).map_err(Error::writing(path))?;
            self.placed.push(Placed { path: path.clone(), old: None });
            return Ok(());
        };
        match self.disk.exchange(new.path(), path) {
            Ok(()) => {
                let is_same = before.is_at(new.path());
                self.placed.push(Placed { path: path.clone(), old: Some(new) });
                // Somebody saved the file in the last moment: it gets its place back.
                if is_same { Ok(()) } else { Err(Error::Plan(PlanError::Outdated { path: path.clone() })) }
            }
            Err(error) if is_unsupported(&error) => {
                let old = prepare(self.disk, path, before.bytes(), Access::Usual);
                let old = old.map_err(Error::writing(path))?;
                file.ensure_unchanged()?;
                self.disk.rename(new, path).map_err(Error::writing(path))?;
                self.placed.push(Placed { path: path.clone(), old: Some(old) });
                Ok(())
            }
            Err(error) => Err(Error::Write { path: path.clone(), source: error }),
        }
    }

    fn make_directories(&mut self, directory: &Path) -> Result<()> {
        if directory.is_dir() {
            return Ok(());
        }
        if let Some(above) = directory.parent().filter(|above| !above.as_os_str().is_empty()) {
            self.make_directories(above)?;
        }
        fs::create_dir(directory).map_err(Error::writing(directory))?;
        self.made.push(directory.to_owned());
        Ok(())
    }

    /// Gives every file its old text, the last one first.
    fn restore(self) -> Result<()> {
        let mut failed = Ok(());
        for Placed { path, old } in self.placed.into_iter().rev() {
            let restored = match old {
                Some(old) => restore(self.disk, old, &path),
                None => self.disk.remove(&path).map_err(Error::writing(&path)),
            };
            failed = failed.and(restored);
        }
        for directory in self.made.into_iter().rev() {
            // One that somebody has put a file into stays.
            let _ = fs::remove_dir(directory);
        }
        failed
    }
}

/// Gives the file at the path its old text. Where that fails, the text is kept beside it.
fn restore(disk: &dyn Disk, old: NamedTempFile, path: &Path) -> Result<()> {
    let Err(source) = disk.exchange(old.path(), path) else { return Ok(()) };
    if is_unsupported(&source) {
        return disk.rename(old, path).map_err(Error::writing(path));
    }
    let kept = old.into_temp_path();
    let error =
        Error::Plan(PlanError::NotRestored { path: path.to_owned(), kept: kept.to_path_buf(), source });
    // What cannot be kept is removed with its last owner.
    let _ = kept.keep();
    Err(error)
}

impl Replacement {
    /// Fails where the file is not the one that was read.
    fn ensure_unchanged(&self) -> Result<()> {
        let is_unchanged = match &self.before {
            Some(before) => before.is_at(&self.path),
            None => self.path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound),
        };
        if is_unchanged { Ok(()) } else { Err(Error::Plan(PlanError::Outdated { path: self.path.clone() })) }
    }
}

#[cfg(unix)]
fn make_executable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata()?.permissions().mode();
    // A user who may read it may execute it.
    file.set_permissions(fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there are modes")]
fn make_executable(_file: &fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs::File;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::ThisDisk;
    use super::*;

    /// A disk that refuses one step of many.
    #[derive(Debug)]
    struct FailingDisk {
        at: usize,
        taken: AtomicUsize,
        can_exchange: bool,
    }

    impl FailingDisk {
        fn step(&self) -> io::Result<()> {
            match self.taken.fetch_add(1, Ordering::SeqCst) == self.at {
                true => Err(io::ErrorKind::StorageFull.into()),
                false => Ok(()),
            }
        }
    }

    impl Disk for FailingDisk {
        fn create(&self, directory: &Path, builder: &tempfile::Builder<'_, '_>) -> io::Result<NamedTempFile> {
            self.step()?;
            ThisDisk.create(directory, builder)
        }

        fn write(&self, file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<()> {
            let (half, _) = bytes.split_at(bytes.len() / 2);
            ThisDisk.write(file, half)?;
            self.step()?;
            ThisDisk.write(file, &bytes[half.len()..])
        }

        fn sync(&self, file: &File) -> io::Result<()> {
            self.step()?;
            ThisDisk.sync(file)
        }

        fn rename(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
            self.step()?;
            ThisDisk.rename(file, path)
        }

        fn place(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
            self.step()?;
            ThisDisk.place(file, path)
        }

        fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
            if !self.can_exchange {
                return Err(io::ErrorKind::Unsupported.into());
            }
            self.step()?;
            ThisDisk.exchange(one, other)
        }

        fn sync_directory(&self, directory: &Path) -> io::Result<()> {
            self.step()?;
            ThisDisk.sync_directory(directory)
        }
    }

    /// Every file below a directory with its text.
    fn tree(directory: &Path) -> BTreeMap<PathBuf, String> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if tree(&path).is_empty() => drop(found.insert(path, "a directory".to_owned())),
                true => found.extend(tree(&path)),
                false => {
                    let text = fs::read_to_string(&path).unwrap();
                    found.insert(path, text);
                }
            }
        }
        found
    }

    /// Two files that exist and two that do not.
    fn replacements(root: &Path) -> Vec<Replacement> {
        for name in ["a", "b"] {
            fs::write(root.join(name), format!("old {name}")).unwrap();
        }
        let replacement = |name: &str| {
            let path = root.join(name);
            let before = Snapshot::take(&path).ok();
            Replacement { path, before, after: format!("new {name}").into_bytes(), is_executable: false }
        };
        ["a", "deep/er/c", "b", "d"].map(replacement).into()
    }

    #[test]
    fn a_failure_at_any_step_leaves_every_file_as_it_was() {
        for can_exchange in [true, false] {
            let mut at = 0;
            loop {
                let directory = tempfile::tempdir().unwrap();
                let files = replacements(directory.path());
                let before = tree(directory.path());
                let disk = FailingDisk { at, taken: AtomicUsize::new(0), can_exchange };
                let done = replace_together(&disk, &files, || Ok(()));
                let taken = disk.taken.load(Ordering::SeqCst);
                if done.is_ok() {
                    assert!(taken <= at, "step {at} failed, and nobody saw it");
                    assert_eq!(
                        fs::read_to_string(directory.path().join("deep/er/c")).unwrap(),
                        "new deep/er/c"
                    );
                    assert_eq!(tree(directory.path()).len(), 4);
                    break;
                }
                assert_eq!(tree(directory.path()), before, "after a failure at step {at}");
                at += 1;
            }
            assert!(at > 15, "only {at} steps");
        }
    }

    #[test]
    fn what_fails_behind_the_files_restores_them() {
        let directory = tempfile::tempdir().unwrap();
        let files = replacements(directory.path());
        let before = tree(directory.path());
        let done = replace_together(&ThisDisk, &files, || Err(Error::Plan(PlanError::RemovalNotConfirmed)));
        assert!(matches!(done, Err(Error::Plan(PlanError::RemovalNotConfirmed))));
        assert_eq!(tree(directory.path()), before);
    }

    #[test]
    fn nothing_is_written_where_one_file_has_changed() {
        for changed in ["a", "b", "d"] {
            let directory = tempfile::tempdir().unwrap();
            let files = replacements(directory.path());
            fs::write(directory.path().join(changed), "somebody else's").unwrap();
            let before = tree(directory.path());
            let done = replace_together(&ThisDisk, &files, || Ok(()));
            assert!(
                matches!(done, Err(Error::Plan(PlanError::Outdated { path })) if path.ends_with(changed))
            );
            assert_eq!(tree(directory.path()), before);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_mode_and_a_new_one_may_be_executable() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let mut files = replacements(directory.path());
        fs::set_permissions(&files[0].path, fs::Permissions::from_mode(0o750)).unwrap();
        files[3].is_executable = true;
        replace_together(&ThisDisk, &files, || Ok(())).unwrap();
        let mode = |file: &Replacement| fs::metadata(&file.path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&files[0]), 0o750);
        assert_eq!(mode(&files[3]) & 0o100, 0o100);
        assert_eq!(mode(&files[1]) & 0o100, 0);
    }
}
