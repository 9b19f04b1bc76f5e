//! What package managers install for an application.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tools::Tool;

/// The directory in which tests keep what they download: outside of the work tree, for all of them.
pub fn cache() -> PathBuf {
    let set = |name| std::env::var_os(name).map(PathBuf::from);
    let home = || std::env::home_dir().expect("a home directory").join(".cache");
    set("PORT_MANAGER_TEST_CACHE")
        .unwrap_or_else(|| set("XDG_CACHE_HOME").unwrap_or_else(home).join("port-manager-tests"))
}

/// What only one test at a time may do, in whatever process, until the lock is dropped.
pub fn lock() -> File {
    let cache = cache();
    fs::create_dir_all(&cache).expect("a directory for what tests share");
    let lock = File::create(cache.join("running.lock")).expect("a lock can be made");
    lock.lock().expect("a lock can be waited for");
    lock
}

/// The directory of an application: one of `apps/`, or of the repository's `examples/`.
pub fn source(name: &str) -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let parent = if name.starts_with("examples/") { "" } else { "tests/running/apps" };
    repository.join(parent).join(name)
}

/// Installed packages of one application.
pub struct Packages {
    directory: Option<PathBuf>,
}

impl Packages {
    /// Installs what the lockfiles of the application name, and its tools that PyPI has, the first time.
    pub fn of(name: &str, tools: &[Tool]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/running/install");
        let output = Command::new(script)
            .arg(source(name))
            .args(tools.iter().filter_map(|tool| tool.of_pypi()))
            .output()
            .expect("the script runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the packages of {name} cannot be installed:\n{stderr}");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        Self { directory: printed.lines().last().map(PathBuf::from) }
    }

    /// Directories of commands.
    pub fn commands(&self) -> Option<PathBuf> {
        self.directory.as_ref().map(|directory| directory.join("python/bin")).filter(|path| path.is_dir())
    }

    /// Puts the packages of Node into a copy of the application: as links to the same files, or as copies
    /// where the cache lies on another file system.
    pub fn put_into(&self, root: &Path) {
        let Some(packages) = self.directory.as_ref().map(|directory| directory.join("node_modules")) else {
            return;
        };
        let copy = |how| Command::new("cp").args([how, "-R", "-P", "-p"]).arg(&packages).arg(root).output();
        if !packages.is_dir() || copy("-l").is_ok_and(|output| output.status.success()) {
            return;
        }
        let output = copy("-f").expect("cp runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
