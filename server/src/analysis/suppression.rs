//! `port-manager: ignore` and `port-manager: ignore[rule]` in a text.

use crate::pattern::{Pattern, regex};

static MARK: Pattern = regex!(r"port-manager:\s*ignore(?-u:\b)(?:\[(?P<rules>[a-z, -]*)\])?");

/// The places of a text in which rules are to be quiet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suppressions {
    marks: Vec<Mark>,
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    /// The bytes of the lines that it covers: its own and, where it stands alone, the next.
    lines: std::ops::Range<usize>,
    /// The rules that are named; empty for all.
    rules: Vec<String>,
}

impl Suppressions {
    /// The marks of a text.
    pub(super) fn of(text: &str) -> Self {
        let marks = MARK
            .captures_iter(text)
            .filter_map(|captures| {
                let whole = captures.get(0)?;
                let start = text[..whole.start()].rfind('\n').map_or(0, |newline| newline + 1);
                let mut end = line_end(text, whole.end());
                // Alone on its line it speaks of the next.
                if !text[start..whole.start()].chars().any(char::is_alphanumeric) {
                    end = line_end(text, (end + 1).min(text.len()));
                }
                let rules = captures.name("rules").map_or_else(Vec::new, |rules| {
                    rules.as_str().split(',').map(|rule| rule.trim().to_owned()).collect()
                });
                Some(Mark { lines: start..end, rules })
            })
            .collect();
        Self { marks }
    }

    /// Whether the rule is to be quiet at the byte offset.
    #[must_use]
    pub fn covers(&self, offset: usize, rule: &str) -> bool {
        self.marks.iter().any(|mark| {
            mark.lines.start <= offset
                && offset <= mark.lines.end
                && (mark.rules.is_empty() || mark.rules.iter().any(|name| name == rule))
        })
    }
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |newline| from + newline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_covers_its_line_and_alone_the_next() {
        let text = "listen(8080) // port-manager: ignore\nlisten(8081)\n// port-manager: ignore[hardcoded-port]\nlisten(8082)\nlisten(8083)\n";
        let suppressions = Suppressions::of(text);
        let covers = |needle: &str, rule| suppressions.covers(text.find(needle).unwrap(), rule);
        assert!(covers("8080", "hardcoded-port"));
        assert!(!covers("8081", "hardcoded-port"));
        assert!(covers("8082", "hardcoded-port"));
        assert!(!covers("8082", "unset-port-variable"));
        assert!(!covers("8083", "hardcoded-port"));
    }
}
