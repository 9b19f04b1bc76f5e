//! Checkstyle XML, which many build servers and review tools read.

use std::io;

use super::super::super::terminal::Terminal;
use super::xml::{self, Document, text};
use crate::error::Result;
use crate::operations::check::{CheckReport, Finding};
use crate::rules::Severity;

/// The version of Checkstyle whose format this is.
const VERSION: &str = "4.3";

/// Prints a document with one element a file.
pub(super) fn print(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    xml::print(terminal, |document| {
        document.create_element("checkstyle").with_attribute(("version", VERSION)).write_inner_content(
            |document| {
                let by_file = report.findings.chunk_by(|one, other| one.path == other.path);
                by_file.into_iter().try_for_each(|findings| write_file(document, findings))
            },
        )?;
        Ok(())
    })
}

fn write_file(document: &mut Document, findings: &[Finding]) -> io::Result<()> {
    let Some(first) = findings.first() else { return Ok(()) };
    let name = text(&first.path.display().to_string());
    document
        .create_element("file")
        .with_attribute(("name", name.as_str()))
        .write_inner_content(|document| findings.iter().try_for_each(|it| write_finding(document, it)))?;
    Ok(())
}

fn write_finding(document: &mut Document, finding: &Finding) -> io::Result<()> {
    let severity = match finding.severity {
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "info",
    };
    document
        .create_element("error")
        .with_attribute(("line", finding.line.to_string().as_str()))
        .with_attribute(("column", finding.column.to_string().as_str()))
        .with_attribute(("severity", severity))
        .with_attribute(("message", text(&finding.message).as_str()))
        .with_attribute(("source", format!("port-manager.{}", finding.rule.name()).as_str()))
        .write_empty()?;
    Ok(())
}
