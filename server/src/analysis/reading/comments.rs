//! Comments of scripts that stand in another format.

/// The text with every comment line blanked, byte for byte of the same length.
pub(in crate::analysis) fn without_lines(text: &str) -> String {
    blanked(text, |line| (!line.trim_start().starts_with('#')).then_some(line))
}

/// The script with every comment blanked, those behind a command, too.
pub(in crate::analysis) fn without_any(script: &str) -> String {
    blanked(script, |line| {
        let mut quote = None;
        let mut previous = ' ';
        for (index, character) in line.char_indices() {
            match character {
                '#' if quote.is_none() && previous.is_whitespace() => return Some(&line[..index]),
                '"' | '\'' if quote == Some(character) => quote = None,
                '"' | '\'' if quote.is_none() => quote = Some(character),
                _ => {}
            }
            previous = character;
        }
        Some(line)
    })
}

/// A line without its comment: from `#`, `;` or `!` where the line begins, or ` #` behind a value.
pub(in crate::analysis) fn before_comment(line: &str) -> &str {
    let trimmed = line.trim_start();
    if trimmed.starts_with(['#', ';', '!']) || trimmed.starts_with("//") {
        return "";
    }
    let mut quote = None;
    let mut previous = ' ';
    for (index, character) in line.char_indices() {
        match character {
            '"' | '\'' if quote == Some(character) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(character),
            '#' if quote.is_none() && previous.is_whitespace() => return &line[..index],
            _ => {}
        }
        previous = character;
    }
    line
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
    fn a_setting_has_comments_at_its_start_or_behind_it() {
        for comment in ["# a", " ; a", "! a", "// a"] {
            assert_eq!(before_comment(comment), "", "{comment}");
        }
        assert_eq!(before_comment("a = 1 # b"), "a = 1 ");
        assert_eq!(before_comment("a = '1 # b'"), "a = '1 # b'");
        assert_eq!(before_comment("a = http://b ; c"), "a = http://b ; c");
    }
}
