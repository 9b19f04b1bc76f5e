//! The registry on disk: one lock, whole files only.

use std::env;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Registry;
use super::format::{self, Read};
use crate::error::{Error, Result};
use crate::files::{self, Access};

/// How long a lock is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The registry's place on disk. Changing it is blocking work.
#[derive(Debug, Clone)]
pub struct Store {
    file: PathBuf,
    clock: fn() -> Timestamp,
    patience: Duration,
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
        Self { file, clock: Timestamp::now, patience: PATIENCE }
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

    /// Takes the lock and loads the registry.
    ///
    /// # Errors
    /// When the lock cannot be had in time, or the registry cannot be loaded.
    pub fn begin(&self) -> Result<Transaction<'_>> {
        self.make_directory()?;
        let lock = self.lock()?;
        let (Read { registry, is_version_1 }, before) = self.read()?;
        Ok(Transaction { store: self, registry, before, is_version_1, _lock: lock })
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

    fn now(&self) -> Timestamp {
        let now = (self.clock)();
        // Whole seconds are enough, and easier to read in the file.
        now.round(jiff::Unit::Second).unwrap_or(now)
    }

    fn read(&self) -> Result<(Read, Option<Vec<u8>>)> {
        let now = self.now();
        let bytes = match fs::read(&self.file) {
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

    fn make_directory(&self) -> Result<()> {
        let directory = self.directory();
        if directory.is_dir() {
            return Ok(());
        }
        if let Some(parent) = directory.parent() {
            fs::create_dir_all(parent).map_err(Error::writing(parent))?;
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(directory) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                Err(Error::Write { path: directory.to_owned(), source: error })
            }
            _ => Ok(()),
        }
    }

    /// The lock, on a file of its own: one on the registry itself would not outlive the rename.
    fn lock(&self) -> Result<File> {
        let path = self.file.with_file_name("registry.lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(Error::writing(&path))?;
        let started = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if started.elapsed() < self.patience => {
                    thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_millis(16));
                }
                Err(TryLockError::WouldBlock) => {
                    let holder = holder(&path);
                    let seconds = self.patience.as_secs();
                    return Err(Error::RegistryLocked { path, holder, seconds });
                }
                Err(TryLockError::Error(source)) => return Err(Error::Write { path, source }),
            }
        }
        // For the one who waits in vain; what is left there by others means nothing.
        let noted = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(format!("{}\n", process::id()).as_bytes()));
        noted.map_err(Error::writing(&path))?;
        Ok(file)
    }
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
    /// When a file cannot be written. The registry is then the old one, whole.
    pub fn commit(&mut self) -> Result<bool> {
        if !self.registry.is_changed {
            return Ok(false);
        }
        self.registry.expired.clear();
        let path = &self.store.file;
        let text = format::write(&self.registry)
            .map_err(|error| Error::Write { path: path.clone(), source: error.into() })?;
        if let Some(before) = &self.before {
            if self.is_version_1 {
                let original = path.with_file_name("registry.v1.json");
                if !original.exists() {
                    files::replace(&original, before, Access::Private)?;
                }
            }
            files::replace(&self.store.backup_path(), before, Access::Private)?;
        }
        files::replace(path, text.as_bytes(), Access::Private)?;
        self.before = Some(text.into_bytes());
        self.is_version_1 = false;
        self.registry.is_changed = false;
        Ok(true)
    }
}
