//! The file that is locked while the registry is changed.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use crate::error::{Error, RegistryError, Result};
use crate::files::Disk;

/// The open file. Dropping it gives the lock back.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Opens the file. Creates it where it is missing.
    pub(super) fn open(disk: &dyn Disk, path: &Path) -> io::Result<Self> {
        Ok(Self { file: disk.open_lock(path)?, path: path.to_owned() })
    }

    /// Locks it, and writes into it who has it.
    pub(super) fn try_lock(&mut self) -> Result<(), TryLockError> {
        self.file.try_lock()?;
        // For processes that wait in vain. On a full disk it fails, and the lock is a lock all the same.
        let _ = self
            .file
            .set_len(0)
            .and_then(|()| self.file.rewind())
            .and_then(|()| self.file.write_all(format!("{}\n", process::id()).as_bytes()));
        Ok(())
    }

    /// The process that has written itself into the file.
    pub(super) fn holder(&mut self) -> Option<u32> {
        let mut text = String::new();
        self.file.rewind().ok()?;
        (&self.file).take(32).read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }

    /// Fails where somebody has removed the file: others lock a new one by now.
    pub(crate) fn ensure_held(&self) -> Result<()> {
        if self.is_at_its_path() {
            Ok(())
        } else {
            Err(Error::Registry(RegistryError::LockLost { path: self.path.clone() }))
        }
    }

    /// Whether that is the file at its path.
    #[cfg(unix)]
    pub(super) fn is_at_its_path(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        let identity = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
        let opened = self.file.metadata().map(identity);
        let there = std::fs::symlink_metadata(&self.path).map(identity);
        matches!((opened, there), (Ok(opened), Ok(there)) if opened == there)
    }

    /// It is opened so that nobody can remove it there.
    #[cfg(not(unix))]
    pub(super) fn is_at_its_path(&self) -> bool {
        true
    }
}
