//! Findings that a project has accepted for now, in a file: a check with it shows only what is new.

use std::collections::{BTreeSet, HashSet};
use std::path::{Component, Path, PathBuf};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::check::{CheckReport, Finding, Fingerprint, slashed};
use super::walk::IGNORED_BUT_OBEYED;
use crate::error::{Error, Result};
use crate::files::{self, Access, LARGEST_NAMED, ThisDisk};
use crate::rules::{Rule, Scene, Selection};
use crate::text::{printable_json, without_position};

/// The version of the file's format.
const VERSION: u64 = 1;

/// The findings that a file lists.
#[derive(Debug)]
pub struct Baseline {
    path: PathBuf,
    /// The canonical path of the directory that the file's paths are relative to.
    directory: PathBuf,
    entries: BTreeSet<BaselineEntry>,
}

/// A finding of a baseline. Its port is not in the file, as a number behind `port` in a JSON file is a finding itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BaselineEntry {
    /// The file that it is about, or the project's root, relative to the baseline's directory, with slashes.
    pub path: String,
    /// The rule's name. A newer port-manager may know other rules.
    pub rule: String,
    /// What tells it from others.
    #[serde(serialize_with = "written", deserialize_with = "read")]
    fingerprint: Fingerprint,
}

/// What part of a baseline a check has looked at.
#[derive(Debug)]
pub struct Scope<'a> {
    /// The files and directories; the current directory where there are none.
    pub paths: &'a [PathBuf],
    /// The rules.
    pub rules: &'a Selection,
    /// Where the files are looked at.
    pub scene: Scene,
}

/// What a baseline has to do with a report.
#[derive(Debug, Default)]
pub struct Baselined {
    /// How many findings it lists, which are not in the report any more.
    pub known: usize,
    /// The entries whose finding is gone.
    pub gone: Vec<BaselineEntry>,
}

/// The file.
#[derive(Deserialize)]
#[serde(expecting = "an object with findings")]
struct Contents {
    findings: Vec<BaselineEntry>,
}

/// What every version of the file has.
#[derive(Deserialize)]
#[serde(expecting = "an object with a version")]
struct Header {
    #[serde(rename = "version", deserialize_with = "supported")]
    _version: u64,
}

impl Baseline {
    /// A baseline without entries, for a file that need not exist.
    ///
    /// # Errors
    /// When the file's directory does not exist.
    pub fn empty(path: &Path) -> Result<Self> {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let canonical = files::canonicalize(directory).map_err(Error::reading(directory))?;
        Ok(Self { path: path.to_owned(), directory: canonical, entries: BTreeSet::new() })
    }

    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read, is no JSON of a baseline, or one of another version.
    pub fn load(path: &Path) -> Result<Self> {
        let bytes = files::read(path, LARGEST_NAMED)
            .map_err(|source| Error::BaselineUnreadable { path: path.to_owned(), source })?;
        let damaged = |error: serde_json::Error| {
            Error::BaselineInvalid {
                path: path.to_owned(),
                line: error.line(),
                // The parser says 0 where there is nothing before the place.
                column: error.column().max(1),
                message: without_position(&error.to_string()).to_owned(),
            }
        };
        // Another version may have other entries, so it is looked at first.
        serde_json::from_slice::<Header>(&bytes).map_err(damaged)?;
        let contents: Contents = serde_json::from_slice(&bytes).map_err(damaged)?;
        Ok(Self { entries: contents.findings.into_iter().collect(), ..Self::empty(path)? })
    }

    /// How many findings it lists.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Takes the findings that the baseline lists out of the report, and says which of its entries are gone. An entry
    /// is only gone where the check has looked for its finding, and everybody would find it: `.env` and rules about this
    /// machine differ from machine to machine.
    #[must_use]
    pub fn apply(&self, report: &mut CheckReport, scope: &Scope<'_>) -> Baselined {
        let known: HashSet<Fingerprint> = self.entries.iter().map(|entry| entry.fingerprint).collect();
        let before = report.findings.len();
        let mut seen = HashSet::new();
        report.findings.retain(|finding| {
            let fingerprint = self.fingerprint(finding);
            let is_new = !known.contains(&fingerprint);
            if !is_new {
                seen.insert(fingerprint);
            }
            is_new
        });
        let looked_at = self.looked_at(scope);
        let is_gone = |entry: &&BaselineEntry| {
            !seen.contains(&entry.fingerprint) && looked_at(entry) && !entry.differs_by_machine()
        };
        // What could not be read may still have its findings.
        let gone = match report.failures.is_empty() {
            true => self.entries.iter().filter(is_gone).cloned().collect(),
            false => Vec::new(),
        };
        Baselined { known: before - report.findings.len(), gone }
    }

    /// Takes the findings of the report in place of those that the check would have found before. What it has not looked at
    /// stays.
    pub fn replace(&mut self, report: &CheckReport, scope: &Scope<'_>) {
        let looked_at = self.looked_at(scope);
        let found: Vec<BaselineEntry> = report.findings.iter().map(|finding| self.entry(finding)).collect();
        let mut entries = self.entries.clone();
        entries.retain(|entry| !looked_at(entry));
        entries.extend(found);
        self.entries = entries;
    }

    /// Removes entries.
    pub fn prune(&mut self, gone: &[BaselineEntry]) {
        self.entries.retain(|entry| !gone.contains(entry));
    }

    /// Writes the file, in one step: one entry a line in the order of their paths, so that a change of the findings changes
    /// their lines and no others.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self) -> Result<()> {
        let entry = |entry: &BaselineEntry| {
            let json = serde_json::to_string(entry).map_err(std::io::Error::from);
            json.map(|json| format!("\n    {json}")).map_err(Error::writing(&self.path))
        };
        let entries = self.entries.iter().map(entry).collect::<Result<Vec<_>>>()?.join(",");
        let end = if entries.is_empty() { "" } else { "\n  " };
        let text = format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{entries}{end}]\n}}\n");
        files::replace(&ThisDisk, &self.path, printable_json(&text).as_bytes(), Access::Usual)
    }

    fn entry(&self, finding: &Finding) -> BaselineEntry {
        BaselineEntry {
            path: slashed(&relative(finding.subject(), &self.directory)),
            rule: finding.rule.name().to_owned(),
            fingerprint: self.fingerprint(finding),
        }
    }

    fn fingerprint(&self, finding: &Finding) -> Fingerprint {
        finding.fingerprint_in(&relative(finding.subject(), &self.directory))
    }

    /// Whether a check has looked for the finding of an entry.
    fn looked_at(&self, scope: &Scope<'_>) -> impl Fn(&BaselineEntry) -> bool + use<> {
        let here = [PathBuf::from(".")];
        let paths = if scope.paths.is_empty() { &here } else { scope.paths };
        let paths: Vec<PathBuf> = paths.iter().filter_map(|path| files::canonicalize(path).ok()).collect();
        let (directory, rules, scene) = (self.directory.clone(), scope.rules.clone(), scope.scene);
        move |entry| {
            let path = resolved(&directory, &entry.path);
            paths.iter().any(|checked| path.starts_with(checked))
                && Rule::of_name(&entry.rule).is_none_or(|rule| rules.includes(rule, scene))
        }
    }
}

impl BaselineEntry {
    /// Whether another machine may find something else with the same files of the repository.
    fn differs_by_machine(&self) -> bool {
        let name = Path::new(&self.path).file_name();
        Rule::of_name(&self.rule).is_some_and(Rule::is_about_this_machine)
            || name.is_some_and(|name| IGNORED_BUT_OBEYED.iter().any(|ignored| name == *ignored))
    }
}

/// A path as it is seen from a directory. Both are absolute.
fn relative(path: &Path, directory: &Path) -> PathBuf {
    let common =
        path.components().zip(directory.components()).take_while(|(one, other)| one == other).count();
    if common == 0 {
        return path.to_owned();
    }
    let up = directory.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

/// The path that [`relative`] was made of.
fn resolved(directory: &Path, path: &str) -> PathBuf {
    let mut resolved = directory.to_owned();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => {
                resolved.pop();
            }
            part => resolved.push(part),
        }
    }
    resolved
}

fn written<S: serde::Serializer>(fingerprint: &Fingerprint, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(fingerprint)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fingerprint, D::Error> {
    let text = String::deserialize(deserializer)?;
    Fingerprint::parse(&text).ok_or_else(|| D::Error::custom("a fingerprint has 32 hexadecimal digits"))
}

/// The version, if it is one that is understood.
fn supported<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    match u64::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        other => Err(D::Error::custom(format_args!(
            "this is a baseline of version {other}; this port-manager reads version {VERSION}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_relative_to_the_baseline_and_back() {
        let directory = Path::new("/srv/shop/ci");
        for (path, expected) in [
            ("/srv/shop/ci/a.js", "a.js"),
            ("/srv/shop/web/server.js", "../web/server.js"),
            ("/opt/other.js", "../../../opt/other.js"),
            ("/srv/shop/ci", ""),
        ] {
            let found = relative(Path::new(path), directory);
            assert_eq!(found, Path::new(expected), "{path}");
            assert_eq!(resolved(directory, expected), Path::new(path));
        }
    }
}
