//! This machine now: who listens, which ports can be had, and freeing one.
//!
//! What differs between operating systems stands in `listeners/` and `signal.rs`, and nowhere else.

mod availability;
mod free;
mod listeners;
mod process;
mod signal;

pub use availability::{Availability, is_free};
pub use free::{Holder, Outcome, Protection, StopOptions, holders, stop};
pub use listeners::{Listener, Protocol, listeners, listeners_among, listeners_on};
pub use process::{Process, started};
