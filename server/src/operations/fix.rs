//! Repair what needs no decision and nothing new, in whole trees: literals of ports for which the project has a variable
//! already. All certain places of a port are repaired, or none of them: a server that obeys its variable and a client that
//! types the number would no longer find each other.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::mpsc;

use super::check::{Looked, NewerText, Projects, Subject};
use super::walk::{Found, walk};
use crate::error::{Error, Result};
use crate::files::{self, Snapshot, ThisDisk};
use crate::fixes::{Edit, apply, fix_all};
use crate::registry::Registry;
use crate::rules::{self, Diagnostic, Rule, Scene, Severity};
use crate::variable::Variable;

/// What to repair, and where.
#[derive(Debug, Default)]
pub struct FixOptions {
    /// The files and directories; the current directory where there are none.
    pub paths: Vec<PathBuf>,
    /// The only rules whose findings are repaired; all of them where there are none.
    pub only: Vec<Rule>,
    /// Where the files are looked at.
    pub scene: Scene,
}

/// The repairs of one file. Nothing has been done yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFixes {
    /// The file: the argument as it was given, joined with the rest.
    pub path: PathBuf,
    /// The text that the edits are made for, without a byte order mark.
    pub text: String,
    /// The edits, in the order of the text.
    pub edits: Vec<Edit>,
    /// How many findings are gone with them.
    pub count: usize,
    /// Where the file really lies, and the project that it must not lead out of.
    canonical: PathBuf,
    root: PathBuf,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncompletePort {
    /// The variable that is for it.
    pub variable: Variable,
    /// The files with such places.
    pub by_hand: Vec<PathBuf>,
}

/// What was found in one file.
struct LookedAt {
    path: PathBuf,
    is_named: bool,
    fixes: Option<FileFixes>,
    /// The ports of the file's warnings, and whether each warning would be repaired.
    ports: Vec<(PortKey, bool)>,
}

/// A port of a project: the project's root, and the variable.
type PortKey = (PathBuf, Variable);

/// Files with places of a port.
type FilesByPort = BTreeMap<PortKey, Vec<PathBuf>>;

/// Finds the repairs of every file at or below the paths, by path. `newer` knows the texts that an
/// editor has open. A file that cannot be looked at is passed over: `check` speaks of it.
///
/// # Errors
/// When there is no current directory.
pub fn find_fixes(
    options: &FixOptions,
    registry: Registry,
    newer: Option<&NewerText<'_>>,
) -> Result<Repairs> {
    let projects = Projects::new(registry, &options.paths, options.scene)?;
    let finder = Finder { options, projects, newer };
    let (sender, receiver) = mpsc::channel();
    walk(
        &options.paths,
        || (Vec::new(), sender.clone()),
        |(buffer, sender), found| {
            let (path, is_named) = match found {
                Found::File { path, is_named } => (path, is_named),
                Found::Directory(path) => return files::remove_abandoned(&ThisDisk, &path),
                Found::Special { .. } | Found::Failure(_) => return,
            };
            if let Some(looked) = finder.look(path, is_named, buffer, &FilesByPort::new()) {
                // The receiver outlives the walk.
                let _ = sender.send(looked);
            }
        },
    );
    drop(sender);
    let looked: Vec<LookedAt> = receiver.into_iter().collect();
    let incomplete = incomplete(&looked);
    let mut buffer = Vec::new();
    let of_complete_ports = |looked: LookedAt| {
        let is_affected =
            looked.ports.iter().any(|(port, is_repaired)| *is_repaired && incomplete.contains_key(port));
        match is_affected {
            true => finder.look(looked.path, looked.is_named, &mut buffer, &incomplete)?.fixes,
            false => looked.fixes,
        }
    };
    let mut files: Vec<FileFixes> = looked.into_iter().filter_map(of_complete_ports).collect();
    files.sort_by(|left, right| left.path.cmp(&right.path));
    // A file may lie below two of the paths.
    files.dedup_by(|left, right| left.canonical == right.canonical);
    let incomplete =
        incomplete.into_iter().map(|((_, variable), by_hand)| IncompletePort { variable, by_hand }).collect();
    Ok(Repairs { files, incomplete })
}

/// The ports of which some warnings would be repaired and others not, with the files of the latter.
fn incomplete(looked: &[LookedAt]) -> FilesByPort {
    let mut by_hand = FilesByPort::new();
    let mut repaired = BTreeSet::new();
    for file in looked {
        for (port, is_repaired) in &file.ports {
            match is_repaired {
                true => drop(repaired.insert(port)),
                false => by_hand.entry(port.clone()).or_default().push(file.path.clone()),
            }
        }
    }
    by_hand.retain(|port, files| {
        files.sort();
        files.dedup();
        repaired.contains(port)
    });
    by_hand
}

/// Looks for repairs.
struct Finder<'a> {
    options: &'a FixOptions,
    projects: Projects,
    newer: Option<&'a NewerText<'a>>,
}

impl Finder<'_> {
    /// What can be repaired in a file, without the places of the ports in `but`. A panic, which is a fault of ours, loses
    /// this one file, and `check` reports it.
    fn look(
        &self,
        path: PathBuf,
        is_named: bool,
        buffer: &mut Vec<u8>,
        but: &FilesByPort,
    ) -> Option<LookedAt> {
        std::panic::catch_unwind(AssertUnwindSafe(|| self.read(path, is_named, buffer, but))).ok().flatten()
    }

    fn read(
        &self,
        path: PathBuf,
        is_named: bool,
        buffer: &mut Vec<u8>,
        but: &FilesByPort,
    ) -> Option<LookedAt> {
        let subject = match Subject::look(&path, is_named, buffer, &self.projects, self.newer) {
            Ok(Looked::Subject(subject)) => subject,
            _ => return None,
        };
        let root = subject.facts.root.as_path().to_owned();
        let port = |found: &Diagnostic| Some((root.clone(), found.variable.clone()?));
        let document = subject.document();
        let mut diagnostics = rules::check_only(&self.options.only, &document, &subject.facts);
        diagnostics.retain(|found| {
            found.rule != Rule::HardcodedPort || port(found).is_none_or(|port| !but.contains_key(&port))
        });
        // Bytes that are not UTF-8 could not be written back as they were.
        let all = match subject.is_lossy {
            true => None,
            false => fix_all(&diagnostics, &document, &subject.facts),
        };
        let is_repaired = |found: &Diagnostic| {
            all.as_ref().is_some_and(|all| all.fixed.iter().any(|it| it.span == found.span))
        };
        let warnings = diagnostics
            .iter()
            .filter(|found| found.rule == Rule::HardcodedPort && found.severity == Severity::Warning);
        let ports = warnings.filter_map(|found| Some((port(found)?, is_repaired(found)))).collect();
        let fixes = all.map(|all| FileFixes {
            path: path.clone(),
            edits: all.edits,
            count: all.fixed.len(),
            root: root.clone(),
            canonical: subject.canonical.clone(),
            text: subject.text.clone().into_owned(),
        });
        Some(LookedAt { path, is_named, fixes, ports })
    }
}

impl FileFixes {
    /// Makes the edits in the file, in one step.
    ///
    /// # Errors
    /// When the file leads out of its project, has changed since it was looked at, or cannot be read or
    /// written. It is then as it was.
    pub fn write(&self) -> Result<()> {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        if !self.canonical.starts_with(&self.root) {
            return Err(Error::LinkOutOfProject { path: self.path.clone(), target: self.canonical.clone() });
        }
        let read = Snapshot::take(&self.canonical).map_err(Error::reading(&self.path))?;
        let bytes = read.bytes();
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let fixed = apply(&self.text, &self.edits).filter(|_| text == self.text.as_bytes());
        let Some(fixed) = fixed else { return Err(self.changed()) };
        let mark = &bytes[..bytes.len() - text.len()];
        let fixed = [mark, fixed.as_bytes()].concat();
        match files::replace_unchanged(&ThisDisk, &self.canonical, &read, &fixed)? {
            true => Ok(()),
            false => Err(self.changed()),
        }
    }

    fn changed(&self) -> Error {
        Error::Write {
            path: self.path.clone(),
            source: io::Error::other("it has changed since it was read, so it was left as it is"),
        }
    }
}

/// The number of findings and of files that the repairs are of.
#[must_use]
pub fn extent(fixes: &[FileFixes]) -> (usize, usize) {
    (fixes.iter().map(|file| file.count).sum(), fixes.len())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

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
