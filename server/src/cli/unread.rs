//! Files that would have said something about a project's ports, and were not read.

use super::terminal::Terminal;
use crate::error::Result;
use crate::operations::UnreadFile;
use crate::text::printable;

/// Warns of each.
pub(super) fn warn(unread: &[UnreadFile], terminal: &mut Terminal) -> Result<()> {
    for UnreadFile { path, reason } in unread {
        let path = printable(&path.display().to_string());
        terminal.warn(format_args!("{path} was not read: {reason}"))?;
        terminal.help("Ports that only this file has are not known: write them into .ports.env.example.")?;
    }
    Ok(())
}
