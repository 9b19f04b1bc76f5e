//! The files of a tree that are worth reading: what `check` and `init` look at.

use std::path::{Path, PathBuf};

use ignore::{WalkBuilder, WalkState};

use crate::project::is_foreign;

/// The name of the file that is looked at though git ignores it, as it should.
const PORTS_ENV: &str = ".ports.env";

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
    /// Something that could not be looked at. The walk goes on.
    Failure(ignore::Error),
}

/// Visits every file at or below the paths, or below the current directory where there are none, on
/// all processors, in no particular order. `.gitignore` and its like are respected; hidden files are
/// visited; directories that hold what others wrote or what was built are not, unless named. Each
/// thread has a state of its own.
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
    builder.hidden(false);
    builder.filter_entry(|entry| {
        entry.depth() == 0
            || !entry.file_type().is_some_and(|kind| kind.is_dir())
            || !is_foreign(entry.file_name())
    });
    builder.build_parallel().run(|| {
        let mut state = state();
        let visit = &visit;
        Box::new(move |entry| {
            let shown = |path: &Path| {
                if is_everything_named { path } else { path.strip_prefix("./").unwrap_or(path) }.to_owned()
            };
            match entry {
                Err(error) => visit(&mut state, Found::Failure(error)),
                Ok(entry) => {
                    let is_named = entry.depth() == 0;
                    let is_directory = match entry.file_type() {
                        // A link is followed where it was named.
                        Some(kind) if kind.is_symlink() && is_named => entry.path().is_dir(),
                        Some(kind) if kind.is_symlink() => return WalkState::Continue,
                        Some(kind) => kind.is_dir(),
                        None => return WalkState::Continue,
                    };
                    if is_directory {
                        let ports_env = entry.path().join(PORTS_ENV);
                        if ports_env.is_file() {
                            visit(&mut state, Found::File { path: shown(&ports_env), is_named: false });
                        }
                    } else if is_named || entry.file_name() != PORTS_ENV {
                        visit(&mut state, Found::File { path: shown(entry.path()), is_named });
                    }
                }
            }
            WalkState::Continue
        })
    });
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
            (".gitignore", "*.log\n.ports.env\n"),
            (".env", ""),
            (".ports.env", ""),
            (".github/workflows/ci.yml", ""),
            ("a.log", ""),
            ("src/main.js", ""),
            ("node_modules/x/index.js", ""),
            ("sub/target/debug/x.js", ""),
            ("sub/.ports.env", ""),
        ]);
        let root = tree.path();
        let everything =
            [".env", ".github/workflows/ci.yml", ".gitignore", ".ports.env", "src/main.js", "sub/.ports.env"];
        assert_eq!(visited(&[root.to_owned()], root), everything);
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
