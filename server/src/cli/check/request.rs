//! What the arguments ask for, once it is clear that they go together.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::Arguments;
use super::format::Format;
use crate::error::{Error, Result, Unreadable};
use crate::rules::{Selection, Severity};

/// What some editors write before a text.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// The size in bytes above which the standard input is no file that people write.
const LARGEST_TEXT: u64 = 64 << 20;

/// What is asked for.
#[derive(Debug)]
pub(super) struct Request {
    /// The files and directories; the current directory where there are none. With `reads_text`, the one file.
    pub(super) paths: Vec<PathBuf>,
    /// Whether the standard input is the text of the file.
    reads_text: bool,
    pub(super) format: Format,
    pub(super) rules: Selection,
    /// The least serious finding that is shown.
    pub(super) severity: Severity,
    /// The least serious finding that fails the check.
    pub(super) fail_on: Severity,
    pub(super) statistics: bool,
    pub(super) fixing: Fixing,
    /// The revision since which a line has to have changed.
    pub(super) changed_since: Option<OsString>,
    pub(super) baseline: BaselineUse,
}

/// Whether findings are fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fixing {
    No,
    /// In the files.
    Yes,
    /// In a patch that is printed.
    Patch,
}

/// What is done with a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BaselineUse {
    /// No baseline is used.
    No,
    /// Its findings are not shown.
    Read(PathBuf),
    /// It is written.
    Write(PathBuf),
    /// Entries of findings that are gone are removed.
    Prune(PathBuf),
}

impl Request {
    /// What the arguments ask for.
    ///
    /// # Errors
    /// When they do not go together, which clap cannot see.
    pub(super) fn of(arguments: Arguments) -> Result<Self> {
        let Arguments { mut paths, diff, fix, statistics, stdin_filename, .. } = arguments;
        let format = if arguments.json { Format::Jsonl } else { arguments.format };
        if statistics && !matches!(format, Format::Human | Format::Json | Format::Jsonl) {
            return Err(wrong(
                "--statistics has no such format",
                "Formats of statistics are human, json and jsonl.",
            ));
        }
        let (fixing, changed_since) = match (fix, diff) {
            (true, None) => (Fixing::Yes, None),
            (true, Some(word)) => {
                // A word behind --diff is a path there, as no revision is compared with.
                if let Some(word) = word {
                    paths.push(path_not_revision(word)?);
                }
                (Fixing::Patch, None)
            }
            (false, Some(None)) => {
                return Err(wrong(
                    "--diff needs a revision",
                    "Name one, as in `check --diff main`; or print fixes as a patch with `check --fix --diff`.",
                ));
            }
            (false, Some(Some(revision))) => (Fixing::No, Some(revision)),
            (false, None) => (Fixing::No, None),
        };
        let reads_text = stdin_filename.is_some();
        if let Some(file) = stdin_filename {
            // `-` is how many programs name the standard input.
            if paths.iter().any(|path| path != Path::new("-")) {
                return Err(wrong("--stdin-filename names the only file", "Leave the other paths out."));
            }
            if changed_since.is_some() {
                return Err(wrong(
                    "--stdin-filename does not go with --diff REV",
                    "git knows the text of the file on disk only; leave one of the two out.",
                ));
            }
            paths = vec![file];
        }
        let baseline = match arguments.baseline {
            None => BaselineUse::No,
            Some(file) if arguments.write_baseline => BaselineUse::Write(file),
            Some(file) if arguments.prune_baseline => BaselineUse::Prune(file),
            Some(file) => BaselineUse::Read(file),
        };
        Ok(Self {
            paths,
            reads_text,
            format,
            rules: Selection { only: arguments.only, except: arguments.except },
            severity: arguments.severity,
            fail_on: arguments.fail_on,
            statistics,
            fixing,
            changed_since,
            baseline,
        })
    }

    /// Reads the text that the file is to have; `None` where it has its own.
    ///
    /// # Errors
    /// When the standard input cannot be read, is larger than people write files, or is to be fixed and is not UTF-8.
    pub(super) fn read_text(&self) -> Result<Option<String>> {
        if !self.reads_text {
            return Ok(None);
        }
        let failed = |source| Error::Read { path: PathBuf::from("the standard input"), source };
        let mut bytes = Vec::new();
        io::stdin().take(LARGEST_TEXT + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > LARGEST_TEXT {
            return Err(failed(Unreadable::TooLarge(LARGEST_TEXT >> 20).into()));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            // Bytes that are not UTF-8 could not be printed as they were.
            Err(_) if self.fixing != Fixing::No => Err(failed(io::ErrorKind::InvalidData.into())),
            Err(error) => Ok(Some(String::from_utf8_lossy(error.as_bytes()).into_owned())),
        }
    }
}

/// The word behind `--fix --diff` as a path.
fn path_not_revision(word: OsString) -> Result<PathBuf> {
    let path = PathBuf::from(word);
    match path.symlink_metadata() {
        Ok(_) => Ok(path),
        Err(_) => Err(wrong(
            &format!("--fix --diff takes no revision, and there is no file {}", path.display()),
            "--fix --diff prints the fixes as a patch; leave --fix out to see what has changed since a revision.",
        )),
    }
}

fn wrong(message: &str, help: &str) -> Error {
    Error::Arguments { message: message.to_owned(), help: help.to_owned() }
}
