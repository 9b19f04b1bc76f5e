//! Which port-manager this is.

/// The version: `0.1.0`.
pub const NUMBER: &str = env!("CARGO_PKG_VERSION");

/// The version with the commit that it was built from, where that is known: `0.1.0 (f70d08e 2026-11-29)`.
pub const VERSION: &str = env!("PORT_MANAGER_VERSION");

/// The day of that commit: `2026-11-29`.
#[must_use]
pub fn date() -> Option<&'static str> {
    VERSION.strip_suffix(')')?.rsplit_once(' ').map(|(_, date)| date)
}
