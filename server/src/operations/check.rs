//! Look for hardcoded ports and everything else that the rules know, in whole trees.

mod excerpt;
mod finding;
mod fingerprint;
mod projects;
mod subject;
mod watch;

use std::collections::HashSet;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

pub use excerpt::Excerpt;
pub(super) use excerpt::Lines;
pub use finding::{Finding, Repair, Replacement, Suggestion};
pub use fingerprint::{Fingerprint, slashed};
pub(super) use projects::Projects;
pub use subject::NewerText;
use subject::canonical_of;
pub(super) use subject::{Looked, Subject};
pub use watch::Watch;

use super::changed_lines::ChangedLines;
use super::integrate::can_integrate;
use super::source::SkipReason;
use super::walk::{Found, walk};
use crate::analysis::Language;
use crate::error::Error;
use crate::fixes::{Action, Fixer};
use crate::rules::{self, Diagnostic, Rule, Scene, Selection, Severity};

/// What to look for, and where.
#[derive(Debug, Default)]
pub struct CheckOptions {
    /// The files and directories; the current directory where there are none.
    pub paths: Vec<PathBuf>,
    /// The text that the only file among the paths is to have, without a byte order mark; `None` where files have their own.
    pub text: Option<String>,
    /// The rules whose opinion is wanted.
    pub rules: Selection,
    /// Where the files are looked at.
    pub scene: Scene,
    /// Whether findings say what would fix them. Each suggestion has to be tried first, which takes
    /// as long as the finding itself did.
    pub suggests_fixes: bool,
    /// Counts the files that were looked at while the check goes on.
    pub looked_at: Arc<AtomicUsize>,
}

impl CheckOptions {
    /// What is known of files better than the disk knows it.
    pub(super) fn newer(&self) -> Option<Box<NewerText<'_>>> {
        let (text, path) = (self.text.as_ref()?, self.paths.first()?);
        Some(Box::new(newer_text(path, text)))
    }
}

/// Knows the text that one file is to have.
pub(super) fn newer_text<'a>(path: &Path, text: &'a str) -> impl Fn(&Path) -> Option<String> + Sync + 'a {
    let path = canonical_of(path);
    move |asked| (asked == path).then(|| text.to_owned())
}

/// How many bytes may be analysed again for the suggestions of one file. A file of usual size gets one
/// for each finding; a table with a thousand ports does not take a thousand times as long as it should.
const TRIED_TEXT: usize = 512 * 1024;

/// What was found. It is the same for the same files, however the work was shared out.
#[derive(Debug, Default)]
pub struct CheckReport {
    /// By path, then by place.
    pub findings: Vec<Finding>,
    /// How many files were read.
    pub files: usize,
    /// The files that were not read though their language is known, or that were named.
    pub skipped: Vec<Skipped>,
    /// What could not be looked at.
    pub failures: Vec<Error>,
}

/// A file that was not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub reason: SkipReason,
    /// Whether it was named, so that passing over it in silence would mislead.
    pub is_named: bool,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

/// What a thread tells.
enum Message {
    Read(Vec<Finding>),
    Skipped(Skipped),
    Failure(Error),
}

/// What a thread keeps from file to file.
struct Worker {
    buffer: Vec<u8>,
    messages: mpsc::Sender<Message>,
}

/// Checks the files of projects. A file that cannot be read is a failure in the report, and stops nothing.
pub(super) fn check_in(options: &CheckOptions, projects: &Projects) -> CheckReport {
    let (sender, receiver) = mpsc::channel();
    let report = std::thread::scope(|scope| {
        let collector = scope.spawn(|| CheckReport::collect(receiver));
        let worker = || Worker { buffer: Vec::new(), messages: sender.clone() };
        let look = |worker: &mut Worker, found| {
            let message = worker.look(found, options, projects);
            if let Some(message) = message {
                // The collector listens until the last sender is gone.
                let _ = worker.messages.send(message);
            }
        };
        match (&options.text, &*options.paths) {
            (Some(_), [path]) => look(&mut worker(), Found::File { path: path.clone(), is_named: true }),
            _ => walk(&options.paths, worker, look),
        }
        drop(sender);
        collector.join()
    });
    // A panic of the collector has been reported already, and has left nothing to show.
    let mut report = report.unwrap_or_default();
    report.order();
    report
}

impl CheckReport {
    fn collect(messages: mpsc::Receiver<Message>) -> Self {
        let mut report = Self::default();
        for message in messages {
            match message {
                Message::Read(findings) => {
                    report.files += 1;
                    report.findings.extend(findings);
                }
                Message::Skipped(skipped) => report.skipped.push(skipped),
                Message::Failure(error) => report.failures.push(error),
            }
        }
        report
    }

    /// Puts everything into the order that does not depend on threads.
    fn order(&mut self) {
        self.findings.sort_by(|left, right| {
            let key = |finding: &Finding| (finding.line, finding.column, finding.rule);
            left.path.cmp(&right.path).then_with(|| key(left).cmp(&key(right)))
        });
        self.findings.dedup();
        // What is said of a project is said once, at the first file that gave rise to it.
        let mut projects = HashSet::new();
        self.findings.retain(|finding| match &finding.project {
            Some(project) => projects.insert(project.clone()),
            None => true,
        });
        finding::identify(&mut self.findings);
        self.skipped.sort();
        // What is wrong with a project is met at each of its files.
        self.failures.sort_by_cached_key(ToString::to_string);
        self.failures.dedup_by_key(|error| error.to_string());
    }

    /// Keeps the findings that are at least as serious as that.
    pub fn keep_severe(&mut self, least: Severity) {
        self.findings.retain(|finding| finding.severity >= least);
    }

    /// Keeps the findings in lines that have changed.
    pub fn keep_changed(&mut self, changed: &ChangedLines) {
        self.findings.retain(|finding| changed.contains(&finding.canonical, finding.line));
    }

    /// How many findings of a severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

impl Worker {
    fn look(&mut self, found: Found, options: &CheckOptions, projects: &Projects) -> Option<Message> {
        let (path, is_named) = match found {
            Found::Failure(error) => return Some(Message::Failure(error)),
            Found::Directory(_) => return None,
            Found::Special { path, kind, is_named } => {
                let reason = SkipReason::Unreadable(kind);
                return Some(Message::Skipped(Skipped { path, reason, is_named }));
            }
            Found::File { path, is_named } => (path, is_named),
        };
        let shown = path.clone();
        let message = unless_it_panics(&shown, || self.read(path, is_named, options, projects));
        options.looked_at.fetch_add(1, Ordering::Relaxed);
        message
    }

    fn read(
        &mut self,
        path: PathBuf,
        is_named: bool,
        options: &CheckOptions,
        projects: &Projects,
    ) -> Option<Message> {
        let newer = options.newer();
        let subject = match Subject::look(&path, is_named, &mut self.buffer, projects, newer.as_deref()) {
            Ok(Looked::Subject(subject)) => subject,
            Ok(Looked::Nothing) => return Some(Message::Read(Vec::new())),
            Ok(Looked::Skipped(reason)) => {
                return Some(Message::Skipped(Skipped { path, reason, is_named }));
            }
            Ok(Looked::NotUnderstood) if is_named => {
                let reason = SkipReason::NotUnderstood;
                return Some(Message::Skipped(Skipped { path, reason, is_named }));
            }
            Ok(Looked::NotUnderstood) => return None,
            Err(error) => return Some(Message::Failure(error)),
        };
        let (document, facts) = (subject.document(), &subject.facts);
        let diagnostics = rules::check_selected(&options.rules, &document, facts);
        if diagnostics.is_empty() {
            return Some(Message::Read(Vec::new()));
        }
        let lines = Lines::of(document.text);
        // Bytes that are not UTF-8 could not be written back, so `--fix` leaves such a file alone.
        let fixer = Fixer::new(&document, facts);
        let is_fixable = options.suggests_fixes && !subject.is_lossy;
        let all = is_fixable.then(|| fixer.fix_all(&diagnostics)).flatten();
        let mut tries =
            if options.suggests_fixes { (TRIED_TEXT / document.text.len().max(1)).max(1) } else { 0 };
        let mut suggest = |diagnostic: &Diagnostic| {
            tries = tries.checked_sub(1)?;
            let fix = fixer.first_repair(diagnostic).filter(|fix| match fix.action {
                Some(Action::Integrate(target)) => can_integrate(target, facts, facts.within(document.path)),
                _ => true,
            });
            fix.map(|fix| Suggestion::new(fix, &lines))
        };
        let canonical = &subject.canonical;
        let repository = facts.root.repository();
        let in_repository = canonical.strip_prefix(repository).unwrap_or(canonical);
        let to_finding = |diagnostic: &Diagnostic| {
            let mut finding = Finding::new(diagnostic, &path, &lines);
            if document.language == Language::Env {
                finding.hide_value();
            }
            finding.canonical.clone_from(canonical);
            finding.in_repository = in_repository.to_owned();
            finding.suggestion = suggest(diagnostic);
            // A variable has another number here than the default that the code says.
            let has_variable =
                || diagnostic.variable.as_ref().is_some_and(|variable| facts.port(variable).is_some());
            let has_number = || diagnostic.port.is_some_and(|port| facts.variable(port).is_some());
            finding.repair = match all.as_ref().is_some_and(|all| all.fixes(diagnostic)) {
                true => Repair::Automatic,
                false if has_variable() || has_number() => Repair::ByHand,
                false => Repair::NoVariable,
            };
            finding.project = (diagnostic.rule == Rule::MissingPortsEnv).then(|| facts.root.clone());
            finding
        };
        Some(Message::Read(diagnostics.iter().map(to_finding).collect()))
    }
}
/// What the work tells. A panic, which is a fault of ours, loses this one file and no other.
fn unless_it_panics(path: &Path, work: impl FnOnce() -> Option<Message>) -> Option<Message> {
    std::panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Some(Message::Failure(Error::Panic { path: path.to_owned() })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_failure_of_one_file() {
        let path = Path::new("strange.js");
        let message = unless_it_panics(path, || panic!("on purpose"));
        assert!(
            matches!(message, Some(Message::Failure(Error::Panic { path })) if path == Path::new("strange.js"))
        );
    }
}
