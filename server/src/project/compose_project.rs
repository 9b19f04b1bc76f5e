//! The project of Docker Compose that commands in a directory use: Compose names containers, networks and volumes after it, so
//! two copies of a repository that have one name for it share them.

use std::fs;
use std::path::{Path, PathBuf};

use super::compose::ComposeFile;
use super::marks::is_compose_file;
use crate::files;
use crate::pattern::{Pattern, regex};

/// The files that Compose looks for in a directory, in this order (docs.docker.com, "How Compose works").
pub(crate) const COMPOSE_FILES: &[&str] =
    &["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// A line of `.env` that names the project, or other files than the usual.
static OWN_SETTING: Pattern = regex!(r"(?m)^\s*(?:export\s+)?COMPOSE_(?:PROJECT_NAME|FILE)\s*=");

/// A directory with compose files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposeDirectory {
    path: PathBuf,
    files: Vec<String>,
}

/// A name in a compose file that all copies of the repository have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedName {
    /// The file, as a path below the root.
    pub file: PathBuf,
    /// What has it.
    pub kind: SharedKind,
    /// The name.
    pub name: String,
}

/// What has a name of its own in a compose file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedKind {
    /// A service's `container_name`.
    Container,
    /// A volume with `name`, or one that is `external`.
    Volume,
}

impl ComposeDirectory {
    /// The only directory with compose files among those at and above `directory` in the project, and those just below its
    /// root. `None` where there are several: one name for all would put their services into one project.
    #[must_use]
    pub fn of(root: &Path, directory: &Path) -> Option<Self> {
        let above = directory.ancestors().take_while(|above| above.starts_with(root)).map(Path::to_owned);
        let mut all: Vec<PathBuf> = above.collect();
        all.extend(fs::read_dir(root).ok()?.flatten().filter(is_listed).map(|entry| entry.path()));
        all.sort_unstable();
        all.dedup();
        let mut found = all.into_iter().filter_map(|path| Self::at(&path, root));
        found.next().filter(|_| found.next().is_none())
    }

    fn at(path: &Path, root: &Path) -> Option<Self> {
        let files = match path == root {
            // Only there is a project likely to have variants alone, such as `docker-compose.dev.yml`.
            true => {
                let names = fs::read_dir(path)
                    .ok()?
                    .flatten()
                    .filter_map(|entry| entry.file_name().into_string().ok());
                let mut names: Vec<String> = names.filter(|name| is_compose_file(name)).collect();
                names.sort_unstable();
                names
            }
            false => COMPOSE_FILES
                .iter()
                .filter(|name| path.join(name).is_file())
                .map(|&name| name.to_owned())
                .collect(),
        };
        (!files.is_empty()).then(|| Self { path: path.to_owned(), files })
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the project says itself what its name is, or which files it has: in a compose file, or in a `.env` beside it
    /// or at the root.
    #[must_use]
    pub fn is_named(&self, root: &Path) -> bool {
        let reads = |directory: &Path, name: &str| files::read_within(directory, name).ok().flatten();
        let environments =
            [self.path.as_path(), root].into_iter().filter_map(|directory| reads(directory, ".env"));
        environments.into_iter().any(|text| OWN_SETTING.is_match(&text))
            || self
                .files
                .iter()
                .filter_map(|name| reads(&self.path, name))
                .any(|text| ComposeFile::read(&text).is_named())
    }

    /// The name that Compose gives the project by itself: the directory's, in lower case, without what a name may not have.
    #[must_use]
    pub fn usual_name(&self) -> String {
        usual_name(&self.path)
    }

    /// The names in its files that are the same in every copy of the repository.
    #[must_use]
    pub fn shared_names(&self, root: &Path) -> Vec<SharedName> {
        let mut all = Vec::new();
        for name in &self.files {
            let Ok(Some(text)) = files::read_within(&self.path, name) else { continue };
            let path = self.path.join(name);
            let file = path.strip_prefix(root).unwrap_or(&path).to_owned();
            let compose = ComposeFile::read(&text);
            let containers = compose.container_names().into_iter().map(|name| (SharedKind::Container, name));
            let volumes = compose.shared_volumes().into_iter().map(|name| (SharedKind::Volume, name));
            // What is filled in may differ from copy to copy.
            let fixed = containers.chain(volumes).filter(|(_, name)| !name.contains('$'));
            all.extend(fixed.map(|(kind, name)| SharedName { file: file.clone(), kind, name }));
        }
        all
    }
}

/// Whether Compose would give a project in that directory the name.
pub(crate) fn has_usual_name(directory: &Path, name: &str) -> bool {
    usual_name(directory) == name && COMPOSE_FILES.iter().any(|file| directory.join(file).is_file())
}

fn usual_name(directory: &Path) -> String {
    let name = directory.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_kept = |character: &char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    name.chars().filter(is_kept).collect::<String>().trim_start_matches(['_', '-']).to_owned()
}

/// Whether it is a directory that people keep compose files in. A dev container has a name of its own.
fn is_listed(entry: &fs::DirEntry) -> bool {
    let name = entry.file_name();
    let is_hidden = name.to_string_lossy().starts_with('.') || name == "node_modules";
    !is_hidden && entry.file_type().is_ok_and(|kind| kind.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        directory
    }

    fn found(files: &[(&str, &str)], directory: &str) -> Option<String> {
        let project = project(files);
        let found = ComposeDirectory::of(project.path(), &project.path().join(directory))?;
        Some(found.path().strip_prefix(project.path()).unwrap().to_str().unwrap().to_owned())
    }

    #[test]
    fn the_only_directory_with_compose_files_is_found() {
        assert_eq!(found(&[("compose.yaml", "")], ""), Some(String::new()));
        assert_eq!(found(&[("docker-compose.dev.yml", "")], "src/deep"), Some(String::new()));
        assert_eq!(found(&[("deploy/docker-compose.yml", "")], ""), Some("deploy".to_owned()));
        assert_eq!(found(&[("a/b/compose.yml", "")], "a/b"), Some("a/b".to_owned()));
        assert_eq!(found(&[("compose.yml", ""), (".devcontainer/compose.yml", "")], ""), Some(String::new()));
        assert_eq!(found(&[("compose.yml", ""), ("e2e/compose.yml", "")], ""), None);
        assert_eq!(found(&[("README.md", "")], ""), None);
    }

    #[test]
    fn a_project_can_name_itself() {
        let is_named = |files: &[(&str, &str)]| {
            let project = project(files);
            ComposeDirectory::of(project.path(), project.path()).unwrap().is_named(project.path())
        };
        assert!(!is_named(&[("compose.yaml", "services: {db: {image: postgres}}\n"), (".env", "A=1\n")]));
        assert!(is_named(&[("compose.yaml", "name: shop\nservices: {}\n")]));
        assert!(is_named(&[
            ("compose.yaml", "services: {}\n"),
            ("compose.override.yaml", "name: \"shop\"\n")
        ]));
        assert!(is_named(&[("compose.yaml", ""), (".env", "A=1\nCOMPOSE_PROJECT_NAME=shop\n")]));
        assert!(is_named(&[("deploy/compose.yaml", ""), (".env", "export COMPOSE_FILE=a.yaml\n")]));
        assert!(!is_named(&[
            ("compose.yaml", "services:\n  web:\n    name: x\n"),
            (".env", "#COMPOSE_FILE=a\n")
        ]));
    }

    #[test]
    fn the_usual_name_is_that_of_the_directory() {
        for (name, expected) in [("Shop", "shop"), ("my.shop_2", "myshop_2"), ("--x", "x"), ("漢字", "")] {
            assert_eq!(usual_name(&Path::new("/home/dev").join(name)), expected);
        }
    }

    #[test]
    fn names_that_copies_share_are_found() {
        let text = "services:\n  db:\n    container_name: shop-db\n  api:\n    container_name: ${NAME}-api\n\
                    volumes:\n  data:\n  pinned:\n    name: shop-data\n  theirs:\n    external: true\n  \
                    also: {external: true, name: other}\n  not: {external: false}\n";
        let project = project(&[("compose.yaml", text)]);
        let shared =
            ComposeDirectory::of(project.path(), project.path()).unwrap().shared_names(project.path());
        let names: Vec<(SharedKind, &str)> =
            shared.iter().map(|name| (name.kind, name.name.as_str())).collect();
        let volume = SharedKind::Volume;
        let expected = [
            (SharedKind::Container, "shop-db"),
            (volume, "shop-data"),
            (volume, "theirs"),
            (volume, "other"),
        ];
        assert_eq!(names, expected);
    }
}
