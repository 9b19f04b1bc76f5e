//! Annotations of a GitHub workflow: commands that its runner reads from the output of a step.

use super::super::super::terminal::Terminal;
use crate::error::Result;
use crate::operations::check::{CheckReport, Finding, slashed};
use crate::rules::Severity;

/// Prints one command a finding, and one for each file that could not be checked. GitHub looks for paths below the root of
/// the repository.
pub(super) fn print(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    for finding in &report.findings {
        terminal.print_line(command(finding))?;
    }
    for failure in &report.failures {
        terminal.print_line(format!("::error title=port-manager::{}", data(&failure.to_string())))?;
    }
    Ok(())
}

fn command(finding: &Finding) -> String {
    let Finding { line, column, end_column, rule, .. } = finding;
    let level = match finding.severity {
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "notice",
    };
    let file = property(&slashed(&finding.in_repository));
    let message = data(&finding.message);
    let title = property(&format!("port-manager ({})", rule.name()));
    format!(
        "::{level} title={title},file={file},line={line},endLine={line},col={column},endColumn={end_column}::{message}"
    )
}

/// Text behind the `::` of a command, with what would end it escaped as the runner reads it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, in which colons and commas mean something too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_runner_would_obey_is_escaped() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a,line=9:b%"), "a%2Cline=9%3Ab%25");
    }
}
