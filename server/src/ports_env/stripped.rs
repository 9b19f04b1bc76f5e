//! The project's files without what port-manager wrote into them.

use std::path::{Path, PathBuf};

use super::{HEADER_MARK, PortsEnv, example, gitignore};
use crate::error::Result;
use crate::files;

/// One of the project's files, and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stripped {
    name: &'static str,
    /// What people wrote; `None` where that is nothing, and the file goes.
    rest: Option<String>,
}

impl Stripped {
    /// Where the file is.
    #[must_use]
    pub fn path(&self, root: &Path) -> PathBuf {
        root.join(self.name)
    }

    /// Whether nothing is left, so that the file is removed.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.rest.is_none()
    }

    /// Writes what is left, or removes the file.
    ///
    /// # Errors
    /// When the file cannot be written or removed, or is a symbolic link that leads out of the project.
    pub fn apply(&self, root: &Path) -> Result<()> {
        match &self.rest {
            Some(rest) => files::write_within(root, self.name, rest).map(drop),
            None => files::remove_within(root, self.name),
        }
    }
}

/// The project's files that port-manager wrote into, without that. A `.ports.env` or `.ports.env.example` that has our
/// header loses it and its port variables; one without was never written by port-manager, or is the team's own, and
/// stays. `.gitignore` loses its line unless a `.ports.env` stays.
///
/// # Errors
/// When a file cannot be read, or is a symbolic link that leads out of the project.
pub fn stripped(root: &Path) -> Result<Vec<Stripped>> {
    let mut all = Vec::new();
    for (name, header) in [(super::FILE_NAME, super::HEADER), (example::FILE_NAME, example::HEADER)] {
        let Some(text) = files::read_within(root, name)? else { continue };
        if let Some(rest) = without_ports(&text, header) {
            all.push(Stripped { name, rest: Some(rest).filter(|rest| !is_blank(rest)) });
        }
    }
    let keeps_ports_env = match all.iter().find(|stripped| stripped.name == super::FILE_NAME) {
        Some(stripped) => !stripped.is_removed(),
        None => root.join(super::FILE_NAME).exists(),
    };
    if !keeps_ports_env && let Some(text) = files::read_within(root, gitignore::FILE_NAME)? {
        let rest = without_lines(&text, |line| line == gitignore::LINE);
        if rest != text {
            let rest = Some(rest).filter(|rest| !is_blank(rest));
            all.push(Stripped { name: gitignore::FILE_NAME, rest });
        }
    }
    Ok(all)
}

/// The text without its header and its port variables; `None` where it does not have that header.
fn without_ports(text: &str, header: &str) -> Option<String> {
    // The first line of another version's header is known by its mark.
    let is_of_header = |line: &str| {
        (line.starts_with('#') && line.contains(HEADER_MARK)) || header.lines().any(|ours| ours == line)
    };
    let plain = text.trim_start_matches('\u{feff}');
    if !plain.lines().take_while(|line| line.starts_with('#')).any(is_of_header) {
        return None;
    }
    let mut file = PortsEnv::parse(&without_lines(text, is_of_header));
    let ours: Vec<_> = file.definitions().iter().map(|line| line.variable.clone()).collect();
    for variable in ours {
        if variable.ensure_holds_port().is_ok() {
            file.remove(&variable);
        }
    }
    Some(file.to_text())
}

fn without_lines(text: &str, is_gone: impl Fn(&str) -> bool) -> String {
    let plain = |line: &str| line.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']).to_owned();
    text.split_inclusive('\n').filter(|line| !is_gone(&plain(line))).collect()
}

fn is_blank(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim().is_empty()
}
