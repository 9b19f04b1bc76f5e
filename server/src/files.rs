//! Files are replaced in one step, and never through a link that leads out of the project.

mod disk;
mod ownership;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use disk::{Disk, ThisDisk};
pub(crate) use ownership::give_to_owner_of;

use crate::error::{Error, Result};

/// Who may read a file that did not exist before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever the user lets read new files (the umask decides).
    Usual,
    /// The user alone: mode 0600, also where the file exists already.
    Private,
}

/// Replaces the file at `path` in one step: whoever reads it at any time, and whatever is left
/// after a crash, is the old text or the new one, whole. A file that exists keeps its permissions
/// and its owner.
///
/// # Errors
/// When any step fails. Only the very last, which makes the change last through a power cut, leaves
/// the new text; any other leaves the old one.
pub(crate) fn replace(disk: &dyn Disk, path: &Path, text: &[u8], access: Access) -> Result<()> {
    replace_in_place(disk, path, text, access).map_err(Error::writing(path))
}

fn replace_in_place(disk: &dyn Disk, path: &Path, text: &[u8], access: Access) -> io::Result<()> {
    let directory = directory_of(path);
    let prefix = temporary_prefix(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(TEMPORARY_SUFFIX);
    let permissions = new_file_permissions(access);
    if let Some(permissions) = &permissions {
        builder.permissions(permissions.clone());
    }
    let existing = fs::metadata(path).ok();
    let mut file = disk.create(directory, &builder)?;
    disk.write(&mut file, text)?;
    if let Some(existing) = existing.as_ref().filter(|_| access == Access::Usual) {
        file.as_file().set_permissions(existing.permissions())?;
    }
    match &existing {
        Some(existing) => ownership::give(file.as_file(), existing),
        None => give_to_owner_of(directory, file.as_file()),
    }
    disk.sync(file.as_file())?;
    disk.rename(file, path)?;
    disk.sync_directory(directory)
}

const TEMPORARY_SUFFIX: &str = ".port-manager.tmp";

/// How the names of the files begin that are to take this one's place.
fn temporary_prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!(".{}.", name.trim_start_matches('.'))
}

/// Removes what processes have left that died while they replaced the file at `path`. Only for who
/// knows that nobody is replacing it now.
pub(crate) fn remove_leftovers(disk: &dyn Disk, path: &Path) {
    let prefix = temporary_prefix(path);
    let Ok(entries) = fs::read_dir(directory_of(path)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let middle =
            name.to_str().and_then(|name| name.strip_prefix(&prefix)?.strip_suffix(TEMPORARY_SUFFIX));
        // Six letters and digits are what the crate puts there.
        let is_ours =
            middle.is_some_and(|it| it.len() == 6 && it.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            // What stays is in nobody's way.
            let _ = disk.remove(&entry.path());
        }
    }
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

/// Where a project's file really lies: a symbolic link is followed as long as it stays in `root`,
/// which must be canonical.
pub(crate) fn within(root: &Path, name: &str) -> Result<PathBuf> {
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
pub(crate) fn read_within(root: &Path, name: &str) -> Result<Option<String>> {
    let path = within(root, name)?;
    match fs::read(&path) {
        Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|error| Error::Read {
            path,
            source: io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Read { path, source }),
    }
}

/// Writes a project's file in one step if that changes it; the path where it did.
pub(crate) fn write_within(root: &Path, name: &str, text: &str) -> Result<Option<PathBuf>> {
    let path = within(root, name)?;
    if fs::read(&path).is_ok_and(|existing| existing == text.as_bytes()) {
        return Ok(None);
    }
    replace(&ThisDisk, &path, text.as_bytes(), Access::Usual)?;
    Ok(Some(path))
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

    #[test]
    fn what_a_dead_process_left_is_removed_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".ports.env");
        let left = directory.path().join(".ports.env.aB3dE6.port-manager.tmp");
        let others = [
            ".ports.env",
            ".ports.env.aB3dE6.tmp",
            ".ports.env.example.aB3dE6.port-manager.tmp",
            ".other.aB3dE6.port-manager.tmp",
        ];
        for name in others {
            fs::write(directory.path().join(name), "").unwrap();
        }
        fs::write(&left, "").unwrap();
        remove_leftovers(&ThisDisk, &path);
        assert!(!left.exists());
        for name in others {
            assert!(directory.path().join(name).exists(), "{name}");
        }
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
