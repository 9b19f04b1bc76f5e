//! SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format), by the names of its specification.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde::Serialize;

use super::super::super::terminal::Terminal;
use crate::error::Result;
use crate::operations::check::{CheckReport, Finding, Replacement, Suggestion, slashed};
use crate::port::Port;
use crate::rules::{Rule, Severity};
use crate::variable::Variable;
use crate::version;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What a path keeps in a URI (RFC 3986, `unreserved` and `/`).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The name of the directory that paths are relative to: by it, readers know the root of the repository.
const REPOSITORY: &str = "%SRCROOT%";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    invocations: [Invocation; 1],
    /// Columns count Unicode scalar values.
    column_kind: &'static str,
    results: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    information_uri: Option<&'static str>,
    rules: Vec<Descriptor>,
}

/// A rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Message,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

/// A rule's page, as plain text and as Markdown.
#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

/// A result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    partial_fingerprints: PartialFingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct PartialFingerprints {
    /// The number behind the slash changes when the same finding gets another fingerprint.
    #[serde(rename = "portManager/v1")]
    first: String,
}

#[derive(Serialize)]
struct Properties<'a> {
    port: Option<Port>,
    variable: Option<&'a Variable>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: [Change; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replaced>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replaced {
    deleted_region: Region,
    inserted_content: Message,
}

/// Prints the findings as the results of one run.
pub(super) fn print(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    let notification = |failure: &crate::error::Error| Notification {
        level: "error",
        message: Message { text: plain(&failure.to_string()) },
    };
    let repository = version::REPOSITORY;
    terminal.print_json(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: version::PROGRAM,
                    semantic_version: version::NUMBER,
                    information_uri: (!repository.is_empty()).then_some(repository),
                    rules: Rule::ALL.into_iter().map(|rule| Descriptor::of(rule, repository)).collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: report.failures.is_empty(),
                tool_execution_notifications: report.failures.iter().map(notification).collect(),
            }],
            column_kind: "unicodeCodePoints",
            results: report.findings.iter().map(Found::of).collect(),
        }],
    })
}

impl Descriptor {
    fn of(rule: Rule, repository: &str) -> Self {
        let page = rule.page();
        Self {
            id: rule.name(),
            short_description: Message { text: plain(rule.summary()) },
            help: Help { text: page.clone(), markdown: page },
            help_uri: rule.address_in(repository),
            default_configuration: Configuration { level: level(rule.severity()) },
        }
    }
}

impl<'a> Found<'a> {
    fn of(finding: &'a Finding) -> Self {
        let Finding { line, column, end_column, .. } = *finding;
        let region = Region { start_line: line, start_column: column, end_line: line, end_column };
        let artifact_location = Artifact::of(&finding.in_repository);
        let fix = finding.suggestion.as_ref().filter(|suggestion| !suggestion.edits.is_empty());
        Self {
            rule_id: finding.rule.name(),
            rule_index: Rule::ALL.iter().position(|rule| *rule == finding.rule).unwrap_or_default(),
            level: level(finding.severity),
            message: Message { text: plain(&finding.message) },
            locations: [Location { physical_location: PhysicalLocation { artifact_location, region } }],
            partial_fingerprints: PartialFingerprints { first: finding.fingerprint.to_string() },
            fixes: fix.map(|suggestion| Fix::of(suggestion, &finding.in_repository)).into_iter().collect(),
            properties: Properties { port: finding.port, variable: finding.variable.as_ref() },
        }
    }
}

impl Fix {
    fn of(suggestion: &Suggestion, path: &Path) -> Self {
        let replaced = |edit: &Replacement| Replaced {
            deleted_region: Region {
                start_line: edit.start.0,
                start_column: edit.start.1,
                end_line: edit.end.0,
                end_column: edit.end.1,
            },
            inserted_content: Message { text: edit.text.clone() },
        };
        Self {
            description: Message { text: plain(&suggestion.title) },
            artifact_changes: [Change {
                artifact_location: Artifact::of(path),
                replacements: suggestion.edits.iter().map(replaced).collect(),
            }],
        }
    }
}

impl Artifact {
    fn of(in_repository: &Path) -> Self {
        let path = percent_encode(slashed(in_repository).as_bytes(), ESCAPED).to_string();
        match in_repository.is_absolute() {
            true => Self {
                uri: format!("file://{}{path}", if cfg!(windows) { "/" } else { "" }),
                uri_base_id: None,
            },
            false => Self { uri: path, uri_base_id: Some(REPOSITORY) },
        }
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    }
}

/// Text of others in which no brackets make a link (SARIF 2.1.0, 3.11.6).
fn plain(text: &str) -> String {
    match text.contains("](") {
        true => text.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris_below_the_repository() {
        let uri = |path: &str| Artifact::of(Path::new(path)).uri;
        assert_eq!(uri("web/my shop/größe#1.js"), "web/my%20shop/gr%C3%B6%C3%9Fe%231.js");
        assert_eq!(uri("a:b.js"), "a%3Ab.js");
        #[cfg(unix)]
        assert_eq!(uri("/srv/a b.js"), "file:///srv/a%20b.js");
    }

    #[test]
    fn text_of_others_links_nowhere() {
        assert_eq!(plain("[x](http://evil)"), r"\[x\](http://evil)");
        assert_eq!(plain("`[run.\"web\"]`"), "`[run.\"web\"]`");
    }
}
