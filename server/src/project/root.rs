//! Which directory is the root of the project that a file belongs to: one rule for all faces.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::git::Checkout;
use super::marks::Marks;
use crate::analysis::Aside;
use crate::error::{Error, Result};
use crate::{files, ports_env};

/// The canonical path of a project's root directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ProjectRoot(PathBuf);

/// Why a directory is the root of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It has a `.ports.env`.
    PortsEnv,
    /// It is the root of a git repository.
    Repository,
    /// It is a program below a directory of examples, templates or tests.
    Sample,
    /// It is a program in a repository whose root holds none.
    Component,
    /// It is a program outside of any repository.
    Program,
    /// Nothing marks a project there.
    Nothing,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PortsEnv => "it has a .ports.env",
            Self::Repository => "it is the root of the git repository",
            Self::Sample => "it is a program of its own among examples or tests",
            Self::Component => "it has a manifest, and nothing above it in the git repository has one",
            Self::Program => "it has a manifest or a compose file",
            Self::Nothing => "nothing marks a project",
        })
    }
}

/// Directories of the system that are too large to be a project.
const SYSTEM_DIRECTORIES: [&str; 20] = [
    "/Applications",
    "/Library",
    "/System",
    "/Users",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/usr",
    "/var",
];

impl ProjectRoot {
    /// The project that a file belongs to, whether the file exists or not: that of its directory.
    #[must_use]
    pub fn of_file(path: &Path, folder: Option<&Path>) -> Self {
        let path = canonical(path);
        Self::find(path.parent().unwrap_or(&path), folder).0
    }

    /// The project that a directory belongs to.
    #[must_use]
    pub fn of_directory(directory: &Path, folder: Option<&Path>) -> Self {
        Self::find(directory, folder).0
    }

    /// The project that a directory belongs to, and why. `folder` is the directory that somebody has
    /// opened or asked about.
    ///
    /// 1. The nearest directory with a `.ports.env`, at most the root of the git repository.
    /// 2. In a repository, its root; but a program below a directory of examples or tests is a project of its
    ///    own, and so is a program in a repository whose root, and everything between, holds none.
    /// 3. Outside of a repository, the folder if it holds a program; else the nearest directory in it that does;
    ///    else the folder, or the directory itself.
    ///
    /// A directory that is [too large](Self::is_too_large) is not found by this.
    #[must_use]
    pub fn find(directory: &Path, folder: Option<&Path>) -> (Self, Reason) {
        Self::find_by(directory, folder, &mut Marks::of)
    }

    /// The same by what is known of directories already.
    fn find_by(
        directory: &Path,
        folder: Option<&Path>,
        marks: &mut dyn FnMut(&Path) -> Marks,
    ) -> (Self, Reason) {
        let directory = canonical(directory);
        let folder = folder.map(canonical).filter(|folder| directory.starts_with(folder));
        let home = home();
        let above = reach(&directory, home.as_deref());
        let repository = repository(&above);
        let within = &above[..repository.map_or(above.len(), |last| last + 1)];
        let has_ports_env = |above: &&&Path| above.join(ports_env::FILE_NAME).exists();
        if let Some(root) = within.iter().find(has_ports_env) {
            return (Self((*root).to_owned()), Reason::PortsEnv);
        }
        let (root, reason) = match (repository, within) {
            (Some(_), within) => in_repository(within, marks),
            (None, within) => outside(within, &directory, folder.as_deref(), marks),
        };
        (Self(root.to_owned()), reason)
    }

    /// The directory and those above it that may be the root of its project: what they hold decides which of them is. What
    /// lies above a repository decides nothing.
    #[must_use]
    pub fn candidates(directory: &Path) -> Vec<PathBuf> {
        let directory = canonical(directory);
        let above = reach(&directory, home().as_deref());
        // A repository may be made around a submodule that has none.
        let is_last = |index: &usize| !matches!(Checkout::of(above[*index]), Some(Checkout::Submodule));
        let within = repository(&above).filter(is_last).map_or(above.len(), |last| last + 1);
        above[..within].iter().map(|above| (*above).to_owned()).collect()
    }

    /// The directory as a project of its own, whatever lies above it.
    ///
    /// # Errors
    /// When there is no such directory.
    pub fn exact(directory: &Path) -> Result<Self> {
        let root = files::canonicalize(directory).map_err(Error::reading(directory))?;
        if root.is_dir() { Ok(Self(root)) } else { Err(Error::NotADirectory { path: root }) }
    }

    /// Whether something in the directory says that it is a project, so that reading all of it is what somebody wants.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        let has = |name: &str| self.0.join(name).exists();
        !self.is_too_large() && (has(ports_env::FILE_NAME) || has(".git") || holds_program(&self.0))
    }

    /// The directory.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// The name that people see: the directory's.
    #[must_use]
    pub fn name(&self) -> String {
        let name = self.0.file_name().unwrap_or(self.0.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// What the project is called in the registry: its path.
    ///
    /// # Errors
    /// When the path is not Unicode: two such projects could not be told apart there.
    pub fn key(&self) -> Result<&str> {
        self.0.to_str().ok_or_else(|| Error::PathNotUnicode { path: self.0.clone() })
    }

    /// The root of the git repository that the project lies in; the project's own root outside of one.
    #[must_use]
    pub fn repository(&self) -> &Path {
        let above = reach(&self.0, home().as_deref());
        repository(&above).map_or(self.as_path(), |root| above[root])
    }

    /// The nearest directory at or above the root, and in the same repository, that holds the file; the
    /// root where none does.
    #[must_use]
    pub fn nearest_with(&self, file_name: &str) -> &Path {
        let repository = self.repository();
        let within = self.0.ancestors().take_while(|above| above.starts_with(repository));
        { within }.find(|above| above.join(file_name).exists()).unwrap_or(&self.0)
    }

    /// Whether the directory is too large to be a project: the root of the file system, the user's home
    /// or a directory above it, a directory of the system, or one that all users share, such as `/tmp`.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        is_too_large(&self.0, home().as_deref())
    }
}

/// Finds the projects of many directories, and looks at what each holds once.
#[derive(Debug, Default)]
pub struct RootFinder {
    marks: HashMap<PathBuf, Marks>,
}

impl RootFinder {
    /// The same as [`ProjectRoot::of_directory`].
    pub fn of_directory(&mut self, directory: &Path, folder: Option<&Path>) -> ProjectRoot {
        let mut marks = |directory: &Path| match self.marks.get(directory) {
            Some(marks) => *marks,
            None => *self.marks.entry(directory.to_owned()).or_insert(Marks::of(directory)),
        };
        ProjectRoot::find_by(directory, folder, &mut marks).0
    }
}

impl AsRef<Path> for ProjectRoot {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

/// The directory and those above it that may be the root of a project.
fn reach<'a>(directory: &'a Path, home: Option<&Path>) -> Vec<&'a Path> {
    directory.ancestors().take_while(|above| !is_too_large(above, home)).collect()
}

/// Which of the directories, each of which holds the one before it, is the root of the repository.
fn repository(above: &[&Path]) -> Option<usize> {
    let mut submodule = None;
    for (index, directory) in above.iter().enumerate() {
        match Checkout::of(directory) {
            Some(Checkout::Repository | Checkout::Worktree) => return Some(index),
            // Without a repository around it, it is one itself.
            Some(Checkout::Submodule) => submodule = Some(index),
            None => {}
        }
    }
    submodule
}

/// The project of a directory in a repository, whose root is the last of those above the directory.
fn in_repository<'a>(above: &[&'a Path], marks: &mut dyn FnMut(&Path) -> Marks) -> (&'a Path, Reason) {
    let last = above.len() - 1;
    let is_aside = |directory: &Path| directory.file_name().and_then(Aside::of_name).is_some();
    // The name of the repository's own directory says nothing: anybody may clone it as `test`.
    for holder in (1..last).filter(|index| is_aside(above[*index])) {
        let sample = above[..holder].iter().rev().find(|directory| marks(directory).is_program());
        if let Some(sample) = sample {
            return (sample, Reason::Sample);
        }
    }
    let root = above[last];
    if marks(root).is_start() {
        return (root, Reason::Repository);
    }
    let below: Vec<Marks> = above[..last].iter().map(|directory| marks(directory)).collect();
    match below.iter().rposition(|marks| marks.manifest) {
        Some(component) if below[component + 1..].iter().all(|marks| !marks.is_start()) => {
            (above[component], Reason::Component)
        }
        _ => (root, Reason::Repository),
    }
}

/// The project of a directory outside of any repository.
fn outside<'a>(
    above: &[&'a Path],
    directory: &'a Path,
    folder: Option<&'a Path>,
    marks: &mut dyn FnMut(&Path) -> Marks,
) -> (&'a Path, Reason) {
    if let Some(folder) = folder.filter(|folder| above.contains(folder) && marks(folder).is_program()) {
        return (folder, Reason::Program);
    }
    let is_in_folder = |above: &&&Path| folder.is_none_or(|folder| above.starts_with(folder));
    match above.iter().take_while(is_in_folder).find(|above| marks(above).is_program()) {
        Some(program) => (program, Reason::Program),
        None => (folder.unwrap_or(directory), Reason::Nothing),
    }
}

/// Whether the directory holds a program of its own: it has a manifest or a compose file.
#[must_use]
pub fn holds_program(directory: &Path) -> bool {
    Marks::of(directory).is_program()
}

/// Whether the directory, which lies in a project, is the root of another.
#[must_use]
pub fn is_root(directory: &Path) -> bool {
    directory.join(ports_env::FILE_NAME).exists()
        || matches!(Checkout::of(directory), Some(Checkout::Repository | Checkout::Worktree))
}

/// Whether the directory, which lies in the project with that root, is a program of its own among its
/// examples or tests.
#[must_use]
pub fn is_sample(root: &Path, directory: &Path) -> bool {
    let Some(holders) = directory.parent().and_then(|parent| parent.strip_prefix(root).ok()) else {
        return false;
    };
    holders.iter().any(|name| Aside::of_name(name).is_some()) && holds_program(directory)
}

/// The user's home.
fn home() -> Option<PathBuf> {
    directories::BaseDirs::new().map(|directories| canonical(directories.home_dir()))
}

fn is_too_large(directory: &Path, home: Option<&Path>) -> bool {
    directory.parent().is_none()
        || home.is_some_and(|home| home.starts_with(directory))
        || SYSTEM_DIRECTORIES.iter().any(|system| directory == Path::new(system))
        || is_shared(directory)
}

/// Whether all users of the machine may put files there, and only their owners may remove them.
#[cfg(unix)]
fn is_shared(directory: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    const STICKY_AND_WRITABLE_BY_ALL: u32 = 0o1002;
    let mode = directory.metadata().map_or(0, |metadata| metadata.permissions().mode());
    mode & STICKY_AND_WRITABLE_BY_ALL == STICKY_AND_WRITABLE_BY_ALL
}

#[cfg(not(unix))]
fn is_shared(_directory: &Path) -> bool {
    false
}

/// The canonical path; of a path that does not exist, what exists of it made canonical.
#[must_use]
pub fn canonical(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for above in absolute.ancestors() {
        if let Ok(real) = files::canonicalize(above)
            && let Ok(rest) = absolute.strip_prefix(above)
        {
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    absolute
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::files::sample::tree;

    #[test]
    fn the_nearest_ports_env_makes_the_project_and_else_the_nearest_repository() {
        let (_directory, top) = tree(&[
            ("mono/.git/HEAD", ""),
            ("mono/web/.ports.env", ""),
            ("mono/web/src/app.js", ""),
            ("mono/api/main.py", ""),
        ]);
        let root = |path: &str| ProjectRoot::of_file(&top.join(path), Some(&top)).as_path().to_owned();
        assert_eq!(root("mono/web/src/app.js"), top.join("mono/web"));
        assert_eq!(root("mono/web/not/there/yet.js"), top.join("mono/web"));
        assert_eq!(root("mono/api/main.py"), top.join("mono"));
        assert_eq!(ProjectRoot::of_directory(&top.join("mono/web"), None).as_path(), top.join("mono/web"));
        assert_eq!(ProjectRoot::exact(&top.join("mono/api")).unwrap().as_path(), top.join("mono/api"));
    }

    #[test]
    fn without_either_the_fallback_is_the_project_as_long_as_the_file_lies_in_it() {
        let (_directory, top) = tree(&[("folder/src/app.js", ""), ("elsewhere/app.js", "")]);
        let folder = top.join("folder");
        let root =
            |path: &str, fallback| ProjectRoot::of_file(&top.join(path), fallback).as_path().to_owned();
        assert_eq!(root("folder/src/app.js", Some(folder.as_path())), folder);
        assert_eq!(root("folder/src/app.js", None), top.join("folder/src"));
        assert_eq!(root("elsewhere/app.js", Some(folder.as_path())), top.join("elsewhere"));
    }

    #[test]
    fn a_worktree_inside_of_the_main_one_is_a_project_of_its_own_and_a_submodule_is_not() {
        let (_directory, top) = tree(&[
            ("shop/.ports.env", ""),
            ("shop/.git/HEAD", ""),
            ("shop/.worktrees/fix/.git", "gitdir: /home/dev/shop/.git/worktrees/fix\n"),
            ("shop/.worktrees/fix/src/app.js", ""),
            ("shop/lib/theme/.git", "gitdir: ../../.git/modules/theme\n"),
            ("shop/lib/theme/index.js", ""),
        ]);
        let root = |path: &str| ProjectRoot::of_file(&top.join(path), None).as_path().to_owned();
        assert_eq!(root("shop/.worktrees/fix/src/app.js"), top.join("shop/.worktrees/fix"));
        assert_eq!(root("shop/lib/theme/index.js"), top.join("shop"));
    }

    /// The root of the project of each directory, and why.
    fn check(files: &[&str], cases: &[(&str, &str, Reason)]) {
        let files: Vec<(&str, &str)> = files.iter().map(|file| (*file, "")).collect();
        let (_directory, top) = tree(&files);
        for (directory, root, reason) in cases {
            let found = ProjectRoot::find(&top.join(directory), None);
            assert_eq!(found, (ProjectRoot(top.join(root)), *reason), "{directory}");
        }
    }

    #[test]
    fn a_ports_env_above_a_repository_does_not_reach_into_it() {
        let files = [".ports.env", "code/shop/.git/HEAD", "code/shop/web/a.js", "notes/a.txt"];
        let cases = [("code/shop/web", "code/shop", Reason::Repository), ("notes", "", Reason::PortsEnv)];
        check(&files, &cases);
    }

    #[test]
    fn an_example_is_a_project_of_its_own_with_all_that_lies_in_it() {
        let files = [
            "repo/.git/HEAD",
            "repo/Cargo.toml",
            "repo/examples/README.md",
            "repo/examples/shop/compose.yaml",
            "repo/examples/shop/worker/go.mod",
            "repo/examples/shop/tests/e2e/package.json",
            "repo/examples/shop/tests/unit/a.js",
            "repo/examples/scripts/a.sh",
            "repo/crates/web/Cargo.toml",
            "repo/server/templates/react/package.json",
        ];
        let cases = [
            ("repo/examples/shop", "repo/examples/shop", Reason::Sample),
            ("repo/examples/shop/worker", "repo/examples/shop", Reason::Sample),
            ("repo/examples/shop/tests/unit", "repo/examples/shop", Reason::Sample),
            ("repo/examples/shop/tests/e2e", "repo/examples/shop/tests/e2e", Reason::Sample),
            ("repo/examples", "repo", Reason::Repository),
            ("repo/examples/scripts", "repo", Reason::Repository),
            ("repo/crates/web", "repo", Reason::Repository),
            ("repo/server/templates/react", "repo/server/templates/react", Reason::Sample),
        ];
        check(&files, &cases);
    }

    #[test]
    fn in_a_repository_whose_root_holds_no_program_each_program_is_a_project() {
        let files = [
            "bag/.git/HEAD",
            "bag/README.md",
            "bag/shop/package.json",
            "bag/shop/packages/ui/package.json",
            "bag/notes/a.txt",
            "bag/services/Makefile",
            "bag/services/api/go.mod",
            "started/.git/HEAD",
            "started/Procfile",
            "started/web/package.json",
        ];
        let cases = [
            ("bag", "bag", Reason::Repository),
            ("bag/notes", "bag", Reason::Repository),
            ("bag/shop", "bag/shop", Reason::Component),
            ("bag/shop/packages/ui", "bag/shop", Reason::Component),
            ("bag/services/api", "bag", Reason::Repository),
            ("started/web", "started", Reason::Repository),
        ];
        check(&files, &cases);
    }

    #[test]
    fn the_name_of_the_repository_itself_says_nothing() {
        let files = ["examples/.git/HEAD", "examples/package.json", "examples/web/package.json"];
        check(&files, &[("examples/web", "examples", Reason::Repository)]);
    }

    #[test]
    fn outside_of_a_repository_the_nearest_program_is_the_project() {
        let files = ["shop/package.json", "shop/src/a.js", "shop/worker/go.mod", "notes/a.txt"];
        let cases = [
            ("shop/src", "shop", Reason::Program),
            ("shop/worker", "shop/worker", Reason::Program),
            ("notes", "notes", Reason::Nothing),
        ];
        check(&files, &cases);
        // Who opens the folder means all of it.
        let (_directory, top) = tree(&[("shop/package.json", ""), ("shop/worker/go.mod", "")]);
        let found = |folder: &Path| ProjectRoot::of_directory(&top.join("shop/worker"), Some(folder));
        assert_eq!(found(&top.join("shop")).as_path(), top.join("shop"));
        assert_eq!(found(&top).as_path(), top.join("shop/worker"));
    }

    #[test]
    fn a_clone_in_a_repository_is_a_project_and_a_submodule_is_a_part() {
        let (_directory, top) = tree(&[
            ("shop/.git/HEAD", ""),
            ("shop/vendor/clone/.git/HEAD", ""),
            ("shop/vendor/clone/src/a.js", ""),
            ("shop/lib/theme/.git", "gitdir: ../../.git/modules/lib/theme\n"),
            ("shop/lib/theme/src/a.js", ""),
            ("elsewhere/.git", "gitdir: /data/elsewhere.git\n"),
            ("elsewhere/src/a.js", ""),
            ("lost/.git", "gitdir: ../.git/modules/lost\n"),
            ("lost/src/a.js", ""),
        ]);
        let root = |path: &str| ProjectRoot::of_directory(&top.join(path), None);
        assert_eq!(root("shop/vendor/clone/src").as_path(), top.join("shop/vendor/clone"));
        assert_eq!(root("shop/lib/theme/src").as_path(), top.join("shop"));
        assert_eq!(root("elsewhere/src").as_path(), top.join("elsewhere"));
        assert_eq!(root("lost/src").as_path(), top.join("lost"), "there is no repository around it");
    }

    #[test]
    fn settings_are_the_nearest_within_the_repository() {
        let (_directory, top) = tree(&[
            ("port-manager.toml", ""),
            ("repo/.git/HEAD", ""),
            ("repo/port-manager.toml", ""),
            ("repo/examples/shop/package.json", ""),
            ("other/.git/HEAD", ""),
        ]);
        let nearest = |path: &str| {
            let root = ProjectRoot::of_directory(&top.join(path), None);
            root.nearest_with("port-manager.toml").to_owned()
        };
        assert_eq!(nearest("repo/examples/shop"), top.join("repo"));
        assert_eq!(nearest("other"), top.join("other"));
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_that_all_users_share_marks_no_project() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_directory, top) = tree(&[("shared/.ports.env", ""), ("shared/mine/a.js", "")]);
        fs::set_permissions(top.join("shared"), fs::Permissions::from_mode(0o1777)).unwrap();
        assert_eq!(
            ProjectRoot::of_directory(&top.join("shared/mine"), None).as_path(),
            top.join("shared/mine")
        );
        assert!(ProjectRoot::exact(&top.join("shared")).unwrap().is_too_large());
    }

    #[cfg(unix)]
    #[test]
    fn a_project_reached_by_a_link_is_the_project_that_is_linked() {
        let (_directory, top) = tree(&[("real/.ports.env", ""), ("real/src/app.js", "")]);
        std::os::unix::fs::symlink(top.join("real"), top.join("link")).unwrap();
        assert_eq!(ProjectRoot::of_file(&top.join("link/src/new.js"), None).as_path(), top.join("real"));
        assert_eq!(ProjectRoot::exact(&top.join("link")).unwrap().name(), "real");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_path_that_is_no_unicode_has_no_key() {
        use std::os::unix::ffi::OsStrExt as _;
        let (_directory, top) = tree(&[]);
        let path = top.join(std::ffi::OsStr::from_bytes(b"sh\xffp"));
        fs::create_dir(&path).unwrap();
        let root = ProjectRoot::exact(&path).unwrap();
        assert!(matches!(root.key(), Err(Error::PathNotUnicode { .. })));
        assert_eq!(root.name(), "sh\u{fffd}p");
    }

    #[test]
    fn a_file_or_nothing_is_no_project() {
        let (_directory, top) = tree(&[("file", "")]);
        assert!(matches!(ProjectRoot::exact(&top.join("file")), Err(Error::NotADirectory { .. })));
        assert!(matches!(ProjectRoot::exact(&top.join("nothing")), Err(Error::Read { .. })));
    }
}
