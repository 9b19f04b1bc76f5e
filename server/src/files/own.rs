//! The files that are ours: the registry, its lock and its copies, and what we write into a project.
//!
//! Somebody who can write to the same directory may have put something else in their place, to make
//! us write to a file that we may open and they may not: we may be root. So a link is not followed,
//! and a file is opened only if it is a plain file with one name and a known owner.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use super::{directory_of, ownership};

/// Why a file cannot be one of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stranger {
    Link {
        target: String,
    },
    NotAFile,
    #[cfg(unix)]
    ManyNames,
    #[cfg(unix)]
    OwnedBy {
        user: u32,
    },
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link { target } => {
                write!(f, "it is a symbolic link to {target}, which is not followed; remove the link")
            }
            Self::NotAFile => f.write_str("it is not a regular file; remove it"),
            #[cfg(unix)]
            Self::ManyNames => f.write_str("it is a hard link to a file with other names; remove the link"),
            #[cfg(unix)]
            Self::OwnedBy { user } => {
                write!(f, "it belongs to another user (uid {user}); remove it, or run as that user")
            }
        }
    }
}

impl std::error::Error for Stranger {}

/// `InvalidInput`, which the system's errors of opening a file are not: its text says what to do.
impl From<Stranger> for io::Error {
    fn from(stranger: Stranger) -> Self {
        Self::new(io::ErrorKind::InvalidInput, stranger)
    }
}

/// What there is at the path, without following a link; `None` where there is nothing.
///
/// # Errors
/// When it is something else than a regular file.
pub(super) fn at(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Ok(metadata) if metadata.is_symlink() => {
            let target = fs::read_link(path).map(|target| target.display().to_string());
            Err(Stranger::Link { target: target.unwrap_or_default() }.into())
        }
        Ok(_) => Err(Stranger::NotAFile.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The bytes of a file.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = open(path, OpenOptions::new().read(true))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a file to read and write it. One that does not exist is made, readable for its owner alone,
/// who is the directory's where we are root.
pub(super) fn open_or_create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(windows)]
    {
        // Others may read and write it, but neither remove nor rename it while it is open.
        const FILE_SHARE_READ_AND_WRITE: u32 = 1 | 2;
        std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, FILE_SHARE_READ_AND_WRITE);
    }
    let mut new = options.clone();
    new.create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    loop {
        // What is there already is neither followed nor opened by this (open(2), `O_EXCL`).
        match new.open(path) {
            Ok(file) => {
                ownership::give_to_owner_of(directory_of(path), &file);
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        match open(path, &options) {
            Ok(file) => {
                ensure_known(&file.metadata()?, directory_of(path))?;
                return Ok(file);
            }
            // Somebody has removed it meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
}

/// Opens a regular file, and nothing else: a link is not followed, a pipe not waited for.
fn open(path: &Path, options: &OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    let options = {
        use rustix::fs::OFlags;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let mut options = options.clone();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
        options
    };
    // Elsewhere a link can be made by administrators alone.
    #[cfg(not(unix))]
    at(path)?;
    match options.open(path) {
        Ok(file) if file.metadata()?.is_file() => Ok(file),
        Ok(_) => Err(Stranger::NotAFile.into()),
        // What it is says more than the system's number for it.
        Err(error) => at(path).and(Err(error)),
    }
}

/// Whether an open file may be written to: it has one name, and belongs to us, to the owner of its
/// directory, or to the user who became root through sudo.
#[cfg(unix)]
fn ensure_known(file: &Metadata, directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    // One that has been removed meanwhile has none, and leads nowhere.
    if file.nlink() > 1 {
        return Err(Stranger::ManyNames.into());
    }
    let us = rustix::process::geteuid();
    let through_sudo = || std::env::var("SUDO_UID").ok()?.parse::<u32>().ok();
    let is_known = file.uid() == us.as_raw()
        || directory.metadata()?.uid() == file.uid()
        || (us.is_root() && through_sudo() == Some(file.uid()));
    if is_known { Ok(()) } else { Err(Stranger::OwnedBy { user: file.uid() }.into()) }
}

#[cfg(not(unix))]
fn ensure_known(_file: &Metadata, _directory: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, chown, symlink};
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn only_plain_files_with_one_name_are_opened() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("victim"), "victim").unwrap();
        symlink(path("victim"), path("link")).unwrap();
        symlink(path("nothing"), path("dangling")).unwrap();
        fs::hard_link(path("victim"), path("hard")).unwrap();
        fs::create_dir(path("directory")).unwrap();
        assert!(Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
        let _socket = UnixListener::bind(path("socket")).unwrap();
        for (name, reason) in [
            ("link", format!("it is a symbolic link to {}, which", path("victim").display())),
            ("dangling", format!("it is a symbolic link to {}, which", path("nothing").display())),
            ("hard", "it is a hard link".to_owned()),
            ("directory", "it is not a regular file".to_owned()),
            ("pipe", "it is not a regular file".to_owned()),
            ("socket", "it is not a regular file".to_owned()),
        ] {
            let refused = open_or_create(&path(name)).unwrap_err();
            assert!(refused.to_string().starts_with(&reason), "{name}: {refused}");
            if name != "hard" {
                assert_eq!(read(&path(name)).unwrap_err().to_string(), refused.to_string());
                assert_eq!(at(&path(name)).unwrap_err().to_string(), refused.to_string());
            }
        }
        assert_eq!(fs::read_to_string(path("victim")).unwrap(), "victim");
        assert!(!path("nothing").exists());
        open_or_create(&path("new")).unwrap();
        assert_eq!(fs::metadata(path("new")).unwrap().mode() & 0o777, 0o600);
        open_or_create(&path("new")).unwrap();
    }

    /// Ownership can be given away by root alone.
    #[test]
    fn a_file_of_a_third_user_is_not_opened() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        fs::write(&path, "").unwrap();
        if chown(&path, Some(65_534), None).is_err() {
            println!("NOT POSSIBLE HERE: only root can give files away");
            return;
        }
        let refused = open_or_create(&path).unwrap_err().to_string();
        assert_eq!(refused, "it belongs to another user (uid 65534); remove it, or run as that user");
        chown(directory.path(), Some(65_534), None).unwrap();
        open_or_create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().uid(), 65_534, "and stays its owner's");
    }
}
