//! What tells a finding from all others, also when its line has moved.

use std::fmt;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::rules::Rule;

/// How many bytes of a SHA-256 are kept: two of a million findings are the same with a probability of 10^-27.
const LENGTH: usize = 16;

/// A number made of a finding's rule, its file, the text of its line without what spaces it, and how many such findings
/// come before it in the file. It stays when lines are added above, when the line is indented or the file formatted, and when
/// the message is worded in another way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; LENGTH]);

/// A number made of a line's text without what spaces it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(in crate::operations) struct LineDigest([u8; LENGTH]);

impl LineDigest {
    /// Of the text of a line.
    pub(super) fn of(line: &str) -> Self {
        let mut hash = Sha256::new();
        for word in line.split_whitespace() {
            hash.update(word);
            hash.update(b" ");
        }
        Self(start(hash))
    }
}

impl Fingerprint {
    /// Of the `occurrence`th finding of a rule, from 0, in lines of that text of a file.
    pub(super) fn new(rule: Rule, path: &Path, line: &LineDigest, occurrence: usize) -> Self {
        let mut hash = Sha256::new();
        // No part has a zero byte in it but the last two, which have one length.
        for part in [rule.name().as_bytes(), slashed(path).as_bytes()] {
            hash.update(part);
            hash.update(b"\0");
        }
        hash.update(line.0);
        hash.update((occurrence as u64).to_be_bytes());
        Self(start(hash))
    }

    /// The fingerprint that is written like this; `None` where none is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
        let digits = digits.filter(|digits| digits.len() == 2 * LENGTH)?;
        let mut parsed = [0; LENGTH];
        for (byte, pair) in parsed.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::try_from(pair[0] << 4 | pair[1]).ok()?;
        }
        Some(Self(parsed))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The first bytes of a hash.
fn start(hash: Sha256) -> [u8; LENGTH] {
    let mut start = [0; LENGTH];
    start.copy_from_slice(&hash.finalize()[..LENGTH]);
    start
}

/// A path as every system writes it in files that are shared: with slashes.
#[must_use]
pub fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(line: &str, occurrence: usize) -> Fingerprint {
        Fingerprint::new(Rule::HardcodedPort, Path::new("web/server.js"), &LineDigest::of(line), occurrence)
    }

    #[test]
    fn what_spaces_a_line_changes_no_fingerprint() {
        let expected = fingerprint("app.listen(8080); // web", 0);
        assert_eq!(fingerprint("\t  app.listen(8080);   // web\r", 0), expected);
        assert_ne!(fingerprint("app.listen(8081); // web", 0), expected);
        assert_ne!(fingerprint("app.listen(8080); // web", 1), expected);
    }

    #[test]
    fn a_fingerprint_is_the_same_in_every_version() {
        let written = "9b58e2eb030b101497e087ca861f2a5e";
        assert_eq!(fingerprint("app.listen(8080)", 0).to_string(), written);
        assert_eq!(Fingerprint::parse(written), Some(fingerprint("app.listen(8080)", 0)));
        for wrong in ["", "9b58", "gb58e2eb030b101497e087ca861f2a5e", "+b58e2eb030b101497e087ca861f2a5e"] {
            assert_eq!(Fingerprint::parse(wrong), None, "{wrong}");
        }
    }
}
