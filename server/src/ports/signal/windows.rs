//! A process of Windows, held by a handle: as long as that is open, no other process gets its number.

use std::fmt;
use std::io;

use winsafe::guard::CloseHandleGuard;
use winsafe::{HPROCESS, SysResult, co};

/// A process that is held.
pub(super) struct Held {
    process: CloseHandleGuard<HPROCESS>,
    may_end: bool,
}

impl Held {
    /// Opens the process of that number; `None` where the system does not let us.
    ///
    /// # Errors
    /// When there is no such process.
    pub(super) fn open(pid: u32) -> io::Result<Option<Self>> {
        let look = co::PROCESS::QUERY_LIMITED_INFORMATION | co::PROCESS::SYNCHRONIZE;
        for (access, may_end) in [(look | co::PROCESS::TERMINATE, true), (look, false)] {
            match HPROCESS::OpenProcess(access, false, pid) {
                Ok(process) => return Ok(Some(Self { process, may_end })),
                Err(co::ERROR::INVALID_PARAMETER) => return Err(io::ErrorKind::NotFound.into()),
                Err(_) => {}
            }
        }
        Ok(None)
    }

    /// Whether this user may end it.
    pub(super) fn may_end(&self) -> bool {
        self.may_end
    }

    /// Ends it at once.
    ///
    /// # Errors
    /// When it has ended already (`NotFound`), or may not be ended.
    pub(super) fn end(&self) -> io::Result<()> {
        if !self.may_end {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        // Of one that has ended, the system only says that access is denied.
        if matches!(self.process.WaitForSingleObject(Some(0)), Ok(co::WAIT::OBJECT_0)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        result(self.process.TerminateProcess(1))
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("may_end", &self.may_end).finish_non_exhaustive()
    }
}

fn result<T>(result: SysResult<T>) -> io::Result<T> {
    result.map_err(|error| io::Error::from_raw_os_error(error.raw().cast_signed()))
}
