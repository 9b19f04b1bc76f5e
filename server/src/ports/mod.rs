//! This machine now: who listens, which ports can be had, and freeing one.
//!
//! What differs between operating systems stands in `listeners/` and `signal.rs`, and nowhere else; what only
//! Linux tells, in `control_group.rs` and `principal/unit.rs`.

mod availability;
mod control_group;
mod holders;
mod listeners;
mod manager;
mod principal;
mod process;
mod protection;
mod roles;
mod signal;
mod stop;
mod supervisors;
mod suspended;
mod tool;
mod watch;

pub use availability::{Availability, first_unprivileged, is_free, is_free_to_bind, may_bind};
pub use holders::{Holder, Holders};
pub use listeners::{Listener, Protocol, listeners, listeners_by_port, listeners_on, listening};
pub use manager::{Manager, Restarter};
pub use principal::Principal;
pub use process::{Process, is_suspended, started};
pub use protection::Protection;
pub use roles::is_container_runtime;
pub use signal::is_root;
pub use stop::{Outcome, Outcomes};
pub use supervisors::{Dependant, SharedSupervisor, Supervisor};
