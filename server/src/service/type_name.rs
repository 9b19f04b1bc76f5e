//! The name of a service type that a user adds.

use std::fmt;
use std::str::FromStr;

use arrayvec::ArrayString;

use super::words;

/// The longest name.
const LONGEST: usize = 32;

/// The name of a service type: words of lower-case letters with hyphens between them, none of which is `port`.
/// It is copied as freely as the types that come with the program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeName(ArrayString<LONGEST>);

impl TypeName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Why a text is not the name of a service type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the name of a service type: use up to {LONGEST} lower-case letters, with hyphens between words, and not \
     the word `port`"
)]
pub struct NotATypeName(String);

impl FromStr for TypeName {
    type Err = NotATypeName;

    fn from_str(text: &str) -> Result<Self, NotATypeName> {
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_name = text.split('-').all(is_word) && !words(text).iter().any(|word| is_port_word(word));
        let name = ArrayString::from(text).ok().filter(|_| is_name);
        name.map(Self).ok_or_else(|| NotATypeName(text.to_owned()))
    }
}

/// Whether a word only says that a name is that of a port, so that it can say nothing about the service.
pub(super) fn is_port_word(word: &str) -> bool {
    matches!(word, "port" | "ports")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_named_by_words_of_lower_case_letters() {
        for text in ["search", "full-text-search"] {
            assert_eq!(text.parse::<TypeName>().unwrap().as_str(), text);
        }
        for text in ["", "Search", "s3", "-a", "a-", "a--b", "a_b", "port", "my-port", &"a".repeat(33)] {
            assert!(text.parse::<TypeName>().is_err(), "{text}");
        }
    }
}
