//! Fixes as a patch that `git apply` and `patch -p1` take.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::super::check::slashed;
use super::{FileFixes, names};
use crate::error::{Error, Result};
use crate::files;

/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// The patch that makes the edits of files, and those of `port-manager.toml` that belong to them. Paths are relative to the
/// current directory where they lie below it.
///
/// # Errors
/// When a file cannot be read, has changed since it was looked at, or leads out of its project; or when there is no
/// current directory.
pub fn patch(fixes: &[FileFixes]) -> Result<Vec<u8>> {
    let here = current_directory()?;
    let mut patch = Vec::new();
    for pending in names(fixes)? {
        let before = match files::read(&pending.path, files::LARGEST_NAMED) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::reading(&pending.path)(error)),
        };
        add(&mut patch, &shown(&pending.path, &here), before.as_deref(), pending.text().as_bytes());
    }
    for file in fixes {
        let (before, after) = file.rewritten()?;
        add(&mut patch, &shown(&file.canonical, &here), Some(before.bytes()), &after);
    }
    Ok(patch)
}

/// The same for a text that its file is to have, whatever the file has now.
///
/// # Errors
/// When there is no current directory.
pub fn text_patch(file: &FileFixes) -> Result<Vec<u8>> {
    let mut patch = Vec::new();
    if let Some(fixed) = file.fixed_text() {
        let path = shown(&file.canonical, &current_directory()?);
        add(&mut patch, &path, Some(file.text.as_bytes()), fixed.as_bytes());
    }
    Ok(patch)
}

fn current_directory() -> Result<PathBuf> {
    let here = std::env::current_dir().and_then(|here| files::canonicalize(&here));
    here.map_err(|source| Error::CurrentDirectory { source })
}

fn shown(path: &Path, here: &Path) -> PathBuf {
    path.strip_prefix(here).unwrap_or(path).to_owned()
}

/// Adds the changes of one file, which does not exist before where `before` is `None`.
fn add(patch: &mut Vec<u8>, path: &Path, before: Option<&[u8]>, after: &[u8]) {
    let old_name = before.map_or("/dev/null".to_owned(), |_| name("a", path));
    let (old, new) = (lines(before.unwrap_or_default()), lines(after));
    // Only LF ends a line, as for git and patch. `similar` writes patches itself, but takes a CR for the end of a last line.
    let diff = TextDiff::configure().diff_slices(&old, &new);
    let mut unified = diff.unified_diff();
    unified.context_radius(CONTEXT);
    let mut header = Some(format!("--- {old_name}\n+++ {}\n", name("b", path)));
    for hunk in unified.iter_hunks() {
        patch.extend(header.take().unwrap_or_default().bytes());
        patch.extend(format!("{}\n", hunk.header()).bytes());
        for change in hunk.iter_changes() {
            patch.extend(change.tag().to_string().bytes());
            patch.extend_from_slice(change.value());
            if !change.value().ends_with(b"\n") {
                patch.extend_from_slice(b"\n\\ No newline at end of file\n");
            }
        }
    }
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

/// A name as git writes it into patches: with a tab behind one with spaces, and as C quotes a text where it has characters
/// that would end it.
fn name(side: &str, path: &Path) -> String {
    let path = slashed(path);
    if !path.contains(|character: char| character.is_control() || matches!(character, '"' | '\\')) {
        return format!("{side}/{path}{}", if path.contains(' ') { "\t" } else { "" });
    }
    let mut quoted = format!("\"{side}/");
    for byte in path.bytes() {
        // Writing to a string cannot fail.
        let _ = match byte {
            b'"' | b'\\' => write!(quoted, "\\{}", char::from(byte)),
            b' '..=b'~' => write!(quoted, "{}", char::from(byte)),
            _ => write!(quoted, "\\{byte:03o}"),
        };
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_git_reads_them() {
        for (path, expected) in [
            ("web/server.js", "a/web/server.js"),
            ("my shop/größe.js", "a/my shop/größe.js\t"),
            ("a\tb\"ü.js", r#""a/a\011b\"\303\274.js""#),
        ] {
            assert_eq!(name("a", Path::new(path)), expected);
        }
    }

    #[test]
    fn only_a_line_feed_ends_a_line() {
        let mut patch = Vec::new();
        add(&mut patch, Path::new("a"), Some(b"one\rtwo\r\nthree"), b"one\rTWO\r\nthree");
        let expected = "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n-one\rtwo\r\n+one\rTWO\r\n three\n\\ No newline at end of file\n";
        assert_eq!(String::from_utf8(patch).unwrap(), expected);
        let mut patch = Vec::new();
        add(&mut patch, Path::new("a"), None, b"one\r");
        let expected = "--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+one\r\n\\ No newline at end of file\n";
        assert_eq!(String::from_utf8(patch).unwrap(), expected);
    }
}
