//! What a directory's `.git` makes of it (gitrepository-layout(5)).

use std::path::{Path, PathBuf};

use crate::files;

/// What a directory with a `.git` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checkout {
    /// A repository, or one whose `.git` lies elsewhere (`git init --separate-git-dir`).
    Repository,
    /// A linked worktree.
    Worktree,
    /// A submodule: a part of the repository around it.
    Submodule,
}

impl Checkout {
    /// What the directory is; `None` without a `.git`.
    pub(super) fn of(directory: &Path) -> Option<Self> {
        let path = directory.join(".git");
        let metadata = path.symlink_metadata().ok()?;
        if !metadata.is_file() {
            return Some(Self::Repository);
        }
        let Some(target) = target_of(&path) else { return Some(Self::Repository) };
        let parent = target.parent().and_then(Path::file_name);
        Some(if parent.is_some_and(|name| name == "worktrees") {
            Self::Worktree
        } else if target.iter().any(|name| name == "modules") {
            Self::Submodule
        } else {
            Self::Repository
        })
    }
}

/// Whether a directory is a linked worktree that lies in another checkout, as `.claude/worktrees/fix` does. It is
/// another project, whose files are those of the checkout around it once more.
#[must_use]
pub fn is_nested_worktree(directory: &Path) -> bool {
    Checkout::of(directory) == Some(Checkout::Worktree)
        && files::canonicalize(directory)
            .is_ok_and(|directory| directory.ancestors().skip(1).any(|above| Checkout::of(above).is_some()))
}

/// Where a `.git` file says that the repository's data is.
fn target_of(file: &Path) -> Option<PathBuf> {
    Some(PathBuf::from(files::read_to_string(file).ok()?.strip_prefix("gitdir:")?.trim()))
}

/// Whether two directories are checkouts of one repository: worktrees of it, clones of the same one,
/// or the one a clone of the other.
pub(crate) fn are_checkouts_of_one_repository(one: &Path, other: &Path) -> bool {
    let (Some(one), Some(other)) = (Origin::of(one), Origin::of(other)) else { return false };
    let is_clone = |clone: &Origin, of: &Origin| {
        clone
            .url
            .as_deref()
            .is_some_and(|url| files::canonicalize(Path::new(url)).is_ok_and(|it| it == of.root))
    };
    if one.root == other.root {
        return false;
    }
    one.data == other.data
        || (one.url.is_some() && one.url == other.url)
        || is_clone(&one, &other)
        || is_clone(&other, &one)
}

/// Where a checkout comes from.
struct Origin {
    /// The checkout's root.
    root: PathBuf,
    /// The repository's data, which all worktrees share.
    data: PathBuf,
    /// The address of the remote `origin`.
    url: Option<String>,
}

impl Origin {
    /// Of the checkout that the directory lies in.
    fn of(directory: &Path) -> Option<Self> {
        let root = directory.ancestors().find(|above| above.join(".git").exists())?;
        let git = root.join(".git");
        let git = match target_of(&git) {
            Some(target) => root.join(target),
            None => git,
        };
        // A worktree names the place that it shares with the others (`commondir`).
        let data = match files::read_to_string(&git.join("commondir")) {
            Ok(shared) => git.join(shared.trim()),
            Err(_) => git,
        };
        let data = files::canonicalize(&data).ok()?;
        let url = files::read_to_string(&data.join("config")).ok().as_deref().and_then(origin_url);
        Some(Self { root: root.to_owned(), data, url })
    }
}

/// The address of the remote `origin` in a git configuration file.
fn origin_url(config: &str) -> Option<String> {
    let mut is_origin = false;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            is_origin = line == "[remote \"origin\"]";
        } else if is_origin
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "url"
        {
            return Some(value.trim().to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_origin_is_read_and_no_other() {
        let config =
            "[core]\n\tbare = false\n[remote \"fork\"]\n\turl = a\n[remote \"origin\"]\n\turl = b=c\n";
        assert_eq!(origin_url(config).as_deref(), Some("b=c"));
        assert_eq!(origin_url("[remote \"fork\"]\nurl = a\n"), None);
    }
}
