//! URI <-> path. Nothing else in the crate converts one into the other.

use std::path::{Path, PathBuf};

use tower_lsp::gen_lsp_types::Uri;

/// The path that a URI names; `None` where it names no file (`untitled:Untitled-1`).
pub(super) fn to_path(uri: &Uri) -> Option<PathBuf> {
    if uri.scheme() == "file" { uri.to_file_path().ok() } else { None }
}

/// The URI of an absolute directory, ending with `/` so that others can be relative to it.
pub(super) fn from_directory(path: &Path) -> Option<Uri> {
    Uri::from_directory_path(path).ok()
}

/// The URI of an absolute file.
pub(super) fn from_file(path: &Path) -> Option<Uri> {
    Uri::from_file_path(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn every_path_survives_the_round_trip() {
        for path in [
            "/home/dev/app/[id]/page.tsx",
            "/home/dev/my shop/server.js",
            "/home/dev/100%/a#b?c.js",
            "/home/dev/größe/🚢.py",
            "/home/dev/a:b/c+d&e.go",
        ] {
            let uri = Uri::from_file_path(path).unwrap();
            assert_eq!(to_path(&uri).as_deref(), Some(Path::new(path)), "{uri}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn clients_escape_as_they_like() {
        for text in ["file:///app/[id]/a%20b.js", "file:///app/%5Bid%5D/a%20b.js", "file:///app/[id]/a b.js"]
        {
            let uri = Uri::parse(text).unwrap();
            assert_eq!(to_path(&uri).as_deref(), Some(Path::new("/app/[id]/a b.js")), "{text}");
        }
    }

    #[test]
    fn not_every_document_is_a_file() {
        for text in ["untitled:Untitled-1", "git:/a/b.js?ref", "vscode-notebook-cell:/a/b.ipynb#x"] {
            assert_eq!(to_path(&Uri::parse(text).unwrap()), None, "{text}");
        }
    }
}
