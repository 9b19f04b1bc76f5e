//! The block of `.env` that `port-manager integrate compose` writes. docker compose reads `.env`, and does not read `.ports.env`.

use std::ops::Range;

/// The line before the numbers.
pub const FIRST: &str =
    "# >>> port-manager: the numbers of .ports.env; `port-manager integrate compose` writes them again";

/// The line behind the numbers.
pub const LAST: &str = "# <<< port-manager";

/// Where the block is in the text of a `.env`, with its marks and the end of its last line.
#[must_use]
pub fn span(text: &str) -> Option<Range<usize>> {
    let first = text.find(FIRST)?;
    let last = first + text[first..].find(LAST)?;
    Some(first..text[last..].find('\n').map_or(text.len(), |end| last + end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_ends_with_the_line_of_its_last_mark() {
        let block = format!("{FIRST}\nWEB_PORT=8003\n{LAST}\n");
        let text = format!("SECRET=x\n{block}MORE=1\n");
        assert_eq!(&text[span(&text).unwrap()], block);
        assert_eq!(span("SECRET=x\n"), None);
        assert_eq!(span(&format!("{LAST}\n{FIRST}\n")), None, "the marks are in the wrong order");
    }
}
