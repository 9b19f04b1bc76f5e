//! Which versions of Node a project is started with.

use std::path::Path;

use super::json::{self, Json};
use super::work::Work;
use crate::error::Result;

/// Whether every Node that the package may be started with knows the flag: 22.9 was the first (Node.js documentation, "CLI",
/// `--env-file-if-exists`). The package says so, that of the root, or a file for version managers.
pub(super) fn knows_env_file_if_exists(work: &Work<'_>, directory: &Path) -> Result<bool> {
    let of_package = |package: &Json| {
        let engines = package.top.object_value("engines").and_then(|engines| json::string(&engines, "node"));
        let volta = package.top.object_value("volta").and_then(|volta| json::string(&volta, "node"));
        engines.or(volta)
    };
    let root = Path::new("");
    let nearest = [directory, root].into_iter().take(if directory == root { 1 } else { 2 });
    for directory in nearest {
        let path = directory.join("package.json");
        if let Some(text) = work.text(&path)?
            && let Some(range) = Json::parse(&path, &text).ok().as_ref().and_then(of_package)
        {
            return Ok(is_new_enough(&range));
        }
    }
    for name in [".node-version", ".nvmrc"] {
        if let Some(version) = work.text(name)? {
            return Ok(is_new_enough(&version));
        }
    }
    Ok(false)
}

/// Whether the oldest version of a range is 22.9 or newer: `>=22.9`, `^24`, `24.x`.
fn is_new_enough(range: &str) -> bool {
    let oldest = |alternative: &str| {
        let first = alternative.split_whitespace().find(|part| !part.starts_with('<'))?;
        let version = first.trim_start_matches(['^', '~', '>', '=', 'v']);
        let mut numbers = version.split('.').map(|number| number.parse::<u32>().ok());
        Some((numbers.next()??, numbers.next().flatten().unwrap_or(0)))
    };
    range.trim().split("||").all(|alternative| {
        oldest(&alternative.replace(">= ", ">=")).is_some_and(|version| version >= (22, 9))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_version_of_a_range_decides() {
        for range in [">=22.9", ">= 22.12.0", "^24", "24.x", "v22.11.0", ">=22.9 <23 || >=24", "24"] {
            assert!(is_new_enough(range), "{range}");
        }
        for range in [">=20.6", "22", "22.x", "^20 || ^24", "lts/*", "*", ""] {
            assert!(!is_new_enough(range), "{range}");
        }
    }
}
