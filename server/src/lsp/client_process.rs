//! The client's process: when it is gone, so are we (LSP 3.17, `InitializeParams.processId`).
//!
//! The end of our input says so too, but not where another process has inherited the pipe.

use std::time::Duration;

use tokio::sync::oneshot;

use crate::ports;

/// It costs some thirty calls of the system to look at a process.
const INTERVAL: Duration = Duration::from_secs(3);

/// The client's process.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClientProcess {
    pid: u32,
    /// Another start time is another process that was given the same number.
    started: u64,
}

impl ClientProcess {
    /// The process of that number; `None` where there is none to be seen: a client in another
    /// container gives a number that means nothing here.
    pub(super) fn running(process_id: i32) -> Option<Self> {
        let pid = u32::try_from(process_id).ok()?;
        Some(Self { pid, started: ports::started(pid)? })
    }

    /// Returns when the process has ended. A thread of its own looks: it wakes up alone, where a timer would wake others.
    pub(super) async fn ended(self) {
        let (report, ended) = oneshot::channel();
        std::thread::spawn(move || {
            while ports::started(self.pid) == Some(self.started) {
                std::thread::sleep(INTERVAL);
            }
            report.send(())
        });
        if ended.await.is_err() {
            // The thread has panicked, so nobody knows.
            std::future::pending::<()>().await;
        }
    }
}
