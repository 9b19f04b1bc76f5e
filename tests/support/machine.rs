//! A machine of a test's own: an empty registry and a place for projects.

use std::fs;
use std::net::TcpListener;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A machine with an empty registry. It is gone when this is dropped.
pub struct Machine {
    directory: TempDir,
}

impl Machine {
    pub fn new() -> Self {
        Self { directory: TempDir::new().expect("a temporary directory") }
    }

    /// A directory that `.git` marks as a project's root, with those files in it.
    pub fn project(&self, name: &str, files: &[(&str, &str)]) -> Project {
        let root = self.root().join("projects").join(name);
        fs::create_dir_all(root.join(".git")).expect("a project directory");
        let project = Project { root };
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// Where the registry lies.
    pub fn config_directory(&self) -> PathBuf {
        self.root().join("config")
    }

    pub fn registry_path(&self) -> PathBuf {
        self.config_directory().join("registry.json")
    }

    /// The registry as JSON; `null` where there is none yet.
    pub fn registry(&self) -> serde_json::Value {
        match fs::read(self.registry_path()) {
            Ok(bytes) => serde_json::from_slice(&bytes).expect("the registry is JSON"),
            Err(_) => serde_json::Value::Null,
        }
    }

    /// The built binary, knowing no other machine than this.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_port-manager"));
        command
            .env("PORT_MANAGER_CONFIG_DIR", self.config_directory())
            .env("HOME", self.root())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("GIT_CONFIG_GLOBAL");
        command
    }

    /// Runs the binary to its end, which has to be a good one, and gives what it printed.
    pub fn run(&self, arguments: &[&str], directory: &Path) -> String {
        let output = self.command().args(arguments).current_dir(directory).output().expect("the binary runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "port-manager {arguments:?} failed: {stderr}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The directory that all of it lies in.
    pub fn root(&self) -> PathBuf {
        // As the server names it: without symbolic links.
        self.directory.path().canonicalize().expect("the directory exists")
    }
}

/// A project's directory.
pub struct Project {
    pub root: PathBuf,
}

impl Project {
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a file has a directory")).expect("a directory");
        fs::write(path, text).expect("a file can be written");
    }

    pub fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
    }
}

/// A port that nothing listens on, and that no other test is likely to ask for.
pub fn unused_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// A port of the range that nothing listens on. Other tests may be given the same one: it is for
/// being written down, not for being listened on.
pub fn unused_port_in(mut range: RangeInclusive<u16>) -> u16 {
    range.find(|port| TcpListener::bind(("0.0.0.0", *port)).is_ok()).expect("a port of the range is free")
}
