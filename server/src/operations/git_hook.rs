//! A git hook that gives each new worktree its ports.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::files::{self, Access, ThisDisk};

/// What a hook has for it.
pub const GIT_HOOK: &str = include_str!("git_hook.sh");

/// The hook that git runs after it has checked out a worktree.
const NAME: &str = "post-checkout";

/// The first line of [`GIT_HOOK`], by which it is found again.
const MARK: &str = "# >>> port-manager: ports for new worktrees >>>";

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

/// Installs the hook into the repository of a directory, for all of its worktrees. A hook that is there stays, with ours
/// in front of it, so that no `exit` of it comes first.
///
/// # Errors
/// When git does not run or the directory is in no repository; [`Error::ForeignHook`] when another tool manages the hooks, or
/// the hook is not a shell script that runs; and when it cannot be read or written.
pub fn install_git_hook(directory: &Path) -> Result<InstalledHook> {
    let foreign = |path: &Path, reason: &'static str| Error::ForeignHook { path: path.to_owned(), reason };
    if let Some(configured) = git(directory, &["config", "--get", "core.hooksPath"])? {
        return Err(foreign(&directory.join(configured).join(NAME), "core.hooksPath of git leads there"));
    }
    let hooks = git(directory, &["rev-parse", "--git-path", "hooks"])?;
    let hooks = hooks.ok_or_else(|| Error::NoRepository { path: directory.to_owned() })?;
    let path = directory.join(hooks).join(NAME);
    let text = match files::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => return Err(Error::Read { path, source }),
    };
    let Some(text) = text else {
        write(&path, &format!("#!/bin/sh\n{GIT_HOOK}"), true)?;
        return Ok(InstalledHook { path, outcome: HookOutcome::Written });
    };
    if text.contains(MARK) {
        return Ok(InstalledHook { path, outcome: HookOutcome::Kept });
    }
    let Some((first, rest)) = text.split_once('\n').filter(|(first, _)| is_for_sh(first)) else {
        return Err(foreign(&path, "it is not a script for sh"));
    };
    if !is_executable(&path) {
        return Err(foreign(&path, "it is not executable, so git does not run it"));
    }
    write(&path, &format!("{first}\n{GIT_HOOK}{rest}"), false)?;
    Ok(InstalledHook { path, outcome: HookOutcome::Added })
}

/// What git prints; `None` where it says no.
fn git(directory: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let output = Command::new("git").arg("-C").arg(directory).args(arguments).output();
    let output = output.map_err(|source| Error::Command { program: "git".to_owned(), source })?;
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

fn write(path: &Path, text: &str, is_new: bool) -> Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).map_err(Error::writing(directory))?;
    }
    files::replace(&ThisDisk, path, text.as_bytes(), Access::Usual)?;
    if is_new { make_executable(path).map_err(Error::writing(path)) } else { Ok(()) }
}

/// For whoever may read it.
#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut permissions = std::fs::metadata(path)?.permissions();
    let mode = permissions.mode();
    permissions.set_mode(mode | (mode & 0o444) >> 2);
    std::fs::set_permissions(path, permissions)
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn make_executable(_path: &Path) -> io::Result<()> {
    Ok(())
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

    #[test]
    fn the_hook_begins_with_its_mark() {
        assert!(GIT_HOOK.starts_with(MARK));
    }
}
