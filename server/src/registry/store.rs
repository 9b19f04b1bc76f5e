//! The registry on disk: one lock, whole files only.

mod patience;

use std::env;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use patience::Wait;

use super::Registry;
use super::format::{self, Read};
use crate::error::{Error, Result};
use crate::files::{self, Access, Disk, ThisDisk};

/// How long one holder of the lock is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The registry's place on disk. Changing it is blocking work.
#[derive(Debug, Clone)]
pub struct Store {
    file: PathBuf,
    clock: fn() -> Timestamp,
    patience: Duration,
    disk: Arc<dyn Disk>,
}

/// The registry while this process alone may change it. Dropping it gives the lock back; what was
/// not committed is forgotten.
#[derive(Debug)]
pub struct Transaction<'a> {
    store: &'a Store,
    /// The registry; change it as needed, then [`Transaction::commit`].
    pub registry: Registry,
    /// The file as it was, where there was one.
    before: Option<Vec<u8>>,
    is_version_1: bool,
    _lock: File,
}

impl Store {
    /// The user's registry: in `$PORT_MANAGER_CONFIG_DIR`, else `$XDG_CONFIG_HOME/port-manager`,
    /// else `~/.config/port-manager`.
    ///
    /// # Errors
    /// When there is neither of the variables nor a home directory.
    pub fn from_environment() -> Result<Self> {
        if let Some(directory) = env::var_os("PORT_MANAGER_CONFIG_DIR").filter(|value| !value.is_empty()) {
            return Ok(Self::at(Path::new(&directory)));
        }
        // A relative path there is to be ignored (XDG Base Directory Specification 0.8).
        let configured = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let configuration = match configured {
            Some(configured) => configured,
            None => directories::BaseDirs::new().ok_or(Error::NoHome)?.home_dir().join(".config"),
        };
        Ok(Self::at(&configuration.join("port-manager")))
    }

    /// The registry in a directory, which need not exist yet.
    #[must_use]
    pub fn at(directory: &Path) -> Self {
        let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
        let file = directory.join("registry.json");
        // A file that is linked from elsewhere (dotfiles) stays where it is, and so does its lock.
        let file = if file.is_symlink() { files::canonicalize(&file).unwrap_or(file) } else { file };
        Self { file, clock: Timestamp::now, patience: PATIENCE, disk: Arc::new(ThisDisk) }
    }

    /// The same registry by another clock.
    #[must_use]
    pub fn with_clock(self, clock: fn() -> Timestamp) -> Self {
        Self { clock, ..self }
    }

    /// The same registry, with another time after which a lock that cannot be had is an error.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same registry on a disk that fails as a test wants it.
    #[cfg(test)]
    pub(super) fn on_disk(self, disk: Arc<dyn Disk>) -> Self {
        Self { disk, ..self }
    }

    /// The registry's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.file
    }

    /// The last good version before the newest change.
    #[must_use]
    pub fn backup_path(&self) -> PathBuf {
        self.file.with_extension("json.bak")
    }

    /// The registry as it is now, without a lock. What the script left is migrated in memory.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, or is of a newer version.
    pub fn load(&self) -> Result<Registry> {
        self.read().map(|(read, _)| read.registry)
    }

    /// The script's registry, which is kept when the first change migrates it.
    #[must_use]
    pub fn version_1_path(&self) -> PathBuf {
        self.file.with_file_name("registry.v1.json")
    }

    /// Takes the lock and loads the registry. What a process left that died in a change is removed.
    ///
    /// # Errors
    /// When the lock cannot be had in time, or the registry cannot be loaded.
    pub fn begin(&self) -> Result<Transaction<'_>> {
        let lock = self.lock()?;
        let (Read { registry, is_version_1 }, before) = self.read()?;
        Ok(Transaction { store: self, registry, before, is_version_1, _lock: lock })
    }

    /// Finds out whether a change could be made now, and makes none.
    ///
    /// # Errors
    /// When the lock cannot be had in time, or nothing can be written beside the registry.
    pub fn ensure_writable(&self) -> Result<()> {
        let _lock = self.lock()?;
        let directory = self.directory();
        let made = self.disk.create(directory, &tempfile::Builder::new());
        made.map(drop).map_err(|source| Error::RegistryNotWritable { path: directory.to_owned(), source })
    }

    /// One change: lock, load, change, replace. Where `change` fails or changes nothing, nothing
    /// is written.
    ///
    /// # Errors
    /// What `change` returns; else when the registry cannot be locked, loaded or written.
    pub fn change<T>(&self, change: impl FnOnce(&mut Registry) -> Result<T>) -> Result<T> {
        let mut transaction = self.begin()?;
        let value = change(&mut transaction.registry)?;
        transaction.commit()?;
        Ok(value)
    }

    pub(super) fn now(&self) -> Timestamp {
        let now = (self.clock)();
        // Whole seconds are enough, and easier to read in the file.
        now.round(jiff::Unit::Second).unwrap_or(now)
    }

    fn read(&self) -> Result<(Read, Option<Vec<u8>>)> {
        let now = self.now();
        let bytes = match self.disk.read(&self.file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok((Read { registry: Registry::empty(now), is_version_1: false }, None));
            }
            Err(source) => return Err(Error::Read { path: self.file.clone(), source }),
        };
        let backup = Some(self.backup_path()).filter(|backup| backup.is_file());
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let valid = &bytes[..error.valid_up_to()];
            let line_start = valid.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
            Error::RegistryDamaged {
                path: self.file.clone(),
                line: valid.iter().filter(|byte| **byte == b'\n').count() + 1,
                column: valid.len() - line_start + 1,
                message: "not UTF-8".to_owned(),
                backup: backup.clone(),
            }
        })?;
        let read = format::read(text, now, &self.file, backup.as_deref())?;
        Ok((read, Some(bytes)))
    }

    fn directory(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("."))
    }

    /// Makes the registry's directory, and what is missing above it.
    fn make_directory(&self, directory: &Path) -> Result<()> {
        if directory.is_dir() {
            return Ok(());
        }
        let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty());
        if let Some(parent) = parent {
            self.make_directory(parent)?;
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(directory) {
            Ok(()) => {
                if let (Some(parent), Ok(made)) = (parent, File::open(directory)) {
                    files::give_to_owner_of(parent, &made);
                }
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(source) => Err(Error::RegistryNotWritable { path: directory.to_owned(), source }),
        }
    }

    /// Takes the lock: on a file of its own, as one on the registry itself would not outlive the
    /// rename.
    pub(super) fn lock(&self) -> Result<File> {
        let path = self.file.with_file_name("registry.lock");
        let unwritable = |source| Error::RegistryNotWritable { path: path.clone(), source };
        self.make_directory(self.directory())?;
        let mut wait = Wait::begin(Instant::now());
        let mut pause = Duration::from_millis(1);
        let mut file = loop {
            let file = self.disk.open_lock(&path).map_err(unwritable)?;
            match file.try_lock() {
                // Else somebody has removed the file meanwhile, and the next one locks another.
                Ok(()) if is_at(&file, &path) => break file,
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let holder = holder(&path);
                    if let Some(waited) = wait.is_over(holder, Instant::now(), self.patience) {
                        return Err(Error::RegistryLocked { path, holder, seconds: waited.as_secs() });
                    }
                    thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_millis(16));
                }
                Err(TryLockError::Error(source)) => return Err(unwritable(source)),
            }
        };
        files::give_to_owner_of(self.directory(), &file);
        // For the one who waits in vain. On a full disk it fails, and the lock is a lock all the same.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(format!("{}\n", process::id()).as_bytes()));
        for replaced in [&self.file, &self.backup_path(), &self.version_1_path()] {
            files::remove_leftovers(&*self.disk, replaced);
        }
        Ok(file)
    }
}

/// Whether that is the file that the path leads to.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let (opened, there) = (file.metadata().map(identity), fs::metadata(path).map(identity));
    matches!((opened, there), (Ok(opened), Ok(there)) if opened == there)
}

/// A file that is open cannot be removed there.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

/// The process that has written itself into the lock's file.
fn holder(path: &Path) -> Option<u32> {
    let mut text = String::new();
    File::open(path).ok()?.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

impl Transaction<'_> {
    /// Writes the registry if it has been changed; whether it was. The lock stays until the
    /// transaction is dropped, so that what depends on the change can be done before anybody else's.
    ///
    /// # Errors
    /// When a file cannot be written. The registry is then the old one, whole; or the new one, whole,
    /// where only making it last through a power cut failed.
    pub fn commit(&mut self) -> Result<bool> {
        if !self.registry.is_changed {
            return Ok(false);
        }
        self.registry.expired.clear();
        let text = format::write(&self.registry)
            .map_err(|error| Error::Write { path: self.store.file.clone(), source: error.into() })?;
        if let Some(before) = &self.before {
            if self.is_version_1 {
                self.store.keep_version_1(before)?;
            }
            self.store.replace(&self.store.backup_path(), before)?;
        }
        self.store.replace(&self.store.file, text.as_bytes())?;
        self.before = Some(text.into_bytes());
        self.is_version_1 = false;
        self.registry.is_changed = false;
        Ok(true)
    }
}

impl Store {
    pub(super) fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    pub(super) fn replace(&self, path: &Path, text: &[u8]) -> Result<()> {
        files::replace(&*self.disk, path, text, Access::Private)
    }

    /// Keeps the script's registry; one that was kept before is not overwritten by another.
    fn keep_version_1(&self, original: &[u8]) -> Result<()> {
        let first = self.version_1_path();
        let numbered = (2..).map(|number| first.with_extension(format!("{number}.json")));
        for path in std::iter::once(first.clone()).chain(numbered) {
            match self.disk.read(&path) {
                Ok(kept) if kept == original => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return self.replace(&path, original);
                }
                Err(source) => return Err(Error::Read { path, source }),
            }
        }
        Ok(())
    }
}
