//! Tables: fitted to a terminal, or plain aligned columns for a pipe.

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table};

use super::styled::Styled;
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

/// Prints the rows under the headings. Columns named in `right` are aligned right.
pub(super) fn print(
    terminal: &mut Terminal,
    headings: &[&str],
    right: &[usize],
    rows: impl IntoIterator<Item = Vec<Field>>,
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
    for (index, column) in table.column_iter_mut().enumerate() {
        // Two blanks between columns, none before the first.
        column.set_padding((0, 2));
        if right.contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        terminal.print_line(Styled::rendered(line.trim_end()))?;
    }
    Ok(())
}

fn cell((text, tone): Field) -> Cell {
    let cell = Cell::new(printable(&text));
    match tone {
        Tone::Plain => cell,
        Tone::Strong => cell.add_attribute(Attribute::Bold),
        Tone::Faint => cell.add_attribute(Attribute::Dim),
        Tone::Good => cell.fg(Color::Green),
        Tone::Bad => cell.fg(Color::Yellow),
    }
}
