//! Other programs that are asked about a port, where they are there: never by a shell, and never for
//! longer than they should take.

use std::io::Read;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::program;

/// What a program printed, and whether it was content.
pub(super) struct Said {
    pub(super) is_fine: bool,
    pub(super) output: String,
    pub(super) complaint: String,
}

/// Runs a program to its end; `None` where there is no such program, or it takes too long.
pub(super) fn run(name: &str, arguments: &[&str], timeout: Duration) -> Option<Said> {
    let mut child = program::command(name)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let output = child.stdout.take().map(|stream| thread::spawn(|| read(stream)));
    let complaint = child.stderr.take().map(|stream| thread::spawn(|| read(stream)));
    let deadline = Instant::now() + timeout;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(10)),
            _ => {
                // It is our own child, and has had its time.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    };
    let text = |reader: Option<thread::JoinHandle<String>>| {
        reader.and_then(|reader| reader.join().ok()).unwrap_or_default()
    };
    Some(Said { is_fine: status.success(), output: text(output), complaint: text(complaint) })
}

fn read(mut stream: impl Read) -> String {
    let mut bytes = Vec::new();
    // What was read before an error is of use, too.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_given_up() {
        let start = Instant::now();
        assert!(run("sleep", &["60"], Duration::from_millis(50)).is_none());
        assert!(start.elapsed() < Duration::from_secs(30));
        assert!(run("no-such-program", &[], Duration::from_secs(1)).is_none());
    }

    #[test]
    fn what_it_says_is_told_apart() {
        let said = run("sh", &["-c", "echo out; echo err >&2; exit 3"], Duration::from_secs(10)).unwrap();
        assert_eq!((said.is_fine, &*said.output, &*said.complaint), (false, "out\n", "err\n"));
    }
}
