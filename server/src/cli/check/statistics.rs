//! How many findings each rule has.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::super::table::{self, Tone};
use super::super::terminal::Terminal;
use super::format::Format;
use crate::error::Result;
use crate::operations::check::{CheckReport, Repair};
use crate::rules::{Rule, Severity};

/// The findings of a rule that are equally serious.
#[derive(Serialize)]
struct Row {
    rule: &'static str,
    grade: String,
    count: usize,
    /// How many of them `--fix` fixes.
    fixable: usize,
}

/// Prints a row for each rule and grade, the most frequent first.
pub(super) fn print(report: &CheckReport, format: Format, terminal: &mut Terminal) -> Result<()> {
    let rows = rows(report);
    match format {
        Format::Json => return terminal.print_json(&rows),
        Format::Jsonl => return rows.iter().try_for_each(|row| terminal.print_json_line(row)),
        _ => {}
    }
    let cells = rows.into_iter().map(|row| {
        vec![
            (row.count.to_string(), Tone::Plain),
            (row.rule.to_owned(), Tone::Strong),
            (row.grade, Tone::Plain),
            (row.fixable.to_string(), Tone::Plain),
        ]
    });
    table::print(terminal, &["FINDINGS", "RULE", "GRADE", "FIXED BY --fix"], &[0, 3], cells)
}

fn rows(report: &CheckReport) -> Vec<Row> {
    let mut counts: BTreeMap<(Rule, Reverse<Severity>), (usize, usize)> = BTreeMap::new();
    for finding in &report.findings {
        let (count, fixable) = counts.entry((finding.rule, Reverse(finding.severity))).or_default();
        *count += 1;
        *fixable += usize::from(finding.repair == Repair::Automatic);
    }
    let row = |((rule, grade), (count, fixable)): ((Rule, Reverse<Severity>), (usize, usize))| Row {
        rule: rule.name(),
        grade: grade.0.to_string(),
        count,
        fixable,
    };
    let mut rows: Vec<Row> = counts.into_iter().map(row).collect();
    rows.sort_by_key(|row| Reverse(row.count));
    rows
}
