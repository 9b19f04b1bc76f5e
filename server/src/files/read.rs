//! The one way in which a project's files are read: regular files only, of a bounded size.
//!
//! A FIFO, a device or a file without end keeps whoever reads it waiting, and a project may hold one: some
//! secret managers make `.env` a FIFO, and a cloned repository may link to `/dev/zero`.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;

use crate::error::Unreadable;

/// The size in bytes above which a file of a project is not one that people write.
pub(crate) const LARGEST: u64 = 1 << 20;

/// The size in bytes above which a file is not read even where the user named it.
pub(crate) const LARGEST_NAMED: u64 = 64 << 20;

/// Looks whether the path leads to a regular file of at most `limit` bytes, without opening it.
pub(crate) fn check(path: &Path, limit: u64) -> io::Result<()> {
    let metadata = fs::metadata(path)?;
    match Unreadable::of(metadata.file_type()) {
        Some(reason) => Err(reason.into()),
        None if metadata.len() > limit => Err(Unreadable::too_large(limit).into()),
        None => Ok(()),
    }
}

/// An open regular file.
#[derive(Debug)]
pub(crate) struct RegularFile {
    file: File,
    metadata: Metadata,
}

impl RegularFile {
    /// Opens the file that the path leads to, if it is a regular one. It never waits: whatever is there is looked
    /// at before it is opened, because to open a device may do something, and again afterwards.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        check(path, u64::MAX)?;
        Self::open_listed(path)
    }

    /// The same for one that the directory says is a regular file, which saves the first look.
    pub(crate) fn open_listed(path: &Path) -> io::Result<Self> {
        let mut options = fs::OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use rustix::fs::OFlags;
            let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
            std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
        }
        let file = options.open(path)?;
        let metadata = file.metadata()?;
        match Unreadable::of(metadata.file_type()) {
            Some(reason) => Err(reason.into()),
            None => Ok(Self { file, metadata }),
        }
    }

    /// What was known of the file when it was opened.
    pub(crate) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Its first bytes, of which there may be fewer.
    pub(crate) fn head<const LENGTH: usize>(&mut self) -> io::Result<Vec<u8>> {
        let mut head = [0; LENGTH];
        let length = self.file.read(&mut head)?;
        Ok(head[..length].to_vec())
    }

    /// Appends what is left of the file, so that there are at most `limit` bytes. Of one that is larger, nothing is
    /// read.
    pub(crate) fn read(&self, limit: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
        if self.metadata.len() <= limit {
            // It may grow meanwhile, and what /proc holds has no size.
            (&self.file).take(limit + 1).read_to_end(bytes)?;
            if bytes.len() as u64 <= limit {
                return Ok(());
            }
        }
        Err(Unreadable::too_large(limit).into())
    }
}

/// The bytes of a regular file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    RegularFile::open(path)?.read(limit, &mut bytes)?;
    Ok(bytes)
}

/// The text of a regular file of at most [`LARGEST`] bytes.
pub(crate) fn read_to_string(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path, LARGEST)?)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(path: &Path, limit: u64) -> String {
        read(path, limit).unwrap_err().to_string()
    }

    #[test]
    fn a_file_is_read_up_to_the_limit() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, "text").unwrap();
        assert_eq!(read(&path, 4).unwrap(), b"text");
        fs::write(&path, vec![b'x'; (1 << 20) + 1]).unwrap();
        assert_eq!(reason(&path, LARGEST), "larger than 1 MB");
        assert_eq!(read(&path, LARGEST_NAMED).unwrap().len(), (1 << 20) + 1);
        assert_eq!(reason(directory.path(), LARGEST), "a directory, not a regular file");
        assert_eq!(read(&directory.path().join("none"), 4).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_a_regular_file_is_refused_at_once() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        rustix::fs::mknodat(rustix::fs::CWD, at("fifo"), rustix::fs::FileType::Fifo, 0o600.into(), 0)
            .unwrap();
        let _listener = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", at("link")).unwrap();
        assert_eq!(reason(&at("fifo"), LARGEST), "a FIFO, not a regular file");
        assert_eq!(reason(&at("socket"), LARGEST), "a socket, not a regular file");
        assert_eq!(reason(&at("link"), LARGEST), "a device, not a regular file");
    }
}
