//! Findings as people read them: the line, what is wrong in it, and what would mend it.

use annotate_snippets::renderer::{DEFAULT_LINE_NUM_STYLE, DEFAULT_TERM_WIDTH};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::super::terminal::{Terminal, counted, printable};
use crate::error::Result;
use crate::operations::check::{CheckReport, Finding};
use crate::rules::Severity;

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

fn render(finding: &Finding, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::NOTE,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.rule.name());
    let snippet = Snippet::source(finding.excerpt.text.as_str())
        .line_start(finding.line)
        .annotation(AnnotationKind::Primary.span(finding.excerpt.span.clone()));
    let mut group = title.element(snippet);
    if let Some(fix) = &finding.fix {
        group = group.element(Level::HELP.message(fix.as_str()));
    }
    // The renderer's own line of place counts the columns of the terminal, not characters, and knows
    // nothing of the part of a long line that is not here.
    let rendered = renderer.render(&[group]);
    let (title, rest) = rendered.split_once('\n').unwrap_or((&rendered, ""));
    format!("{title}\n{}\n{rest}", origin(finding))
}

/// `  --> web/server.js:8:10`, its arrow above the bar beside the line.
fn origin(finding: &Finding) -> String {
    let path = printable(&finding.path.to_string_lossy());
    let indent = finding.line.to_string().len();
    let arrow = DEFAULT_LINE_NUM_STYLE;
    let (line, column) = (finding.line, finding.column);
    format!("{:indent$}{arrow}-->{arrow:#} {path}:{line}:{column}", "")
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
