//! Watching a port for a while after it was freed: whatever started the server may start it again.

use std::thread;
use std::time::{Duration, Instant};

use super::holders::Holders;
use super::listeners::listeners_on;
use super::manager::Restarter;
use super::stop::INTERVAL;
use crate::error::Result;

/// How long a port is always watched.
const MOMENT: Duration = Duration::from_millis(300);

/// How long a process that has let go of the port may take to end.
const ENDING: Duration = Duration::from_secs(1);

/// How long it is watched while a process runs that may start the server again. Service managers and loops wait a
/// second or two in between.
const LONGER: Duration = Duration::from_secs(3);

impl Holders {
    /// Watches the port until a process listens there, or long enough. Where that is longer than a moment, `waits_for` is
    /// called once with the process that may start the server again and how long it is watched.
    ///
    /// # Errors
    /// When the system does not let us look any more.
    pub fn watch(
        &self,
        restarters: &[Restarter],
        waits_for: &mut dyn FnMut(&Restarter, Duration),
    ) -> Result<()> {
        let start = Instant::now();
        let mut is_announced = false;
        while listeners_on(self.port, self.protocol)?.is_empty() {
            let elapsed = start.elapsed();
            let is_active =
                |restarter: &&Restarter| restarter.process.is_running() && !restarter.is_suspended();
            if elapsed >= MOMENT {
                // Ended with the server, most of them.
                let Some(restarter) = restarters.iter().find(is_active) else {
                    if elapsed < ENDING && self.is_any_ending() {
                        thread::sleep(INTERVAL);
                        continue;
                    }
                    break;
                };
                if elapsed >= LONGER {
                    break;
                }
                if !is_announced {
                    waits_for(restarter, LONGER);
                    is_announced = true;
                }
            }
            thread::sleep(INTERVAL);
        }
        Ok(())
    }

    /// Whether a process runs that was asked to end.
    fn is_any_ending(&self) -> bool {
        self.holders.iter().any(|holder| holder.protection.is_none() && holder.process.is_running())
    }
}
