//! `port-manager.fix-all`: what fix-all can do in every file of the workspace, as one edit that the
//! client makes and can undo.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::apply_edit::repair;
use super::cancellation::Cancellation;
use super::open_texts::OpenTexts;
use super::server::Server;
use crate::error::Result;
use crate::operations::fix::{FixOptions, IncompletePort, Newer, Repairs, extent, find_fixes};
use crate::registry::Registry;

/// What the edit does that the client was asked to make.
#[derive(Debug, Serialize)]
pub(super) struct Fixed {
    /// How many findings it repairs.
    pub(super) fixes: usize,
    /// In how many files.
    pub(super) files: usize,
    /// The ports that were left alone, as a place has to be edited by hand first.
    pub(super) incomplete: Vec<IncompletePort>,
}

/// Finds the repairs below the paths and asks the client to make them. Nobody waits for it.
pub(super) fn fix_all(
    server: &Server,
    cancellation: &Cancellation,
    paths: Vec<PathBuf>,
    registry: Registry,
) -> Result<Fixed> {
    let open = OpenTexts::of(&server.state().documents);
    let text = |path: &Path| open.text(path);
    let roots: BTreeSet<PathBuf> =
        open.paths().map(|path| server.locate(path).root.as_path().to_owned()).collect();
    let projects = roots.iter().filter_map(|root| server.whole_facts(root)).collect();
    let options = FixOptions { paths, ..FixOptions::default() };
    let Repairs { files: found, incomplete } =
        find_fixes(&options, registry, Some(Newer { text: &text, projects }))?;
    let (fixes, files) = extent(&found);
    cancellation.begin_to_act()?;
    repair(server, &open, &found, || ())?;
    Ok(Fixed { fixes, files, incomplete })
}
