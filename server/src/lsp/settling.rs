//! One change is one refresh. A command changes several files one after the other, and a client may report one of them while
//! another is not written yet. So the open documents are judged again once the files that decide over them are quiet.

use std::time::Instant;

use tokio::runtime::Handle;

use super::analyse;
use super::refresh::{LONGEST_BURST, QUIET};
use super::server::Server;
use super::watched_files::{self, Trust};

impl Server {
    /// Has the open documents judged again for a change of what is known besides the code, once that is quiet.
    pub(super) fn judge_for_facts(&self) {
        if std::mem::replace(&mut self.state().is_settling, true) {
            return;
        }
        let server = self.clone();
        Handle::current().spawn(async move {
            wait_for_quiet(&server).await;
            // A change that is noticed from now on begins a new wait.
            server.state().is_settling = false;
            judge(&server);
        });
    }

    /// Whether files are being read that open documents may be judged by.
    pub(super) fn is_reading(&self) -> bool {
        self.state().is_settling || self.port_maps.lock().values().any(|project| project.is_busy)
    }
}

/// Waits until none of the files has changed for a moment.
async fn wait_for_quiet(server: &Server) {
    let began = Instant::now();
    loop {
        tokio::time::sleep(QUIET).await;
        let looking = server.clone();
        let look = move || watched_files::forget_changed(&looking, None, Trust::Nobody);
        let has_changed = tokio::task::spawn_blocking(look).await;
        if !has_changed.unwrap_or(false) || began.elapsed() > LONGEST_BURST {
            return;
        }
    }
}

/// Has the open documents judged; together with what changes on the map, where that is being brought up to date.
fn judge(server: &Server) {
    let mut is_any_busy = false;
    for project in server.port_maps.lock().values_mut().filter(|project| project.is_busy) {
        project.is_to_be_judged = true;
        is_any_busy = true;
    }
    if !is_any_busy {
        analyse::schedule_all(server);
    }
}
