//! Extended attributes and access control lists: a file keeps them when it is replaced.

use std::fs::File;
use std::io;
use std::path::Path;

#[cfg(any(target_os = "linux", target_os = "macos"))]
pub(super) use supported::copy;

/// Other systems have none that are known here.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
pub(super) fn copy(_from: &Path, _to: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
mod supported {
    use std::ffi::{CStr, CString};

    use rustix::fs::{XattrFlags, fremovexattr, fsetxattr, getxattr, listxattr};
    use rustix::io::Errno;

    use super::{File, Path, io};

    /// The list that says who may do what besides the mode (acl(5)).
    const ACL: &CStr = c"system.posix_acl_access";

    /// What the kernel derives from the content, and takes away when that changes (capabilities(7)).
    const OF_CONTENT: [&CStr; 3] = [c"security.capability", c"security.ima", c"security.evm"];

    /// How large the list of names, and a value, may be on Linux (xattr(7)).
    const LARGEST: usize = 64 * 1024;

    /// Gives the file what the file at the path has. What the user has set must come along, or the copy
    /// fails; labels of security modules come along where the system lets them.
    pub(in crate::files) fn copy(from: &Path, to: &File) -> io::Result<()> {
        let names = match names(from) {
            Ok(names) => names,
            Err(Errno::NOTSUP | Errno::NOSYS) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if !names.iter().any(|name| name.as_c_str() == ACL) {
            // The directory's default list, which a new file inherits.
            let _ = fremovexattr(to, ACL);
        }
        let mut value = vec![0; LARGEST];
        for name in names.iter().filter(|name| !OF_CONTENT.contains(&name.as_c_str())) {
            let copied = getxattr(from, name.as_c_str(), value.as_mut_slice())
                .and_then(|length| fsetxattr(to, name.as_c_str(), &value[..length], XattrFlags::empty()));
            match copied {
                Err(error) if name.as_c_str() == ACL || name.as_bytes().starts_with(b"user.") => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn names(path: &Path) -> rustix::io::Result<Vec<CString>> {
        let mut names = vec![0_u8; LARGEST];
        let length = listxattr(path, names.as_mut_slice())?;
        let names = names[..length].split_inclusive(|byte| *byte == 0);
        Ok(names.filter_map(|name| CStr::from_bytes_with_nul(name).ok().map(CStr::to_owned)).collect())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;
    use std::path::Path;

    use rustix::fs::{XattrFlags, getxattr, setxattr};

    use crate::files::{Access, ThisDisk, replace};

    /// A directory beside the sources: where temporary files lie in memory, they have no attributes.
    #[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    fn directory() -> tempfile::TempDir {
        tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap()
    }

    /// Gives a file an attribute; whether the file system has such.
    #[expect(clippy::print_stdout, reason = "a test says what it could not show")]
    fn is_set(path: &Path, name: &str, value: &[u8]) -> bool {
        let set = setxattr(path, name, value, XattrFlags::empty());
        if let Err(error) = set {
            println!("NOT POSSIBLE HERE: {name}: {error}");
        }
        set.is_ok()
    }

    fn attribute(path: &Path, name: &str) -> Option<Vec<u8>> {
        let mut value = [0; 256];
        getxattr(path, name, value.as_mut_slice()).ok().map(|length| value[..length].to_vec())
    }

    #[test]
    fn a_file_keeps_its_extended_attributes() {
        let directory = directory();
        let path = directory.path().join("file");
        fs::write(&path, "one").unwrap();
        if !is_set(&path, "user.origin", b"https://example.com") {
            return;
        }
        replace(&ThisDisk, &path, b"two", Access::Usual).unwrap();
        assert_eq!(attribute(&path, "user.origin").unwrap(), b"https://example.com");
        assert_eq!(fs::read(&path).unwrap(), b"two");
    }

    #[test]
    fn a_file_keeps_its_access_control_list_and_gets_no_other() {
        const ACL: &str = "system.posix_acl_access";
        // As the kernel has it (linux/posix_acl_xattr.h): the owner, user 65534, the group, the mask, others.
        let list: Vec<u8> =
            [(1, 6, u32::MAX), (2, 6, 65534), (4, 4, u32::MAX), (16, 6, u32::MAX), (32, 4, u32::MAX)]
                .into_iter()
                .fold(2_u32.to_le_bytes().to_vec(), |mut list, (tag, rights, id): (u16, u16, u32)| {
                    list.extend(tag.to_le_bytes());
                    list.extend(rights.to_le_bytes());
                    list.extend(id.to_le_bytes());
                    list
                });
        let directory = directory();
        let [with, without] = ["with", "without"].map(|name| directory.path().join(name));
        fs::write(&with, "one").unwrap();
        fs::write(&without, "one").unwrap();
        // New files inherit the directory's list.
        if !is_set(&with, ACL, &list) || !is_set(directory.path(), "system.posix_acl_default", &list) {
            return;
        }
        let state = |path: &Path| (attribute(path, ACL), fs::metadata(path).unwrap().permissions());
        let before = [state(&with), state(&without)];
        for path in [&with, &without] {
            replace(&ThisDisk, path, b"two", Access::Usual).unwrap();
        }
        assert_eq!([state(&with), state(&without)], before);
        assert_eq!(before[1].0, None);
    }
}
