//! An edit of a format that is read line by line: of lines that say nothing.

use std::ops::Range;

use super::Change;
use crate::analysis::code::ties::lines_around;
use crate::analysis::language::SilentLines;

/// The lines that were edited, if they say nothing and said nothing before.
pub(super) fn silent(former: &str, text: &str, change: &Change, lines: SilentLines) -> Option<Range<usize>> {
    let here = lines_around(text, &change.new, 0);
    let before = lines_around(former, &(change.new.start..change.old_end), 0);
    let is_silent = |text: &str, span: Range<usize>| text.get(span).is_some_and(|it| lines(text, it));
    (is_silent(former, before) && is_silent(text, here.clone())).then_some(here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_silent_that_were_so_before() {
        let is_edited = |former: &str, text: &str| {
            let is_silent = |_: &str, lines: &str| !lines.contains('8');
            silent(former, text, &Change::between(former, text), is_silent)
        };
        assert_eq!(is_edited("a\nb\n8\n", "a\nbc\n8\n"), Some(2..4));
        assert_eq!(is_edited("a\nb\n8\n", "a\nb9\n8\n"), Some(2..4));
        assert_eq!(is_edited("a\nb\n8\n", "a\nb8\n8\n"), None);
        assert_eq!(is_edited("a\nb8\n8\n", "a\nb\n8\n"), None);
        assert_eq!(is_edited("a\nb\n8\n", "a\nb8\n"), None, "the next line is another one");
    }
}
