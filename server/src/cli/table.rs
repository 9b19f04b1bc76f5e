//! Tables: fitted to a terminal, or plain aligned columns for a pipe.

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width,
};
use unicode_width::UnicodeWidthStr as _;

use super::style::{FAINT, GOOD, STRONG, WARNING};
use super::styled::{Styled, styled};
use super::terminal::Terminal;
use crate::error::Result;
use crate::text::printable;

/// How a cell stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Faint,
    Good,
    Bad,
}

/// A cell's text and how it stands out.
pub(super) type Field = (String, Tone);

/// The blanks between two columns.
pub(super) const GAP: usize = 2;

/// Prints the rows under the headings. Columns named in `right` are aligned right.
///
/// On a terminal, long cells are wrapped between words. Where that does not suffice, each row is printed as a
/// paragraph with a line for each cell, so that no word is broken and nothing is left out.
pub(super) fn print(
    terminal: &mut Terminal,
    headings: &[&str],
    right: &[usize],
    rows: impl IntoIterator<Item = Vec<Field>>,
) -> Result<()> {
    let printable = |(text, tone): Field| (printable(&text), tone);
    let rows: Vec<Vec<Field>> =
        rows.into_iter().map(|row| row.into_iter().map(printable).collect()).collect();
    let narrowest: Vec<usize> = (0..headings.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|(text, _)| text.as_str());
            cells.chain([headings[column]]).map(longest_word).max().unwrap_or(0)
        })
        .collect();
    let width = narrowest.iter().sum::<usize>() + GAP * headings.len().saturating_sub(1);
    if terminal.width().is_some_and(|columns| usize::from(columns) < width) {
        print_paragraphs(terminal, headings, &rows)
    } else {
        print_columns(terminal, headings, right, &narrowest, rows)
    }
}

fn longest_word(text: &str) -> usize {
    text.split(' ').map(|word| word.width()).max().unwrap_or(0)
}

fn print_columns(
    terminal: &mut Terminal,
    headings: &[&str],
    right: &[usize],
    narrowest: &[usize],
    rows: Vec<Vec<Field>>,
) -> Result<()> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    if terminal.has_colored_data() {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    if let Some(width) = terminal.width() {
        table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(headings.iter().map(|heading| Cell::new(heading).add_attribute(Attribute::Bold)));
    table.add_rows(rows.into_iter().map(|row| row.into_iter().map(cell).collect::<Vec<_>>()));
    let last = headings.len().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        let gap = if index == last { 0 } else { GAP };
        let narrowest = narrowest.get(index).copied().unwrap_or(0) + gap;
        column.set_padding((0, u16::try_from(gap).unwrap_or(0)));
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(
            u16::try_from(narrowest).unwrap_or(u16::MAX),
        )));
        if right.contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        terminal.print_line(Styled::rendered(line.trim_end()))?;
    }
    Ok(())
}

fn print_paragraphs(terminal: &mut Terminal, headings: &[&str], rows: &[Vec<Field>]) -> Result<()> {
    let width = headings.iter().map(|heading| heading.width()).max().unwrap_or(0);
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            terminal.print_line("")?;
        }
        for (heading, (text, tone)) in headings.iter().zip(row).filter(|(_, (text, _))| !text.is_empty()) {
            let text = match tone {
                Tone::Plain => Styled::from(text),
                Tone::Strong => STRONG.of(text),
                Tone::Faint => FAINT.of(text),
                Tone::Good => GOOD.of(text),
                Tone::Bad => WARNING.of(text),
            };
            terminal.print_line(styled![FAINT.of(format_args!("{heading:width$}")), "  ", text])?;
        }
    }
    Ok(())
}

fn cell((text, tone): Field) -> Cell {
    let cell = Cell::new(text);
    match tone {
        Tone::Plain => cell,
        Tone::Strong => cell.add_attribute(Attribute::Bold),
        Tone::Faint => cell.add_attribute(Attribute::Dim),
        Tone::Good => cell.fg(Color::Green),
        Tone::Bad => cell.fg(Color::Yellow),
    }
}
