//! Which lines of a repository have changed since a revision, as git knows it.

use std::collections::{BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::error::{Error, GitError, Result};
use crate::files;

/// The lines that have changed, by the canonical paths of their files.
#[derive(Debug, Default)]
pub struct ChangedLines(HashMap<PathBuf, Changed>);

/// What of a file has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Changed {
    /// All of it: git does not track it.
    Everything,
    /// These lines, counted from 1, in their order.
    Lines(Vec<Range<usize>>),
}

impl ChangedLines {
    /// Asks git about the repositories that the paths lie in, or about that of the current directory where there are none. Where
    /// the revision is on another branch, what counts is where that branch and the checkout part.
    ///
    /// # Errors
    /// When there is no git, a path lies in no repository, a repository has no such revision, or git fails.
    pub fn since(revision: &OsStr, paths: &[PathBuf]) -> Result<Self> {
        let here = [PathBuf::from(".")];
        let paths = if paths.is_empty() { &here } else { paths };
        let repositories = paths.iter().map(|path| Repository::of(path)).collect::<Result<BTreeSet<_>>>()?;
        let mut changed = Self::default();
        for repository in &repositories {
            let base = repository.base(revision)?;
            repository.add_tracked(&base, &mut changed)?;
            repository.add_untracked(&mut changed)?;
        }
        Ok(changed)
    }

    /// Whether a line of the file with that canonical path has changed.
    #[must_use]
    pub fn contains(&self, path: &Path, line: usize) -> bool {
        match self.0.get(path) {
            None => false,
            Some(Changed::Everything) => true,
            Some(Changed::Lines(ranges)) => ranges.iter().any(|range| range.contains(&line)),
        }
    }
}

/// A checkout.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The one that a path lies in.
    fn of(path: &Path) -> Result<Self> {
        let path = files::canonicalize(path).map_err(Error::reading(path))?;
        let directory = if path.is_dir() { &path } else { path.parent().unwrap_or(&path) };
        let output = git(directory, ["rev-parse", "--show-toplevel"])?;
        if !output.status.success() {
            let said = said(&output);
            // git refuses a directory of another user, and says what to do.
            return Err(match said.contains("not a git repository") {
                true => Error::Git(GitError::NoRepository { path: directory.to_owned() }),
                false => Error::Git(GitError::Failed { said }),
            });
        }
        let root = path_of(output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout));
        Ok(Self { root: files::canonicalize(&root).map_err(Error::reading(&root))? })
    }

    /// The commit to compare with.
    fn base(&self, revision: &OsStr) -> Result<OsString> {
        let mut commit = revision.to_owned();
        commit.push("^{commit}");
        let verified = [
            OsStr::new("rev-parse"),
            OsStr::new("--verify"),
            OsStr::new("--quiet"),
            OsStr::new("--end-of-options"),
            &commit,
        ];
        let output = git(&self.root, verified)?;
        let unknown = || {
            Error::Git(GitError::UnknownRevision {
                revision: revision.to_string_lossy().into_owned(),
                root: self.root.clone(),
            })
        };
        let commit = hash(&output).ok_or_else(unknown)?;
        let base = git(&self.root, [OsStr::new("merge-base"), &commit, OsStr::new("HEAD")])?;
        // A shallow clone may not know where the two part.
        Ok(hash(&base).unwrap_or(commit))
    }

    /// The lines of tracked files, as they are in the directory, that are not in the commit. A file that was renamed is
    /// compared with what it was.
    fn add_tracked(&self, commit: &OsStr, changed: &mut ChangedLines) -> Result<()> {
        let options = [
            "--unified=0",
            "--inter-hunk-context=0",
            "--find-renames",
            "--no-color",
            "--submodule=short",
            "--src-prefix=a/",
            "--dst-prefix=b/",
        ];
        for (path, lines) in hunks(&self.difference(commit, &options)?) {
            changed.0.insert(self.root.join(path_of(&path)), Changed::Lines(lines));
        }
        // Of a file that is no text for git, as by the attribute `-diff`, no lines are known.
        let counts = self.difference(commit, &["--numstat", "--no-renames", "-z"])?;
        for path in counts.split(|byte| *byte == 0).filter_map(|file| file.strip_prefix(b"-\t-\t")) {
            changed.0.insert(self.root.join(path_of(path)), Changed::Everything);
        }
        Ok(())
    }

    /// What git says of the differences from a commit, whatever the user has configured for people to read.
    fn difference(&self, commit: &OsStr, options: &[&str]) -> Result<Vec<u8>> {
        let always = ["diff", "--no-ext-diff", "--no-textconv", "--no-relative"];
        let options = always.iter().chain(options).map(OsStr::new);
        self.answer(options.chain([commit, OsStr::new("--")]))
    }

    /// The files that git does not track, and does not ignore either.
    fn add_untracked(&self, changed: &mut ChangedLines) -> Result<()> {
        let listed = self.answer(["ls-files", "--others", "--exclude-standard", "-z"])?;
        for path in listed.split(|byte| *byte == 0).filter(|path| !path.is_empty()) {
            changed.0.insert(self.root.join(path_of(path)), Changed::Everything);
        }
        Ok(())
    }

    fn answer(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Vec<u8>> {
        let output = git(&self.root, arguments)?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(Error::Git(GitError::Failed { said: said(&output) }))
        }
    }
}

/// Runs git in a directory.
fn git(directory: &Path, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Output> {
    Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(arguments)
        // The texts are compared.
        .env("LC_ALL", "C")
        .output()
        .map_err(|source| Error::Command { program: "git".to_owned(), source })
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

/// The hash that git answered with; `None` where it found none.
fn hash(output: &Output) -> Option<OsString> {
    let hash = std::str::from_utf8(&output.stdout).ok()?.trim();
    (output.status.success() && !hash.is_empty()).then(|| hash.into())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// The new lines of each file in a patch without context.
fn hunks(patch: &[u8]) -> Vec<(Vec<u8>, Vec<Range<usize>>)> {
    let mut files: Vec<(Vec<u8>, Vec<Range<usize>>)> = Vec::new();
    // How many lines of the hunk's text follow. They may look like anything.
    let mut text = 0;
    for line in patch.split(|byte| *byte == b'\n') {
        if text > 0 && line.first().is_some_and(|first| b"+-".contains(first)) {
            text -= 1;
        } else if let Some(path) = line.strip_prefix(b"+++ ") {
            // `/dev/null` is no file of the repository.
            files.extend(new_path(path).map(|path| (path, Vec::new())));
        } else if let Some((old, new)) = hunk(line) {
            text = old + new.len();
            if let Some((_, lines)) = files.last_mut().filter(|_| !new.is_empty()) {
                lines.push(new);
            }
        }
    }
    files
}

/// `@@ -3,2 +4,5 @@`: how many lines are gone, and which are new.
fn hunk(line: &[u8]) -> Option<(usize, Range<usize>)> {
    let line = std::str::from_utf8(line.strip_prefix(b"@@ -")?.split(|byte| *byte == b'@').next()?).ok()?;
    let (old, new) = line.trim_end().split_once(" +")?;
    let count = |range: &str| range.split_once(',').map_or(Some(1), |(_, count)| count.parse().ok());
    let start: usize = new.split(',').next()?.parse().ok()?;
    Some((count(old)?, start..start + count(new)?))
}

/// The path of a line `+++ b/path`. git puts one with unusual characters between quotes, and a tab behind one with spaces.
fn new_path(written: &[u8]) -> Option<Vec<u8>> {
    let written = written.strip_suffix(b"\t").unwrap_or(written);
    let path = match written.strip_prefix(b"\"") {
        Some(rest) => unquoted(rest.strip_suffix(b"\"")?)?,
        None => written.to_owned(),
    };
    path.strip_prefix(b"b/").map(<[u8]>::to_owned)
}

/// A path that git has quoted as C quotes a text.
fn unquoted(quoted: &[u8]) -> Option<Vec<u8>> {
    let mut path = Vec::new();
    let mut rest = quoted.iter().copied();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            path.push(byte);
            continue;
        }
        path.push(match rest.next()? {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            first @ b'0'..=b'3' => {
                let digits = [first, rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 8).ok()?
            }
            itself => itself,
        });
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_hunk_is_no_header() {
        let patch = b"diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,0 +2,2 @@ @@ -9 +9 @@\n++++ b/other\n+@@ -1 +7 @@\n\
            @@ -5 +7 @@\n-old\n\\ No newline at end of file\n+new\n@@ -9,3 +10,0 @@\n-x\n-y\n-z\n\
            diff --git a/gone b/gone\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\
            --- /dev/null\n+++ \"b/gr\\303\\274\\303\\237e\\t\\\"1\\\".js\"\n@@ -0,0 +1 @@\n+x\n\
            --- a/my file\t\n+++ b/my file\t\n@@ -1 +1 @@\n-x\n+y\n";
        let found: Vec<(String, Vec<(usize, usize)>)> = hunks(patch)
            .into_iter()
            .map(|(path, lines)| (path, lines.into_iter().map(|lines| (lines.start, lines.end)).collect()))
            .map(|(path, lines)| (String::from_utf8(path).unwrap(), lines))
            .collect();
        let expected =
            [("a", vec![(2, 4), (7, 8)]), ("grüße\t\"1\".js", vec![(1, 2)]), ("my file", vec![(1, 2)])];
        let expected = expected.map(|(path, lines)| (path.to_owned(), lines));
        assert_eq!(found, expected);
    }
}
