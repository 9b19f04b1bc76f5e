//! Gives a variable of a project another name, wherever the project names it: in code, in `.ports.env`, `.ports.env.example`
//! and `port-manager.toml`, and in the registry. Its number stays.

mod file;
mod follow;
mod names;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

pub use file::RenamedFile;
pub use follow::{FollowedRename, follow_renames, renamed_lines};
use names::ensure_new_name;
pub use names::ensure_renamable;

use super::Context;
use super::check::NewerText;
use super::plan::{Plan, PlannedChange};
use super::port_map::port_map;
use super::walk::IGNORED_BUT_OBEYED;
use crate::error::{AssignmentError, Error, PlanError, Result};
use crate::files::{LARGEST, RegularFile};
use crate::fixes::apply;
use crate::port::Port;
use crate::project::{self, MOST_ENTRIES, ProjectRoot};
use crate::registry::Store;
use crate::rules::{Facts, SETTINGS_FILE_NAME};
use crate::variable::Variable;

/// What renaming a variable comes to, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RenamedVariables {
    /// Whether this only says what would be done.
    pub dry_run: bool,
    /// The project's name.
    pub project: String,
    /// Its root directory.
    pub root: PathBuf,
    /// The variable's name before.
    pub from: Variable,
    /// Its name from now on.
    pub to: Variable,
    /// Its number on this machine; null where it has none.
    pub port: Option<Port>,
    /// How many places are changed.
    pub places: usize,
    /// The files that are changed, by path.
    pub changes: Vec<PlannedChange>,
    /// The places that keep the old name.
    pub left: Vec<NamedPlace>,
}

/// A line that names a variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NamedPlace {
    /// The file, relative to the project's root.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

/// Where a variable gets its other name.
#[derive(Debug, Default)]
pub struct Renaming {
    /// The files with their edits, by path.
    pub files: Vec<RenamedFile>,
    /// The lines that keep the old name: documentation, and names of which nobody can say whose they are.
    pub left: Vec<NamedPlace>,
}

/// Finds every place of a project that names a variable, and what it becomes. What an editor has open counts before the disk.
///
/// # Errors
/// When one of the names cannot be renamed or used, and when a place cannot be changed without its other users.
pub fn find_renaming(
    facts: &Facts,
    from: &Variable,
    to: &Variable,
    newer: &NewerText<'_>,
) -> Result<Renaming> {
    ensure_renamable(facts, from)?;
    ensure_new_name(facts, to)?;
    let root = facts.root.as_path();
    let reader = file::Reader::of(facts, from, to);
    let mut renaming = Renaming::default();
    // An editor may have files that are not on disk yet, and a file may read the variable without its name.
    let on_map: BTreeSet<PathBuf> =
        facts.map.places_naming(from).map(|place| root.join(&place.path)).collect();
    let mut files = files_of(&facts.root);
    files.extend(on_map.iter().cloned());
    for path in files {
        let Some(text) = newer(&path).or_else(|| read(&path)) else { continue };
        if !on_map.contains(&path) && !text.contains(from.as_str()) {
            continue;
        }
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let found = reader.read(&path, relative, &text);
        if let Some(line) = found.blocked {
            return Err(Error::Assignment(AssignmentError::CannotRename {
                variable: from.clone(),
                reason: format!("{}:{line} reads it by the name of a field", relative.display()),
                help: format!(
                    "Have that field read {to} by hand, with the name of the variable in its own words; then rename."
                ),
            }));
        }
        let left = found.left.into_iter().map(|line| NamedPlace { path: relative.to_owned(), line });
        renaming.left.extend(left);
        if !found.edits.is_empty() {
            renaming.files.push(RenamedFile { path, text, edits: found.edits });
        }
    }
    renaming.files.sort_by(|one, other| one.path.cmp(&other.path));
    renaming.left.sort();
    Ok(renaming)
}

/// A rename that is found out and not made yet.
#[derive(Debug)]
pub struct PlannedRename {
    plan: Plan,
    /// What it comes to.
    pub renamed: RenamedVariables,
}

/// Finds out what renaming a variable of the project comes to. Nothing is changed.
///
/// # Errors
/// As [`find_renaming`], and when the registry or a file of the project cannot be read.
pub fn plan_rename(
    context: &Context,
    root: &ProjectRoot,
    from: &Variable,
    to: &Variable,
) -> Result<PlannedRename> {
    let registry = Arc::new(context.store.load()?);
    let map = port_map(root, registry.types())?.map;
    let facts = Facts::load(root.clone(), Some(registry), map)?;
    let Renaming { files, left } = find_renaming(&facts, from, to, &|_| None)?;
    let mut plan = Plan::new(root);
    for RenamedFile { path, text, edits } in &files {
        let outdated = || Error::Plan(PlanError::Outdated { path: path.clone() });
        let renamed = apply(text, edits).ok_or_else(outdated)?;
        plan.set(path.strip_prefix(root.as_path()).unwrap_or(path), renamed)?;
    }
    let renamed = RenamedVariables {
        dry_run: true,
        project: root.name(),
        root: root.as_path().to_owned(),
        from: from.clone(),
        to: to.clone(),
        port: facts.port(from),
        places: files.iter().map(|file| file.edits.len()).sum(),
        changes: plan.changes(),
        left,
    };
    Ok(PlannedRename { plan, renamed })
}

impl PlannedRename {
    /// Makes it: the files, and the name in the registry. Where a step fails, each file and the registry are what they were.
    ///
    /// # Errors
    /// When a file has changed since the plan was made, or something cannot be written.
    pub fn apply(&self, context: &Context) -> Result<RenamedVariables> {
        let RenamedVariables { from, to, .. } = &self.renamed;
        let key = self.plan.root().key()?;
        Store::retrying(|| {
            let mut transaction = context.store.begin()?;
            transaction.registry.rename(key, from, to)?;
            self.plan.apply(|| transaction.commit().map(drop))
        })?;
        Ok(RenamedVariables { dry_run: false, ..self.renamed.clone() })
    }
}

/// The files in which a variable may be named: the project's own, those that git ignores and programs load, and the
/// `port-manager.toml` that the project obeys.
fn files_of(root: &ProjectRoot) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for entry in project::walk(root).build().take(MOST_ENTRIES).flatten() {
        let Some(kind) = entry.file_type() else { continue };
        if kind.is_file() {
            files.insert(entry.into_path());
        } else if kind.is_dir() {
            let loaded = IGNORED_BUT_OBEYED.iter().map(|name| entry.path().join(name));
            files.extend(loaded.filter(|path| path.is_file()));
        }
    }
    let settings = root.nearest_with(SETTINGS_FILE_NAME).join(SETTINGS_FILE_NAME);
    // The file of the repository around the project is somebody else's to change.
    files.extend(Some(settings).filter(|path| path.starts_with(root.as_path()) && path.is_file()));
    files
}

/// The text of a file. Bytes that are not UTF-8 could not be written back.
fn read(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    RegularFile::open_listed(path).ok()?.read(LARGEST, &mut bytes).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}
