//! Where a document belongs that is no file: a cell of a notebook beside the notebook, an unsaved document in the only folder.
//! It gets a name by which its language is known, and is judged like a file of that name.

use std::path::{Path, PathBuf};

use tower_lsp::gen_lsp_types::Uri;

use super::uri;
use crate::files::fingerprint;

/// The endings of files in a language, by the name that clients have for it (LSP 3.17, `TextDocumentItem`).
const ENDINGS: [(&str, &str); 28] = [
    ("c", "c"),
    ("clojure", "clj"),
    ("cpp", "cpp"),
    ("csharp", "cs"),
    ("dart", "dart"),
    ("elixir", "ex"),
    ("erlang", "erl"),
    ("go", "go"),
    ("groovy", "groovy"),
    ("java", "java"),
    ("javascript", "js"),
    ("javascriptreact", "jsx"),
    ("json", "json"),
    ("jsonc", "json"),
    ("kotlin", "kt"),
    ("lua", "lua"),
    ("perl", "pl"),
    ("php", "php"),
    ("python", "py"),
    ("r", "R"),
    ("ruby", "rb"),
    ("rust", "rs"),
    ("scala", "scala"),
    ("shellscript", "sh"),
    ("swift", "swift"),
    ("typescript", "ts"),
    ("typescriptreact", "tsx"),
    ("yaml", "yaml"),
];

/// Part of each such name: a word of one letter, so that no port is named after the file.
const MARK: &str = "#x";

/// The path of a document; `None` where it belongs to no project, or its language is not known.
pub(super) fn place_of(uri: &Uri, language_id: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    match uri.scheme() {
        "file" => uri::to_path(uri),
        // As VS Code and its like name a cell: by the path of the notebook.
        "vscode-notebook-cell" => cell_of(&path_of(uri)?, uri, language_id),
        "untitled" => match (path_of(uri), folders) {
            // A file that is going to be made there.
            (Some(path), _) => Some(path),
            (None, [folder]) => Some(folder.join(format!("{}{MARK}.{}", name_of(uri), ending(language_id)?))),
            (None, _) => None,
        },
        _ => None,
    }
}

/// The path of a cell of the notebook at that path.
pub(super) fn cell_of(notebook: &Path, uri: &Uri, language_id: &str) -> Option<PathBuf> {
    let (name, ending) = (notebook.file_name()?.to_str()?, ending(language_id)?);
    let cell = fingerprint(uri.as_str());
    Some(notebook.with_file_name(format!("{name}{MARK}-{cell:016x}.{ending}")))
}

/// The absolute path that a URI of another scheme names.
fn path_of(uri: &Uri) -> Option<PathBuf> {
    let path = uri.path();
    path.starts_with('/').then(|| Uri::parse(&format!("file://{path}")).ok())?.as_ref().and_then(uri::to_path)
}

/// What the document is called, as the name of a file.
fn name_of(uri: &Uri) -> String {
    uri.path().chars().map(|it| if it.is_ascii_alphanumeric() || it == '-' { it } else { '_' }).collect()
}

fn ending(language_id: &str) -> Option<&'static str> {
    ENDINGS.iter().find(|(name, _)| *name == language_id).map(|(_, ending)| *ending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Language;

    #[test]
    fn every_ending_is_that_of_a_known_language() {
        for (name, ending) in ENDINGS {
            assert!(Language::of_path(Path::new(&format!("a.{ending}"))).is_some(), "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_document_that_is_no_file_belongs_where_it_says() {
        let folders = [PathBuf::from("/shop")];
        let place = |text: &str, language, folders: &[PathBuf]| {
            place_of(&Uri::parse(text).unwrap(), language, folders)
        };
        let cell = place("vscode-notebook-cell:/shop/my%20a.ipynb#W0s", "python", &[]).unwrap();
        assert!(cell.to_str().unwrap().starts_with("/shop/my a.ipynb#") && cell.extension().unwrap() == "py");
        assert_ne!(place("vscode-notebook-cell:/shop/my%20a.ipynb#W1s", "python", &[]), Some(cell));
        assert_eq!(place("untitled:Untitled-1", "python", &folders), Some("/shop/Untitled-1#x.py".into()));
        assert_eq!(place("untitled:../../x", "python", &folders), Some("/shop/______x#x.py".into()));
        assert_eq!(place("untitled:/shop/new.js", "javascript", &[]), Some("/shop/new.js".into()));
        for (text, language, folders) in [
            ("untitled:Untitled-1", "plaintext", &folders[..]),
            ("untitled:Untitled-1", "python", &[]),
            ("git:/shop/a.js?ref", "javascript", &folders),
            ("vscode-notebook-cell:/shop/a.ipynb#W0s", "markdown", &folders),
        ] {
            assert_eq!(place(text, language, folders), None, "{text}");
        }
    }
}
