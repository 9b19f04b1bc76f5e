//! The port maps of the projects whose files are open. A map is made in the background when the first of a project's files
//! is opened; until then a file is judged by what it says itself. What an editor has open counts before the disk's text.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::analyse;
use super::server::Server;
use crate::analysis::{self, Language, SyntaxCache};
use crate::operations;
use crate::operations::check::SkipReason;
use crate::ports_env::FILE_NAME;
use crate::project::ProjectRoot;
use crate::project::map::PortMap;
use crate::rules::{Document, Facts};

/// The maps by project.
#[derive(Debug, Default)]
pub(super) struct PortMaps(Mutex<HashMap<PathBuf, Known>>);

/// What is known of a project's ports.
#[derive(Debug, Default)]
struct Known {
    map: Arc<PortMap>,
    /// Whether it was made of all the project's files.
    is_whole: bool,
}

impl PortMaps {
    /// The map of a project, and whether this is the first time that somebody asks for it.
    fn get(&self, root: &ProjectRoot) -> (Arc<PortMap>, bool) {
        let mut maps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match maps.get(root.as_path()) {
            Some(known) => (Arc::clone(&known.map), false),
            None => (Arc::clone(&maps.entry(root.as_path().to_owned()).or_default().map), true),
        }
    }

    /// The facts with what a document says on the newest map, which is the project's from now on.
    fn seeing(&self, document: &Document<'_>, facts: Facts) -> Facts {
        // Under the lock: a map that was made meanwhile must not be lost.
        let mut maps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = &mut maps.entry(facts.root.as_path().to_owned()).or_default().map;
        let facts = Facts { map: Arc::clone(newest), ..facts }.seeing(document);
        *newest = Arc::clone(&facts.map);
        facts
    }

    fn set(&self, root: &ProjectRoot, map: Arc<PortMap>) {
        let known = Known { map, is_whole: true };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(root.as_path().to_owned(), known);
    }

    /// Whether the map of a project was made of all its files.
    pub(super) fn is_whole(&self, root: &ProjectRoot) -> bool {
        let maps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        maps.get(root.as_path()).is_some_and(|known| known.is_whole)
    }
}

/// An open document that is a file in a language that is understood.
struct OpenFile {
    path: PathBuf,
    text: String,
    language: Language,
}

impl Server {
    /// What is known of the project of an open document, with what the document itself says on the map.
    pub(super) fn facts_of(&self, document: &Document<'_>) -> Option<Facts> {
        let facts = self.facts(document.path)?;
        Some(self.port_maps.seeing(document, facts))
    }

    /// What is known of a project with the map of all its files, which is made here where it is not known yet, and with what
    /// the open documents say.
    pub(super) fn whole_facts(&self, root: &Path) -> Option<Facts> {
        // Whichever file of it is asked for.
        let mut facts = self.facts(&root.join(FILE_NAME)).filter(|facts| facts.root.as_path() == root)?;
        if facts.root.is_marked() && !self.port_maps.is_whole(&facts.root) {
            self.port_maps.set(&facts.root, operations::port_map(&facts.root).ok()?.map);
        }
        facts.map = self.port_maps.get(&facts.root).0;
        for open in self.open_files(root) {
            let OpenFile { path, text, language } = &open;
            let analysis = analysis::analyze(text, *language, &mut SyntaxCache::default());
            facts = facts.seeing(&Document { path, text, language: *language, analysis: &analysis });
        }
        Some(facts)
    }

    /// The open documents of a project.
    fn open_files(&self, root: &Path) -> Vec<OpenFile> {
        let state = self.state();
        let open = state.documents.iter().filter_map(|(_, document)| {
            let path = document.path.clone()?;
            let project = ProjectRoot::of_file(&path, state.folder_of(&path));
            let text = document.text.to_string();
            let language = Language::of(&path, &text)?;
            let is_read = SkipReason::of(text.as_bytes()).is_none();
            (is_read && project.as_path() == root).then_some(OpenFile { path, text, language })
        });
        open.collect()
    }

    /// The map of a project as far as it is known. It is made in the background where it is not.
    pub(super) fn port_map(&self, root: &ProjectRoot) -> Arc<PortMap> {
        let (map, is_new) = self.port_maps.get(root);
        if is_new && root.is_marked() {
            let (server, root) = (self.clone(), root.clone());
            tokio::task::spawn_blocking(move || {
                // A file that cannot be read is reported where it is judged.
                if let Ok(reading) = operations::port_map(&root) {
                    server.port_maps.set(&root, reading.map);
                    analyse::schedule_all(&server);
                }
            });
        }
        map
    }
}
