//! Findings as people read them: the line, what is wrong in it, and what would mend it.

use std::ops::Range;

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::super::style::PLACE;
use super::super::styled::{Styled, styled};
use super::super::terminal::{Terminal, counted};
use crate::error::Result;
use crate::operations::check::{CheckReport, Excerpt, Finding};
use crate::rules::Severity;
use crate::text::printable;

/// Prints every finding.
pub(super) fn print(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    let renderer = if terminal.has_colored_data() { Renderer::styled() } else { Renderer::plain() };
    let width = terminal.width().map_or(DEFAULT_TERM_WIDTH, usize::from);
    let renderer = renderer.term_width(width).hyperlink(false);
    for finding in &report.findings {
        let text = render(finding, &renderer);
        terminal.print_line(text)?;
        terminal.print_line("")?;
    }
    Ok(())
}

fn render(finding: &Finding, renderer: &Renderer) -> Styled {
    let level = match finding.severity {
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::NOTE,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    // All of it before the renderer sees it: behind it, foreign colours cannot be told from the renderer's.
    let (message, fix) = (printable(&finding.message), finding.fix.as_deref().map(printable));
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
    let (title, rest) = rendered.split_once('\n').unwrap_or((&rendered, ""));
    Styled::rendered(title).end_of_line().and(origin(finding)).end_of_line().and(Styled::rendered(rest))
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

/// `12 warnings, 5 notes in 6 files; 240 files checked`
pub(super) fn summary(report: &CheckReport) -> String {
    let checked = counted(report.files, "file");
    let mut paths: Vec<_> = report.findings.iter().map(|finding| &finding.path).collect();
    paths.dedup();
    let parts: Vec<String> =
        [(Severity::Warning, "warning"), (Severity::Information, "note"), (Severity::Hint, "hint")]
            .into_iter()
            .map(|(severity, word)| (report.count(severity), word))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| counted(count, word))
            .collect();
    if parts.is_empty() {
        format!("No findings; {checked} checked.")
    } else {
        format!("{} in {}; {checked} checked.", parts.join(", "), counted(paths.len(), "file"))
    }
}
