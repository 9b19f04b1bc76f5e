//! Whether a new file could take the place of one, as far as that can be told without doing it: the
//! rename fails where the file or its directory is protected, and says no more than "not permitted".

use std::io;
use std::path::Path;

use super::directory_of;

/// Checks that nothing protects the file at the path from being replaced.
///
/// # Errors
/// When it is protected, or is no file of ours; the error says by what and what to do.
pub(crate) fn ensure_replaceable(path: &Path) -> io::Result<()> {
    let Some(file) = super::own::at(path)? else { return Ok(()) };
    let directory = directory_of(path);
    let of_directory = || protection(directory).map(|reason| format!("its directory {reason}"));
    let reason = protection(path).map(|reason| format!("it {reason}")).or_else(of_directory);
    match reason {
        Some(reason) => Err(io::Error::new(io::ErrorKind::PermissionDenied, reason)),
        None => ensure_not_sticky(&file, directory),
    }
}

/// By what a file or a directory is protected.
#[cfg(target_os = "linux")]
fn protection(path: &Path) -> Option<&'static str> {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    let attributes =
        statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS).ok()?.stx_attributes;
    if attributes.contains(StatxAttributes::IMMUTABLE) {
        return Some("is immutable; run `chattr -i` on it");
    }
    if attributes.contains(StatxAttributes::APPEND) {
        return Some("can only be appended to; run `chattr -a` on it");
    }
    // A directory that is mounted is nothing special.
    (!path.is_dir() && attributes.contains(StatxAttributes::MOUNT_ROOT))
        .then_some("is mounted by itself; mount its directory instead")
}

#[cfg(target_os = "macos")]
fn protection(path: &Path) -> Option<&'static str> {
    use std::os::macos::fs::MetadataExt as _;
    // UF_IMMUTABLE, UF_APPEND, SF_IMMUTABLE and SF_APPEND of chflags(2).
    const PROTECTED: u32 = 0x2 | 0x4 | 0x2_0000 | 0x4_0000;
    let flags = std::fs::symlink_metadata(path).ok()?.st_flags();
    (flags & PROTECTED != 0).then_some("is locked; run `chflags nouchg,nouappnd` on it")
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn protection(_path: &Path) -> Option<&'static str> {
    None
}

/// In a directory such as /tmp, only the owner of a file or of the directory replaces it.
#[cfg(unix)]
fn ensure_not_sticky(file: &std::fs::Metadata, directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    const STICKY: u32 = 0o1000;
    let holder = directory.metadata()?;
    let us = rustix::process::geteuid();
    let may =
        holder.mode() & STICKY == 0 || us.is_root() || [file.uid(), holder.uid()].contains(&us.as_raw());
    if may {
        return Ok(());
    }
    let reason =
        format!("it belongs to another user (uid {}) in a directory with the sticky bit", file.uid());
    Err(io::Error::new(io::ErrorKind::PermissionDenied, reason))
}

#[cfg(not(unix))]
fn ensure_not_sticky(_file: &std::fs::Metadata, _directory: &Path) -> io::Result<()> {
    Ok(())
}
