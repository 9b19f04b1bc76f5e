//! A diagnostic as it is shown outside of an editor, and what would fix it.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use super::excerpt::{Excerpt, Lines};
use super::fingerprint::{Fingerprint, LineDigest};
use crate::fixes::Fix;
use crate::port::Port;
use crate::project::ProjectRoot;
use crate::rules::{Diagnostic, Rule, Severity};
use crate::variable::Variable;

/// A diagnostic as it is shown outside of an editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file.
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column of the first character, from 1, in Unicode scalar values.
    pub column: usize,
    /// The column behind the last character.
    pub end_column: usize,
    /// The rule.
    #[serde(serialize_with = "rule_name")]
    pub rule: Rule,
    /// How serious it is, by LSP's names: `warning`, `information` or `hint`.
    #[serde(serialize_with = "lsp_name")]
    pub severity: Severity,
    /// The port it is about.
    pub port: Option<Port>,
    /// The variable it is about.
    pub variable: Option<Variable>,
    /// What is wrong.
    pub message: String,
    /// How serious it is, as people read it: `warning`, `note` or `hint`.
    #[serde(serialize_with = "display")]
    pub grade: Severity,
    /// Tells the finding from all others of its repository, also after lines above it were added or removed.
    #[serde(serialize_with = "display")]
    pub fingerprint: Fingerprint,
    /// What would fix it, where that was asked for.
    #[serde(skip)]
    pub suggestion: Option<Suggestion>,
    /// What `--fix` would do about it, where that was asked for.
    #[serde(skip)]
    pub repair: Repair,
    /// The file relative to the root of its repository; its absolute path where it leads out of that.
    #[serde(skip)]
    pub in_repository: PathBuf,
    /// The line itself.
    #[serde(skip)]
    pub excerpt: Excerpt,
    /// Where the file really lies.
    #[serde(skip)]
    pub(super) canonical: PathBuf,
    /// The project, where the finding is about the whole of it.
    #[serde(skip)]
    pub(super) project: Option<ProjectRoot>,
    /// The text of the line.
    #[serde(skip)]
    pub(super) line_digest: LineDigest,
    /// How many findings of the same rule in lines with the same text come before it in the file.
    #[serde(skip)]
    pub(super) occurrence: usize,
}

/// What would fix a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What it does, as a menu entry: `Use process.env.WEB_PORT (8000)`.
    pub title: String,
    /// The edits of the file; empty where they are not all of the fix.
    pub edits: Vec<Replacement>,
}

/// A text that takes the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Where the text starts: line and column from 1, in characters.
    pub start: (usize, usize),
    /// Where it ends: the column behind its last character.
    pub end: (usize, usize),
    /// The new text.
    pub text: String,
}

/// What `check --fix` can do about a finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Repair {
    /// It fixes the place.
    Automatic,
    /// It is not about a number that a variable of the project has, so a person has to choose.
    #[default]
    NoVariable,
    /// A variable has the number, but this place or another of its port has to be edited by hand.
    ByHand,
}

impl Finding {
    /// The finding of a diagnostic. Its fingerprint is known once all findings are.
    pub(super) fn new(diagnostic: &Diagnostic, path: &Path, lines: &Lines<'_>) -> Self {
        let place = lines.place(&diagnostic.span);
        Self {
            path: path.to_owned(),
            line: place.line,
            column: place.column,
            end_column: place.end_column,
            rule: diagnostic.rule,
            severity: diagnostic.severity,
            grade: diagnostic.severity,
            port: diagnostic.port,
            variable: diagnostic.variable.clone(),
            message: diagnostic.message.clone(),
            fingerprint: Fingerprint::default(),
            suggestion: None,
            repair: Repair::default(),
            in_repository: PathBuf::new(),
            excerpt: place.excerpt,
            canonical: PathBuf::new(),
            project: None,
            line_digest: LineDigest::of(lines.line(place.line)),
            occurrence: 0,
        }
    }

    /// Shows nothing of the value in its line, `KEY=value`, but what it is about. Neither does the fingerprint.
    pub(super) fn hide_value(&mut self) {
        self.excerpt = self.excerpt.clone().without_value();
        self.line_digest = LineDigest::of(&self.excerpt.text);
    }

    /// What the finding is about, as its fingerprint names it: the file, or the project's root.
    pub(in crate::operations) fn subject(&self) -> &Path {
        self.project.as_ref().map_or(&self.canonical, ProjectRoot::as_path)
    }

    /// The fingerprint, where what the finding is about is named by this path.
    pub(in crate::operations) fn fingerprint_in(&self, path: &Path) -> Fingerprint {
        Fingerprint::new(self.rule, path, &self.line_digest, self.occurrence)
    }
}

impl Suggestion {
    /// A fix of the text with these lines.
    pub(super) fn new(fix: Fix, lines: &Lines<'_>) -> Self {
        let replacement = |edit: crate::fixes::Edit| Replacement {
            start: lines.position(edit.span.start),
            end: lines.position(edit.span.end),
            text: edit.text,
        };
        let edits = if fix.action.is_none() { fix.edits } else { Vec::new() };
        Self { title: fix.title, edits: edits.into_iter().map(replacement).collect() }
    }
}

/// Gives findings that are ordered by place their fingerprints. One that is listed twice, as its file was named in two ways,
/// has the same one both times.
pub(super) fn identify(findings: &mut [Finding]) {
    let mut places: HashMap<(Rule, PathBuf, LineDigest), Vec<(usize, usize)>> = HashMap::new();
    for finding in findings {
        if let Some(project) = &finding.project {
            // What is about a project has no line of its own.
            finding.line_digest = LineDigest::default();
            let named = project.as_path().strip_prefix(project.repository()).unwrap_or(project.as_path());
            finding.fingerprint = finding.fingerprint_in(named);
            continue;
        }
        let key = (finding.rule, finding.canonical.clone(), finding.line_digest);
        let places = places.entry(key).or_default();
        let place = (finding.line, finding.column);
        finding.occurrence = places.binary_search(&place).unwrap_or_else(|occurrence| {
            places.insert(occurrence, place);
            occurrence
        });
        finding.fingerprint = finding.fingerprint_in(&finding.in_repository);
    }
}

fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

fn rule_name<S: Serializer>(rule: &Rule, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.name())
}

/// The name that was the only one at first, so that it stays.
fn lsp_name<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    match severity {
        Severity::Information => serializer.serialize_str("information"),
        Severity::Warning | Severity::Hint => serializer.collect_str(severity),
    }
}

fn display<S: Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
