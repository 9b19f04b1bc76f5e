//! A change of a file as a unified patch, which `git apply` and `patch -p1` take.

use std::fmt::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use similar::TextDiff;

/// How many unchanged lines surround a change, as in git.
const CONTEXT: usize = 3;

/// The change of one file's text. Its `Display` is a unified patch, byte for byte: code that prints it on a terminal has
/// to escape it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patch<'a> {
    /// The file, relative to the directory in which the patch is applied, with `/` between the parts.
    pub(crate) path: &'a str,
    /// The text before; `None` where there is no such file yet.
    pub(crate) before: Option<&'a str>,
    /// The text after.
    pub(crate) after: &'a str,
}

impl fmt::Display for Patch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, after] = [self.before.unwrap_or_default(), self.after];
        if before == after {
            return Ok(());
        }
        let old = self.before.map_or_else(|| "/dev/null".to_owned(), |_| quoted("a", self.path));
        // Only `\n` ends a line of a patch: a lone `\r` is a character of it.
        let lines = [before, after].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
        let diff = TextDiff::configure().diff_slices(&lines[0], &lines[1]);
        let mut unified = diff.unified_diff();
        writeln!(f, "--- {old}\n+++ {}", quoted("b", self.path))?;
        for hunk in unified.context_radius(CONTEXT).iter_hunks() {
            writeln!(f, "{}", hunk.header())?;
            for change in hunk.iter_changes() {
                // `similar` would take a `\r` for the end of the last line.
                let end =
                    if change.value().ends_with('\n') { "" } else { "\n\\ No newline at end of file\n" };
                write!(f, "{}{}{end}", change.tag(), change.value())?;
            }
        }
        Ok(())
    }
}

/// A path as a patch has it: with `/` between the parts, and without `./` before them.
pub(crate) fn patch_path(path: &Path) -> String {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.collect::<PathBuf>().to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

/// A path as git writes it into a patch: a name with a space gets a tab behind it, one with a quote, a backslash or a
/// control character is quoted as in C.
fn quoted(side: &str, path: &str) -> String {
    if path.contains(|character: char| character.is_control() || matches!(character, '"' | '\\')) {
        let mut name = format!("\"{side}/");
        for byte in path.bytes() {
            // Writing to a string cannot fail.
            let _ = match byte {
                b'"' | b'\\' => write!(name, "\\{}", char::from(byte)),
                b' '..=b'~' => write!(name, "{}", char::from(byte)),
                _ => write!(name, "\\{byte:03o}"),
            };
        }
        return name + "\"";
    }
    let end = if path.contains(' ') { "\t" } else { "" };
    format!("{side}/{path}{end}")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_patch_names_the_file_and_shows_three_lines_around() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n";
        let patch = Patch { path: "src/a.js", before: Some(before), after };
        let expected = "--- a/src/a.js\n+++ b/src/a.js\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n";
        assert_eq!(patch.to_string(), expected);
        assert_eq!(Patch { after: before, ..patch }.to_string(), "");
    }

    #[test]
    fn git_applies_a_patch_whatever_the_lines_and_the_name() {
        let cases = [
            ("plain.txt", Some("a\nb\n"), "a\nc\n"),
            ("new.txt", None, "one\ntwo\n"),
            ("no newline.txt", Some("a\nb"), "a\nb\nc"),
            ("windows.txt", Some("a\r\nb\r\n"), "a\r\nx\r\nb\r\n"),
            ("lone-return.txt", Some("a\rb\nc\n"), "a\rb\nd\n"),
            ("lone-return-at-the-end.txt", Some("a\nb\r"), "a\nc\r"),
            ("tab\t.txt", Some("a\n"), "b\n"),
            ("quote\".txt", Some("a\n"), "b\n"),
            ("grün.txt", Some("ä\n"), "ö\n"),
        ];
        for (path, before, after) in cases {
            let directory = tempfile::tempdir().unwrap();
            if let Some(before) = before {
                fs::write(directory.path().join(path), before).unwrap();
            }
            fs::write(directory.path().join("patch"), Patch { path, before, after }.to_string()).unwrap();
            let git = Command::new("git").args(["apply", "patch"]).current_dir(directory.path()).output();
            let Ok(git) = git else { return };
            assert!(git.status.success(), "{path}: {}", String::from_utf8_lossy(&git.stderr));
            assert_eq!(fs::read_to_string(directory.path().join(path)).unwrap(), after, "{path}");
        }
    }
}
