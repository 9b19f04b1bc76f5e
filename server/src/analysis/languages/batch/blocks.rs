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

#[cfg(test)]
mod tests {
    use super::*;

    /// The bodies of a text's blocks, each with whether what it prints is written to a file.
    fn found(text: &str) -> Vec<(&str, bool)> {
        let lines = crate::analysis::reading::continued::lines(text, '^', super::super::is_comment);
        of(&lines).into_iter().map(|block| (&text[block.body], block.is_written)).collect()
    }

    #[test]
    fn a_block_is_what_lies_between_its_parentheses() {
        assert_eq!(found("if a (\n  b\n)\nc\n"), [("  b\n", false)]);
        assert_eq!(found("a (\nb (\nc\n)\n)\n"), [("c\n", false), ("b (\nc\n)\n", false)]);
        assert_eq!(found("rem a (\nb\n)\n"), []);
        assert_eq!(found("a (\nb\n"), []);
    }

    #[test]
    fn a_block_is_written_where_either_end_says_so() {
        assert_eq!(found("(\na\n) > .env\n"), [("a\n", true)]);
        assert_eq!(found("> .env (\na\n)\n"), [("a\n", true)]);
        assert_eq!(found("(\na\n) > nul\n"), [("a\n", false)]);
    }
}
