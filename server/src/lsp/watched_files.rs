//! `workspace/didChangeWatchedFiles`: what others change refreshes what depends on it.
//!
//! The client is asked to watch, for it knows its workspace and reports at once. What it watches is trusted: nobody looks at
//! it until it reports a change. Not every client can, and few watch outside of the workspace; so the other files and
//! directories that decide over an open document are looked at once a second, each of them once. That is a `stat` each:
//! cheaper than a watcher of our own, and it works on network file systems and for files that do not exist yet. The other
//! files of the projects are looked at less often.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tower_lsp::gen_lsp_types as lsp;

use super::changed;
use super::news::Changed;
use super::server::Server;
use super::uri;
use crate::files::Stamp;
use crate::ports;
use crate::ports_env;

const INTERVAL: Duration = Duration::from_secs(1);

/// The files that the client is asked to watch: each may be on the map of its project, or decide over others. Some clients
/// take a pattern without a dot for one of files that are not hidden.
const PATTERNS: [&str; 2] = ["**/*", "**/.*"];

/// How often even what the client watches is looked at: a watcher may lose an event, or leave something out.
const DISTRUST: Duration = Duration::from_mins(5);

/// What a change of one of them means to who shows ports.
const ASSIGNMENTS: Changed = Changed { assignments: true, listeners: false };

/// Begins to watch.
pub(super) fn begin(server: &Server) {
    let features = server.state().features;
    if features.watches_files {
        let server = server.clone();
        tokio::spawn(async move { register(&server, features.relative_patterns).await });
    }
    let (server, runtime) = (server.clone(), Handle::current());
    // A thread of its own: it wakes up alone, and a file system that does not answer keeps nobody else waiting.
    std::thread::spawn(move || {
        let _runtime = runtime.enter();
        poll(&server);
    });
}

/// Files have changed, each perhaps one that others are judged by.
pub(super) async fn did_change_watched_files(server: &Server, params: lsp::DidChangeWatchedFilesParams) {
    let paths = params.changes.iter().filter_map(|change| uri::to_path(&change.uri)).collect();
    look_at(server, paths);
}

/// Looks at what has changed, off the protocol's task: these files for certain, and perhaps others.
pub(super) fn look_at(server: &Server, paths: Vec<PathBuf>) {
    let server = server.clone();
    tokio::task::spawn_blocking(move || {
        server.touch_files(&paths);
        let is_shown = |path: &PathBuf| paths.contains(path);
        if shown_files(&server).iter().any(is_shown) {
            changed::tell(&server, ASSIGNMENTS);
        }
        look_again(&server, Trust::Nobody);
    });
}

/// Whom to believe about changes on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// The client, about the files that it watches: it would have reported a change.
    Client,
    Nobody,
}

/// What the client reports changes of.
struct Watched {
    folders: Vec<PathBuf>,
    own: Vec<PathBuf>,
}

impl Watched {
    fn by_client_of(server: &Server) -> Self {
        let (features, folders) = {
            let state = server.state();
            (state.features, if state.is_watching { state.folders.clone() } else { Vec::new() })
        };
        let is_own = !folders.is_empty() && features.relative_patterns;
        Self { folders, own: if is_own { server.knowledge.own_files() } else { Vec::new() } }
    }

    fn has(&self, path: &Path) -> bool {
        self.folders.iter().any(|folder| path.starts_with(folder)) || self.own.iter().any(|own| own == path)
    }
}

/// Has the open documents judged again where something has changed that decides over them. What is about no open document
/// and no folder is forgotten as well.
fn look_again(server: &Server, trust: Trust) {
    let (documents, folders) = {
        let state = server.state();
        let documents: Vec<PathBuf> = state.documents.paths().map(Path::to_owned).collect();
        (documents, state.folders.clone())
    };
    let directories = documents.iter().filter_map(|path| path.parent());
    let wanted = directories.chain(folders.iter().map(PathBuf::as_path)).collect();
    forget_stale(server, Some(&wanted), trust);
}

/// Forgets what has changed on disk, and what is about none of the directories that are `wanted`, and has the open documents
/// judged again for it.
pub(super) fn forget_stale(server: &Server, wanted: Option<&HashSet<&Path>>, trust: Trust) {
    if forget_changed(server, wanted, trust) {
        server.judge_for_facts();
    }
}

/// Forgets the same, and returns whether anything has changed. The caller has to act on a change, for nobody else will notice
/// it again.
pub(super) fn forget_changed(server: &Server, wanted: Option<&HashSet<&Path>>, trust: Trust) -> bool {
    let watched = Watched::by_client_of(server);
    let is_trusted = |path: &Path| trust == Trust::Client && watched.has(path);
    let forgotten = server.knowledge.forget_stale(wanted, is_trusted);
    if forgotten.is_file {
        changed::tell(server, ASSIGNMENTS);
    }
    forgotten.is_any
}

async fn register(server: &Server, with_relative_patterns: bool) {
    let mut patterns: Vec<lsp::GlobPattern> =
        PATTERNS.iter().map(|pattern| lsp::GlobPattern::Pattern((*pattern).to_owned())).collect();
    let own = server.knowledge.own_files().into_iter().filter(|_| with_relative_patterns);
    patterns.extend(own.filter_map(|path| {
        Some(lsp::GlobPattern::RelativePattern(lsp::RelativePattern {
            base_uri: uri::from_directory(path.parent()?)?.into(),
            pattern: path.file_name()?.to_string_lossy().into_owned(),
        }))
    }));
    let watchers = patterns
        .into_iter()
        .map(|glob_pattern| lsp::FileSystemWatcher { glob_pattern, kind: None })
        .collect();
    let options = lsp::DidChangeWatchedFilesRegistrationOptions { watchers };
    let registration = lsp::Registration {
        id: "port-manager.watched-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: serde_json::to_value(options).ok(),
    };
    match server.client.register_capability(vec![registration]).await {
        Ok(()) => server.state().is_watching = true,
        // It is left to us to look once a second.
        Err(error) => server.log_message(
            lsp::MessageType::Info,
            format!("port-manager: the client does not watch files for us: {error}"),
        ),
    }
}

/// Looks once a second, until the server is shut down.
fn poll(server: &Server) {
    let mut shown: HashMap<PathBuf, Stamp> = HashMap::new();
    let mut looked = Instant::now();
    loop {
        std::thread::sleep(INTERVAL);
        if server.state().is_shut_down {
            return;
        }
        server.look_at_projects();
        let trust = if looked.elapsed() < DISTRUST { Trust::Client } else { Trust::Nobody };
        if trust == Trust::Nobody {
            looked = Instant::now();
        }
        look_again(server, trust);
        let watched = Watched::by_client_of(server);
        let is_looked_at = |path: &PathBuf| trust == Trust::Nobody || !watched.has(path);
        let mut has_changed = false;
        let paths = shown_files(server);
        shown.retain(|path, _| paths.contains(path));
        for path in paths.into_iter().filter(is_looked_at) {
            let stamp = Stamp::of(&path);
            has_changed |= shown.insert(path, stamp.clone()).is_some_and(|before| before != stamp);
        }
        if has_changed {
            changed::tell(server, ASSIGNMENTS);
        }
        look_who_listens(server);
    }
}

/// Reports to a client that shows who listens when that has changed. The kernel's tables are enough for it: no process is
/// looked into.
fn look_who_listens(server: &Server) {
    if !server.state().shows_listeners() {
        server.state().listening = None;
        return;
    }
    let Ok(now) = ports::listening() else { return };
    let before = server.state().listening.replace(now.clone());
    if before.is_some_and(|before| before != now) {
        changed::tell(server, Changed { assignments: false, listeners: true });
    }
}

/// The files that a client shows which wants to hear of every change.
fn shown_files(server: &Server) -> Vec<PathBuf> {
    let folders = {
        let state = server.state();
        if state.features.hears_changes { state.folders.clone() } else { Vec::new() }
    };
    let ports_env = |folder: &PathBuf| {
        let file = folder.join(ports_env::FILE_NAME);
        server.locate(&file).root.as_path().join(ports_env::FILE_NAME)
    };
    let own = server.knowledge.own_files().into_iter().filter(|_| !folders.is_empty());
    folders.iter().map(ports_env).chain(own).collect()
}
