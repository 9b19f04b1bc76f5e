//! What `--version` says: `0.1.0 (f70d08e 2026-11-29)`, or `0.1.0` where the commit is not known.

#[path = "build/commit.rs"]
mod commit;

use std::path::Path;

use commit::Commit;

/// Packagers who build from an archive say `COMMIT DATE` with it.
const GIVEN: &str = "PORT_MANAGER_COMMIT";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build/commit.rs");
    println!("cargo::rerun-if-env-changed={GIVEN}");
    let number = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let commit = match std::env::var(GIVEN) {
        Ok(given) if !given.is_empty() => Some(given),
        _ => found(),
    };
    let version = commit.map_or_else(|| number.clone(), |commit| format!("{number} ({commit})"));
    println!("cargo::rustc-env=PORT_MANAGER_VERSION={version}");
}

/// The commit of the checkout that is built, in a release. A debug build has none: each commit would compile everything again.
fn found() -> Option<String> {
    if std::env::var("PROFILE").as_deref() != Ok("release") {
        return None;
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let commit = Commit::of(repository)?;
    for path in &commit.changes_with {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    Some(format!("{} {}", commit.hash, commit.date))
}
