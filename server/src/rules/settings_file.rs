//! The file `port-manager.toml`: its text, and places in it.

use std::ops::Range;
use std::path::Path;

use toml_edit::DocumentMut;

use crate::error::{Error, Result};

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

/// A place in the file: its line and its column in characters, each from 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    line: usize,
    column: usize,
}

impl At {
    /// The start of the file, for what is wrong with the whole of it.
    pub(super) const START: Self = Self { line: 1, column: 1 };

    pub(super) fn of(text: &str, span: Option<Range<usize>>) -> Self {
        let before = span.and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}
