//! The time now.

use std::time::SystemTime;

use jiff::Timestamp;

/// The system's time; the nearest that can be written where the clock is set beyond the year 9999.
#[must_use]
pub fn now() -> Timestamp {
    of(SystemTime::now())
}

fn of(time: SystemTime) -> Timestamp {
    let limit = if time > SystemTime::UNIX_EPOCH { Timestamp::MAX } else { Timestamp::MIN };
    Timestamp::try_from(time).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_beyond_all_years_is_at_the_last_moment() {
        let years = |count: u64| Duration::from_secs(count * 366 * 24 * 60 * 60);
        assert_eq!(of(SystemTime::UNIX_EPOCH + years(9_000)), Timestamp::MAX);
        assert_eq!(of(SystemTime::UNIX_EPOCH), Timestamp::UNIX_EPOCH);
        if let Some(time) = SystemTime::UNIX_EPOCH.checked_sub(years(12_000)) {
            assert_eq!(of(time), Timestamp::MIN);
        }
    }
}
