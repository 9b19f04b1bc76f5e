//! What `--version` says, and where the commit in it comes from.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::commit::Commit;
use crate::home::Home;

#[test]
fn the_long_version_begins_with_the_short_one() {
    let home = Home::new();
    let short = format!("port-manager {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(home.run("", &["-V"]).stdout, short);
    let long = home.run("", &["--version"]).stdout;
    // A debug build has no commit.
    let rest = long.strip_prefix(short.trim_end()).unwrap().trim_end();
    let form = regex::Regex::new(r"^( \([0-9a-f]{7,} \d{4}-\d\d-\d\d\))?$").unwrap();
    assert!(form.is_match(rest), "{long}");
}

fn git(directory: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(directory).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_COMMITTER_DATE", "2026-11-29T12:00:00Z");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A repository with one commit.
fn repository(home: &Home) -> std::path::PathBuf {
    let root = home.directory("repository");
    git(&root, &["init", "-q", "-b", "main"]);
    git(&root, &["commit", "-q", "--allow-empty", "-m", "first"]);
    root
}

fn names(commit: &Commit) -> Vec<String> {
    let named = commit.changes_with.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
    named.collect()
}

#[test]
fn the_commit_of_a_checkout_is_found_with_the_files_that_move_it() {
    let home = Home::new();
    let root = repository(&home);
    let commit = Commit::of(&root).unwrap();
    assert_eq!((commit.hash.len(), commit.date.as_str()), (7, "2026-11-29"));
    assert_eq!(names(&commit), ["HEAD", "HEAD", "main"]);
    // A reference that was packed has no file, and a file that is missing would force a build each time.
    git(&root, &["pack-refs", "--all"]);
    assert_eq!(names(&Commit::of(&root).unwrap()), ["HEAD", "HEAD", "packed-refs"]);
    git(&root, &["worktree", "add", "-q", "../second"]);
    let second = Commit::of(&home.path("second")).unwrap();
    assert_eq!(second.hash, commit.hash);
    assert!(second.changes_with.iter().all(|path| path.exists()), "{second:?}");
    git(&root, &["checkout", "-q", "--detach"]);
    assert_eq!(Commit::of(&root).unwrap().hash, commit.hash);
}

#[test]
fn an_archive_has_no_commit_even_within_another_repository() {
    let home = Home::new();
    assert_eq!(Commit::of(&home.directory("archive")), None);
    let root = repository(&home);
    fs::create_dir(root.join("archive")).unwrap();
    assert_eq!(Commit::of(&root.join("archive")), None);
}
