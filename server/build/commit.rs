//! The commit that a checkout is at.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    /// Its short hash: `f70d08e`.
    pub(crate) hash: String,
    /// The day on which it was made: `2026-11-29`.
    pub(crate) date: String,
    /// The files that change when the checkout is at another commit. All of them exist.
    pub(crate) changes_with: Vec<PathBuf>,
}

impl Commit {
    /// The commit of the checkout with that root; `None` where it is no checkout, or git is missing. An archive that was unpacked
    /// within another repository is no checkout.
    pub(crate) fn of(root: &Path) -> Option<Self> {
        if !root.join(".git").exists() {
            return None;
        }
        let said = git(root, &["log", "-1", "--no-show-signature", "--abbrev=7", "--format=%h %cs"])?;
        let (hash, date) = said.split_once(' ')?;
        let branch = git(root, &["symbolic-ref", "--quiet", "HEAD"]);
        // A branch that was packed has no file until its next commit, which the log of HEAD shows.
        let named = ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(branch.as_deref());
        let paths = named.filter_map(|name| git(root, &["rev-parse", "--git-path", name]));
        let changes_with = paths.map(|path| root.join(path)).filter(|path| path.exists()).collect();
        Some(Self { hash: hash.to_owned(), date: date.to_owned(), changes_with })
    }
}

/// What git says in one line. A hook of git, in which a build may run, has variables that lead to its repository.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(arguments).env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
    let output = git.output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !said.trim().is_empty()).then(|| said.trim().to_owned())
}
