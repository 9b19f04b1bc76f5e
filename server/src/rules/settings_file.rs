//! The file `port-manager.toml`: its text, and what is wrong in it.

use std::path::Path;

use toml_edit::DocumentMut;

use crate::error::{Error, Result};
use crate::text::At;

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
    Error::Settings { path: root.join(FILE_NAME), line, column, message }
}
