//! The registry on disk: one lock, whole files only.

mod lock;
mod patience;

use std::env;
use std::fmt;
use std::fs::{self, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
pub(super) use lock::Lock;
use patience::Wait;

use super::Registry;
use super::format::{self, Read};
use crate::clock;
use crate::config::{self, Config};
use crate::error::{Error, RegistryError, Result};
use crate::files::{self, Access, Disk, ThisDisk};
use crate::service::ServiceTypes;

/// How long one holder of the lock is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a change is made again because somebody interfered with it.
const ATTEMPTS: usize = 5;

/// The registry's place on disk. Changing it is blocking work.
#[derive(Debug, Clone)]
pub struct Store {
    /// Where the registry is looked for.
    named: PathBuf,
    /// Where it is: one that is linked from elsewhere (dotfiles) stays there, and so does its lock.
    file: PathBuf,
    clock: fn() -> Timestamp,
    patience: Duration,
    disk: Arc<dyn Disk>,
    permission: Permission,
}

/// What is asked before anything is written.
#[derive(Clone)]
struct Permission(Arc<dyn Fn() -> Result<()> + Send + Sync>);

impl fmt::Debug for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permission")
    }
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
    lock: Lock,
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
            None => directories::BaseDirs::new()
                .ok_or(Error::Registry(RegistryError::NoHome))?
                .home_dir()
                .join(".config"),
        };
        Ok(Self::at(&configuration.join("port-manager")))
    }

    /// The registry in a directory, which need not exist yet.
    #[must_use]
    pub fn at(directory: &Path) -> Self {
        let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
        let named = directory.join("registry.json");
        let file = target_of(&named).unwrap_or_else(|| named.clone());
        let permission = Permission(Arc::new(|| Ok(())));
        Self { named, file, clock: clock::now, patience: PATIENCE, disk: Arc::new(ThisDisk), permission }
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

    /// The same registry, with what is asked before a change is written: where it fails, nothing is written, neither here nor
    /// in the project's files, which follow.
    #[must_use]
    pub fn asking(self, may_write: impl Fn() -> Result<()> + Send + Sync + 'static) -> Self {
        Self { permission: Permission(Arc::new(may_write)), ..self }
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

    /// The file of the user's own settings, which need not exist.
    #[must_use]
    pub fn config_path(&self) -> PathBuf {
        self.named.with_file_name(config::FILE_NAME)
    }

    /// What the user has set, as it is now.
    ///
    /// # Errors
    /// When the file cannot be read, is not TOML, or sets something that cannot be set.
    pub fn config(&self) -> Result<Config> {
        Config::load(&self.config_path())
    }

    /// Creates the file of the settings, with every setting as a comment, where there is none. Returns whether it did.
    ///
    /// # Errors
    /// When the file or its directory cannot be made.
    pub fn create_config(&self) -> Result<bool> {
        let path = self.config_path();
        if path.is_symlink() || path.exists() {
            return Ok(false);
        }
        self.make_directory(path.parent().unwrap_or(Path::new(".")))?;
        files::replace(&*self.disk, &path, config::TEMPLATE.as_bytes(), Access::Private)?;
        Ok(true)
    }

    /// The service types; those that are built in where the settings cannot be read. This is enough to show things.
    #[must_use]
    pub fn shown_types(&self) -> ServiceTypes {
        self.config().unwrap_or_default().types().clone()
    }

    /// The last good version before the newest change.
    #[must_use]
    pub fn backup_path(&self) -> PathBuf {
        self.file.with_extension("json.bak")
    }

    /// The file that is locked for a change: one of its own, as a lock on the registry itself would not
    /// outlive the rename.
    #[must_use]
    pub fn lock_path(&self) -> PathBuf {
        self.file.with_file_name("registry.lock")
    }

    /// The registry as it is now, without a lock. What the script left is migrated in memory.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, is of a newer version, or was there and is gone.
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
        Ok(Transaction { store: self, registry, before, is_version_1, lock })
    }

    /// Finds out whether a change could be made now, and makes none.
    ///
    /// # Errors
    /// When the lock cannot be had in time, nothing can be written beside the registry, or a new file
    /// cannot take the registry's place.
    pub fn ensure_writable(&self) -> Result<()> {
        let _lock = self.lock()?;
        let directory = self.directory();
        let made = self.disk.create(directory, &tempfile::Builder::new());
        made.map(drop).map_err(|source| {
            Error::Registry(RegistryError::NotWritable { path: directory.to_owned(), source })
        })?;
        [self.backup_path(), self.file.clone()].iter().try_for_each(|path| Self::ensure_replaceable(path))
    }

    fn ensure_replaceable(path: &Path) -> Result<()> {
        let unwritable =
            |source| Error::Registry(RegistryError::NotWritable { path: path.to_owned(), source });
        files::ensure_replaceable(path).map_err(unwritable)
    }

    /// One change: lock, load, change, replace. Where `change` fails or changes nothing, nothing
    /// is written. Where somebody interferes, as in [`Store::retrying`], `change` is called again.
    ///
    /// # Errors
    /// What `change` returns; else when the registry cannot be locked, loaded or written.
    pub fn change<T>(&self, mut change: impl FnMut(&mut Registry) -> Result<T>) -> Result<T> {
        Self::retrying(|| {
            let mut transaction = self.begin()?;
            let value = change(&mut transaction.registry)?;
            transaction.commit()?;
            Ok(value)
        })
    }

    /// Makes an attempt at a change, and another one from the start where somebody removed the lock's
    /// file or changed the registry's in the middle of it: that attempt has then written nothing.
    ///
    /// # Errors
    /// What the last attempt returns.
    pub fn retrying<T>(mut attempt: impl FnMut() -> Result<T>) -> Result<T> {
        for _ in 1..ATTEMPTS {
            match attempt() {
                Err(
                    Error::Registry(RegistryError::LockLost { .. })
                    | Error::Registry(RegistryError::Changed { .. }),
                ) => {}
                done => return done,
            }
        }
        attempt()
    }

    pub(super) fn now(&self) -> Timestamp {
        let now = (self.clock)();
        // Whole seconds are enough, and easier to read in the file.
        now.round(jiff::Unit::Second).unwrap_or(now)
    }

    fn read(&self) -> Result<(Read, Option<Vec<u8>>)> {
        let (mut read, bytes) = self.read_registry()?;
        read.registry.set_config(self.config());
        Ok((read, bytes))
    }

    fn read_registry(&self) -> Result<(Read, Option<Vec<u8>>)> {
        let now = self.now();
        let backup = Some(self.backup_path()).filter(|backup| backup.is_file());
        let bytes = match self.bytes(&self.file)? {
            // The first change writes its backup last: between the two looks it may have been made.
            None if backup.is_some() => self.bytes(&self.file)?,
            bytes => bytes,
        };
        let Some(bytes) = bytes else {
            self.ensure_reachable()?;
            return match backup {
                Some(backup) => Err(Error::Registry(RegistryError::Gone { path: self.file.clone(), backup })),
                None => Ok((Read { registry: Registry::empty(now), is_version_1: false }, None)),
            };
        };
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let valid = &bytes[..error.valid_up_to()];
            let line_start = valid.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
            Error::Registry(RegistryError::Damaged {
                path: self.file.clone(),
                line: valid.iter().filter(|byte| **byte == b'\n').count() + 1,
                column: valid.len() - line_start + 1,
                message: "not UTF-8".to_owned(),
                backup: backup.clone(),
            })
        })?;
        let read = format::read(text, now, &self.file, backup.as_deref())?;
        Ok((read, Some(bytes)))
    }

    /// The bytes of the registry or of one of its copies; `None` where there is no such file.
    pub(super) fn bytes(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        // A link that led nowhere when this store was made may lead to a registry by now.
        let target = if path == self.named { target_of(path) } else { None };
        match self.disk.read(target.as_deref().unwrap_or(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(_) if self.dangling_link().is_some_and(|link| link == path) => Ok(None),
            Err(source) => Err(Error::Read { path: path.to_owned(), source }),
        }
    }

    /// Whether the registry is reached through a link that leads to it.
    pub(super) fn link(&self) -> Option<&Path> {
        Some(self.named.as_path()).filter(|named| named.is_symlink())
    }

    /// A link on the way to the registry that leads nowhere.
    fn dangling_link(&self) -> Option<&Path> {
        self.named.ancestors().find(|path| path.is_symlink() && matches!(path.try_exists(), Ok(false)))
    }

    /// Fails where a link on the way to the registry leads nowhere, as to a disk that is not there now: a
    /// new registry would give the ports of the other one once more.
    fn ensure_reachable(&self) -> Result<()> {
        let Some(link) = self.dangling_link() else { return Ok(()) };
        let target = fs::read_link(link).map_err(Error::reading(link))?;
        Err(Error::Registry(RegistryError::LinkDangling { link: link.to_owned(), target }))
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
        match files::make_directory(directory) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                Err(Error::Registry(RegistryError::NotWritable { path: directory.to_owned(), source: error }))
            }
            _ => Ok(()),
        }
    }

    /// Takes the lock, and removes what processes left that died in a change.
    pub(super) fn lock(&self) -> Result<Lock> {
        self.ensure_reachable()?;
        let path = self.lock_path();
        let unwritable = |source| Error::Registry(RegistryError::NotWritable { path: path.clone(), source });
        self.make_directory(self.directory())?;
        let mut wait = Wait::begin(Instant::now());
        let mut pause = Duration::from_millis(1);
        let lock = loop {
            let mut lock = Lock::open(&*self.disk, &path).map_err(unwritable)?;
            match lock.try_lock() {
                // Else somebody has removed the file meanwhile, and the next one locks another.
                Ok(()) if lock.is_at_its_path() => break lock,
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let holder = lock.holder();
                    if let Some(waited) = wait.is_over(holder, Instant::now(), self.patience) {
                        return Err(Error::Registry(RegistryError::Locked {
                            path,
                            holder,
                            seconds: waited.as_secs(),
                        }));
                    }
                    thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_millis(16));
                }
                Err(TryLockError::Error(source)) => return Err(unwritable(source)),
            }
        };
        for replaced in [&self.file, &self.backup_path(), &self.version_1_path()] {
            files::remove_leftovers(&*self.disk, replaced);
        }
        Ok(lock)
    }
}

/// Where a link leads, if the path is a link and leads to something.
fn target_of(path: &Path) -> Option<PathBuf> {
    if path.is_symlink() { files::canonicalize(path).ok() } else { None }
}

impl Transaction<'_> {
    /// Writes the registry if it has been changed; whether it was. The lock stays until the
    /// transaction is dropped, so that what depends on the change can be done before anybody else's.
    ///
    /// # Errors
    /// When [what is asked first](Store::asking) fails, a file cannot be written, or somebody has removed the lock's file or changed the registry's
    /// meanwhile. The registry is then the old one, whole; or the new one, whole, where only making it last
    /// through a power cut or its first backup failed.
    pub fn commit(&mut self) -> Result<bool> {
        (self.store.permission.0)()?;
        if !self.registry.is_changed {
            return Ok(false);
        }
        self.registry.expired.clear();
        let text = format::write(&self.registry)
            .map_err(|error| Error::Write { path: self.store.file.clone(), source: error.into() })?;
        let is_first = self.before.is_none();
        if let Some(before) = &self.before {
            if self.is_version_1 {
                self.keep_version_1(before)?;
            }
            self.replace(&self.store.backup_path(), before)?;
        }
        self.replace(&self.store.file, text.as_bytes())?;
        self.before = Some(text.clone().into_bytes());
        self.is_version_1 = false;
        self.registry.is_changed = false;
        if is_first {
            // By its backup, a registry that is gone is told from one that never was.
            self.replace(&self.store.backup_path(), text.as_bytes())?;
        }
        Ok(true)
    }

    fn replace(&self, path: &Path, text: &[u8]) -> Result<()> {
        self.store.replace(path, text, || self.ensure_undisturbed())
    }

    /// Fails where somebody else may have changed the registry since it was read: a process that was
    /// stopped for hours would undo what others did after the lock's file was removed.
    fn ensure_undisturbed(&self) -> Result<()> {
        let file = &self.store.file;
        if self.store.bytes(file)? != self.before {
            return Err(Error::Registry(RegistryError::Changed { path: file.clone() }));
        }
        // Last, since it takes the least time: nobody gets in before the lock's file is removed.
        self.lock.ensure_held()
    }

    /// Keeps the script's registry; one that was kept before is not overwritten by another.
    fn keep_version_1(&self, original: &[u8]) -> Result<()> {
        let first = self.store.version_1_path();
        let numbered = (2..).map(|number| first.with_extension(format!("{number}.json")));
        for path in std::iter::once(first.clone()).chain(numbered) {
            match self.store.bytes(&path)? {
                Some(kept) if kept == original => break,
                Some(_) => {}
                None => return self.replace(&path, original),
            }
        }
        Ok(())
    }
}

impl Store {
    /// Puts a file in the place of the registry or of one of its copies, if `is_still` allows it at the
    /// last moment.
    pub(super) fn replace(
        &self,
        path: &Path,
        text: &[u8],
        is_still: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let written = files::replace_if(&*self.disk, path, text, Access::Private, is_still);
        // The system says only that it is not permitted.
        written.or_else(|error| match error {
            Error::Write { .. } => Self::ensure_replaceable(path).and(Err(error)),
            other => Err(other),
        })
    }
}
