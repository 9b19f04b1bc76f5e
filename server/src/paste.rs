//! Commands that people paste into their shell.

use crate::text::is_hidden;

/// What is said in place of a command that [`command_line`] cannot spell.
pub const NO_COMMAND: &str = "No command is shown for it: its name has characters that cannot be seen, and may do harm when they are pasted.";

/// A command line of those words, quoted for the shells of this system. On Unix the same line means the same to sh, bash,
/// zsh, ksh and fish, so nobody has to guess which of them it is for; on Windows it is for PowerShell.
///
/// `None` where a word has characters that cannot be seen, such as a line break or an escape sequence. A terminal
/// would obey some of them when they are pasted, and no spelling of them means the same to every shell.
#[must_use]
pub fn command_line<W: AsRef<str>>(words: &[W]) -> Option<String> {
    let quote = if cfg!(windows) { for_powershell } else { for_unix };
    let words = words.iter().map(AsRef::as_ref);
    words
        .map(|word| (!word.chars().any(is_hidden)).then(|| quote(word)))
        .collect::<Option<Vec<_>>>()
        .map(|quoted| quoted.join(" "))
}

/// A word for any shell of Unix. Within single quotes, fish gives backslashes a meaning and other shells do not, so
/// backslashes and single quotes stand outside of them.
fn for_unix(word: &str) -> String {
    if word.is_empty() {
        return "''".to_owned();
    }
    let mut quoted = String::new();
    for piece in word.split_inclusive(['\\', '\'']) {
        let (plain, escape) = match piece.strip_suffix('\\') {
            Some(plain) => (plain, r"\\"),
            None => piece.strip_suffix('\'').map_or((piece, ""), |plain| (plain, r"\'")),
        };
        if !plain.is_empty() {
            // It fails for a NUL only, which is a hidden character.
            quoted.push_str(&shlex::try_quote(plain).unwrap_or_default());
        }
        quoted.push_str(escape);
    }
    quoted
}

/// A word for PowerShell: as it is where it is plain, else in quotes.
#[must_use]
pub fn for_powershell(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || r"\/._-:=".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    powershell_string(word)
}

/// A text as a string of PowerShell, which takes typographic quotes for `'` (about_Quoting_Rules).
#[must_use]
pub fn powershell_string(text: &str) -> String {
    let is_quote = |character| matches!(character, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}');
    let mut string = String::from("'");
    for character in text.chars() {
        string.push(character);
        if is_quote(character) {
            string.push(character);
        }
    }
    string.push('\'');
    string
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_as_they_are() {
        let words = ["port-manager", "remove", "/home/dev/shop_2.0"];
        assert_eq!(command_line(&words).as_deref(), Some("port-manager remove /home/dev/shop_2.0"));
    }

    #[test]
    fn words_with_hidden_characters_cannot_be_pasted() {
        for word in ["a\nb", "\u{1b}[31m", "\u{9b}", "\u{202e}", "a\0b"] {
            assert_eq!(command_line(&["port-manager", "remove", word]), None, "{word:?}");
        }
    }

    #[test]
    fn powershell_doubles_single_quotes() {
        for (word, expected) in [
            (r"C:\shop", r"C:\shop"),
            ("my shop", "'my shop'"),
            ("it's; rm x", "'it''s; rm x'"),
            ("a’; b", "'a’’; b'"),
            ("", "''"),
        ] {
            assert_eq!(for_powershell(word), expected);
        }
    }
}
