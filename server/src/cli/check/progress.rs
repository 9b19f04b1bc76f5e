//! What a long check shows on a terminal while it works.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::terminal::{Terminal, counted};

/// Most checks are done before anybody wonders.
const DELAY: Duration = Duration::from_millis(500);

/// How often the line is drawn.
const INTERVAL: Duration = Duration::from_millis(100);

/// A line on stderr that says how far a check is. It is gone when this is dropped.
pub(super) struct Progress {
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Shows how many files were looked at, where somebody looks on: stderr is a terminal, and they want more than data.
    pub(super) fn start(files: Arc<AtomicUsize>, terminal: &Terminal) -> Self {
        let drawing = terminal.shows_progress().then(|| {
            let (sender, end) = mpsc::channel();
            let draw = move || {
                if end.recv_timeout(DELAY) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
                let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
                if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} [{elapsed}]") {
                    bar.set_style(style);
                }
                loop {
                    bar.set_message(match files.load(Ordering::Relaxed) {
                        0 => "Reading the project".to_owned(),
                        count => format!("Checked {}", counted(count, "file")),
                    });
                    bar.tick();
                    if end.recv_timeout(INTERVAL) != Err(RecvTimeoutError::Timeout) {
                        break;
                    }
                }
                bar.finish_and_clear();
            };
            (sender, thread::spawn(draw))
        });
        Self { drawing }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.drawing.take() {
            drop(sender);
            // A panic there has been reported already.
            let _ = thread.join();
        }
    }
}
