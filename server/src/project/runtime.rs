//! Where code runs: on this machine, in a browser, in a container, or somewhere that this machine does not decide.
//!
//! The evidence is rows: directories, names of files, and what manifests depend on. The first that speaks decides.

mod page;
mod rows;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::bundler::Bundled;
use crate::analysis::Language;
use rows::ROWS;

/// Where the code of a file runs. It decides whether a literal matters to this machine and how it can be repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Runtime {
    /// A process of this machine.
    Host,
    /// A page that a browser loads, which has no environment.
    Browser,
    /// A page or a process of this machine: nothing tells which.
    Unclear,
    /// A container: its ports are its own.
    Container,
    /// A CI job, a cluster, a cloud, or production.
    Elsewhere,
    /// A test, an example, or generated code.
    Aside,
}

impl Runtime {
    /// Whether a port that such code decides is decided on this machine.
    #[must_use]
    pub fn is_here(self) -> bool {
        matches!(self, Self::Host | Self::Browser | Self::Unclear)
    }
}

/// What is known about the surroundings of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The bundler of the nearest package, where that has one.
    pub bundled: Option<Bundled>,
    /// Whether a compose file mounts the file into a container, or a Dockerfile copies it into an image.
    pub is_mounted: bool,
    /// The same, also where all files of the project are.
    pub is_in_image: bool,
    /// The services of the project's compose files, which are hosts in their network.
    pub services: Arc<BTreeSet<String>>,
}

/// Where the code of a file runs. `path` is relative to the project's root.
#[must_use]
pub fn runtime(path: &Path, text: &str, language: Language, surroundings: &Surroundings) -> Runtime {
    if let Some(row) = ROWS.iter().find(|row| row.applies(path, text, language)) {
        return row.runtime;
    }
    if surroundings.is_mounted && !language.is_program() {
        return Runtime::Container;
    }
    match language {
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            page::runtime(path, text, language, surroundings.bundled.as_ref())
        }
        Language::Vue | Language::Svelte | Language::Html => Runtime::Browser,
        _ => Runtime::Host,
    }
}
