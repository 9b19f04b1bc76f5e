//! How many analyses run at once, and what becomes of one that takes too long: nobody waits for it but its own
//! document.

use std::num::NonZeroUsize;
use std::time::Duration;

use tokio::sync::Semaphore;

/// The time after which an analysis is overdue. One of a megabyte takes about a second.
pub(super) const LIMIT: Duration = Duration::from_secs(10);

/// How many overdue analyses leave their turn to others. Each keeps a thread busy, which cannot be stopped;
/// where there are more, the server is slow rather than the machine.
const MOST_OVERDUE: usize = 16;

/// The turns of analyses.
#[derive(Debug)]
pub(super) struct Analyses {
    turns: Semaphore,
    overdue: Semaphore,
    limit: Duration,
}

impl Analyses {
    /// As many at once as there are processors.
    pub(super) fn new() -> Self {
        let parallel = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
        Self { turns: Semaphore::new(parallel), overdue: Semaphore::new(MOST_OVERDUE), limit: LIMIT }
    }

    /// Runs an analysis on a thread of its own when it is its turn; `None` where it panicked. If it is not
    /// finished in time, `overdue` is called, and others have their turns while it goes on.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        overdue: impl FnOnce(),
    ) -> Option<T> {
        // Never closed.
        let turn = self.turns.acquire().await;
        let mut running = tokio::task::spawn_blocking(work);
        if let Ok(done) = tokio::time::timeout(self.limit, &mut running).await {
            return done.ok();
        }
        overdue();
        let place = tokio::select! {
            done = &mut running => return done.ok(),
            place = self.overdue.acquire() => place,
        };
        drop(turn);
        let done = running.await.ok();
        drop(place);
        done
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    fn one_at_a_time(most_overdue: usize) -> Arc<Analyses> {
        let (turns, overdue) = (Semaphore::new(1), Semaphore::new(most_overdue));
        Arc::new(Analyses { turns, overdue, limit: Duration::from_millis(20) })
    }

    /// Begins an analysis that ends when something is sent, and waits until it is overdue.
    async fn stuck(analyses: &Arc<Analyses>) -> (Sender<()>, tokio::task::JoinHandle<Option<&'static str>>) {
        let (release, released) = channel::<()>();
        let (tell, told) = tokio::sync::oneshot::channel();
        let analyses = analyses.clone();
        let work = move || {
            let _ = released.recv();
            "late"
        };
        let running = tokio::spawn(async move { analyses.run(work, || tell.send(()).unwrap()).await });
        told.await.unwrap();
        (release, running)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_overdue_analysis_keeps_nobody_waiting_and_its_result_still_counts() {
        let analyses = one_at_a_time(2);
        let (first, first_result) = stuck(&analyses).await;
        let (second, second_result) = stuck(&analyses).await;
        assert_eq!(analyses.run(|| "quick", || ()).await, Some("quick"));
        for (release, result) in [(first, first_result), (second, second_result)] {
            release.send(()).unwrap();
            assert_eq!(result.await.unwrap(), Some("late"));
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_than_so_many_overdue_analyses_leave_their_turn() {
        let analyses = one_at_a_time(1);
        let (first, _) = stuck(&analyses).await;
        let (_second, _) = stuck(&analyses).await;
        let waiting = analyses.clone();
        let next = tokio::spawn(async move { waiting.run(|| "quick", || ()).await });
        assert!(analyses.turns.try_acquire().is_err());
        first.send(()).unwrap();
        assert_eq!(next.await.unwrap(), Some("quick"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_panic_loses_one_result() {
        let analyses = one_at_a_time(1);
        assert_eq!(analyses.run(|| -> u8 { panic!("on purpose") }, || ()).await, None);
        assert_eq!(analyses.run(|| 1, || ()).await, Some(1));
    }
}
