//! Where code runs: on this machine, in a browser, in a container, or somewhere that this machine does not decide.
//!
//! The evidence is rows, `[[file]]` of the packs: directories, names of files, headers. Where they say nothing, compose files,
//! Dockerfiles and manifests of packages do.

mod page;
mod reader;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

pub use reader::Reader;
pub(super) use reader::serves;

use super::bundler::Bundled;
use super::marks::is_compose_file;
pub use crate::analysis::Runtime;
use crate::analysis::{FileAt, Language, Packs};

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
    /// The files in the same directory that say what it is for: `kustomization.yaml`.
    pub beside: Vec<String>,
}

/// Where the code of a file runs. `path` is relative to the project's root.
#[must_use]
pub fn runtime(
    path: &Path,
    text: &str,
    language: Language,
    packs: &Packs,
    surroundings: &Surroundings,
) -> Runtime {
    let beside: Vec<&str> = surroundings.beside.iter().map(String::as_str).collect();
    if let Some(runtime) =
        packs.files.runtime(FileAt { path, text, language: language.name(), beside: &beside })
    {
        return runtime;
    }
    // A compose file that `COPY . .` takes along is obeyed here.
    let is_compose = path.file_name().and_then(|name| name.to_str()).is_some_and(is_compose_file);
    if surroundings.is_mounted && !language.is_program() && !is_compose {
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
