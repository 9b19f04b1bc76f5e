//! The words of a command line that somebody is typing.

/// Stands for the cursor. Nobody can type it.
const CURSOR: char = '\u{1}';

/// The words of a line up to the cursor at its end, without their quotes. The last one is being typed: it may be empty, and its
/// quotes may be open. `None` where the cursor is in a comment.
pub(super) fn words(line: &str) -> Option<Vec<String>> {
    let closed = |quote: &str| shlex::split(&format!("{line}{CURSOR}{quote}"));
    let mut words = ["", "'", "\""].into_iter().find_map(closed)?;
    let last = words.last_mut()?;
    *last = last.strip_suffix(CURSOR)?.to_owned();
    Some(words)
}

/// A word that is being typed, without its quotes.
pub(super) fn unquoted(word: &str) -> String {
    match words(word).as_deref() {
        Some([only]) => only.clone(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_is_the_one_at_the_cursor() {
        for (line, expected) in [
            ("port-manager fr", &["port-manager", "fr"][..]),
            ("port-manager free ", &["port-manager", "free", ""]),
            (r"show my\ sh", &["show", "my sh"]),
            (r"show my\ ", &["show", "my "]),
            ("show \"my sh", &["show", "my sh"]),
            ("show 'it\"s ", &["show", "it\"s "]),
            ("show 'a b' c", &["show", "a b", "c"]),
            ("status --project=sh", &["status", "--project=sh"]),
            ("free :3000 :3", &["free", ":3000", ":3"]),
        ] {
            assert_eq!(words(line).unwrap(), expected, "{line}");
        }
        assert_eq!(words("show # wh"), None);
    }
}
