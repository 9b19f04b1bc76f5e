//! JUnit XML: a suite for each file, a test case for each finding.

use std::io;

use quick_xml::events::BytesText;

use super::super::super::terminal::Terminal;
use super::xml::{self, Document, text};
use crate::error::Result;
use crate::operations::check::{CheckReport, Finding};
use crate::rules::Severity;

/// Prints a document in which a finding that is at least as serious as `fail_on` is a failure, another one a test that was
/// skipped, and what could not be checked an error. Where nothing was found, one test has passed: some readers take a document
/// without tests for a fault.
pub(super) fn print(report: &CheckReport, fail_on: Severity, terminal: &mut Terminal) -> Result<()> {
    let errors = report.failures.len();
    let suites: Vec<&[Finding]> = report.findings.chunk_by(|one, other| one.path == other.path).collect();
    let is_silent = suites.is_empty() && errors == 0;
    let tests = if is_silent { 1 } else { report.findings.len() + errors };
    xml::print(terminal, |document| {
        document
            .create_element("testsuites")
            .with_attribute(("name", "port-manager"))
            .with_attributes(counts(tests, &report.findings, errors, fail_on).iter().map(attribute))
            .write_inner_content(|document| {
                suites.iter().try_for_each(|findings| write_suite(document, findings, fail_on))?;
                if errors > 0 {
                    write_failures(document, report)?;
                }
                if is_silent { write_passed(document) } else { Ok(()) }
            })?;
        Ok(())
    })
}

fn attribute<'a>((name, value): &'a (&'static str, String)) -> (&'a str, &'a str) {
    (name, value)
}

fn counts(
    tests: usize,
    findings: &[Finding],
    errors: usize,
    fail_on: Severity,
) -> Vec<(&'static str, String)> {
    let failures = findings.iter().filter(|finding| finding.severity >= fail_on).count();
    let skipped = findings.len() - failures;
    [("tests", tests), ("failures", failures), ("errors", errors), ("skipped", skipped)]
        .map(|(name, count)| (name, count.to_string()))
        .into()
}

fn write_suite(document: &mut Document, findings: &[Finding], fail_on: Severity) -> io::Result<()> {
    let Some(first) = findings.first() else { return Ok(()) };
    let path = text(&first.path.display().to_string());
    document
        .create_element("testsuite")
        .with_attribute(("name", path.as_str()))
        .with_attributes(counts(findings.len(), findings, 0, fail_on).iter().map(attribute))
        .write_inner_content(|document| {
            findings.iter().try_for_each(|finding| write_case(document, finding, &path, fail_on))
        })?;
    Ok(())
}

fn write_case(document: &mut Document, finding: &Finding, path: &str, fail_on: Severity) -> io::Result<()> {
    let (line, column) = (finding.line.to_string(), finding.column.to_string());
    let name = format!("{}:{line}:{column}", finding.rule.name());
    let message = text(&finding.message);
    document
        .create_element("testcase")
        .with_attribute(("name", name.as_str()))
        .with_attribute(("classname", path))
        .with_attribute(("file", path))
        .with_attribute(("line", line.as_str()))
        .write_inner_content(|document| {
            if finding.severity < fail_on {
                let skipped = document.create_element("skipped");
                skipped.with_attribute(("message", message.as_str())).write_empty()?;
            } else {
                let failure = document.create_element("failure");
                failure
                    .with_attribute(("message", message.as_str()))
                    .with_attribute(("type", finding.severity.to_string().as_str()))
                    .write_text_content(BytesText::new(&format!("{path}:{line}:{column}: {message}")))?;
            }
            Ok(())
        })?;
    Ok(())
}

fn write_failures(document: &mut Document, report: &CheckReport) -> io::Result<()> {
    let count = report.failures.len().to_string();
    document
        .create_element("testsuite")
        .with_attribute(("name", "files that could not be checked"))
        .with_attributes([("tests", count.as_str()), ("errors", &count), ("failures", "0")])
        .write_inner_content(|document| {
            for failure in &report.failures {
                let message = text(&failure.to_string());
                let case = document.create_element("testcase").with_attribute(("name", message.as_str()));
                case.write_inner_content(|document| {
                    let error = document.create_element("error");
                    error.with_attribute(("message", message.as_str())).write_empty().map(|_| ())
                })?;
            }
            Ok(())
        })?;
    Ok(())
}

fn write_passed(document: &mut Document) -> io::Result<()> {
    document
        .create_element("testsuite")
        .with_attributes([("name", "port-manager"), ("tests", "1"), ("failures", "0"), ("errors", "0")])
        .write_inner_content(|document| {
            document.create_element("testcase").with_attribute(("name", "no findings")).write_empty()?;
            Ok(())
        })?;
    Ok(())
}
