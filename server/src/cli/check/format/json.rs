//! JSON: one array, or one object a line. `docs/json.md` documents the fields.

use super::super::super::terminal::Terminal;
use crate::error::Result;
use crate::operations::check::CheckReport;

/// Prints one array of findings.
pub(super) fn print(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    terminal.print_json(&report.findings)
}

/// Prints one finding a line.
pub(super) fn print_lines(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    report.findings.iter().try_for_each(|finding| terminal.print_json_line(finding))
}
