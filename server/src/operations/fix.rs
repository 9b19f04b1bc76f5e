//! Repair what needs no decision and nothing new: literals of ports for which the project has a variable already. All
//! certain places of a port are repaired, or none of them: a server that obeys its variable and a client that types the
//! number would no longer find each other.
//!
//! Whether a port can be repaired is decided for the whole project, also where only a part of its files is to be changed.

mod adoption;
mod computed;
mod file;
mod judgement;
mod patch;
mod port;
mod preview;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};

use serde::Serialize;

pub use adoption::PlaceByHand;
pub(super) use adoption::{AdoptedProject, ProjectRepairs};
pub(super) use computed::Computable;
pub use computed::ComputedAddress;
pub use file::FileFixes;
use judgement::{Judgement, PortKey};
pub use patch::{patch, text_patch};
pub use port::{PortFixes, PortInFile};
pub use preview::check;

use super::check::{Looked, NewerText, Projects, Subject, newer_text};
use super::run_tables::pending_entries;
use super::walk::{Found, walk};
use crate::error::Result;
use crate::files::{self, Pending, ThisDisk};
use crate::fixes::FixAll;
use crate::project::ProjectRoot;
use crate::project::map::Renamed;
use crate::registry::Registry;
use crate::rules::{Document, Facts, Scene, Selection};
use crate::variable::Variable;

/// What to repair, and where.
#[derive(Debug, Default)]
pub struct FixOptions {
    /// The files and directories; the current directory where there are none.
    pub paths: Vec<PathBuf>,
    /// The rules whose findings are repaired.
    pub rules: Selection,
    /// Where the files are looked at.
    pub scene: Scene,
}

/// What an editor knows better than the disk.
pub struct Newer<'a> {
    /// The texts of the files that are open.
    pub text: &'a NewerText<'a>,
    /// Projects with what these texts say on their maps.
    pub projects: Vec<Facts>,
}

/// What can be repaired, and what cannot yet.
#[derive(Debug, Default)]
pub struct Repairs {
    /// The repairs, by path.
    pub files: Vec<FileFixes>,
    /// The ports of which some places can be repaired and others cannot, so that none was.
    pub incomplete: Vec<IncompletePort>,
}

/// A port of which a place has to be edited by hand before the others can be repaired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IncompletePort {
    /// The variable that is for it.
    pub variable: Variable,
    /// The files with such places.
    pub by_hand: Vec<PathBuf>,
}

/// What was found in one file.
struct LookedAt {
    path: PathBuf,
    canonical: PathBuf,
    is_named: bool,
    judgement: Judgement,
    fixes: Option<FileFixes>,
}

/// Files with places of a port.
type FilesByPort = BTreeMap<PortKey, BTreeSet<PathBuf>>;

/// Finds the repairs of every file at or below the paths, by path. A file that cannot be looked at is passed over: `check`
/// reports it.
///
/// # Errors
/// When there is no current directory.
pub fn find_fixes(options: &FixOptions, registry: Registry, newer: Option<Newer<'_>>) -> Result<Repairs> {
    let mut projects = Projects::new(registry, &options.paths, options.scene)?;
    let text = newer.as_ref().map(|newer| newer.text);
    for facts in newer.map(|newer| newer.projects).into_iter().flatten() {
        projects.know(Facts { scene: options.scene, ..facts });
    }
    let finder = Finder { rules: &options.rules, projects: &projects, newer: text };
    Ok(finder.repairs(finder.look_below(&options.paths)))
}

/// Finds the repairs of a text that a file is to have. The project's other files count as they are on disk.
///
/// # Errors
/// When there is no current directory.
pub fn find_text_fixes(
    path: &Path,
    text: &str,
    rules: &Selection,
    scene: Scene,
    registry: Registry,
) -> Result<Repairs> {
    let projects = Projects::new(registry, &[path.to_owned()], scene)?;
    let newer = newer_text(path, text);
    let finder = Finder { rules, projects: &projects, newer: Some(&newer) };
    let looked = finder.look(path.to_owned(), true, &mut Vec::new(), &|_| true);
    Ok(finder.repairs(looked.into_iter().collect()))
}

/// Finds the repairs of one document of a project. They are of ports all of whose certain places in the project can be
/// repaired; the places in other files stay as they are.
#[must_use]
pub fn find_document_fixes(document: &Document<'_>, facts: &Facts, newer: &NewerText<'_>) -> Option<FixAll> {
    let rules = Selection::default();
    let judgement = Judgement::of(document, facts, &rules, &|_| true);
    let projects = Projects::of(facts.clone());
    let finder = Finder { rules: &rules, projects: &projects, newer: Some(newer) };
    let incomplete = finder.incomplete([(document.path, document.path, &judgement)]);
    if incomplete.is_empty() {
        return judgement.all;
    }
    Judgement::of(document, facts, &rules, &none_of(&incomplete)).all
}

/// Whether a finding is about none of the ports.
fn none_of(ports: &FilesByPort) -> impl Fn(Option<&PortKey>) -> bool {
    |port| port.is_none_or(|port| !ports.contains_key(port))
}

/// Looks for repairs.
struct Finder<'a> {
    rules: &'a Selection,
    projects: &'a Projects,
    newer: Option<&'a NewerText<'a>>,
}

impl Finder<'_> {
    fn look_below(&self, paths: &[PathBuf]) -> Vec<LookedAt> {
        let (sender, receiver) = mpsc::channel();
        walk(
            paths,
            || (Vec::new(), sender.clone()),
            |(buffer, sender), found| {
                let (path, is_named) = match found {
                    Found::File { path, is_named } => (path, is_named),
                    Found::Directory(path) => return files::remove_abandoned(&ThisDisk, &path),
                    Found::Special { .. } | Found::Failure(_) => return,
                };
                if let Some(looked) = self.look(path, is_named, buffer, &|_| true) {
                    // The receiver outlives the walk.
                    let _ = sender.send(looked);
                }
            },
        );
        drop(sender);
        receiver.into_iter().collect()
    }

    /// The repairs of the files that were looked at, without those of ports of which some places cannot be repaired.
    fn repairs(&self, looked: Vec<LookedAt>) -> Repairs {
        let incomplete = self.incomplete(looked.iter().map(|it| (&*it.canonical, &*it.path, &it.judgement)));
        let mut buffer = Vec::new();
        let of_complete_ports = |looked: LookedAt| {
            let is_affected = looked.judgement.repaired().any(|port| incomplete.contains_key(port));
            match is_affected {
                true => self.look(looked.path, looked.is_named, &mut buffer, &none_of(&incomplete))?.fixes,
                false => looked.fixes,
            }
        };
        let mut files: Vec<FileFixes> = looked.into_iter().filter_map(of_complete_ports).collect();
        files.sort_by(|left, right| left.path.cmp(&right.path));
        // A file may lie below two of the paths.
        files.dedup_by(|left, right| left.canonical == right.canonical);
        let incomplete = incomplete.into_iter().map(|((_, variable), by_hand)| IncompletePort {
            variable,
            by_hand: by_hand.into_iter().collect(),
        });
        let incomplete = incomplete.collect();
        Repairs { files, incomplete }
    }

    /// The ports of which some certain places would be repaired and others not, with the files of the latter. The project's
    /// other files count as well. Each file that was looked at is given by where it really lies and by its name.
    fn incomplete<'l>(
        &self,
        looked: impl IntoIterator<Item = (&'l Path, &'l Path, &'l Judgement)> + Clone,
    ) -> FilesByPort {
        let judgements = || looked.clone().into_iter().map(|(_, path, judgement)| (path, judgement));
        let repaired: BTreeSet<PortKey> =
            judgements().flat_map(|(_, judgement)| judgement.repaired().cloned()).collect();
        let known: HashSet<&Path> = looked.clone().into_iter().map(|(canonical, ..)| canonical).collect();
        let mut buffer = Vec::new();
        let others: Vec<LookedAt> = self
            .files_of(&repaired)
            .into_iter()
            .filter(|path| !known.contains(&**path))
            .filter_map(|path| self.look(path, false, &mut buffer, &|_| true))
            .collect();
        let mut by_hand = FilesByPort::new();
        for (path, judgement) in judgements().chain(others.iter().map(|it| (&*it.path, &it.judgement))) {
            for port in judgement.by_hand().filter(|port| repaired.contains(port)) {
                by_hand.entry(port.clone()).or_default().insert(path.to_owned());
            }
        }
        by_hand
    }

    /// The files with a number of one of the ports that runs here.
    fn files_of(&self, ports: &BTreeSet<PortKey>) -> BTreeSet<PathBuf> {
        let of_port = |(root, variable): &PortKey| {
            let facts = self.projects.known(root)?;
            let files = facts.map.of_variable(variable)?.files_here();
            Some(files.into_iter().map(|path| root.join(path)).collect::<Vec<_>>())
        };
        ports.iter().filter_map(of_port).flatten().collect()
    }

    /// What can be repaired in a file of the ports that are wanted. A panic, which is a fault of ours, loses this one
    /// file, and `check` reports it.
    fn look(
        &self,
        path: PathBuf,
        is_named: bool,
        buffer: &mut Vec<u8>,
        is_wanted: &dyn Fn(Option<&PortKey>) -> bool,
    ) -> Option<LookedAt> {
        let read = || self.read(path, is_named, buffer, is_wanted);
        std::panic::catch_unwind(AssertUnwindSafe(read)).ok().flatten()
    }

    fn read(
        &self,
        path: PathBuf,
        is_named: bool,
        buffer: &mut Vec<u8>,
        is_wanted: &dyn Fn(Option<&PortKey>) -> bool,
    ) -> Option<LookedAt> {
        let subject = match Subject::look(&path, is_named, buffer, self.projects, self.newer) {
            Ok(Looked::Subject(subject)) => subject,
            _ => return None,
        };
        let facts = Arc::clone(&subject.facts);
        let mut judgement = Judgement::of(&subject.document(), &facts, self.rules, is_wanted);
        // Bytes that are not UTF-8 could not be written back as they were.
        if subject.is_lossy {
            judgement.all = None;
        }
        let fixes = judgement.all.as_ref().map(|all| FileFixes {
            path: path.clone(),
            edits: all.edits.clone(),
            count: all.fixed.len(),
            fixed: all.fixed.iter().filter_map(|found| found.variable.clone()).collect(),
            names: all.renamed.clone(),
            root: facts.root.clone(),
            canonical: subject.canonical.clone(),
            text: subject.text.clone().into_owned(),
        });
        Some(LookedAt { path, canonical: subject.canonical, is_named, judgement, fixes })
    }
}

/// Has each project's `port-manager.toml` say under which names its pages read variables once the repairs are made. It comes
/// before the edits: a page that reads a name which nothing sets would use the default.
///
/// # Errors
/// When such a file cannot be read or written, or has something else where a table belongs.
pub fn write_names(fixes: &[FileFixes]) -> Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for pending in names(fixes)? {
        pending.write()?;
        written.push(pending.path);
    }
    Ok(written)
}

/// What each project's `port-manager.toml` has to say with the repairs.
fn names(fixes: &[FileFixes]) -> Result<Vec<Pending>> {
    let mut by_root: BTreeMap<&Path, (&ProjectRoot, Vec<Renamed>)> = BTreeMap::new();
    for file in fixes.iter().filter(|file| !file.names.is_empty()) {
        let (_, entries) = by_root.entry(file.root.as_path()).or_insert_with(|| (&file.root, Vec::new()));
        entries.extend(file.names.iter().cloned());
    }
    let pending = by_root.into_values().map(|(root, entries)| pending_entries(root, entries));
    pending.filter_map(Result::transpose).collect()
}

/// The number of findings and of files that the repairs are of.
#[must_use]
pub fn extent(fixes: &[FileFixes]) -> (usize, usize) {
    (fixes.iter().map(|file| file.count).sum(), fixes.len())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::error::Error;

    fn fixes_in(root: &Path) -> Vec<FileFixes> {
        let options = FixOptions { paths: vec![root.to_owned()], ..FixOptions::default() };
        find_fixes(&options, Registry::default(), None).unwrap().files
    }

    #[test]
    fn what_surrounds_the_edits_stays_byte_for_byte() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(".ports.env"), "WEB_PORT=8000\n").unwrap();
        let file = directory.path().join("server.js");
        fs::write(&file, "\u{feff}// grüße\r\napp.listen(8000)\r\n\tno newline at the end").unwrap();
        let fixes = fixes_in(directory.path());
        assert_eq!(extent(&fixes), (1, 1));
        fixes[0].write().unwrap();
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            "\u{feff}// grüße\r\napp.listen(process.env.WEB_PORT || 8000)\r\n\tno newline at the end"
        );
        assert_eq!(fixes_in(directory.path()), [], "a second time there is nothing left");
    }

    #[test]
    fn a_fix_is_the_same_whatever_number_this_machine_has() {
        for assigned in ["5000", "8100"] {
            let directory = tempfile::tempdir().unwrap();
            let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
            write(".ports.env", &format!("API_PORT={assigned}\n"));
            write(".ports.env.example", "API_PORT=5000\n");
            // It cannot be repaired: what reads it fills in no variables.
            write(".env", "API_URL=http://localhost:5000\n");
            write("package.json", "{}\n");
            write("api.js", "app.listen(5000)\n");
            let fixes = fixes_in(directory.path());
            assert_eq!(extent(&fixes), (1, 1), "with {assigned}");
            fixes[0].write().unwrap();
            let fixed = fs::read_to_string(directory.path().join("api.js")).unwrap();
            assert_eq!(fixed, "app.listen(process.env.API_PORT || 5000)\n");
        }
    }

    #[test]
    fn a_file_that_changed_meanwhile_or_is_not_utf_8_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(".ports.env"), "WEB_PORT=8000\n").unwrap();
        let file = directory.path().join("server.js");
        fs::write(&file, "app.listen(8000)\n").unwrap();
        let fixes = fixes_in(directory.path());
        fs::write(&file, "app.listen(8000) // edited\n").unwrap();
        assert!(matches!(fixes[0].write(), Err(Error::Write { .. })));
        assert_eq!(fs::read_to_string(&file).unwrap(), "app.listen(8000) // edited\n");

        fs::write(&file, b"// gr\xfc\xdfe\napp.listen(8000)\n").unwrap();
        assert_eq!(fixes_in(directory.path()), []);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_project_is_not_written_through() {
        let outside = tempfile::tempdir().unwrap();
        let project = tempfile::tempdir().unwrap();
        fs::write(project.path().join(".ports.env"), "WEB_PORT=8000\n").unwrap();
        let target = outside.path().join("server.js");
        fs::write(&target, "app.listen(8000)\n").unwrap();
        let link = project.path().join("server.js");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert_eq!(fixes_in(project.path()), [], "links are not followed");
        for file in fixes_in(&link) {
            assert!(matches!(file.write(), Err(Error::LinkOutOfProject { .. })));
        }
        assert_eq!(fs::read_to_string(&target).unwrap(), "app.listen(8000)\n");
    }
}
