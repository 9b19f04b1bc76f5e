//! The file `port-manager.toml`: its text, and what is wrong in it.

use std::path::Path;

use toml_edit::DocumentMut;

use crate::error::{Error, Result};
use crate::pattern::{Pattern, regex};
use crate::text::{At, nearest};

/// The file's name, at the root of a project.
pub const FILE_NAME: &str = "port-manager.toml";

/// The file's text, to add to it: comments and order stay as they are.
pub(super) fn document(text: &str, root: &Path) -> Result<DocumentMut> {
    text.parse().map_err(|source: toml_edit::TomlError| {
        error(root, At::of(text, source.span()), source.message().to_owned())
    })
}

/// What is wrong in the file of that directory.
pub(super) fn error(root: &Path, At { line, column }: At, message: String) -> Error {
    Error::Settings { path: root.join(FILE_NAME), line, column, message: suggesting(message) }
}

/// A message of the parser that names a word and those that it knows, with the one that was likely meant.
fn suggesting(message: String) -> String {
    static UNKNOWN: Pattern = regex!(r"^unknown (?:field|variant) `([^`]*)`, expected (?:one of )?(.*)$");
    let meant = UNKNOWN.captures(&message).and_then(|captures| {
        let (word, known) = (captures.get(1)?.as_str(), captures.get(2)?.as_str());
        nearest(word, known.split('`').skip(1).step_by(2)).map(str::to_owned)
    });
    match meant {
        Some(meant) => format!("{message}; did you mean `{meant}`?"),
        None => message,
    }
}
