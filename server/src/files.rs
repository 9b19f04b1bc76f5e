//! Files are replaced in one step, and never through a link that leads out of the project.

mod attributes;
mod busy;
mod disk;
mod own;
mod ownership;
mod patch;
mod read;
mod replaceable;
#[cfg(test)]
pub(crate) mod sample;
mod stamp;
mod temporary;
mod together;
mod unchanged;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

pub(crate) use disk::{Disk, ThisDisk};
pub(crate) use ownership::make_directory;
pub(crate) use patch::{Patch, patch_path};
pub(crate) use read::{LARGEST, LARGEST_NAMED, RegularFile, check, read, read_to_string};
pub(crate) use replaceable::ensure_replaceable;
pub(crate) use stamp::{Settled, Stamp, fingerprint};
pub(crate) use temporary::{remove_abandoned, remove_leftovers};
pub(crate) use together::{Replacement, replace_together};
pub(crate) use unchanged::{Snapshot, replace_unchanged};

use crate::error::{Error, Result};

/// Who may read a file that did not exist before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Those whom the user lets read new files (the umask decides).
    Usual,
    /// The user alone: mode 0600, also where the file exists already.
    Private,
}

/// Replaces the file at `path` in one step: whoever reads it at any time, and whatever is left
/// after a crash, is the old text or the new one, whole. A file that exists keeps its permissions
/// and its owner.
///
/// # Errors
/// When any step fails, or `path` is not a regular file. Only the very last step, which makes the change
/// last through a power cut, leaves the new text; any other leaves the old one.
pub(crate) fn replace(disk: &dyn Disk, path: &Path, text: &[u8], access: Access) -> Result<()> {
    replace_if(disk, path, text, access, || Ok(()))
}

/// The same, if `is_still` so: it is asked at the last moment, when nothing is left to do but the
/// rename, and its error leaves the old text.
pub(crate) fn replace_if(
    disk: &dyn Disk,
    path: &Path,
    text: &[u8],
    access: Access,
    is_still: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let directory = directory_of(path);
    let file = prepare(disk, path, text, access).map_err(Error::writing(path))?;
    is_still()?;
    let renamed = disk.rename(file, path).and_then(|()| disk.sync_directory(directory));
    renamed.map_err(Error::writing(path))
}

/// The file that is to take the place of the one at `path`, whole, and with all that it keeps of that.
fn prepare(disk: &dyn Disk, path: &Path, text: &[u8], access: Access) -> io::Result<NamedTempFile> {
    let directory = directory_of(path);
    let prefix = temporary::prefix(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(temporary::SUFFIX);
    let permissions = new_file_permissions(access);
    if let Some(permissions) = &permissions {
        builder.permissions(permissions.clone());
    }
    let existing = own::at(path)?;
    let mut file = disk.create(directory, &builder)?;
    disk.write(&mut file, text)?;
    if let Some(existing) = existing.as_ref().filter(|_| access == Access::Usual) {
        attributes::copy(path, file.as_file())?;
        file.as_file().set_permissions(existing.permissions())?;
    }
    match &existing {
        Some(existing) => ownership::give(file.as_file(), existing),
        None => ownership::give_to_owner_of(directory, file.as_file()),
    }
    disk.sync(file.as_file())?;
    Ok(file)
}

/// The directory that holds `path`; the parent of a bare name is `""`, which cannot be opened.
fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there are no modes")]
fn new_file_permissions(access: Access) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(fs::Permissions::from_mode(match access {
        Access::Usual => 0o666,
        Access::Private => 0o600,
    }))
}

#[cfg(not(unix))]
fn new_file_permissions(_access: Access) -> Option<fs::Permissions> {
    None
}

/// The canonical path, in the form that people and programs know: on Windows without the `\\?\` in
/// front of a drive's letter.
pub(crate) fn canonicalize(path: &Path) -> io::Result<PathBuf> {
    let path = fs::canonicalize(path)?;
    Ok(match path.to_str().and_then(|text| text.strip_prefix(r"\\?\")) {
        Some(rest) if cfg!(windows) && rest.as_bytes().get(1) == Some(&b':') => PathBuf::from(rest),
        _ => path,
    })
}

/// The same for a file that need not exist yet, in a directory that does.
///
/// # Errors
/// When the directory cannot be found.
pub(crate) fn canonicalize_new(path: &Path) -> io::Result<PathBuf> {
    canonicalize(path).or_else(|error| match (path.parent(), path.file_name()) {
        (Some(directory), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
            Ok(canonicalize(directory)?.join(name))
        }
        _ => Err(error),
    })
}

/// Where a project's file really lies: a symbolic link is followed as long as it stays in `root`,
/// which must be canonical.
pub(crate) fn within(root: &Path, name: impl AsRef<Path>) -> Result<PathBuf> {
    let path = root.join(name);
    let is_link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.file_type().is_symlink());
    if !is_link {
        return Ok(path);
    }
    match canonicalize(&path) {
        Ok(target) if target.starts_with(root) => Ok(target),
        Ok(target) => Err(Error::LinkOutOfProject { path, target }),
        // A link to nothing: where writing through it would end up cannot be told.
        Err(_) => {
            let target = fs::read_link(&path).map_err(Error::reading(&path))?;
            Err(Error::LinkOutOfProject { path, target })
        }
    }
}

/// The text of a project's file; `None` where there is no such file.
///
/// # Errors
/// When it is not a regular file, is larger than people write them, leads out of the project, is not UTF-8,
/// or cannot be read.
pub(crate) fn read_within(root: &Path, name: impl AsRef<Path>) -> Result<Option<String>> {
    let path = within(root, name)?;
    match read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Read { path, source }),
    }
}

/// A file of a project that a change would write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pending {
    /// Its path.
    pub(crate) path: PathBuf,
    text: String,
}

impl Pending {
    /// What it is to say.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Writes the file in one step.
    pub(crate) fn write(&self) -> Result<()> {
        replace(&ThisDisk, &self.path, self.text.as_bytes(), Access::Usual)
    }
}

/// What writing a project's file would change; `None` where it has that text already.
pub(crate) fn pending_within(root: &Path, name: &str, text: String) -> Result<Option<Pending>> {
    let path = within(root, name)?;
    let is_same = read_to_string(&path).is_ok_and(|existing| existing == text);
    Ok((!is_same).then_some(Pending { path, text }))
}

/// Writes a project's file in one step if that changes it; the path where it did.
pub(crate) fn write_within(root: &Path, name: &str, text: &str) -> Result<Option<PathBuf>> {
    write_pending(pending_within(root, name, text.to_owned())?)
}

/// Writes what is pending; the path, where there was anything.
pub(crate) fn write_pending(pending: Option<Pending>) -> Result<Option<PathBuf>> {
    let Some(pending) = pending else { return Ok(None) };
    pending.write()?;
    Ok(Some(pending.path))
}

/// Removes a project's file, and the link to it where the name is one.
pub(crate) fn remove_within(root: &Path, name: &str) -> Result<()> {
    let (path, named) = (within(root, name)?, root.join(name));
    fs::remove_file(&path).map_err(Error::writing(&path))?;
    if path == named { Ok(()) } else { fs::remove_file(&named).map_err(Error::writing(&named)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        replace(&ThisDisk, &path, b"one", Access::Usual).unwrap();
        replace(&ThisDisk, &path, b"two", Access::Usual).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions_and_a_private_one_is_the_users_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

        let usual = directory.path().join("usual");
        fs::write(&usual, "").unwrap();
        fs::set_permissions(&usual, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&ThisDisk, &usual, b"text", Access::Usual).unwrap();
        assert_eq!(mode(&usual), 0o640);

        let private = directory.path().join("private");
        fs::write(&private, "").unwrap();
        fs::set_permissions(&private, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&ThisDisk, &private, b"text", Access::Private).unwrap();
        assert_eq!(mode(&private), 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_within_the_project_and_not_out_of_it() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        let project = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(project.path()).unwrap();
        fs::write(root.join("real"), "old").unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        symlink("real", root.join("inside")).unwrap();
        symlink(outside.path().join("secret"), root.join("outside")).unwrap();
        symlink(outside.path().join("nothing"), root.join("dangling")).unwrap();

        write_within(&root, "inside", "new").unwrap();
        assert_eq!(fs::read_to_string(root.join("real")).unwrap(), "new");
        for name in ["outside", "dangling"] {
            assert!(matches!(write_within(&root, name, "x"), Err(Error::LinkOutOfProject { .. })), "{name}");
            assert!(matches!(read_within(&root, name), Err(Error::LinkOutOfProject { .. })), "{name}");
        }
        assert_eq!(fs::read_to_string(outside.path().join("secret")).unwrap(), "secret");
    }
}
