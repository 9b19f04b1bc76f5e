//! Findings as people read them: the line, what is wrong in it, and what would fix it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::super::super::style::PLACE;
use super::super::super::styled::{Styled, styled};
use super::super::super::terminal::{Terminal, counted};
use crate::error::Result;
use crate::operations::check::{CheckReport, Excerpt, Finding, Repair};
use crate::port::Port;
use crate::rules::Severity;
use crate::text::printable;

/// With more findings than these, people are also shown which ports they are about.
const FEW: usize = 5;

/// How many ports are listed.
const LISTED_PORTS: usize = 10;

/// Prints every finding, the most serious first. Warnings show the line that they are about; with `--verbose`, the
/// others do too.
pub(in crate::cli::check) fn print(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    let renderer = if terminal.has_colored_data() { Renderer::styled() } else { Renderer::plain() };
    let width = terminal.width().map_or(DEFAULT_TERM_WIDTH, usize::from);
    let renderer = renderer.term_width(width).hyperlink(false);
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    for finding in findings {
        let rendered = render(finding, &renderer);
        let title = rendered.title.end_of_line().and(origin(finding));
        if finding.severity == Severity::Warning || terminal.is_verbose() {
            terminal.print_line(title.end_of_line().and(rendered.excerpt))?;
            terminal.print_line("")?;
        } else {
            terminal.print_line(title)?;
        }
    }
    Ok(())
}

/// A finding as the renderer shows it, without its line of place.
struct Rendered {
    title: Styled,
    excerpt: Styled,
}

fn render(finding: &Finding, renderer: &Renderer) -> Rendered {
    let level = match finding.severity {
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::NOTE,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    // All of it before the renderer sees it: behind it, foreign colours cannot be told from the renderer's.
    let (message, fix) =
        (printable(&finding.message), finding.suggestion.as_ref().map(|it| printable(&it.title)));
    let (text, span) = printable_excerpt(&finding.excerpt);
    let title = level.primary_title(message.as_str()).id(finding.rule.name());
    let snippet = Snippet::source(text.as_str())
        .line_start(finding.line)
        .annotation(AnnotationKind::Primary.span(span));
    let mut group = title.element(snippet);
    if let Some(fix) = &fix {
        group = group.element(Level::HELP.message(fix.as_str()));
    }
    // The renderer's own line of place counts the columns of the terminal, not characters, and knows
    // nothing of the part of a long line that is not here.
    let rendered = renderer.render(&[group]);
    let (title, excerpt) = rendered.split_once('\n').unwrap_or((&rendered, ""));
    Rendered { title: Styled::rendered(title), excerpt: Styled::rendered(excerpt) }
}

/// A line with everything hidden in it made visible, but for tabs, which the renderer expands.
fn printable_excerpt(excerpt: &Excerpt) -> (String, Range<usize>) {
    let tabs_stay = |text: &str| text.split('\t').map(printable).collect::<Vec<_>>().join("\t");
    let Range { start, end } = excerpt.span.clone();
    let before = tabs_stay(&excerpt.text[..start]);
    let within = tabs_stay(&excerpt.text[start..end]);
    let span = before.len()..before.len() + within.len();
    (before + &within + &tabs_stay(&excerpt.text[end..]), span)
}

/// `  --> web/server.js:8:10`, its arrow above the bar beside the line.
fn origin(finding: &Finding) -> Styled {
    let indent = finding.line.to_string().len();
    let place = format!("{}:{}:{}", finding.path.display(), finding.line, finding.column);
    styled![" ".repeat(indent), PLACE.of("-->"), " ", place]
}

/// Says how many findings there are, of which ports, and how many `--fix` would fix.
pub(in crate::cli::check) fn summarize(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    if report.findings.len() > FEW {
        let ports = by_port(report);
        for line in ports.iter().take(LISTED_PORTS) {
            terminal.say(line)?;
        }
        if let Some(rest) = ports.len().checked_sub(LISTED_PORTS).filter(|rest| *rest > 0) {
            terminal.say(format_args!("and {}", counted(rest, "other port")))?;
        }
    }
    terminal.say(summary(report))
}

/// `8080: 6 places in 4 files`, the port with the most places first.
fn by_port(report: &CheckReport) -> Vec<String> {
    let mut ports: BTreeMap<Port, Vec<&Path>> = BTreeMap::new();
    for finding in &report.findings {
        if let Some(port) = finding.port {
            // The findings are ordered by path.
            ports.entry(port).or_default().push(&finding.path);
        }
    }
    let mut ports: Vec<(Port, Vec<&Path>)> = ports.into_iter().collect();
    ports.sort_by_key(|(_, paths)| Reverse(paths.len()));
    let line = |(port, mut paths): (Port, Vec<&Path>)| {
        let places = counted(paths.len(), "place");
        paths.dedup();
        format!("{port}: {places} in {}", counted(paths.len(), "file"))
    };
    ports.into_iter().map(line).collect()
}

/// `12 warnings, 5 notes in 6 files; 240 files checked. 9 of them can be fixed with --fix.`
fn summary(report: &CheckReport) -> String {
    let checked = counted(report.files, "file");
    let mut paths: Vec<_> = report.findings.iter().map(|finding| &finding.path).collect();
    paths.dedup();
    let parts: Vec<String> = [Severity::Warning, Severity::Information, Severity::Hint]
        .into_iter()
        .map(|severity| (report.count(severity), severity))
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| counted(count, &severity.to_string()))
        .collect();
    if parts.is_empty() {
        return match report.failures.is_empty() {
            true => format!("No findings; {checked} checked."),
            false => "No findings, but not everything could be checked: see the errors above.".to_owned(),
        };
    }
    let fixable = match report.findings.iter().filter(|it| it.repair == Repair::Automatic).count() {
        0 => String::new(),
        count if count == report.findings.len() => " --fix fixes all of them.".to_owned(),
        count => format!(" --fix fixes {count} of them."),
    };
    format!("{} in {}; {checked} checked.{fixable}", parts.join(", "), counted(paths.len(), "file"))
}
