//! `git`: a hook gives every new worktree and clone ports of its own.

use std::path::Path;

use super::super::git_hook::GitHook;
use super::work::Work;
use super::{State, Target};
use crate::error::{Error, GitError, Result};

pub(super) const TARGET: Target = Target {
    name: "git",
    summary: "git gives a new worktree ports of its own (post-checkout hook)",
    plan,
    is_needed: |_| false,
};

fn plan(work: &mut Work<'_>) -> Result<State> {
    match GitHook::find(work.root().as_path()) {
        Ok(hook) => {
            if let Some(text) = hook.text {
                work.set_hook(Path::new(&hook.shown), hook.path, text)?;
            }
            Ok(State::Done)
        }
        Err(error @ Error::Git(GitError::NoRepository { .. })) => Ok(State::NotUsed(error.to_string())),
        Err(error) => {
            let help = error.help().map_or_else(String::new, |help| format!(" {help}"));
            Ok(State::Impossible(format!("{error}.{help}")))
        }
    }
}
