//! The files of a tree that are worth reading: what `check` and `init` look at.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::error::{Error, Unreadable};
use crate::project::{UnreadableLists, is_directory_below, is_foreign, is_nested_worktree};

/// The names of the files that are looked at though git ignores them, as it should: what they say is obeyed here.
pub(super) const IGNORED_BUT_OBEYED: &[&str] = &[".ports.env", ".env", ".env.local"];

fn is_obeyed(name: &OsStr) -> bool {
    IGNORED_BUT_OBEYED.iter().any(|obeyed| name == *obeyed)
}

/// What a walk comes upon.
#[derive(Debug)]
pub(super) enum Found {
    /// A file.
    File {
        /// Its path: the argument as it was given, joined with the rest; without `./` where no
        /// argument was given.
        path: PathBuf,
        /// Whether it was named itself, and must not be passed over.
        is_named: bool,
    },
    /// A socket, a FIFO or a device, which is not read.
    Special {
        /// Its path, as a file's.
        path: PathBuf,
        /// What it is.
        kind: Unreadable,
        /// Whether it was named itself.
        is_named: bool,
    },
    /// A directory.
    Directory(PathBuf),
    /// Something that could not be looked at. The walk goes on.
    Failure(Error),
}

/// Visits every file at or below the paths, or below the current directory where there are none, on
/// all processors, in no particular order. `.gitignore` and its like are respected; hidden files are
/// visited; directories that hold what others wrote or what was built, and worktrees that lie in another
/// checkout, are not, unless named. Each thread has a state of its own.
pub(super) fn walk<State>(
    paths: &[PathBuf],
    state: impl Fn() -> State + Sync,
    visit: impl Fn(&mut State, Found) + Sync,
) where
    State: Send,
{
    let is_everything_named = !paths.is_empty();
    let mut builder = WalkBuilder::new(paths.first().map_or(Path::new("./"), PathBuf::as_path));
    for path in paths.iter().skip(1) {
        builder.add(path);
    }
    let roots = paths.iter().map(PathBuf::as_path);
    let roots = roots.chain((!is_everything_named).then_some(Path::new("./")));
    let lists = leave_out(&mut builder, roots, |_| true);
    let shown = |path: &Path| {
        if is_everything_named { path } else { path.strip_prefix("./").unwrap_or(path) }.to_owned()
    };
    builder.build_parallel().run(|| {
        let mut state = state();
        let (visit, shown) = (&visit, &shown);
        Box::new(move |entry| {
            match entry {
                Ok(entry) => found(&entry, shown, |found| visit(&mut state, found)),
                Err(error) => visit(&mut state, Found::Failure(Error::from_walk(error))),
            }
            WalkState::Continue
        })
    });
    let mut state = state();
    for error in lists.take() {
        let error = match error {
            Error::Read { path, source } => Error::Read { path: shown(&path), source },
            other => other,
        };
        visit(&mut state, Found::Failure(error));
    }
}

/// Has a walk from these roots pass over what `check` does not look at, and directories that are not `wanted`. Returns the
/// lists of what to leave out that cannot be read, as far as the walk has come.
fn leave_out<'a>(
    builder: &mut WalkBuilder,
    roots: impl IntoIterator<Item = &'a Path>,
    is_wanted: impl Fn(&Path) -> bool + Send + Sync + 'static,
) -> UnreadableLists {
    let lists = UnreadableLists::default();
    lists.look_above(builder, roots);
    let seen = lists.clone();
    builder.hidden(false).filter_entry(move |entry| {
        !is_directory_below(entry)
            || (is_wanted(entry.path())
                && !is_foreign(entry.file_name())
                && !is_nested_worktree(entry.path())
                && seen.are_readable_in(entry.path()))
    });
    lists
}

/// What a walk visits of one directory.
pub(super) struct Visited {
    /// Whether the walk comes into the directory at all.
    pub(super) is_reached: bool,
    /// The names of the files in it that it visits.
    pub(super) files: HashSet<OsString>,
}

/// What a [`walk`] from `base` visits in one directory at or below it. Only the directories on the way are listed.
pub(super) fn visited_in(base: &Path, directory: &Path) -> Visited {
    let depth = directory.strip_prefix(base).map_or(0, |below| below.iter().count());
    let mut builder = WalkBuilder::new(base);
    let way = directory.to_owned();
    leave_out(&mut builder, [base], move |entry| way.starts_with(entry));
    let mut visited = Visited { is_reached: false, files: HashSet::new() };
    for entry in builder.max_depth(Some(depth + 1)).build().flatten() {
        found(&entry, &Path::to_owned, |found| match found {
            Found::Directory(path) => visited.is_reached |= path == directory,
            Found::File { path, .. } if path.parent() == Some(directory) => {
                visited.files.extend(path.file_name().map(OsStr::to_owned));
            }
            _ => {}
        });
    }
    visited
}

/// What an entry of the walk is, each thing by its path as it is shown.
fn found(entry: &DirEntry, shown: &impl Fn(&Path) -> PathBuf, mut visit: impl FnMut(Found)) {
    let Some(kind) = entry.file_type() else { return };
    let (path, is_named) = (shown(entry.path()), entry.depth() == 0);
    // A link is followed where it was named.
    if kind.is_symlink() && !is_named {
        return;
    }
    if kind.is_dir() || (kind.is_symlink() && entry.path().is_dir()) {
        visit(Found::Directory(path));
        for name in IGNORED_BUT_OBEYED {
            let file = entry.path().join(name);
            if file.symlink_metadata().is_ok_and(|found| found.is_file()) {
                visit(Found::File { path: shown(&file), is_named: false });
            }
        }
        return;
    }
    match Unreadable::of(kind).filter(|_| !kind.is_symlink()) {
        Some(kind) => visit(Found::Special { path, kind, is_named }),
        None if is_named || !is_obeyed(entry.file_name()) => visit(Found::File { path, is_named }),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Mutex;

    use super::*;

    fn visited(paths: &[PathBuf], root: &Path) -> Vec<String> {
        let found = Mutex::new(Vec::new());
        walk(
            paths,
            || (),
            |(), found_now| {
                let text = match found_now {
                    Found::File { path, .. } => path.strip_prefix(root).unwrap().display().to_string(),
                    Found::Special { path, kind, .. } => format!("{}: {kind}", path.display()),
                    Found::Directory(_) => return,
                    Found::Failure(error) => error.to_string(),
                };
                found.lock().unwrap().push(text);
            },
        );
        let mut found = found.into_inner().unwrap();
        found.sort();
        found
    }

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        directory
    }

    #[test]
    fn hidden_files_are_visited_and_ignored_and_foreign_ones_are_not() {
        let tree = tree(&[
            (".git/config", ""),
            (".gitignore", "*.log\n.ports.env\n.env*\n"),
            (".env", ""),
            (".env.local", ""),
            (".env.test", ""),
            (".ports.env", ""),
            (".github/workflows/ci.yml", ""),
            ("a.log", ""),
            ("src/main.js", ""),
            ("node_modules/x/index.js", ""),
            ("sub/target/debug/x.js", ""),
            ("sub/.ports.env", ""),
        ]);
        let root = tree.path();
        let everything = [
            ".env",
            ".env.local",
            ".github/workflows/ci.yml",
            ".gitignore",
            ".ports.env",
            "src/main.js",
            "sub/.ports.env",
        ];
        assert_eq!(visited(&[root.to_owned()], root), everything);
    }

    #[test]
    fn a_worktree_within_a_checkout_is_passed_over_unless_named() {
        let linked = "gitdir: /elsewhere/shop/.git/worktrees/fix\n";
        let tree = tree(&[
            ("shop/.git/config", ""),
            ("shop/a.js", ""),
            ("shop/.claude/worktrees/fix/.git", linked),
            ("shop/.claude/worktrees/fix/a.js", ""),
            ("shop/library/.git", "gitdir: ../.git/modules/library\n"),
            ("shop/library/b.js", ""),
            ("shop-fix/.git", linked),
            ("shop-fix/a.js", ""),
        ]);
        let root = tree.path();
        let is_code = |path: &String| path.ends_with(".js");
        let found = |path: PathBuf| visited(&[path], root).into_iter().filter(is_code).collect::<Vec<_>>();
        assert_eq!(found(root.to_owned()), ["shop-fix/a.js", "shop/a.js", "shop/library/b.js"]);
        let nested = "shop/.claude/worktrees/fix";
        assert_eq!(found(root.join(nested)), [format!("{nested}/a.js")]);
    }

    #[test]
    fn what_is_named_is_visited_whatever_it_is() {
        let tree = tree(&[
            (".git/config", ""),
            (".gitignore", "*.js\n"),
            ("node_modules/x/index.py", ""),
            ("a.js", ""),
        ]);
        let root = tree.path();
        assert_eq!(visited(&[root.join("a.js")], root), ["a.js"]);
        assert_eq!(visited(&[root.join("node_modules")], root), ["node_modules/x/index.py"]);
    }
}
