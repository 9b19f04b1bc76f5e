//! A project may hold files that block their reader, or that have no end. No command is kept.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::home::{Home, Ran};
use crate::times;

/// Much longer than any of the commands takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// What is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Fifo,
    Socket,
    LinkToZero,
    LinkToFifo,
    Megabytes(u64),
}

impl Kind {
    pub(crate) fn make(self, path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match self {
            Self::Fifo => fifo(path),
            Self::Socket => drop(UnixListener::bind(path).unwrap()),
            Self::LinkToZero => symlink("/dev/zero", path).unwrap(),
            Self::LinkToFifo => {
                let target = path.with_file_name("a-fifo-of-the-project");
                if !target.exists() {
                    fifo(&target);
                }
                symlink(target, path).unwrap();
            }
            // It takes no place on the disk.
            Self::Megabytes(megabytes) => File::create(path).unwrap().set_len(megabytes << 20).unwrap(),
        }
    }

    /// What messages call it.
    fn name(self) -> &'static str {
        match self {
            Self::Fifo | Self::LinkToFifo => "a FIFO, not a regular file",
            Self::Socket => "a socket, not a regular file",
            Self::LinkToZero => "which lies outside of the project",
            Self::Megabytes(_) => "larger than 1 MB",
        }
    }
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Runs a command in the project, which must end by itself.
pub(crate) fn ran(home: &Home, arguments: &[&str]) -> Ran {
    let mut command = home.command("shop", arguments);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = child.id().to_string();
    let (sender, receiver) = channel();
    thread::spawn(move || sender.send(child.wait_with_output().unwrap()));
    let Ok(output) = receiver.recv_timeout(DEADLINE) else {
        let _ = Command::new("kill").args(["-KILL", &pid]).status();
        panic!("{arguments:?} does not end");
    };
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A project that is set up, with something in the way.
fn shop(name: &str, kind: Kind) -> Home {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.directory("shop/.git");
    home.write("shop/server.js", "app.listen(8080);\n");
    let path = home.path("shop").join(name);
    let _ = fs::remove_file(&path);
    kind.make(&path);
    home
}

/// Files that port-manager reads of a project.
const READ: [&str; 14] = [
    ".env",
    ".env.local",
    ".ports.env",
    ".ports.env.example",
    ".gitignore",
    ".ignore",
    ".git/info/exclude",
    "port-manager.toml",
    "compose.yaml",
    "package.json",
    "main.py",
    "start",
    "web/.gitignore",
    "web/.git",
];

#[test]
fn no_command_waits_for_a_file_that_has_no_end() {
    let cases = READ.iter().map(|name| (*name, Kind::Fifo)).chain([
        (".env", Kind::Socket),
        (".ports.env", Kind::Socket),
        (".env", Kind::LinkToZero),
        (".ports.env", Kind::LinkToZero),
        ("package.json", Kind::LinkToZero),
        ("port-manager.toml", Kind::LinkToFifo),
        ("compose.yaml", Kind::LinkToFifo),
        (".env", Kind::Megabytes(300)),
        ("port-manager.toml", Kind::Megabytes(10)),
        (".ports.env", Kind::Megabytes(300)),
        ("main.py", Kind::Megabytes(300)),
    ]);
    for (name, kind) in cases {
        let home = shop(name, kind);
        thread::scope(|scope| {
            for arguments in
                [&["check"][..], &["check", "--fix"], &["doctor"], &["show", "shop"], &["run", "--", "true"]]
            {
                let home = &home;
                scope.spawn(move || {
                    let ran = ran(home, arguments);
                    assert!(ran.code.is_some(), "{name}: {arguments:?}: {}", ran.stderr);
                });
            }
        });
        let init = ran(&home, &["init"]);
        assert!(init.code.is_some(), "{name}: {}", init.stderr);
    }
}

/// Several special files at once, in random places. The first of them may hide the others, so many are tried.
#[test]
fn no_command_waits_for_any_of_several_special_files() {
    let kinds = [
        Kind::Fifo,
        Kind::Socket,
        Kind::LinkToZero,
        Kind::LinkToFifo,
        Kind::Megabytes(2),
        Kind::Megabytes(300),
    ];
    for round in 0..times(3, 300) {
        let home = shop(READ[round % READ.len()], kinds[round % kinds.len()]);
        for place in 1..4 {
            let path = home.path("shop").join(READ[(round * 3 + place * 5) % READ.len()]);
            if !path.exists() {
                let _ = fs::remove_file(&path);
                kinds[(round + place) % kinds.len()].make(&path);
            }
        }
        for arguments in [&["check", "--fix"][..], &["init"], &["run", "--", "true"], &["deinit", "--yes"]] {
            let ran = ran(&home, arguments);
            assert!(matches!(ran.code, Some(0..=2)), "{arguments:?}: {:?}: {}", ran.code, ran.stderr);
        }
    }
}

#[test]
fn what_cannot_be_read_is_named_with_what_it_is() {
    let cases = [
        (".ports.env", Kind::Fifo),
        (".ports.env", Kind::Socket),
        (".ports.env", Kind::LinkToZero),
        (".ports.env", Kind::Megabytes(300)),
        ("port-manager.toml", Kind::Fifo),
        ("port-manager.toml", Kind::LinkToFifo),
        ("port-manager.toml", Kind::Megabytes(10)),
        (".gitignore", Kind::Fifo),
        (".git/info/exclude", Kind::Fifo),
        ("web/.gitignore", Kind::Fifo),
    ];
    for (name, kind) in cases {
        let check = ran(&shop(name, kind), &["check"]);
        assert_eq!(check.code, Some(2), "{name}: {}", check.stderr);
        let is_named = check.stderr.lines().any(|line| line.contains(name) && line.contains(kind.name()));
        assert!(is_named || kind == Kind::LinkToFifo, "{name}: {}", check.stderr);
        assert!(check.stderr.contains(kind.name()), "{name}: {}", check.stderr);
    }
}

#[test]
fn init_changes_nothing_where_a_file_of_the_project_cannot_be_read() {
    for (name, kind) in [
        (".ports.env", Kind::Fifo),
        (".ports.env.example", Kind::Fifo),
        (".ports.env.example", Kind::Megabytes(2)),
        (".gitignore", Kind::Fifo),
        (".gitignore", Kind::LinkToZero),
    ] {
        let home = shop(name, kind);
        let before = home.read("config/registry.json");
        let init = ran(&home, &["init"]);
        assert_eq!(init.code, Some(2), "{name}: {}", init.stderr);
        assert!(init.stderr.contains(name) && init.stderr.contains(kind.name()), "{}", init.stderr);
        assert_eq!(home.read("config/registry.json"), before, "{name}");
    }
}

#[test]
fn special_files_in_a_tree_are_passed_over_and_named_when_asked() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT);\n");
    Kind::Socket.make(&home.path("shop/run/app.sock"));
    Kind::Socket.make(&home.path("shop/run/agent"));
    Kind::Fifo.make(&home.path("shop/pipe.js"));
    Kind::LinkToZero.make(&home.path("shop/zero.js"));

    let check = ran(&home, &["check"]);
    assert_eq!((check.code, check.stderr.contains("skipped")), (Some(0), false), "{}", check.stderr);
    let said = ran(&home, &["check", "-v"]).stderr;
    for (name, kind) in [("run/app.sock", Kind::Socket), ("run/agent", Kind::Socket), ("pipe.js", Kind::Fifo)]
    {
        assert!(said.contains(&format!("{name}: skipped, {}", kind.name())), "{said}");
    }

    let named = ran(&home, &["check", "pipe.js", "zero.js"]);
    for name in ["pipe.js: skipped, a FIFO", "zero.js: skipped, a device"] {
        assert!(named.stderr.contains(name), "{}", named.stderr);
    }
}

#[test]
fn the_next_fix_removes_what_a_killed_one_left() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/.gitignore", "*.tmp\n").write("shop/web/server.js", "app.listen(8000);\n");
    let left = "shop/web/.server.js.aB3dE6.port-manager.tmp";
    home.write(left, "app.listen(80");
    let file = File::options().append(true).open(home.path(left)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(2 * 60 * 60)).unwrap();
    ran(&home, &["check", "--fix"]);
    assert!(!home.path(left).exists());
}
