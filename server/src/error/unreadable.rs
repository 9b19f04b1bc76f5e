//! Why a file is not read that could be opened.

use std::error;
use std::fmt;
use std::fs::FileType;
use std::io;

/// What is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unreadable {
    /// A named pipe, which has something to read only when somebody writes.
    Fifo,
    /// A socket of the file system.
    Socket,
    /// A device.
    Device,
    /// A directory.
    Directory,
    /// Something else that is not a regular file.
    Other,
    /// A file that is larger than so many megabytes.
    TooLarge(u64),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Fifo => "a FIFO",
            Self::Socket => "a socket",
            Self::Device => "a device",
            Self::Directory => "a directory",
            Self::Other => "something else",
            Self::TooLarge(megabytes) => return write!(f, "larger than {megabytes} MB"),
        };
        write!(f, "{kind}, not a regular file")
    }
}

impl error::Error for Unreadable {}

impl From<Unreadable> for io::Error {
    fn from(reason: Unreadable) -> Self {
        Self::new(io::ErrorKind::InvalidInput, reason)
    }
}

impl Unreadable {
    /// What a file of this type is; `None` for a regular one.
    pub(crate) fn of(kind: FileType) -> Option<Self> {
        if kind.is_file() {
            return None;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt as _;
            if kind.is_fifo() {
                return Some(Self::Fifo);
            }
            if kind.is_socket() {
                return Some(Self::Socket);
            }
            if kind.is_char_device() || kind.is_block_device() {
                return Some(Self::Device);
            }
        }
        Some(if kind.is_dir() { Self::Directory } else { Self::Other })
    }

    /// The reason why a file was not read, if that is what the error is about.
    pub(crate) fn in_error(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    pub(crate) fn too_large(limit: u64) -> Self {
        Self::TooLarge(limit >> 20)
    }
}
