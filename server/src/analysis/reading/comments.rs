//! Comments that begin with `#` behind something else, and comments of scripts in another format.

/// How a line quotes texts, in which a `#` begins no comment.
#[derive(Debug, Clone, Copy)]
pub(in crate::analysis) struct Quotes {
    marks: &'static [char],
    /// Whether a quote is one only where a word begins, and may be escaped inside.
    begin_words: bool,
}

impl Quotes {
    /// There are none.
    pub(in crate::analysis) const NONE: Self = Self { marks: &[], begin_words: false };
    /// Those of shells and of most settings.
    pub(in crate::analysis) const USUAL: Self = Self { marks: &['"', '\''], begin_words: false };
    /// Those of Caddyfiles.
    pub(in crate::analysis) const CADDY: Self = Self { marks: &['"', '`'], begin_words: true };
}

/// A line without the comment that a `#` behind white space begins.
pub(in crate::analysis) fn before_sign(line: &str, quotes: Quotes) -> &str {
    // Most lines have no comment.
    if memchr::memchr(b'#', line.as_bytes()).is_none() {
        return line;
    }
    let mut quote = None;
    let mut previous = ' ';
    for (index, character) in line.char_indices() {
        let is_mark = quotes.marks.contains(&character);
        match quote {
            None if character == '#' && previous.is_whitespace() => return &line[..index],
            None if is_mark && (!quotes.begin_words || previous.is_whitespace()) => quote = Some(character),
            Some(open) if open == character && !(quotes.begin_words && previous == '\\') => quote = None,
            _ => {}
        }
        previous = character;
    }
    line
}

/// The text with every comment line blanked, byte for byte of the same length.
pub(in crate::analysis) fn without_lines(text: &str) -> String {
    blanked(text, |line| (!line.trim_start().starts_with('#')).then_some(line))
}

/// The script with every comment blanked, those behind a command, too.
pub(in crate::analysis) fn without_any(script: &str) -> String {
    blanked(script, |line| Some(before_sign(line, Quotes::USUAL)))
}

/// A line without its comment: from `#`, `;` or `!` where the line begins, or ` #` behind a value.
pub(in crate::analysis) fn before_comment(line: &str) -> &str {
    let trimmed = line.trim_start();
    if trimmed.starts_with(['#', ';', '!']) || trimmed.starts_with("//") {
        return "";
    }
    before_sign(line, Quotes::USUAL)
}

fn blanked(text: &str, kept: impl Fn(&str) -> Option<&str>) -> String {
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let kept = kept(line).unwrap_or_default();
        result.push_str(kept);
        let end = line.trim_end_matches('\n').len();
        result.push_str(&" ".repeat(end.saturating_sub(kept.len())));
        result.push_str(&line[end.max(kept.len())..]);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_comment_is_blanked_and_nothing_moves() {
        assert_eq!(without_lines("a # b\n  # é\nc\n"), "a # b\n      \nc\n");
    }

    #[test]
    fn a_comment_behind_a_command_begins_outside_of_quotes() {
        assert_eq!(without_any("a # b\n"), "a    \n");
        assert_eq!(without_any("a '# b' \"# c\"\n"), "a '# b' \"# c\"\n");
        assert_eq!(without_any("a#b\n"), "a#b\n");
    }

    #[test]
    fn a_sign_begins_a_comment_outside_of_the_quotes_that_count() {
        let line = "a '# b";
        assert_eq!(before_sign(line, Quotes::USUAL), line);
        for quotes in [Quotes::NONE, Quotes::CADDY] {
            assert_eq!(before_sign("a ' # b", quotes), "a ' ");
        }
        assert_eq!(before_sign("a b` # c", Quotes::CADDY), "a b` ");
        assert_eq!(before_sign("a `\\` # c`", Quotes::CADDY), "a `\\` # c`");
    }

    #[test]
    fn a_setting_has_comments_at_its_start_or_behind_it() {
        for comment in ["# a", " ; a", "! a", "// a"] {
            assert_eq!(before_comment(comment), "", "{comment}");
        }
        assert_eq!(before_comment("a = 1 # b"), "a = 1 ");
        assert_eq!(before_comment("a = '1 # b'"), "a = '1 # b'");
        assert_eq!(before_comment("a = http://b ; c"), "a = http://b ; c");
    }
}
