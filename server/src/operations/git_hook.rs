//! A git hook that gives each new worktree its ports.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::plan::Plan;
use crate::error::{Error, GitError, Result};
use crate::files;
use crate::project::ProjectRoot;

/// What a hook has for it.
pub const GIT_HOOK: &str = include_str!("git_hook.sh");

/// The hook that git runs after it has checked out a worktree.
const NAME: &str = "post-checkout";

/// What became of the hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledHook {
    /// The hook's file.
    pub path: PathBuf,
    /// What was done.
    pub outcome: HookOutcome,
}

/// What was done to a hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookOutcome {
    /// There was none, and it was written.
    Written,
    /// One of somebody else was there, and runs as before behind it.
    Added,
    /// It was there.
    Kept,
}

/// The hook of a repository.
#[derive(Debug)]
pub(super) struct GitHook {
    /// The hook's file.
    pub(super) path: PathBuf,
    /// Its path from the root of the checkout, where it lies in there.
    pub(super) shown: PathBuf,
    /// Its text with ours; `None` where it has that.
    pub(super) text: Option<String>,
    /// What writing that text comes to.
    outcome: HookOutcome,
}

impl GitHook {
    /// The hook of the repository of a directory, for all of its worktrees. A hook that is there stays, with ours in front of
    /// it, so that no `exit` of it comes first.
    ///
    /// # Errors
    /// When git does not run or the directory is in no repository; [`GitError::ForeignHook`] when another tool manages the hooks,
    /// or the hook is not a shell script that runs; and when it cannot be read.
    pub(super) fn find(directory: &Path) -> Result<Self> {
        let foreign = |path: &Path, reason: &'static str| {
            Error::Git(GitError::ForeignHook { path: path.to_owned(), reason })
        };
        if let Some(configured) = git(directory, &["config", "--get", "core.hooksPath"])? {
            return Err(foreign(&directory.join(configured).join(NAME), "core.hooksPath of git leads there"));
        }
        let hooks = git(directory, &["rev-parse", "--git-path", "hooks"])?;
        let hooks = hooks.ok_or_else(|| Error::Git(GitError::NoRepository { path: directory.to_owned() }))?;
        let path = directory.join(hooks).join(NAME);
        // A plan replaces files where they lie.
        let path = files::canonicalize_new(&path).unwrap_or(path);
        let shown = path.strip_prefix(directory).unwrap_or(&path).to_owned();
        let text = match files::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let text = Some(format!("#!/bin/sh\n{GIT_HOOK}"));
                return Ok(Self { path, shown, text, outcome: HookOutcome::Written });
            }
            Err(source) => return Err(Error::Read { path, source }),
        };
        if text.contains("port-manager") {
            return Ok(Self { path, shown, text: None, outcome: HookOutcome::Kept });
        }
        let Some((first, rest)) = text.split_once('\n').filter(|(first, _)| is_for_sh(first)) else {
            return Err(foreign(&path, "it is not a script for sh"));
        };
        if !is_executable(&path) {
            return Err(foreign(&path, "it is not executable, so git does not run it"));
        }
        let text = Some(format!("{first}\n{GIT_HOOK}{rest}"));
        Ok(Self { path, shown, text, outcome: HookOutcome::Added })
    }
}

/// Installs the hook into the repository of a directory.
///
/// # Errors
/// When the directory has no git repository, or a hook of its own cannot be read or written.
pub fn install_git_hook(directory: &Path) -> Result<InstalledHook> {
    let GitHook { path, shown, text, outcome } = GitHook::find(directory)?;
    if let Some(text) = text {
        let mut plan = Plan::new(&ProjectRoot::exact(directory)?);
        plan.set_executable(&shown, path.clone(), text)?;
        plan.apply(|| Ok(()))?;
    }
    Ok(InstalledHook { path, outcome })
}

/// What git prints; `None` where it says no. A hook of git, in which this may run, has variables that lead to its repository.
fn git(directory: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let mut git = Command::new("git");
    git.arg("-C").arg(directory).args(arguments).env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
    let output = git.output().map_err(|source| Error::Command { program: "git".to_owned(), source })?;
    let text = String::from_utf8_lossy(&output.stdout).trim_end_matches(['\r', '\n']).to_owned();
    Ok(Some(text).filter(|text| output.status.success() && !text.is_empty()))
}

/// Whether the first line of a script has it run by a shell with the grammar of sh.
fn is_for_sh(first: &str) -> bool {
    let program = first.strip_prefix("#!").unwrap_or_default().split_whitespace();
    let mut names = program.map(|word| word.rsplit('/').next().unwrap_or(word));
    let name = names.next().filter(|name| *name != "env").or_else(|| names.next());
    name.is_some_and(|name| matches!(name, "sh" | "bash" | "dash" | "zsh" | "ksh" | "ash"))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_names_the_shell() {
        for line in ["#!/bin/sh", "#!/usr/bin/env bash", "#! /bin/bash -e"] {
            assert!(is_for_sh(line), "{line}");
        }
        for line in ["#!/usr/bin/env python3", "#!/usr/bin/perl", "echo", ""] {
            assert!(!is_for_sh(line), "{line}");
        }
    }
}
