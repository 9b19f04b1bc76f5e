//! What rows about the environment call what is called or looked into.

use regex::Regex;
use serde::Deserialize;

/// What is called or looked into, as it is written; `*` stands for letters, digits and underscores, and `[A-Z_]` for one
/// of these.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(try_from = "String")]
pub(in crate::analysis::packs) struct Name(String);

/// How much of a name has to be fixed: a search for it decides whether a text is looked at.
const LEAST_FIXED: usize = 3;

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if fixed(&name).len() < LEAST_FIXED {
            return Err(format!(
                "`{name}` needs {LEAST_FIXED} characters in a row that are not `*` or in `[...]`"
            ));
        }
        let mut rest = name.as_str();
        while let Some((_, class)) = rest.split_once('[') {
            let is_class = |class: &&str| {
                let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
                !class.is_empty()
                    && class.bytes().all(is_allowed)
                    && !class.starts_with('-')
                    && !class.ends_with('-')
                    && Regex::new(&format!("[{class}]")).is_ok()
            };
            let Some((_, behind)) = class.split_once(']').filter(|(class, _)| is_class(class)) else {
                return Err(format!(
                    "`{name}` has a `[` without letters, digits, `_` or ranges of these, and a `]`"
                ));
            };
            rest = behind;
        }
        Ok(Self(name))
    }
}

/// The longest part of a name that is fixed.
fn fixed(name: &str) -> &str {
    let parts =
        name.split(']').flat_map(|part| part.split_once('[').map_or(part, |(fixed, _)| fixed).split('*'));
    parts.max_by_key(|part| part.len()).unwrap_or_default()
}

impl Name {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The longest part of it that is fixed.
    pub(super) fn fixed(&self) -> &str {
        fixed(&self.0)
    }

    /// The pattern of the name.
    pub(super) fn pattern(&self) -> String {
        let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let mut pattern = String::new();
        if self.0.starts_with(|first: char| is_word(first) || matches!(first, '*' | '[')) {
            pattern.push_str(r"\b");
        }
        let mut rest = self.0.as_str();
        while let Some(character) = rest.chars().next() {
            rest = &rest[character.len_utf8()..];
            match character {
                '*' => pattern.push_str("[0-9A-Za-z_]*"),
                '[' => {
                    let (class, behind) = rest.split_once(']').unwrap_or((rest, ""));
                    pattern.push_str(&format!("[{class}]"));
                    rest = behind;
                }
                // `System.getenv() . get`
                '(' => pattern.push_str(r"\(\s*"),
                ')' if rest.is_empty() => pattern.push_str(r"\)"),
                ')' => pattern.push_str(r"\)\s*"),
                '.' if pattern.ends_with(r"\s*") => pattern.push_str(r"\.\s*"),
                other => pattern.push_str(&regex::escape(&other.to_string())),
            }
        }
        pattern
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_needs_a_part_to_search_for() {
        for (name, expected) in [
            ("env", None),
            ("[eE]nviron", None),
            ("*", Some("`*` needs 3 characters in a row")),
            ("[eE]nv", Some("`[eE]nv` needs 3 characters in a row")),
            ("env[", Some("`env[` has a `[` without")),
            ("env[^a]", Some("`env[^a]` has a `[` without")),
        ] {
            let error = Name::try_from(name.to_owned()).err();
            assert!(
                expected.map_or(error.is_none(), |start| error
                    .as_ref()
                    .is_some_and(|error| error.starts_with(start))),
                "{name}: {error:?}"
            );
        }
    }
}
