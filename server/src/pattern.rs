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
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let (mut at, mut next) = (0, 0);
    // Behind the last star, and how far the text is that it stands for.
    let mut star = None;
    while at < text.len() {
        match (pattern.get(next), star) {
            (Some(b'*'), _) => {
                next += 1;
                star = Some((next, at));
            }
            (Some(byte), _) if *byte == text[at] => (at, next) = (at + 1, next + 1),
            (_, Some((behind, end))) => {
                (at, next) = (end + 1, behind);
                star = Some((behind, end + 1));
            }
            _ => return false,
        }
    }
    pattern[next..].iter().all(|byte| *byte == b'*')
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
