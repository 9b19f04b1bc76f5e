//! A plan of changes: it is shown first, and then made as a whole or not at all.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::{Error, Result};
use crate::files::{self, Disk, Patch, Replacement, Snapshot, ThisDisk, patch_path};
use crate::project::ProjectRoot;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What is to become of the files of one project. Steps of a plan see what the steps before them have written: the text
/// that [`Plan::text`] gives is the planned one.
#[derive(Debug)]
pub struct Plan {
    root: ProjectRoot,
    changes: BTreeMap<PathBuf, Change>,
    notes: Vec<String>,
}

/// A file that the plan changes.
#[derive(Debug)]
struct Change {
    /// Where it really lies.
    real: PathBuf,
    before: Option<Before>,
    after: String,
    is_executable: bool,
}

/// A file as it was read.
#[derive(Debug)]
struct Before {
    snapshot: Snapshot,
    /// Its text without a byte order mark.
    text: String,
    has_mark: bool,
}

/// A file that a plan changes, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedChange {
    /// The file, relative to the project's root.
    pub path: PathBuf,
    /// Whether there is no such file yet.
    pub is_new: bool,
    /// The change as a unified patch.
    pub patch: String,
}

/// A file that a plan changes, as an editor has to see it.
#[derive(Debug, Clone, Copy)]
pub struct PlannedText<'a> {
    /// The file, relative to the project's root.
    pub path: &'a Path,
    /// Where it really lies.
    pub real: &'a Path,
    /// Its text, without a byte order mark; `None` where there is no such file yet.
    pub before: Option<&'a str>,
    /// The text that it is to have.
    pub after: &'a str,
    /// Whether it is to be executed.
    pub is_executable: bool,
}

impl Plan {
    /// A plan that changes nothing yet.
    #[must_use]
    pub fn new(root: &ProjectRoot) -> Self {
        Self { root: root.clone(), changes: BTreeMap::new(), notes: Vec::new() }
    }

    /// The project's root.
    #[must_use]
    pub fn root(&self) -> &ProjectRoot {
        &self.root
    }

    /// The text of a file as the plan leaves it; `None` where there is no such file. The path is relative to the root, and
    /// a byte order mark is left out.
    ///
    /// # Errors
    /// When the file is not a regular file, leads out of the project, is too large, is not UTF-8, or cannot be read.
    pub fn text(&self, path: &Path) -> Result<Option<String>> {
        if let Some(change) = self.changes.get(path) {
            return Ok(Some(change.after.clone()));
        }
        Ok(Before::read(&files::within(self.root.as_path(), path)?)?.map(|before| before.text))
    }

    /// Gives a file another text, or makes one with it.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn set(&mut self, path: &Path, text: String) -> Result<()> {
        let real = files::within(self.root.as_path(), path)?;
        // A directory on the way may be a link as well.
        if let Some(existing) = real.ancestors().skip(1).find(|above| above.exists()) {
            let target = files::canonicalize(existing).map_err(Error::reading(existing))?;
            if !target.starts_with(self.root.as_path()) {
                return Err(Error::LinkOutOfProject { path: existing.to_owned(), target });
            }
        }
        self.set_at(path, real, text, false)
    }

    /// The same for a file that may be executed, and that need not lie in the project: a hook of git.
    pub(super) fn set_executable(&mut self, shown: &Path, real: PathBuf, text: String) -> Result<()> {
        self.set_at(shown, real, text, true)
    }

    fn set_at(&mut self, path: &Path, real: PathBuf, text: String, is_executable: bool) -> Result<()> {
        match self.changes.get_mut(path) {
            Some(change) => change.after = text,
            None => {
                let before = Before::read(&real)?;
                self.changes.insert(path.to_owned(), Change { real, before, after: text, is_executable });
            }
        }
        // A step may take back what another did.
        self.changes.retain(|_, change| change.before.as_ref().is_none_or(|it| it.text != change.after));
        Ok(())
    }

    /// Adds what people should know about the plan.
    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// What people should know about it.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether it changes no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The files that it changes, by path.
    #[must_use]
    pub fn changes(&self) -> Vec<PlannedChange> {
        let planned = |(path, change): (&PathBuf, &Change)| PlannedChange {
            path: path.clone(),
            is_new: change.before.is_none(),
            patch: change.patch(path),
        };
        self.changes.iter().map(planned).collect()
    }

    /// The texts of the files that it changes, by path.
    pub fn texts(&self) -> impl Iterator<Item = PlannedText<'_>> {
        self.changes.iter().map(|(path, change)| PlannedText {
            path,
            real: &change.real,
            before: change.before.as_ref().map(|before| before.text.as_str()),
            after: &change.after,
            is_executable: change.is_executable,
        })
    }

    /// The same plan with only some of its changes.
    #[must_use]
    pub(super) fn part(mut self, is_part: impl Fn(&PlannedText<'_>) -> bool) -> Self {
        let kept: Vec<PathBuf> =
            self.texts().filter(|text| is_part(text)).map(|text| text.path.to_owned()).collect();
        self.changes.retain(|path, _| kept.contains(path));
        self
    }

    /// Makes all changes, then does `then`. Where a step or `then` fails, each file is what it was before.
    ///
    /// # Errors
    /// When a file has changed since the plan was made, or cannot be written; and what `then` returns.
    pub fn apply(&self, then: impl FnOnce() -> Result<()>) -> Result<()> {
        self.apply_on(&ThisDisk, then)
    }

    fn apply_on(&self, disk: &dyn Disk, then: impl FnOnce() -> Result<()>) -> Result<()> {
        let replacements: Vec<Replacement> = self.changes.values().map(Change::replacement).collect();
        files::replace_together(disk, &replacements, then)
    }
}

impl Before {
    fn read(path: &Path) -> Result<Option<Self>> {
        let snapshot = match Snapshot::take(path) {
            Ok(snapshot) => snapshot,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Read { path: path.to_owned(), source }),
        };
        let text = std::str::from_utf8(snapshot.bytes())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
            .map_err(Error::reading(path))?;
        let without = text.strip_prefix(BYTE_ORDER_MARK);
        let (text, has_mark) = (without.unwrap_or(text).to_owned(), without.is_some());
        Ok(Some(Self { snapshot, text, has_mark }))
    }
}

impl Change {
    fn patch(&self, path: &Path) -> String {
        let before = self.before.as_ref().map(|before| before.text.as_str());
        Patch { path: &patch_path(path), before, after: &self.after }.to_string()
    }

    fn replacement(&self) -> Replacement {
        let mark = if self.before.as_ref().is_some_and(|it| it.has_mark) { BYTE_ORDER_MARK } else { "" };
        Replacement {
            path: self.real.clone(),
            before: self.before.as_ref().map(|before| before.snapshot.clone()),
            after: format!("{mark}{}", self.after).into_bytes(),
            is_executable: self.is_executable,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::error::PlanError;

    fn project() -> (tempfile::TempDir, ProjectRoot) {
        let directory = tempfile::tempdir().unwrap();
        let root = ProjectRoot::exact(directory.path()).unwrap();
        (directory, root)
    }

    #[test]
    fn a_step_sees_what_the_step_before_wrote() {
        let (_directory, root) = project();
        let file = root.as_path().join("Makefile");
        fs::write(&file, "\u{feff}run:\r\n").unwrap();
        let mut plan = Plan::new(&root);
        let path = Path::new("Makefile");
        plan.set(path, format!("# one\r\n{}", plan.text(path).unwrap().unwrap())).unwrap();
        plan.set(path, format!("# two\r\n{}", plan.text(path).unwrap().unwrap())).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "\u{feff}run:\r\n");
        plan.apply(|| Ok(())).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "\u{feff}# two\r\n# one\r\nrun:\r\n");
    }

    #[test]
    fn what_is_taken_back_is_no_change() {
        let (_directory, root) = project();
        fs::write(root.as_path().join("a"), "a").unwrap();
        let mut plan = Plan::new(&root);
        plan.set(Path::new("a"), "b".to_owned()).unwrap();
        plan.set(Path::new("a"), "a".to_owned()).unwrap();
        assert!(plan.is_empty());
        assert_eq!(plan.changes(), []);
    }

    #[test]
    fn a_plan_is_refused_where_a_file_has_changed_since() {
        let (_directory, root) = project();
        fs::write(root.as_path().join("a"), "a").unwrap();
        let mut plan = Plan::new(&root);
        plan.set(Path::new("a"), "b".to_owned()).unwrap();
        plan.set(Path::new("new"), "b".to_owned()).unwrap();
        fs::write(root.as_path().join("a"), "edited").unwrap();
        assert!(matches!(plan.apply(|| Ok(())), Err(Error::Plan(PlanError::Outdated { .. }))));
        assert_eq!(fs::read_to_string(root.as_path().join("a")).unwrap(), "edited");
        assert!(!root.as_path().join("new").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_project_is_never_written_through() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("file"), "theirs").unwrap();
        let (_directory, root) = project();
        symlink(outside.path(), root.as_path().join("directory")).unwrap();
        symlink(outside.path().join("file"), root.as_path().join("file")).unwrap();
        let mut plan = Plan::new(&root);
        for path in ["file", "directory/file", "directory/new", "directory/deep/new"] {
            let refused = plan.set(Path::new(path), "ours".to_owned());
            assert!(matches!(refused, Err(Error::LinkOutOfProject { .. })), "{path}");
        }
        assert!(plan.is_empty());
        assert_eq!(fs::read_to_string(outside.path().join("file")).unwrap(), "theirs");
    }
}
