//! What a document is judged by: what is known outside of it, and the port map with what the open documents say.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp::gen_lsp_types as lsp;

use super::analyse;
use super::knowledge::{Located, describe};
use super::port_maps::{Open, Project};
use super::refresh::QUIET;
use super::rename;
use super::server::Server;
use super::text::Text;
use super::watched_files::{self, Trust};
use crate::analysis::{self, Language, Packs, SyntaxCache};
use crate::operations::SkipReason;
use crate::operations::{self, Reading};
use crate::ports_env;
use crate::project::ProjectRoot;
use crate::project::map::PortMap;
use crate::project::survey::{Survey, is_telling};
use crate::rules::{Document, Facts};

/// An open document that is a file in a language that is understood.
struct OpenFile {
    path: PathBuf,
    text: String,
    language: Language,
}

impl Server {
    /// What is known of the project of the file at `path`, without a look at the disk where that was gathered before. Where
    /// the registry cannot be read, the file is judged without; where `.ports.env` cannot, not at all. Either way people
    /// are told.
    pub(super) fn known_facts(&self, path: &Path) -> Option<Facts> {
        let located = self.locate(path);
        let facts = self.gathered_facts(&located.root)?;
        let map = self.port_map(&located.root, facts.settings.packs());
        let mut facts = Facts { map, ..(*facts).clone() };
        let real = path.file_name().map(|name| located.directory.join(name)).filter(|real| real != path);
        facts.opened_as =
            real.and_then(|real| Some((path.to_owned(), real.strip_prefix(&located.root).ok()?.to_owned())));
        facts.is_left_out = !located.is_looked_at(path);
        let settings = self.state().settings.clone();
        facts.settings.limit(&settings.severities());
        if !settings.lists_notes() {
            facts.settings.notes_are_hints();
        }
        Some(facts)
    }

    /// The same after a look whether anything of it has changed.
    pub(super) fn facts(&self, path: &Path) -> Option<Facts> {
        watched_files::forget_stale(self, None, Trust::Client);
        self.known_facts(path)
    }

    /// The same for what is offered while somebody types, also as long as `port-manager.toml` is wrong: then by the defaults of
    /// what it sets.
    pub(super) fn facts_while_typing(&self, path: &Path) -> Option<Facts> {
        let without_settings = || {
            let root = self.locate(path).root;
            let map = self.port_maps.lock().get(&root).map(|project| Arc::clone(&project.map));
            Facts::without_settings(root, self.knowledge.registry().ok(), map.unwrap_or_default()).ok()
        };
        self.facts(path).or_else(without_settings)
    }

    /// The rows by which the file at `path` is read, without a look at the disk where its project is known.
    pub(super) fn packs_of(&self, path: &Path) -> Arc<Packs> {
        let facts = self.gathered_facts(&self.locate(path).root);
        Arc::clone(facts.as_ref().map_or(Packs::built_in(), |facts| facts.settings.packs()))
    }

    fn gathered_facts(&self, root: &ProjectRoot) -> Option<Arc<Facts>> {
        self.knowledge.facts(root, || {
            let registry = self.knowledge.registry();
            let place = self.knowledge.registry_path().unwrap_or(Path::new(""));
            self.tell(place, registry.as_ref().err().cloned());
            if let Ok(registry) = &registry
                && let Ok(store) = self.knowledge.store()
            {
                self.tell(&store.config_path(), registry.config().err().as_ref().map(describe));
            }
            let facts = Facts::load(root.clone(), registry.ok(), Arc::default());
            self.tell(root.as_path(), facts.as_ref().err().map(describe));
            let facts = facts.ok().map(Arc::new);
            facts.iter().for_each(|facts| rename::follow(self, facts));
            facts
        })
    }

    fn tell(&self, about: &Path, trouble: Option<String>) {
        if let Some(news) = self.knowledge.news(about, trouble) {
            self.show_message(lsp::MessageType::Error, format!("port-manager: {news}"));
        }
    }

    /// Where the file at `path` belongs.
    pub(super) fn locate(&self, path: &Path) -> Located {
        let folder = self.state().folder_of(path).map(Path::to_owned);
        self.knowledge.locate(path, folder.as_deref())
    }

    /// What is known of the project of an open document, with what the document itself says on the map. The disk is looked at
    /// only for what has changed.
    pub(super) fn facts_of(&self, document: &Document<'_>) -> Option<Facts> {
        watched_files::forget_stale(self, None, Trust::Client);
        self.known_facts_of(document)
    }

    /// The same without any look at the disk, where the project is known.
    pub(super) fn known_facts_of(&self, document: &Document<'_>) -> Option<Facts> {
        let facts = self.known_facts(document.path)?;
        let (root, memory) = (&facts.root, facts.memory());
        let places = Arc::new(facts.places_of(document));
        let path: Arc<Path> = Arc::from(places.path.as_path());
        let is_part = self.port_maps.opened(document.path, &path, root) && !facts.is_left_out;
        let with = |map: &Arc<PortMap>| {
            map.updated([(Arc::clone(&path), Some(Arc::clone(&places)))], memory.clone(), None)
        };
        if !is_part {
            return Some(Facts { map: with(&facts.map), ..facts });
        }
        let survey = is_telling(&path).then(|| {
            let mut survey = Survey::default();
            survey.add(&path, document.text);
            survey
        });
        let mut is_other_survey = false;
        let keep = |project: &mut Project| {
            let open = Open { places: Arc::clone(&places), survey };
            is_other_survey = open.survey.is_some()
                && project.open.get(&path).is_none_or(|before| before.survey != open.survey);
            project.open.insert(Arc::clone(&path), open);
        };
        let (before, after) = self.port_maps.update(root, with, keep);
        if is_other_survey {
            self.touch(root, |project| project.touched.add(path.to_path_buf()));
        }
        if !before.has_ports_of(&after) {
            self.judge_others(root, document.path);
        }
        // It may have been closed meanwhile.
        if !self.state().is_open(document.path) {
            self.close_on_map(document.path);
        }
        Some(Facts { map: after, ..facts })
    }

    /// What is known of a project with the map of all its files, which is made here where it is not known or not the newest,
    /// and with what the open documents say.
    pub(super) fn whole_facts(&self, root: &Path) -> Option<Facts> {
        // Whichever file of it is asked for.
        let any = root.join(ports_env::FILE_NAME);
        let mut facts = self.facts(&any).filter(|facts| facts.root.as_path() == root)?;
        if facts.root.is_marked() {
            facts.map = match self.port_maps.newest(&facts.root) {
                Some(map) => map,
                None => self.read_at_once(&facts.root)?,
            };
        }
        for open in self.open_files(root) {
            let OpenFile { path, text, language } = &open;
            let packs = facts.settings.packs();
            let analysis = analysis::analyze_by(text, *language, packs, &mut SyntaxCache::default());
            facts = facts.seeing(&Document { path, text, language: *language, analysis: &analysis });
        }
        Some(facts)
    }

    /// The map of a project's files as they are on disk now; that of the project is made of all its files from now on.
    fn read_at_once(&self, root: &ProjectRoot) -> Option<Arc<PortMap>> {
        let registry = self.knowledge.registry().unwrap_or_default();
        let Reading { map, files } = operations::port_map(root, registry.types()).ok()?;
        let make = |before: &Arc<PortMap>| {
            let open: HashSet<Arc<Path>> = self
                .port_maps
                .lock()
                .get(root)
                .map(|project| project.open.keys().cloned().collect())
                .unwrap_or_default();
            let closed = files.places().filter(|file| !open.contains(file.path.as_path()));
            let closed = closed.map(|file| (Arc::from(file.path.as_path()), Some(Arc::clone(file))));
            before.updated(closed.collect::<Vec<_>>(), before.memory().clone(), Some(files.survey().clone()))
        };
        self.port_maps.update(root, make, |project| project.is_whole = true);
        Some(map)
    }

    /// The open documents of a project.
    fn open_files(&self, root: &Path) -> Vec<OpenFile> {
        let open: Vec<(PathBuf, Text)> = {
            let state = self.state();
            let open = state.documents.iter().filter_map(|(_, it)| Some((it.path.clone()?, it.text.clone())));
            open.collect()
        };
        let of_project = open.into_iter().filter_map(|(path, text)| {
            let located = self.locate(&path);
            if !located.is_looked_at(&path) {
                return None;
            }
            let path = located.directory.join(path.file_name()?);
            let text = String::from(&text);
            let language = Language::of(&path, &text)?;
            let is_read = SkipReason::of(text.as_bytes()).is_none();
            (is_read && located.root.as_path() == root).then_some(OpenFile { path, text, language })
        });
        of_project.collect()
    }

    /// Has the open documents judged again soon, all but one. A user who types a number types several digits.
    fn judge_others(&self, root: &ProjectRoot, but: &Path) {
        {
            let mut projects = self.port_maps.lock();
            let Some(project) = projects.get_mut(root) else { return };
            if std::mem::replace(&mut project.is_judged_soon, true) {
                return;
            }
        }
        let (server, root, but) = (self.clone(), root.clone(), but.to_owned());
        tokio::runtime::Handle::current().spawn(async move {
            tokio::time::sleep(QUIET).await;
            if let Some(project) = server.port_maps.lock().get_mut(&root) {
                project.is_judged_soon = false;
            }
            analyse::schedule_others(&server, &but);
        });
    }
}
