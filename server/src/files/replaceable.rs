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
    if let Some(reason) = protection(path, true).or_else(|| protection(directory, false)) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
    }
    ensure_not_sticky(&file, directory)
}

/// By what the file, or the directory, is protected.
#[cfg(target_os = "linux")]
fn protection(path: &Path, is_file: bool) -> Option<String> {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    let attributes =
        statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS).ok()?.stx_attributes;
    let path = path.display();
    if attributes.contains(StatxAttributes::IMMUTABLE) {
        return Some(format!("{path} is immutable; run `chattr -i` on it"));
    }
    if attributes.contains(StatxAttributes::APPEND) {
        return Some(format!("{path} can only be appended to; run `chattr -a` on it"));
    }
    // A directory that is mounted is nothing special.
    (is_file && attributes.contains(StatxAttributes::MOUNT_ROOT))
        .then(|| format!("{path} is a mount point; mount its directory instead"))
}

#[cfg(target_os = "macos")]
fn protection(path: &Path, _is_file: bool) -> Option<String> {
    use std::os::macos::fs::MetadataExt as _;
    // UF_IMMUTABLE, UF_APPEND, SF_IMMUTABLE and SF_APPEND of chflags(2).
    const PROTECTED: u32 = 0x2 | 0x4 | 0x2_0000 | 0x4_0000;
    let flags = std::fs::symlink_metadata(path).ok()?.st_flags();
    let path = path.display();
    (flags & PROTECTED != 0).then(|| format!("{path} is locked; run `chflags nouchg,nouappnd` on it"))
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn protection(_path: &Path, _is_file: bool) -> Option<String> {
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
