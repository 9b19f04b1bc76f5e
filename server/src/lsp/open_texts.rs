//! The texts that the client has open, as they were at one moment: they count before the disk's.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tower_lsp::gen_lsp_types as lsp;

use super::documents::Documents;
use super::text::Text;
use super::uri;
use super::workspace_edit::DocumentEdits;
use crate::files;
use crate::fixes::Edit;
use crate::operations::fix::FileFixes;

/// Open texts, by where their files really lie.
pub(super) struct OpenTexts(HashMap<PathBuf, Open>);

/// An open document, as an edit has to name it.
struct Open {
    uri: lsp::Uri,
    version: i32,
    text: Text,
}

impl OpenTexts {
    pub(super) fn of(documents: &Documents) -> Self {
        let open = documents.iter().filter_map(|(uri, document)| {
            let path = files::canonicalize_new(document.path.as_deref()?).ok()?;
            Some((path, Open { uri: uri.clone(), version: document.version, text: document.text.clone() }))
        });
        Self(open.collect())
    }

    /// The text of a file that is open.
    pub(super) fn text(&self, path: &Path) -> Option<String> {
        self.0.get(path).map(|document| String::from(&document.text))
    }

    /// The URI and the version of a file that is open.
    pub(super) fn named(&self, path: &Path) -> Option<(lsp::Uri, i32)> {
        let path = files::canonicalize_new(path).ok()?;
        self.0.get(&path).map(|document| (document.uri.clone(), document.version))
    }

    /// The paths of the files that are open.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }

    /// The repairs of a file as edits of the text that the client has of it.
    pub(super) fn edits<'a>(&self, file: &'a FileFixes, text: &'a Text) -> Option<DocumentEdits<'a>> {
        self.edits_of(&file.path, &file.edits, text)
    }

    /// Edits of a file as edits of the text that the client has of it.
    pub(super) fn edits_of<'a>(
        &self,
        path: &Path,
        edits: &'a [Edit],
        text: &'a Text,
    ) -> Option<DocumentEdits<'a>> {
        let open = files::canonicalize_new(path).ok().and_then(|path| self.0.get(&path));
        let (uri, version) = match open {
            Some(document) => (document.uri.clone(), Some(document.version)),
            None => (uri::from_file(path)?, None),
        };
        Some(DocumentEdits { uri, version, text, edits })
    }
}
