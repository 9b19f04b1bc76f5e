//! A command on a terminal, and somebody who types there.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

const PATIENCE: Duration = Duration::from_secs(20);

/// A terminal with a command on it.
pub(crate) struct Pty {
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
    child: Child,
}

impl Pty {
    /// Starts the command with all three streams on a terminal of that width.
    pub(crate) fn start(command: Command, columns: u16) -> Self {
        Self::start_of_size(command, columns, 50)
    }

    /// The same with that many lines.
    pub(crate) fn start_of_size(mut command: Command, columns: u16, lines: u16) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        tcsetwinsize(&ours, Winsize { ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
        let theirs = OpenOptions::new().read(true).write(true).open(name).unwrap();
        command.stdin(theirs.try_clone().unwrap()).stdout(theirs.try_clone().unwrap()).stderr(theirs);
        let child = command.spawn().unwrap();
        // It holds our copies of the terminal, which would keep the reader waiting.
        drop(command);
        let keyboard = File::from(ours);
        let mut reader = keyboard.try_clone().unwrap();
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // An error means that nobody has the other end open any more.
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { keyboard, screen, seen: String::new(), child }
    }

    /// Types that.
    pub(crate) fn write(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until all of these have been on the screen since the last call.
    pub(crate) fn wait_for(&mut self, texts: &[&str]) -> String {
        let deadline = Instant::now() + PATIENCE;
        while !texts.iter().all(|text| self.seen.contains(text)) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                // A bell is not on the screen.
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes).replace('\u{7}', "")),
                Err(error) => panic!("{error} waiting for {texts:?}: {:?}", self.seen),
            }
        }
        std::mem::take(&mut self.seen)
    }

    /// Waits for the end of the command: everything that was on the screen, and how it ended.
    pub(crate) fn end(mut self) -> (String, ExitStatus) {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = std::mem::take(&mut self.seen).into_bytes();
        loop {
            match self.screen.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => seen.extend(bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("it does not end: {:?}", String::from_utf8_lossy(&seen));
                }
            }
        }
        let status = self.child.wait().unwrap();
        // A terminal ends its lines with CR and LF.
        (String::from_utf8(seen).unwrap().replace("\r\n", "\n"), status)
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
