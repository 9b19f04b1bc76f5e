//! The blocks of a batch file: lines between a `(` that ends a line and the `)` that begins one.

use std::borrow::Cow;
use std::ops::Range;

use super::INTO_FILE;

/// Lines between parentheses.
pub(super) struct Block {
    /// Where the line begins that opens it.
    pub(super) opener: usize,
    /// Where the line begins that closes it.
    pub(super) closer: usize,
    /// The bytes between.
    pub(super) body: Range<usize>,
    /// Whether what it prints is written to a file.
    pub(super) is_written: bool,
}

/// The blocks of a text.
pub(super) fn of(lines: &[(usize, Cow<'_, str>)]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Vec<(usize, usize, bool)> = Vec::new();
    for (offset, line) in lines {
        let code = line.trim();
        if super::is_comment(code) {
            continue;
        }
        if let Some(rest) = code.strip_prefix(')')
            && let Some((opener, start, is_written)) = open.pop()
        {
            blocks.push(Block {
                opener,
                closer: *offset,
                body: start..*offset,
                is_written: is_written || INTO_FILE.is_match(rest),
            });
        }
        if code.ends_with('(') {
            open.push((*offset, offset + line.len(), INTO_FILE.is_match(code)));
        }
    }
    blocks
}
