//! A Code Quality report of GitLab: the part of Code Climate's format that GitLab reads.

use serde::Serialize;

use super::super::super::terminal::Terminal;
use crate::error::Result;
use crate::operations::check::{CheckReport, Finding, slashed};
use crate::rules::Severity;

/// A finding as GitLab reads it.
#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'static str,
    /// By this, GitLab tells new findings from those that were there before.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    /// Relative to the root of the repository.
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Prints the report.
pub(super) fn print(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    terminal.print_json(&report.findings.iter().map(issue).collect::<Vec<_>>())
}

fn issue(finding: &Finding) -> Issue<'_> {
    Issue {
        description: &finding.message,
        check_name: finding.rule.name(),
        fingerprint: finding.fingerprint.to_string(),
        severity: match finding.severity {
            Severity::Warning => "major",
            Severity::Information => "minor",
            Severity::Hint => "info",
        },
        location: Location {
            path: slashed(&finding.in_repository),
            lines: Lines { begin: finding.line, end: finding.line },
        },
    }
}
