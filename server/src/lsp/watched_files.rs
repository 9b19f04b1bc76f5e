//! `workspace/didChangeWatchedFiles`: what others change refreshes every open document.
//!
//! The client is asked to watch, for it knows its workspace and tells at once. Not every client can,
//! and the registry lies outside of every workspace; so the few files that matter are looked at once
//! a second as well. That is a `stat` each: cheaper than a watcher of our own, and it works on network
//! file systems and for files that do not exist yet.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tower_lsp::gen_lsp_types as lsp;

use super::analyse;
use super::changed::{self, Changed};
use super::server::Server;
use super::uri;
use crate::files::Stamp;
use crate::port::Port;
use crate::ports;
use crate::ports_env;
use crate::project::ProjectRoot;
use crate::rules;

const INTERVAL: Duration = Duration::from_secs(1);

/// The files that decide over other files, wherever they lie.
const NAMES: [&str; 2] = [ports_env::FILE_NAME, rules::SETTINGS_FILE_NAME];

/// What a change of one of them means to who shows ports.
const ASSIGNMENTS: Changed = Changed { assignments: true, listeners: false };

/// The files whose variables count as defined. They are too many to be looked at once a second.
const OTHERS: &str = "**/.env*";

/// Begins to watch.
pub(super) fn begin(server: &Server) {
    let features = server.state().features;
    if features.watches_files {
        let server = server.clone();
        tokio::spawn(async move { register(&server, features.relative_patterns).await });
    }
    tokio::spawn(poll(server.clone()));
}

/// Something has changed; that it was one of ours is certain, for nothing else was asked for.
pub(super) async fn did_change_watched_files(server: &Server, _: lsp::DidChangeWatchedFilesParams) {
    analyse::schedule_all(server);
    changed::tell(server, ASSIGNMENTS);
}

async fn register(server: &Server, with_relative_patterns: bool) {
    let mut patterns: Vec<lsp::GlobPattern> =
        NAMES.iter().map(|name| lsp::GlobPattern::Pattern(format!("**/{name}"))).collect();
    patterns.push(lsp::GlobPattern::Pattern(OTHERS.to_owned()));
    let registry = server.knowledge.registry_path().filter(|_| with_relative_patterns);
    if let Some(path) = registry
        && let (Some(directory), Some(name)) = (path.parent(), path.file_name())
        && let Some(base) = uri::from_directory(directory)
    {
        patterns.push(lsp::GlobPattern::RelativePattern(lsp::RelativePattern {
            base_uri: base.into(),
            pattern: name.to_string_lossy().into_owned(),
        }));
    }
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
    let mut seen: HashMap<PathBuf, Stamp> = HashMap::new();
    let mut listening = None;
    loop {
        ticks.tick().await;
        let watched = watched(&server);
        // A file system that does not answer keeps a thread of its own waiting, and nobody else.
        let look = move || -> HashMap<PathBuf, Stamp> {
            watched.into_iter().map(|path| (path.clone(), Stamp::of(&path))).collect()
        };
        let Ok(now) = tokio::task::spawn_blocking(look).await else { continue };
        // One that was not looked at before may have changed since it was read.
        if now.iter().any(|(path, stamp)| seen.get(path) != Some(stamp)) {
            analyse::schedule_all(&server);
        }
        if now.iter().any(|(path, stamp)| seen.get(path).is_some_and(|before| before != stamp)) {
            changed::tell(&server, ASSIGNMENTS);
        }
        seen = now;
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

/// The files that the diagnostics of the open documents depend on, and those that a client shows.
fn watched(server: &Server) -> BTreeSet<PathBuf> {
    let state = server.state();
    let mut paths = BTreeSet::new();
    for document in state.documents.paths() {
        let outermost = Server::root_of(document, state.folder_of(document));
        // A `.ports.env` between the document and its root would make a project of its own.
        let directories =
            document.ancestors().skip(1).take_while(|directory| directory.starts_with(&outermost));
        paths.extend(directories.flat_map(|directory| NAMES.map(|name| directory.join(name))));
    }
    if state.features.hears_changes {
        let roots = state.folders.iter().map(|folder| ProjectRoot::of_directory(folder, Some(folder)));
        paths.extend(roots.map(|root| root.as_path().join(ports_env::FILE_NAME)));
    }
    if !paths.is_empty() {
        paths.extend(server.knowledge.registry_path().map(Path::to_owned));
    }
    paths
}
