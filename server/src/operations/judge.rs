//! What the rules say about each file of a tree, for programs that show it file by file, as an editor does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::check::{Looked, Projects, Subject};
use super::fix::Newer;
use super::walk::{Found, walk};
use crate::error::Result;
use crate::registry::Registry;
use crate::rules::{self, Diagnostic, Document, Facts, Scene, Severities};

/// Which files are judged, and how.
pub struct JudgeOptions<'a> {
    /// The files and directories.
    pub paths: &'a [PathBuf],
    /// The most serious that findings are to be.
    pub severities: Severities,
    /// Whether a file is to be looked at. It is asked before each file is read.
    pub is_wanted: &'a (dyn Fn(&Path) -> bool + Sync),
    /// What an editor knows better than the disk.
    pub newer: Newer<'a>,
}

/// A file with what the rules say about it.
pub struct Judged<'a> {
    /// Its path: the argument as it was given, joined with the rest.
    pub path: &'a Path,
    /// Its text.
    pub document: Document<'a>,
    /// What is known of its project.
    pub facts: &'a Facts,
    /// What the rules say, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Judges every file at or below the paths, on all processors, in no particular order. A file that cannot be read, or that
/// says nothing about ports, is passed over.
///
/// # Errors
/// When there is no current directory.
pub fn judge(
    options: &JudgeOptions<'_>,
    registry: Registry,
    visit: &(dyn Fn(Judged<'_>) + Sync),
) -> Result<()> {
    // Without a path, a walk would look at the current directory.
    if options.paths.is_empty() {
        return Ok(());
    }
    let projects = Projects::new(registry, options.paths, Scene::default())?;
    let mut projects = projects.limited(options.severities.clone());
    options.newer.projects.iter().for_each(|facts| projects.know(facts.clone()));
    let look = |buffer: &mut Vec<u8>, found| {
        let Found::File { path, is_named } = found else { return };
        if !(options.is_wanted)(&path) {
            return;
        }
        // A panic, which is a fault of ours, loses this one file.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            let looked = Subject::look(&path, is_named, buffer, &projects, Some(options.newer.text));
            let Ok(Looked::Subject(subject)) = looked else { return };
            let (document, facts) = (subject.document(), &*subject.facts);
            let diagnostics = rules::check(&document, facts);
            visit(Judged { path: &path, document, facts, diagnostics });
        }));
    };
    walk(options.paths, Vec::new, look);
    Ok(())
}
