//! The repairs of one file, and how they are written.

use std::io;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::files::{self, Snapshot, ThisDisk};
use crate::fixes::{Edit, apply};
use crate::project::ProjectRoot;
use crate::project::map::Renamed;
use crate::variable::Variable;

/// The repairs of one file. Nothing has been done yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFixes {
    /// The file: the argument as it was given, joined with the rest.
    pub path: PathBuf,
    /// The text that the edits are made for, without a byte order mark.
    pub text: String,
    /// The edits, in the order of the text.
    pub edits: Vec<Edit>,
    /// How many findings are gone with them.
    pub count: usize,
    /// The variable of each of these findings that has one.
    pub(in crate::operations) fixed: Vec<Variable>,
    /// The names under which pages read variables with them, of which `port-manager.toml` says nothing yet.
    pub(in crate::operations) names: Vec<Renamed>,
    /// Where the file really lies, and the project that it must not lead out of.
    pub(in crate::operations) canonical: PathBuf,
    pub(super) root: ProjectRoot,
}

impl FileFixes {
    /// Makes the edits in the file, in one step.
    ///
    /// # Errors
    /// When the file leads out of its project, has changed since it was looked at, or cannot be read or
    /// written. It is then as it was.
    pub fn write(&self) -> Result<()> {
        let (read, fixed) = self.rewritten()?;
        match files::replace_unchanged(&ThisDisk, &self.canonical, &read, &fixed)? {
            true => Ok(()),
            false => Err(self.changed()),
        }
    }

    /// Whether `port-manager.toml` has to name a variable for pages with them.
    #[must_use]
    pub fn needs_names(&self) -> bool {
        !self.names.is_empty()
    }

    /// The text with the edits, without a byte order mark.
    #[must_use]
    pub fn fixed_text(&self) -> Option<String> {
        apply(&self.text, &self.edits)
    }

    /// The file as it is, and what it is to be.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(super) fn rewritten(&self) -> Result<(Snapshot, Vec<u8>)> {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        if !self.canonical.starts_with(self.root.as_path()) {
            return Err(Error::LinkOutOfProject { path: self.path.clone(), target: self.canonical.clone() });
        }
        let read = Snapshot::take(&self.canonical).map_err(Error::reading(&self.path))?;
        let bytes = read.bytes();
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let fixed = self.fixed_text().filter(|_| text == self.text.as_bytes());
        let fixed = fixed.ok_or_else(|| self.changed())?;
        let mark = &bytes[..bytes.len() - text.len()];
        let fixed = [mark, fixed.as_bytes()].concat();
        Ok((read, fixed))
    }

    fn changed(&self) -> Error {
        Error::Write {
            path: self.path.clone(),
            source: io::Error::other("it has changed since it was read, so it was left as it is"),
        }
    }
}
