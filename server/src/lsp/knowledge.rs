//! What is known outside the documents: the registry and the projects.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tower_lsp::gen_lsp_types as lsp;

use super::server::Server;
use crate::error::{Error, Result};
use crate::files::Stamp;
use crate::project::ProjectRoot;
use crate::registry::{Registry, Store};
use crate::rules::Facts;
use crate::text::printable;

/// The registry, and what people were last told of it.
#[derive(Debug)]
pub(super) struct Knowledge {
    store: Result<Store>,
    /// The registry as last loaded, and the state of the file that it was loaded from.
    loaded: Mutex<Option<(Stamp, Arc<Registry>)>>,
    /// What kept us from knowing more, by registry and project: it is said once, not at every
    /// keystroke.
    troubles: Mutex<HashMap<PathBuf, String>>,
}

impl Knowledge {
    /// Of this user's registry.
    pub(super) fn from_environment() -> Self {
        Self { store: Store::from_environment(), loaded: Mutex::default(), troubles: Mutex::default() }
    }

    /// The registry's place.
    pub(super) fn store(&self) -> Result<&Store, &Error> {
        self.store.as_ref()
    }

    /// The registry's file.
    pub(super) fn registry_path(&self) -> Option<&Path> {
        self.store().ok().map(Store::path)
    }

    /// The registry as it is now, loaded only where the file has changed.
    pub(super) fn registry(&self) -> Result<Arc<Registry>, String> {
        let store = self.store().map_err(describe)?;
        let stamp = Stamp::of(store.path());
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((before, registry)) = &*loaded
            && *before == stamp
        {
            return Ok(registry.clone());
        }
        let registry = Arc::new(store.load().map_err(|error| describe(&error))?);
        *loaded = Some((stamp, registry.clone()));
        Ok(registry)
    }

    /// Remembers the trouble, or that there is none; what of it is news.
    fn news(&self, about: &Path, trouble: Option<String>) -> Option<String> {
        let mut known = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        match &trouble {
            Some(text) => known.insert(about.to_owned(), text.clone()),
            None => known.remove(about),
        }
        .map_or(trouble.clone(), |before| trouble.filter(|text| *text != before))
    }
}

/// An error and what to do about it, as an editor may show it.
pub(super) fn describe(error: &Error) -> String {
    printable(&match error.help() {
        Some(help) => format!("{error}. {help}"),
        None => format!("{error}."),
    })
}

impl Server {
    /// What is known of the project of the file at `path`. Where the registry cannot be read, the
    /// file is judged without; where `.ports.env` cannot, not at all. Either way people are told.
    pub(super) fn facts(&self, path: &Path) -> Option<Facts> {
        let root = ProjectRoot::of_file(path, self.state().folder_of(path));
        let registry = self.knowledge.registry();
        let place = self.knowledge.registry_path().unwrap_or(Path::new(""));
        self.tell(place, registry.as_ref().err().cloned());
        let facts = Facts::load(root.clone(), registry.ok(), self.port_map(&root));
        self.tell(root.as_path(), facts.as_ref().err().map(describe));
        let mut facts = facts.ok()?;
        facts.settings.limit(&self.state().settings.severities());
        Some(facts)
    }

    fn tell(&self, about: &Path, trouble: Option<String>) {
        if let Some(news) = self.knowledge.news(about, trouble) {
            self.show_message(lsp::MessageType::Error, format!("port-manager: {news}"));
        }
    }

    /// The root of the project that the file at `path` belongs to.
    pub(super) fn root_of(path: &Path, folder: Option<&Path>) -> PathBuf {
        ProjectRoot::of_file(path, folder).as_path().to_owned()
    }
}
