//! Patterns: constant regular expressions, and names as rows of knowledge write them.

use std::sync::LazyLock;

use regex::Regex;

/// A constant regular expression, compiled when it is first used.
pub(crate) type Pattern = LazyLock<Regex>;

/// A [`Pattern`] of a constant text.
macro_rules! regex {
    ($pattern:expr) => {
        ::std::sync::LazyLock::new(|| $crate::pattern::compiled($pattern))
    };
}
pub(crate) use regex;

/// The regular expression of [`regex!`].
pub(crate) fn compiled(pattern: &'static str) -> Regex {
    #[expect(clippy::expect_used)] // a constant, which the tests of its user compile
    Regex::new(pattern).expect("the pattern is constant")
}

/// Whether the text matches the pattern. Each `*` in the pattern stands for any text.
#[must_use]
pub fn is_like(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let Some((middle, end)) = rest.rsplit_once('*') else { return text.ends_with(rest) };
    for part in middle.split('*') {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (text, pattern, expected) in [
            ("xvnc", "xvnc", true),
            ("xvnc2", "xvnc", false),
            ("xtigervnc", "*vnc*", true),
            ("vncserver", "*vnc*", true),
            ("vim", "*vnc*", false),
            ("systemd-logind", "systemd-*", true),
            ("systemd", "systemd-*", false),
            (".kiro-server", ".*-server*", true),
            ("kiro-server", ".*-server*", false),
            ("a-a", "a*-a", true),
            ("aa", "a*a*a", false),
            ("app.test.ts", "*.test.*", true),
            ("latest.ts", "*.test.*", false),
            ("butterfly.toml", "fly.toml", false),
            ("cloudbuild.yaml", "cloudbuild.y*ml", true),
            ("main.tfx", "*.tf", false),
        ] {
            assert_eq!(is_like(text, pattern), expected, "{text} {pattern}");
        }
    }
}
