//! How findings are printed: one file a format.

mod checkstyle;
mod github;
mod gitlab;
pub(super) mod human;
mod json;
mod junit;
mod sarif;
mod xml;

use clap::ValueEnum;

use super::super::terminal::Terminal;
use crate::error::Result;
use crate::operations::check::CheckReport;
use crate::rules::Severity;

/// A format of findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people: warnings first, each with its line.
    #[default]
    Human,
    /// One JSON object a line.
    Jsonl,
    /// One JSON array.
    Json,
    /// SARIF 2.1.0, as GitHub code scanning and editors read it.
    Sarif,
    /// Annotations of a GitHub workflow.
    Github,
    /// A GitLab Code Quality report.
    Gitlab,
    /// JUnit XML: a test case for each finding.
    Junit,
    /// Checkstyle XML.
    Checkstyle,
}

impl Format {
    /// Whether people read it.
    pub(super) fn is_for_people(self) -> bool {
        self == Self::Human
    }

    /// Whether it shows what would fix a finding.
    pub(super) fn shows_suggestions(self) -> bool {
        matches!(self, Self::Human | Self::Sarif)
    }

    /// Prints the findings. Those that are at least as serious as `fail_on` fail the check.
    pub(super) fn print(
        self,
        report: &CheckReport,
        fail_on: Severity,
        terminal: &mut Terminal,
    ) -> Result<()> {
        match self {
            Self::Human => human::print(report, terminal),
            Self::Jsonl => json::print_lines(report, terminal),
            Self::Json => json::print(report, terminal),
            Self::Sarif => sarif::print(report, terminal),
            Self::Github => github::print(report, terminal),
            Self::Gitlab => gitlab::print(report, terminal),
            Self::Junit => junit::print(report, fail_on, terminal),
            Self::Checkstyle => checkstyle::print(report, terminal),
        }
    }
}
