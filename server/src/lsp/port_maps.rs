//! The port maps of the projects whose files are open. A map is made in the background when the first of a project's files
//! is opened; until then a file is judged by what it says itself. What an editor has open counts before the disk's text.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::analyse;
use super::server::Server;
use crate::operations;
use crate::project::ProjectRoot;
use crate::project::map::PortMap;
use crate::rules::{Document, Facts};

/// The maps by project.
#[derive(Debug, Default)]
pub(super) struct PortMaps(Mutex<HashMap<PathBuf, Arc<PortMap>>>);

impl PortMaps {
    /// The map of a project, and whether this is the first time that somebody asks for it.
    fn get(&self, root: &ProjectRoot) -> (Arc<PortMap>, bool) {
        let mut maps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match maps.get(root.as_path()) {
            Some(map) => (Arc::clone(map), false),
            None => (Arc::clone(maps.entry(root.as_path().to_owned()).or_default()), true),
        }
    }

    /// The facts with what a document says on the newest map, which is the project's from now on.
    fn seeing(&self, document: &Document<'_>, facts: Facts) -> Facts {
        // Under the lock: a map that was made meanwhile must not be lost.
        let mut maps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = maps.entry(facts.root.as_path().to_owned()).or_default();
        let facts = Facts { map: Arc::clone(newest), ..facts }.seeing(document);
        *newest = Arc::clone(&facts.map);
        facts
    }

    fn set(&self, root: &ProjectRoot, map: Arc<PortMap>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(root.as_path().to_owned(), map);
    }
}

impl Server {
    /// What is known of the project of an open document, with what the document itself says on the map.
    pub(super) fn facts_of(&self, document: &Document<'_>) -> Option<Facts> {
        let facts = self.facts(document.path)?;
        Some(self.port_maps.seeing(document, facts))
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
