//! A temporary home with a registry and projects of its own.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

/// A port that nothing listens on now.
pub(crate) fn unused_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A home that goes with the test.
pub(crate) struct Home {
    directory: tempfile::TempDir,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self { directory: tempfile::tempdir().unwrap() };
        fs::create_dir(home.path("config")).unwrap();
        home
    }

    /// A home with the project `shop`, whose `WEB_PORT` is 8000.
    #[allow(dead_code, reason = "other tests share this file")]
    pub(crate) fn with_shop() -> Self {
        let home = Self::new();
        home.project("shop", &[("WEB_PORT", "web", 8000)]);
        home
    }

    /// A path in the home, as the system spells it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        fs::canonicalize(self.directory.path()).unwrap().join(path)
    }

    /// Makes a directory, and those above it.
    pub(crate) fn directory(&self, path: &str) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(&path).unwrap();
        path
    }

    /// Writes a file, and the directories above it.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        assert!(std::path::Path::new(path).is_relative(), "{path} would lie outside of the home");
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Makes a project whose variables have those ports in the registry and in `.ports.env`.
    pub(crate) fn project(&self, name: &str, ports: &[(&str, &str, u16)]) -> PathBuf {
        let root = self.directory(name);
        let lines: String = ports.iter().map(|(variable, _, port)| format!("{variable}={port}\n")).collect();
        self.write(&format!("{name}/.ports.env"), lines);
        let mut registry = match fs::read_to_string(self.path("config/registry.json")) {
            Ok(text) => serde_json::from_str(&text).unwrap(),
            Err(_) => json!({ "version": 2, "projects": {}, "reservations": {} }),
        };
        let ports: serde_json::Map<String, Value> = ports
            .iter()
            .map(|(variable, service, port)| {
                let assignment =
                    json!({ "port": port, "service": service, "assigned_at": "2026-11-23T09:00:00Z" });
                ((*variable).to_owned(), assignment)
            })
            .collect();
        registry["projects"][root.to_str().unwrap()] = json!({ "name": name, "ports": ports });
        self.write("config/registry.json", registry.to_string());
        root
    }

    /// The command, in the home, with nothing of the caller's environment that it obeys.
    pub(crate) fn command(&self, directory: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("port-manager"));
        command
            .args(arguments)
            .current_dir(self.path(directory))
            .env("HOME", self.path(""))
            .env("PORT_MANAGER_CONFIG_DIR", self.path("config"))
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("CI")
            .env_remove("GIT_CONFIG_GLOBAL")
            .env_remove("SUDO_USER")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE");
        command
    }

    /// What git prints in a directory of the home, with nothing of the caller's configuration.
    #[allow(dead_code, reason = "other tests share this file")]
    pub(crate) fn git(&self, directory: &str, arguments: &[&str]) -> String {
        let mut git = self.other(directory, "git");
        git.args(["-c", "user.name=dev", "-c", "user.email=dev@localhost", "-c", "init.defaultBranch=main"]);
        git.args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        let output = git.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", text(output.stderr));
        text(output.stdout) + &text(output.stderr)
    }

    /// Another program in the home, with `port-manager` on its `PATH`.
    #[allow(dead_code, reason = "other tests share this file")]
    pub(crate) fn other(&self, directory: &str, program: &str) -> Command {
        let ours = assert_cmd::cargo::cargo_bin!("port-manager").parent().unwrap();
        let path = std::env::var_os("PATH").unwrap();
        let path = std::iter::once(ours.to_owned()).chain(std::env::split_paths(&path));
        let mut command = Command::new(program);
        command.current_dir(self.path(directory)).env("PATH", std::env::join_paths(path).unwrap());
        for (name, value) in self.command("", &[]).get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Runs a command line in a directory of the home.
    pub(crate) fn run(&self, directory: &str, arguments: &[&str]) -> Ran {
        let Output { status, stdout, stderr } = self.command(directory, arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }
}

impl Ran {
    /// What a person sees, and the exit code, with what differs from run to run left out.
    pub(crate) fn seen(&self, home: &Home) -> String {
        let mut text = self.stdout.clone();
        if !self.stderr.is_empty() {
            text.push_str("--- stderr\n");
            text.push_str(&self.stderr);
        }
        text.push_str(&format!("--- exit code {}", self.code.unwrap()));
        without_root(&text, &home.path(""))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn without_root(text: &str, root: &Path) -> String {
    text.replace(&root.display().to_string(), "~/")
}
