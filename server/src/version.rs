//! Which port-manager this is.

/// The name of the program. Registries know the package by another, as this one is taken there.
pub const PROGRAM: &str = "port-manager";

/// The version: `0.1.0`.
pub const NUMBER: &str = env!("CARGO_PKG_VERSION");

/// The version with the commit that it was built from, where that is known: `0.1.0 (f70d08e 2026-11-29)`.
pub const VERSION: &str = env!("PORT_MANAGER_VERSION");

/// The project's public repository, which the package names (`repository` in `server/Cargo.toml`); empty as long as it
/// names none. What links to the repository is left out then.
pub const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The day of that commit: `2026-11-29`.
#[must_use]
pub fn date() -> Option<&'static str> {
    VERSION.strip_suffix(')')?.rsplit_once(' ').map(|(_, date)| date)
}
