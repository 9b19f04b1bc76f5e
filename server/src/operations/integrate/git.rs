//! `git`: a hook gives every new worktree and clone ports of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::work::{Work, with_lines_behind};
use super::{State, Target};
use crate::error::Result;
use crate::files;

pub(super) const TARGET: Target = Target {
    name: "git",
    summary: "git gives a new worktree ports of its own (post-checkout hook)",
    plan,
    is_needed: |_| false,
};

const NAME: &str = "post-checkout";

/// Git calls the hook with a zero commit where a worktree or a clone was just made (githooks(5)). It sets variables that
/// lead to the repository, and the current directory is the new worktree's root.
const HOOK: &str = "\
# >>> port-manager: a new worktree gets ports of its own
case \"$1\" in
*[!0]*) ;;
*)
  if [ -e .ports.env.example ] && command -v port-manager >/dev/null 2>&1; then
    port-manager init . --quiet >/dev/null || true
  fi
  ;;
esac
# <<< port-manager
";

fn plan(work: &mut Work<'_>) -> Result<State> {
    let root = work.root().as_path().to_owned();
    let Some(hooks) = hooks(&root) else {
        return Ok(State::NotUsed("the project is not in a git repository".to_owned()));
    };
    let real = hooks.join(NAME);
    if hooks.starts_with(&root) && !hooks.starts_with(root.join(".git")) {
        return Ok(State::Impossible(format!(
            "core.hooksPath is {}, which the whole team shares; add this to its {NAME}: [ -e .ports.env.example ] && \
             command -v port-manager >/dev/null && port-manager init . --quiet",
            hooks.display()
        )));
    }
    let shown = real.strip_prefix(&root).unwrap_or(&real).to_owned();
    let text = match files::read_to_string(&real) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Ok(State::Impossible(format!("{} cannot be read: {error}", real.display()))),
    };
    if text.contains("port-manager") {
        return Ok(State::Done);
    }
    let first = text.lines().next().unwrap_or_default();
    let is_shell = ["sh", "bash", "dash", "zsh", "ksh"].iter().any(|shell| first.ends_with(shell));
    let is_script = first.starts_with("#!") && is_shell;
    if !(text.is_empty() || is_script) {
        return Ok(State::Impossible(format!("{} is not a shell script", real.display())));
    }
    let text = if text.is_empty() { format!("#!/bin/sh\n{HOOK}") } else { with_lines_behind(&text, HOOK) };
    work.set_hook(&shown, real, text)?;
    Ok(State::Done)
}

/// The directory of the repository's hooks, which worktrees share.
fn hooks(root: &Path) -> Option<PathBuf> {
    let git = Command::new("git")
        .args(["rev-parse", "--git-path", "hooks"])
        .current_dir(root)
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let path = PathBuf::from(String::from_utf8(git.stdout).ok()?.trim_end_matches(['\r', '\n']));
    let path = if path.is_absolute() { path } else { root.join(path) };
    files::canonicalize_new(&path).ok()
}
