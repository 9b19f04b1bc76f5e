//! `workspace/didChangeWatchedFiles`: what others change refreshes what depends on it.
//!
//! The client is asked to watch, for it knows its workspace and tells at once. Not every client can,
//! and the registry lies outside of every workspace; so the few files that matter to every open document are looked at
//! once a second as well. That is a `stat` each: cheaper than a watcher of our own, and it works on network
//! file systems and for files that do not exist yet. The other files of the projects are looked at less often.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tower_lsp::gen_lsp_types as lsp;

use super::changed::{self, Changed};
use super::server::Server;
use super::uri;
use crate::files::Stamp;
use crate::port::Port;
use crate::ports;
use crate::ports_env;
use crate::project::ProjectRoot;

const INTERVAL: Duration = Duration::from_secs(1);

/// The files that the client is asked to watch: each may be on the map of its project, or decide over others. Some clients
/// take a pattern without a dot for one of files that are not hidden.
const PATTERNS: [&str; 2] = ["**/*", "**/.*"];

/// What a change of one of them means to who shows ports.
const ASSIGNMENTS: Changed = Changed { assignments: true, listeners: false };

/// Begins to watch.
pub(super) fn begin(server: &Server) {
    let features = server.state().features;
    if features.watches_files {
        let server = server.clone();
        tokio::spawn(async move { register(&server, features.relative_patterns).await });
    }
    tokio::spawn(poll(server.clone()));
}

/// Files have changed, each perhaps one that others are judged by.
pub(super) async fn did_change_watched_files(server: &Server, params: lsp::DidChangeWatchedFilesParams) {
    let paths = params.changes.iter().filter_map(|change| uri::to_path(&change.uri)).collect();
    look_at(server, paths);
}

/// Looks what has changed, off the protocol's task: these files for certain, and perhaps others.
pub(super) fn look_at(server: &Server, paths: Vec<PathBuf>) {
    let server = server.clone();
    tokio::task::spawn_blocking(move || {
        server.touch_files(&paths);
        look_again(&server);
    });
}

/// Has the open documents judged again where something has changed that decides over them. What is about no open document
/// is forgotten as well.
fn look_again(server: &Server) {
    let documents: Vec<PathBuf> = server.state().documents.paths().map(Path::to_owned).collect();
    let directories = documents.iter().filter_map(|path| path.parent()).collect();
    forget_stale(server, Some(&directories));
}

/// Forgets what has changed on disk, and what is about none of the directories that are `wanted`. Whoever notices a change
/// has to act on it: nobody else will notice it again.
pub(super) fn forget_stale(server: &Server, wanted: Option<&HashSet<&Path>>) {
    let forgotten = server.knowledge.forget_stale(wanted);
    if forgotten.is_any {
        server.judge_for_facts();
    }
    if forgotten.is_file {
        changed::tell(server, ASSIGNMENTS);
    }
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
    // A client that refuses leaves us with looking once a second.
    if let Err(error) = server.client.register_capability(vec![registration]).await {
        server.log_message(
            lsp::MessageType::Info,
            format!("port-manager: the client does not watch files for us: {error}"),
        );
    }
}

/// Looks once a second, for as long as the process lives.
async fn poll(server: Server) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shown: HashMap<PathBuf, Stamp> = HashMap::new();
    let mut listening = None;
    loop {
        ticks.tick().await;
        server.look_at_projects();
        let (looker, before) = (server.clone(), std::mem::take(&mut shown));
        // A file system that does not answer keeps a thread of its own waiting, and nobody else.
        let look = move || {
            look_again(&looker);
            let now: HashMap<PathBuf, Stamp> =
                shown_files(&looker).into_iter().map(|path| (path.clone(), Stamp::of(&path))).collect();
            if now.iter().any(|(path, stamp)| before.get(path).is_some_and(|before| before != stamp)) {
                changed::tell(&looker, ASSIGNMENTS);
            }
            now
        };
        shown = tokio::task::spawn_blocking(look).await.unwrap_or_default();
        listening = look_who_listens(&server, listening).await;
    }
}

/// Tells a client that shows who listens when that has changed. The kernel's tables are enough for it:
/// no process is looked into.
async fn look_who_listens(server: &Server, before: Option<HashSet<Port>>) -> Option<HashSet<Port>> {
    if !server.state().watches_listeners {
        return None;
    }
    let now = tokio::task::spawn_blocking(ports::listening).await.ok()?.ok()?;
    if before.is_some_and(|before| before != now) {
        changed::tell(server, Changed { assignments: false, listeners: true });
    }
    Some(now)
}

/// The files that a client shows which wants to hear of every change.
fn shown_files(server: &Server) -> Vec<PathBuf> {
    let folders = {
        let state = server.state();
        if state.features.hears_changes { state.folders.clone() } else { Vec::new() }
    };
    let ports_env = |folder: &PathBuf| {
        ProjectRoot::of_directory(folder, Some(folder)).as_path().join(ports_env::FILE_NAME)
    };
    let own = server.knowledge.own_files().into_iter().filter(|_| !folders.is_empty());
    folders.iter().map(ports_env).chain(own).collect()
}
