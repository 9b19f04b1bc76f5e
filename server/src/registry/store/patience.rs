//! How long a lock is waited for: one who keeps it is given up on soon, a crowd of whom each holds it
//! for a moment is waited for longer, since nobody is told whose turn is next.

use std::time::{Duration, Instant};

/// How many times as long as one holder all of them together are waited for.
const CROWD: u32 = 6;

/// A wait for the lock.
#[derive(Debug)]
pub(super) struct Wait {
    began: Instant,
    holder: Option<u32>,
    /// Since when that one was seen to hold it.
    since: Instant,
}

impl Wait {
    pub(super) fn begin(now: Instant) -> Self {
        Self { began: now, holder: None, since: now }
    }

    /// How long was waited, if that is long enough to report an error. `holder` has the lock now.
    pub(super) fn is_over(
        &mut self,
        holder: Option<u32>,
        now: Instant,
        patience: Duration,
    ) -> Option<Duration> {
        if holder != self.holder {
            *self = Self { holder, since: now, ..*self };
        }
        let limits = [(self.since, patience), (self.began, patience * CROWD)];
        limits.into_iter().find(|(since, limit)| now.duration_since(*since) >= *limit).map(|(_, limit)| limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn one_who_keeps_the_lock_is_given_up_on() {
        let began = Instant::now();
        let mut wait = Wait::begin(began);
        assert_eq!(wait.is_over(Some(7), began, PATIENCE), None);
        assert_eq!(wait.is_over(Some(7), began + seconds(9), PATIENCE), None);
        assert_eq!(wait.is_over(Some(7), began + seconds(10), PATIENCE), Some(PATIENCE));
    }

    #[test]
    fn a_crowd_of_whom_each_is_quick_is_waited_for_longer_and_not_for_ever() {
        let began = Instant::now();
        let mut wait = Wait::begin(began);
        for second in 0..60 {
            let holder = u32::try_from(second / 5).ok();
            assert_eq!(wait.is_over(holder, began + seconds(second), PATIENCE), None, "{second}");
        }
        assert_eq!(wait.is_over(Some(99), began + seconds(60), PATIENCE), Some(seconds(60)));
    }

    #[test]
    fn who_has_no_patience_does_not_wait() {
        let began = Instant::now();
        assert_eq!(Wait::begin(began).is_over(Some(7), began, Duration::ZERO), Some(Duration::ZERO));
    }
}
