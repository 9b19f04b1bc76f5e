//! The diagnostics of files that are not open, as they are on disk.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use tower_lsp::gen_lsp_types as lsp;

use super::diagnostics::Terms;
use super::open_texts::OpenTexts;
use super::server::Server;
use super::text::Text;
use super::uri;
use crate::operations::fix::Newer;
use crate::operations::{JudgeOptions, judge};
use crate::registry::Registry;
use crate::rules::Rule;

/// Judges the files at or below the paths that are not open, on all processors. What open documents say counts for them.
/// `visit` is given the path and the diagnostics of each file that says something about ports. Nothing more is read once it
/// `is_cancelled`.
pub(super) fn judge_closed(
    server: &Server,
    paths: &[PathBuf],
    is_cancelled: &AtomicBool,
    visit: &(dyn Fn(lsp::Uri, Vec<lsp::Diagnostic>) + Sync),
) {
    let (open, named, features, severities) = {
        let state = server.state();
        let named: HashSet<PathBuf> = state.documents.paths().map(Path::to_owned).collect();
        (OpenTexts::of(&state.documents), named, state.features, state.settings.severities())
    };
    let text = |path: &Path| open.text(path);
    let roots: BTreeSet<PathBuf> =
        open.paths().map(|path| server.locate(path).root.as_path().to_owned()).collect();
    let projects = roots.iter().filter_map(|root| server.whole_facts(root)).collect();
    let options = JudgeOptions {
        paths,
        severities,
        is_wanted: &|path| !is_cancelled.load(Ordering::Relaxed) && !named.contains(path),
        newer: Newer { text: &text, projects },
    };
    let registry = server.knowledge.registry().map_or_else(|_| Registry::default(), |it| (*it).clone());
    // Without a current directory nothing can be looked at.
    let _ = judge(&options, registry, &|judged| {
        let Some(uri) = uri::from_file(judged.path).filter(|_| open.text(judged.document.path).is_none())
        else {
            return;
        };
        let mut found = judged.diagnostics;
        // It is about the project: the files that are open say it, and not each of the others again.
        found.retain(|diagnostic| diagnostic.rule != Rule::MissingPortsEnv);
        let text = Text::new(judged.document.text);
        let terms = Terms {
            uri: &uri,
            text: &text,
            document: judged.document,
            facts: judged.facts,
            features: &features,
            server,
        };
        let diagnostics = terms.all(&found);
        visit(uri, diagnostics);
    });
}
