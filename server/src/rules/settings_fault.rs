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

/// How many faults are found. A text that is no settings file at all is wrong at every line.
const MOST: usize = 20;

/// What is wrong in a text of the file, in the directory that it lies in, in the order of the text. Behind an error of syntax
/// nothing else is looked for.
#[must_use]
pub fn settings_faults(text: &str, root: &Path) -> Vec<SettingsFault> {
    let mut faults: Vec<SettingsFault> = Vec::new();
    // The parser ends at the first fault, so it is asked again without the entry that has it.
    let mut wrong: Vec<usize> = Vec::new();
    while let Err(Error::Settings { line, column, message, .. }) = Settings::parse_without(text, root, &wrong)
    {
        let span = word_at(text, At { line, column });
        let is_known = wrong.contains(&span.start);
        if !is_known {
            wrong.push(span.start);
            faults.push(SettingsFault { span, message });
        }
        if is_known || faults.len() == MOST {
            break;
        }
    }
    faults.sort_by_key(|fault| fault.span.start);
    faults
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

    /// The words of the text that the faults are about, and what is wrong.
    fn faults(text: &str) -> Vec<(&str, String)> {
        let faults = settings_faults(text, Path::new("/project")).into_iter();
        faults.map(|SettingsFault { span, message }| (&text[span], message)).collect()
    }

    #[test]
    fn a_fault_is_at_its_word_and_says_what_was_meant() {
        for (text, word, message) in [
            ("# é\n[severty]\n", "severty", "did you mean `severity`?"),
            ("[severity]\nhardcoded-prot = \"off\"\n", "hardcoded-prot", "did you mean 'hardcoded-port'?"),
            ("[severity]\r\nhardcoded-port = \"of\"\r\n", "\"of\"", "did you mean `off`?"),
            ("[fixes]\ndefalt = 'none'\n", "defalt", "did you mean `default`?"),
            ("ignore = [\n", "[", "unclosed array"),
            ("allowed-ports = [0]\n", "0", ""),
        ] {
            let found = faults(text);
            assert_eq!(found.iter().map(|(word, _)| *word).collect::<Vec<_>>(), [word], "{text}: {found:?}");
            assert!(found[0].1.contains(message), "{text}: {found:?}");
        }
        assert_eq!(faults("ignore = []\n"), []);
    }

    #[test]
    fn every_fault_is_found_and_what_is_right_is_none() {
        let text = "\
a = 1
ignore = ['build/']
allowed-ports = [0, 8080, 70000]
[severty]
x = 1
[severity]
hardcoded-port = \"of\"
port-conflict = \"off\"
unset-port-variabel = \"note\"
[fixes]
default = 3
[run.\"web\"]
PORT = \"WEB_PROT\"
[[call]]
id = \"our.listen\"
meens = \"It listens.\"
[env]
API_URL = \"http://localhost:${\"
";
        let words: Vec<&str> = faults(text).into_iter().map(|(word, _)| word).collect();
        assert_eq!(
            words,
            [
                "a",
                "0",
                "70000",
                "severty",
                "\"of\"",
                "unset-port-variabel",
                "3",
                "\"WEB_PROT\"",
                "meens",
                "$"
            ]
        );
    }

    #[test]
    fn a_text_that_is_no_settings_file_has_a_limited_number_of_faults() {
        let text: String = (0..1000).map(|number| format!("key{number} = 1\n")).collect();
        assert_eq!(faults(&text).len(), MOST);
    }
}
