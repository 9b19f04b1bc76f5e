//! Two git worktrees of an application, and what port-manager does to them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::app::Remaining;
use crate::numbers::Numbers;
use crate::packages::{self, Packages};
use crate::processes::Environment;
use crate::support::machine::Machine;

/// Two worktrees of one application, on a machine of their own.
pub struct Worktrees {
    pub main: Worktree,
    pub feature: Worktree,
    environment: Environment,
    machine: Machine,
}

/// A worktree. The file `worktree.txt` in it says its name.
pub struct Worktree {
    pub name: &'static str,
    pub root: PathBuf,
}

const MAIN: &str = "the-main-worktree";
const FEATURE: &str = "the-feature-worktree";
const NAME_FILE: &str = "worktree.txt";

impl Worktrees {
    /// Copies the application with the numbers of here into a repository, and adds a worktree.
    pub fn of(application: &str, numbers: &Numbers, packages: &Packages) -> Self {
        let machine = Machine::new();
        let root = machine.root();
        let [main, feature] =
            [MAIN, FEATURE].map(|name| Worktree { name, root: root.join(name).join(application) });
        let environment = environment(&machine, packages);
        copy(&packages::source(application), &main.root, numbers);
        let worktrees = Self { main, feature, environment, machine };
        for arguments in [
            &["init", "--quiet"][..],
            &["add", "."],
            &["-c", "user.name=Test", "-c", "user.email=t@t", "commit", "--quiet", "-m", "first"],
        ] {
            worktrees.git(&worktrees.main, arguments);
        }
        let place = worktrees.feature.root.to_str().expect("UTF-8").to_owned();
        worktrees.git(&worktrees.main, &["worktree", "add", "--quiet", "-b", "feature", &place]);
        for worktree in [&worktrees.main, &worktrees.feature] {
            fs::write(worktree.root.join(NAME_FILE), worktree.name).expect("a file can be written");
            packages.put_into(&worktree.root);
        }
        worktrees
    }

    /// The directory that has both.
    pub fn directory(&self) -> PathBuf {
        self.machine.root()
    }

    /// The variables of a terminal of this machine.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    fn git(&self, worktree: &Worktree, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        succeeded(command.args(arguments).current_dir(&worktree.root).env_clear().envs(&self.environment))
    }

    /// What a command prints, with the words before it that start it.
    pub fn printed(&self, worktree: &Worktree, before: &[&str], command: &str) -> String {
        let words: Vec<&str> = before.iter().copied().chain(command.split(' ')).collect();
        let mut command = Command::new(words[0]);
        succeeded(command.args(&words[1..]).current_dir(&worktree.root).env_clear().envs(&self.environment))
    }

    fn port_manager(&self, worktree: &Worktree, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_port-manager"));
        command.args(arguments).current_dir(&worktree.root).env_clear().envs(&self.environment);
        command
    }

    /// Runs port-manager to its end, which has to be a good one.
    pub fn run(&self, worktree: &Worktree, arguments: &[&str]) -> String {
        succeeded(&mut self.port_manager(worktree, arguments))
    }

    /// Runs `check --fix`, which says by its exit code whether something is left.
    pub fn fix(&self, worktree: &Worktree) {
        let output = self.port_manager(worktree, &["check", "--fix"]).output().expect("the binary runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "port-manager check --fix: {stderr}");
    }

    /// A second `check --fix` changes no byte.
    pub fn assert_fixed(&self, worktree: &Worktree) {
        let before = (self.files(worktree), worktree.read(".ports.env"));
        self.fix(worktree);
        assert_eq!(
            before,
            (self.files(worktree), worktree.read(".ports.env")),
            "a second `check --fix` changes something"
        );
    }

    /// The texts that git has or would add, without the name: of both worktrees they have to be the same.
    pub fn files(&self, worktree: &Worktree) -> BTreeMap<PathBuf, String> {
        let list = ["ls-files", "--cached", "--others", "--exclude-standard"];
        let files = self.git(worktree, &list);
        let read = |path: &str| (PathBuf::from(path), worktree.read(path));
        files.lines().filter(|path| *path != NAME_FILE).map(read).collect()
    }

    /// `check` has those warnings and no other.
    pub fn assert_warnings(&self, worktree: &Worktree, expected: &[Remaining]) {
        let output = self.port_manager(worktree, &["check", "--json"]).output().expect("the binary runs");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        let findings: Vec<serde_json::Value> =
            printed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let text =
            |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let mut found: Vec<_> = findings
            .iter()
            .filter(|finding| finding["severity"] == "warning" || finding["severity"] == "error")
            .map(|finding| (text(finding, "path"), text(finding, "rule")))
            .collect();
        let mut known: Vec<_> =
            expected.iter().map(|warning| (warning.path.to_owned(), warning.rule.to_owned())).collect();
        found.sort();
        known.sort();
        assert_eq!(found, known, "the warnings that are left, {expected:?}:\n{printed}");
    }
}

impl Worktree {
    /// The name of the other worktree.
    pub fn other_name(&self) -> &'static str {
        if self.name == MAIN { FEATURE } else { MAIN }
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The number of each variable here.
    pub fn assigned(&self) -> BTreeMap<String, u16> {
        variables(&self.read(".ports.env"))
    }

    /// `.ports.env.example` has exactly those variables.
    pub fn assert_example(&self, expected: &[(String, u16)]) {
        let expected: BTreeMap<_, _> = expected.iter().cloned().collect();
        assert_eq!(variables(&self.read(".ports.env.example")), expected, "the ports by .ports.env.example");
    }
}

/// What a command printed that succeeded.
fn succeeded(command: &mut Command) -> String {
    let output = command.output().expect("the command runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn variables(ports_env: &str) -> BTreeMap<String, u16> {
    let assignments = ports_env.lines().filter(|line| !line.starts_with('#'));
    let assignment = |line: &str| {
        let (variable, number) = line.split_once('=')?;
        Some((variable.to_owned(), number.parse().ok()?))
    };
    assignments.filter_map(assignment).collect()
}

fn read_files(root: &Path, directory: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(root.join(directory)).expect("a directory") {
        let entry = entry.expect("an entry");
        let path = directory.join(entry.file_name());
        let kind = entry.file_type().expect("a type");
        if kind.is_dir() && entry.file_name() != "node_modules" {
            read_files(root, &path, files);
        } else if kind.is_file() {
            files.insert(path, fs::read(entry.path()).expect("a file"));
        }
    }
}

/// Copies a directory with the numbers of here, and without what was installed in it.
fn copy(from: &Path, to: &Path, numbers: &Numbers) {
    let mut files = BTreeMap::new();
    read_files(from, Path::new(""), &mut files);
    for (path, bytes) in files {
        let target = to.join(&path);
        fs::create_dir_all(target.parent().expect("a file has a directory")).expect("a directory");
        let is_text = path.file_name() != Some("package-lock.json".as_ref());
        let bytes = match String::from_utf8(bytes) {
            Ok(text) if is_text => numbers.written(&text).into_bytes(),
            Ok(text) => text.into_bytes(),
            Err(error) => error.into_bytes(),
        };
        fs::write(&target, bytes).expect("a file can be written");
        let permissions = fs::metadata(from.join(&path)).expect("a file").permissions();
        fs::set_permissions(&target, permissions).expect("permissions can be set");
    }
}

/// The variables of a terminal of this machine: those of the test, without the ports and the settings that would
/// be another machine's.
fn environment(machine: &Machine, packages: &Packages) -> Environment {
    let mut environment: Environment = std::env::vars_os()
        .filter(|(name, _)| {
            let name = name.to_string_lossy();
            let is_set_by_test =
                ["CARGO", "NEXTEST", "RUST", "XDG", "GIT"].iter().any(|word| name.starts_with(word));
            !is_set_by_test && !name.contains("PORT") && name != "CI" && name != "NODE_ENV"
        })
        .collect();
    let mut set = |name: &str, value: OsString| environment.insert(name.into(), value);
    set("HOME", machine.root().into());
    set("PORT_MANAGER_CONFIG_DIR", machine.config_directory().into());
    set("LC_ALL", "C.UTF-8".into());
    // Go would compile its library into the empty home.
    set("GOCACHE", packages::cache().join("running/go-build").into());
    set("GOTOOLCHAIN", "local".into());
    set("npm_config_update_notifier", "false".into());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories = packages.commands().into_iter().chain(std::env::split_paths(&path));
    set("PATH", std::env::join_paths(directories).expect("a path of commands"));
    environment
}
