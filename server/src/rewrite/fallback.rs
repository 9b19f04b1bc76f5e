//! What stays in place of a literal that a variable replaces.

use serde::Deserialize;

/// What a fix leaves for the case that the variable is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Fallback {
    /// The literal's own number, so that the program does what it did before.
    #[default]
    Number,
    /// Nothing: the variable has to be set.
    None,
}
