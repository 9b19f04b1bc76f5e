//! Files that another program has open for a moment, so that Windows lets nobody else have them: a virus scanner looks at what
//! was just written, or an indexer at what was just replaced.

use std::io;
use std::thread;
use std::time::Duration;

/// How long the pauses between the attempts are: half a second in all.
const PAUSES: u32 = 9;

/// Does something with a file; once more after a short pause where somebody has the file, up to half a second. Only Windows ever
/// answers so.
pub(super) fn patiently<T>(action: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    attempts(action, is_busy, thread::sleep)
}

fn attempts<T>(
    mut action: impl FnMut() -> io::Result<T>,
    is_busy: impl Fn(&io::Error) -> bool,
    pause: impl Fn(Duration),
) -> io::Result<T> {
    for number in 0..PAUSES {
        match action() {
            Err(error) if is_busy(&error) => pause(Duration::from_millis(1 << number)),
            done => return done,
        }
    }
    action()
}

/// Whether somebody else has the file open in a way that ends soon. Access that is denied may be of that kind as well: a file that is
/// about to be removed answers so.
fn is_busy(error: &io::Error) -> bool {
    const ACCESS_DENIED: i32 = 5;
    const SHARING_VIOLATION: i32 = 32;
    const LOCK_VIOLATION: i32 = 33;
    const USER_MAPPED_FILE: i32 = 1224;
    let busy = [ACCESS_DENIED, SHARING_VIOLATION, LOCK_VIOLATION, USER_MAPPED_FILE];
    cfg!(windows) && error.raw_os_error().is_some_and(|number| busy.contains(&number))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// How an action ends that fails so often, how often it was tried, and how long was waited.
    fn ending(failures: u32, is_busy: bool) -> (bool, u32, Duration) {
        let (tried, waited) = (Cell::new(0), Cell::new(Duration::ZERO));
        let action = || {
            tried.set(tried.get() + 1);
            if tried.get() <= failures { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(()) }
        };
        let done = attempts(action, |_| is_busy, |pause| waited.set(waited.get() + pause));
        (done.is_ok(), tried.get(), waited.get())
    }

    #[test]
    fn a_busy_file_is_tried_again_for_half_a_second() {
        assert_eq!(ending(0, true), (true, 1, Duration::ZERO));
        assert_eq!(ending(3, true), (true, 4, Duration::from_millis(7)));
        assert_eq!(ending(u32::MAX, true), (false, PAUSES + 1, Duration::from_millis(511)));
    }

    #[test]
    fn any_other_error_is_final() {
        assert_eq!(ending(1, false), (false, 1, Duration::ZERO));
    }

    #[test]
    fn only_windows_says_that_a_file_is_busy() {
        // On Linux 5 is a broken disk, 32 a closed pipe.
        for number in [5, 32, 33] {
            assert_eq!(is_busy(&io::Error::from_raw_os_error(number)), cfg!(windows), "{number}");
        }
    }
}
