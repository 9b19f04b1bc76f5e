//! Reading a file that is to be checked, if it is one worth checking.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::Path;

use memchr::memchr_iter;

use crate::analysis::{Language, Refused};
use crate::error::{Error, Result, Unreadable};
use crate::files::{LARGEST, LARGEST_NAMED, RegularFile, Settled};

/// The average length of lines in bytes above which nobody wrote them by hand.
const LONGEST_AVERAGE_LINE: usize = 500;

/// The length in bytes above which not even one line was written by hand.
const LONGEST_LINE: usize = 100_000;

/// Files below this size are never minified: a short file of one line is not.
const SMALLEST_MINIFIED: usize = 16 * 1024;

/// A file's text.
pub(super) enum Source<'a> {
    /// It is to be checked.
    Text {
        /// The text, without a byte order mark. Bytes that are not UTF-8 are replaced: a number is
        /// found in a Latin-1 file all the same.
        text: Cow<'a, str>,
        /// What it is written in.
        language: Language,
    },
    /// Its language is known, but it is not to be checked.
    Skipped(SkipReason),
    /// Its language is not known.
    NotUnderstood,
}

/// Why a file is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// It is no regular file, or larger than is read.
    Unreadable(Unreadable),
    /// Its lines are longer than people write them.
    Minified,
    /// It is not text.
    Binary,
    /// A program writes it.
    Generated,
    /// It is written in a language that is not understood.
    NotUnderstood,
    /// It could not be parsed.
    Refused(Refused),
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused(reason) => return write!(f, "skipped, {reason}"),
            Self::Unreadable(reason) => return write!(f, "skipped, {reason}"),
            Self::Minified => "skipped, minified",
            Self::Binary => "skipped, not a text",
            Self::Generated => "skipped: generated file",
            Self::NotUnderstood => "skipped, not a language that is understood",
        })
    }
}

impl SkipReason {
    /// Why a text in a language that is understood is passed over all the same.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if memchr::memchr(0, bytes).is_some() {
            Some(Self::Binary)
        } else if bytes.len() as u64 > LARGEST {
            Some(Self::Unreadable(Unreadable::TooLarge(LARGEST >> 20)))
        } else if is_minified(bytes) {
            Some(Self::Minified)
        } else {
            None
        }
    }
}

impl<'a> Source<'a> {
    /// Reads the file into the buffer. One that was named is read if it is larger than usual, too.
    pub(super) fn read(path: &Path, is_named: bool, buffer: &'a mut Vec<u8>) -> Result<Self> {
        Self::read_settled(path, is_named, buffer).map(|(source, _)| source)
    }

    /// The same with the file's state, where it had been left alone for a while before.
    pub(super) fn read_settled(
        path: &Path,
        is_named: bool,
        buffer: &'a mut Vec<u8>,
    ) -> Result<(Self, Option<Settled>)> {
        let unread = |source| Ok((source, None));
        if Language::is_generated(path) {
            return unread(Self::Skipped(SkipReason::Generated));
        }
        let of_path = Language::of_path(path);
        // Only a file without an extension tells by its first line what it is.
        if of_path.is_none() && path.extension().is_some() {
            return unread(Self::NotUnderstood);
        }
        buffer.clear();
        let opened = if is_named { RegularFile::open(path) } else { RegularFile::open_listed(path) };
        let mut file = match opened {
            Ok(file) => file,
            Err(error) => return unread(Self::unreadable(path, error)?),
        };
        let settled = Settled::of(file.metadata());
        if of_path.is_none() {
            // Extracted archives and checkouts are full of large files without an extension.
            let head = file.head::<2>().map_err(Error::reading(path))?;
            if head != b"#!" {
                return Ok((Self::NotUnderstood, settled));
            }
            buffer.extend_from_slice(&head);
        }
        let limit = if is_named { LARGEST_NAMED } else { LARGEST };
        if let Err(error) = file.read(limit, buffer) {
            return Ok((Self::unreadable(path, error)?, settled));
        }
        let bytes = buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(buffer);
        let Some(language) = of_path.or_else(|| of_first_line(bytes)) else {
            return Ok((Self::NotUnderstood, settled));
        };
        let source = match SkipReason::of(bytes) {
            Some(reason) if !is_named || reason == SkipReason::Binary => Self::Skipped(reason),
            _ => Self::Text { text: text_of(bytes), language },
        };
        Ok((source, settled))
    }

    /// The text that an editor has open in place of the file's, which need not exist yet.
    pub(super) fn of_text(path: &Path, text: String) -> Source<'static> {
        match Language::of(path, &text) {
            _ if Language::is_generated(path) => Source::Skipped(SkipReason::Generated),
            None => Source::NotUnderstood,
            Some(language) => match SkipReason::of(text.as_bytes()) {
                Some(reason) => Source::Skipped(reason),
                None => Source::Text { text: Cow::Owned(text), language },
            },
        }
    }

    /// A file that is passed over for what it is, or a failure.
    fn unreadable(path: &Path, error: io::Error) -> Result<Self> {
        match Unreadable::in_error(&error) {
            Some(reason) => Ok(Self::Skipped(SkipReason::Unreadable(reason))),
            None => Err(Error::Read { path: path.to_owned(), source: error }),
        }
    }
}

/// The text with a replacement for each sequence of bytes that is no UTF-8. Nearly every text has none, and the check
/// alone is several times faster than the search for such sequences.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// What the `#!` line says.
fn of_first_line(bytes: &[u8]) -> Option<Language> {
    let first = bytes.split(|byte| *byte == b'\n').next().filter(|line| line.starts_with(b"#!"))?;
    Language::of_first_line(&String::from_utf8_lossy(first))
}

fn is_minified(bytes: &[u8]) -> bool {
    if bytes.len() < SMALLEST_MINIFIED {
        return false;
    }
    let (mut lines, mut start) = (0, 0);
    for end in memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        if end - start > LONGEST_LINE {
            return true;
        }
        (lines, start) = (lines + 1, end + 1);
    }
    bytes.len() / lines > LONGEST_AVERAGE_LINE
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(name: &str, bytes: &[u8], is_named: bool) -> String {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        fs::write(&path, bytes).unwrap();
        match Source::read(&path, is_named, &mut Vec::new()).unwrap() {
            Source::Text { text, .. } => text.into_owned(),
            Source::Skipped(reason) => reason.to_string(),
            Source::NotUnderstood => "not understood".to_owned(),
        }
    }

    #[test]
    fn text_is_read_whatever_its_encoding() {
        assert_eq!(read("a.js", b"listen(8080)", false), "listen(8080)");
        assert_eq!(read("a.js", b"\xef\xbb\xbflisten(8080)", false), "listen(8080)");
        assert_eq!(
            read("a.js", b"// gr\xfc\xdfe\nlisten(8080)", false),
            "// gr\u{fffd}\u{fffd}e\nlisten(8080)"
        );
    }

    #[test]
    fn what_nobody_wrote_is_passed_over_unless_named() {
        let minified = format!("{}\n", "a(8080);".repeat(10_000));
        assert_eq!(read("a.js", minified.as_bytes(), false), "skipped, minified");
        assert_eq!(read("a.js", minified.as_bytes(), true), minified);
        let one_line = format!("{}\n{}", "a(8080);".repeat(20_000), "listen(8080)\n".repeat(5_000));
        assert_eq!(read("a.js", one_line.as_bytes(), false), "skipped, minified");
        let large = "listen(8080)\n".repeat(100_000);
        assert_eq!(read("a.js", large.as_bytes(), false), "skipped, larger than 1 MB");
        assert_eq!(read("a.js", large.as_bytes(), true), large);
        assert_eq!(read("a.js", b"\x00\x01", true), "skipped, not a text");
        assert_eq!(read("a.xyz", b"listen(8080)", true), "not understood");
    }

    #[test]
    fn a_script_without_an_extension_is_known_by_its_first_line() {
        let script = b"#!/usr/bin/env bash\nserve --port 8080\n";
        assert_eq!(read("start", script, false).as_bytes(), script);
        assert_eq!(read("LICENSE", b"MIT", false), "not understood");
    }
}
