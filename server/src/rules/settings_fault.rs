//! What is wrong in the text of a `port-manager.toml`, and where, for whom it is open in an editor.

use std::ops::Range;
use std::path::Path;

use super::settings::Settings;
use crate::error::Error;
use crate::text::At;

/// What is wrong at a place of the file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsFault {
    /// The bytes it is about.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
}

/// What is wrong in a text of the file, in the directory that it lies in: the first thing that keeps it from being obeyed.
#[must_use]
pub fn settings_fault(text: &str, root: &Path) -> Option<SettingsFault> {
    match Settings::parse(text, root) {
        Err(Error::Settings { line, column, message, .. }) => {
            Some(SettingsFault { span: word_at(text, At { line, column }), message })
        }
        _ => None,
    }
}

/// The word at a place: what is between quotes, or a bare one. At least one character, where the line has one.
fn word_at(text: &str, At { line, column }: At) -> Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let line = text[start..].lines().next().unwrap_or_default();
    let before = line.char_indices().nth(column - 1).map_or(line.len(), |(at, _)| at);
    let rest = &line[before..];
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    let length = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => rest[1..].find(quote).map_or(rest.len(), |end| end + 2),
        Some(first) if is_word(first) => rest.find(|character| !is_word(character)).unwrap_or(rest.len()),
        Some(first) => first.len_utf8(),
        None => 0,
    };
    // Behind the end of a line, its last character is meant.
    let last = line.chars().next_back().map_or(0, char::len_utf8);
    let from = if length == 0 { before.saturating_sub(last) } else { before };
    start + from..start + before + length
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of the text that the fault is about, and what is wrong.
    fn fault(text: &str) -> Option<(&str, String)> {
        let SettingsFault { span, message } = settings_fault(text, Path::new("/project"))?;
        Some((&text[span], message))
    }

    #[test]
    fn a_fault_is_at_its_word_and_says_what_was_meant() {
        for (text, word, message) in [
            ("a = 1\n[severty]\n", "a", "unknown field `a`, expected one of"),
            ("# é\n[severty]\n", "severty", "did you mean `severity`?"),
            ("[severity]\nhardcoded-prot = \"off\"\n", "hardcoded-prot", "did you mean 'hardcoded-port'?"),
            ("[severity]\r\nhardcoded-port = \"of\"\r\n", "\"of\"", "did you mean `off`?"),
            ("[fixes]\ndefalt = 'none'\n", "defalt", "did you mean `default`?"),
            ("ignore = [\n", "[", "unclosed array"),
            ("allowed-ports = [0]\n", "0", ""),
        ] {
            let (found, said) = fault(text).unwrap_or_else(|| panic!("{text} is obeyed"));
            assert_eq!(found, word, "{text}: {said}");
            assert!(said.contains(message), "{text}: {said}");
        }
        assert_eq!(fault("ignore = []\n"), None);
    }
}
