//! Whatever somebody puts in the place of a file of ours, nothing is written through it, and no command is kept.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::home::Home;
use crate::special_files::{Kind, ran};
use crate::times;

/// What is put in the place of a file.
#[derive(Debug, Clone, Copy)]
enum Trap {
    Link,
    HardLink,
    DanglingLink,
    LinkToItself,
    Directory,
    Special(Kind),
    Empty,
    ReadOnly,
}

impl Trap {
    const ALL: [Self; 11] = [
        Self::Link,
        Self::HardLink,
        Self::DanglingLink,
        Self::LinkToItself,
        Self::Directory,
        Self::Special(Kind::Fifo),
        Self::Special(Kind::Socket),
        Self::Special(Kind::LinkToZero),
        Self::Special(Kind::LinkToFifo),
        Self::Empty,
        Self::ReadOnly,
    ];

    /// Sets it at a path, which may lead to the victim.
    fn set(self, path: &Path, victim: &Path) {
        let old = fs::read(path).unwrap_or_default();
        let _ = fs::remove_file(path);
        match self {
            Self::Link => symlink(victim, path).unwrap(),
            Self::HardLink => fs::hard_link(victim, path).unwrap(),
            Self::DanglingLink => symlink(victim.with_file_name("nothing"), path).unwrap(),
            Self::LinkToItself => symlink(path, path).unwrap(),
            Self::Directory => fs::create_dir(path).unwrap(),
            Self::Special(kind) => kind.make(path),
            Self::Empty => fs::write(path, "").unwrap(),
            Self::ReadOnly => {
                fs::write(path, old).unwrap();
                let mut permissions = fs::metadata(path).unwrap().permissions();
                permissions.set_readonly(true);
                fs::set_permissions(path, permissions).unwrap();
            }
        }
    }
}

/// Files of ours, in a home and in a project.
const OURS: [&str; 6] = [
    "config/registry.lock",
    "config/registry.json",
    "config/registry.json.bak",
    "shop/.ports.env",
    "shop/.ports.env.example",
    "shop/.gitignore",
];

const COMMANDS: [&[&str]; 9] = [
    &["init"],
    &["get-port", "--type", "web"],
    &["set", "WEB_PORT=45670"],
    &["unset", "WEB_PORT"],
    &["clean"],
    &["remove", "shop", "--yes"],
    &["deinit", "--yes"],
    &["doctor", "--repair"],
    &["check", "--fix"],
];

#[test]
fn nothing_is_written_through_what_takes_the_place_of_our_files() {
    // One trap, each at each file; then several at once.
    let pairs: Vec<(usize, usize)> =
        (0..OURS.len()).flat_map(|file| (0..Trap::ALL.len()).map(move |trap| (file, trap))).collect();
    for round in 0..times(12, 600) {
        let home = Home::new();
        home.project("shop", &[("WEB_PORT", "web", 8000)]);
        home.directory("shop/.git");
        home.write("shop/server.js", "app.listen(process.env.WEB_PORT); f(8000);\n");
        for command in [&["init"][..], &["get-port", "--type", "api"]] {
            assert_eq!(ran(&home, command).code, Some(0));
        }
        home.write("victim", "precious\n");
        let mut set = Vec::new();
        // 7 and the number of pairs have no divisor in common, so each comes once before any comes again.
        for place in 0..=round / pairs.len() {
            let (file, trap) = pairs[(round * 7 + place * 13) % pairs.len()];
            if !set.iter().any(|(other, _)| *other == OURS[file]) {
                Trap::ALL[trap].set(&home.path(OURS[file]), &home.path("victim"));
                set.push((OURS[file], Trap::ALL[trap]));
            }
        }
        for step in 0..3 {
            let command = COMMANDS[(round * 2 + step * 4) % COMMANDS.len()];
            let ran = ran(&home, command);
            // A panic is 101; a signal has no code.
            assert!(matches!(ran.code, Some(0..=2)), "{set:?}: {command:?}: {:?}: {}", ran.code, ran.stderr);
            assert_eq!(home.read("victim"), "precious\n", "{set:?}: {command:?}");
            assert!(!home.path("nothing").exists(), "{set:?}: {command:?}: {}", ran.stderr);
        }
    }
}
