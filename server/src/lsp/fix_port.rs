//! The quick fix that repairs every certain place of one port, in open files and closed ones, and the command behind it,
//! `port-manager.fix-port`.
//!
//! The action is a command: it reads the files again, and refuses where one of them is no longer what it was when the fix
//! was offered. The variable gets its number once the client has made the edit.

use std::ops::Range;
use std::path::Path;

use tower_lsp::gen_lsp_types as lsp;

use super::apply_edit::repair;
use super::cancellation::Cancellation;
use super::fix_all::Fixed;
use super::knowledge::describe;
use super::open_texts::OpenTexts;
use super::server::Server;
use super::text::Text;
use super::workspace_edit::{Annotation, annotated_edit};
use super::{changed, warnings};
use crate::error::{Error, PlanError, Result};
use crate::files::fingerprint;
use crate::fixes::Action;
use crate::operations::fix::{FileFixes, PortFixes, extent};
use crate::operations::{self, Context};
use crate::project::map::MappedPort;
use crate::rules::{Diagnostic, Document, Facts};
use crate::variable::Variable;

/// A fix for all of a port's places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) title: String,
    pub(super) variable: Variable,
    /// Tells whether the files are still what they were.
    pub(super) state: String,
    /// How the variable gets its number once the edit is made; `None` where it has one.
    pub(super) registration: Option<Action>,
    /// Whether nothing but files of code, and the registry, is changed.
    pub(super) is_only_edits: bool,
}

impl Offer {
    /// The fix for the port that a diagnostic of the document is about. `None` where the port has only this place, and
    /// where one of its places has to be edited by hand: then none of them is repaired.
    pub(super) fn of(
        server: &Server,
        diagnostic: &Diagnostic,
        document: &Document<'_>,
        facts: &Facts,
    ) -> Option<Self> {
        let variable = diagnostic.variable.as_ref().filter(|_| diagnostic.rule.is_about_a_number())?;
        let default = facts.map.of_variable(variable)?.default?;
        let open = OpenTexts::of(&server.state().documents);
        let text = |path: &Path| open.text(path);
        let fixes = PortFixes::of(facts, variable, &text)?;
        let found = server.port_offers.found(facts, variable, &fixes, &open);
        let is_repaired =
            |edit: &Range<usize>| edit.start <= diagnostic.span.start && diagnostic.span.end <= edit.end;
        let here = found.get(document.path).filter(|file| file.edits.iter().any(is_repaired));
        if here.is_none() || found.values().any(|file| file.needs_hands) {
            return None;
        }
        let places: usize = found.values().map(|file| file.count).sum();
        let repaired = found.iter().filter(|(_, file)| file.count > 0);
        let files = match repaired.clone().count() {
            1 => "1 file".to_owned(),
            files => format!("{files} files"),
        };
        let port = facts.map.of_variable(variable)?;
        let registration = facts.port(variable).is_none().then(|| Action::Allocate {
            variable: variable.clone(),
            service: port.service,
            preferred: port.preferred_number(),
            public_name: None,
        });
        (places > 1).then(|| Self {
            registration,
            is_only_edits: found.values().all(|file| !file.needs_names),
            title: format!("Use {variable} for {default} in the whole project ({places} places in {files})"),
            variable: variable.clone(),
            state: state_of(repaired.map(|(path, file)| (path.as_path(), file.text))),
        })
    }
}

/// Tells the texts that the repairs are for from others.
fn state_of<'a>(texts: impl Iterator<Item = (&'a Path, u64)>) -> String {
    let texts: Vec<_> = texts.collect();
    // Not every client keeps a number of 64 bits.
    format!("{:016x}", fingerprint(&texts))
}

/// The edit of all places of a port, if the files are what they were when it was offered.
pub(super) fn edit(
    server: &Server,
    root: &Path,
    variable: &Variable,
    state: &str,
) -> Option<lsp::WorkspaceEdit> {
    let open = OpenTexts::of(&server.state().documents);
    let facts = server.whole_facts(root)?;
    let found = find(&facts, variable, state, &open)?;
    let texts: Vec<Text> = found.iter().map(|file| Text::new(&file.text)).collect();
    let documents = found.iter().zip(&texts).filter_map(|(file, text)| open.edits(file, text));
    let (places, _) = extent(&found);
    let annotation = Annotation {
        label: format!("Use {variable}"),
        description: Some(format!("{places} places of one port: all of them, or none")),
    };
    Some(annotated_edit(documents, &server.state().features, annotation))
}

/// Finds all places of a port, if the files are what they were when the fix was offered.
fn find(facts: &Facts, variable: &Variable, state: &str, open: &OpenTexts) -> Option<Vec<FileFixes>> {
    let text = |path: &Path| open.text(path);
    let found = PortFixes::of(facts, variable, &text).and_then(|fixes| fixes.all())?;
    let now = state_of(found.iter().map(|file| (file.path.as_path(), fingerprint(&*file.text))));
    (now == state).then_some(found)
}

/// Looks for the port's places again, and asks the client to repair them. Nobody waits for it.
pub(super) fn fix_port(
    server: &Server,
    cancellation: &Cancellation,
    context: Context,
    root: &Path,
    variable: &Variable,
    state: &str,
) -> Result<Fixed> {
    let outdated = || Error::Plan(PlanError::FixOutdated { variable: variable.clone() });
    let facts = server.whole_facts(root).ok_or_else(outdated)?;
    let port = facts.map.of_variable(variable).ok_or_else(outdated)?.clone();
    let open = OpenTexts::of(&server.state().documents);
    let found = find(&facts, variable, state, &open).ok_or_else(outdated)?;
    let (fixes, files) = extent(&found);
    let then = {
        let server = server.clone();
        move || register(&server, &context, &facts, &port)
    };
    cancellation.begin_to_act()?;
    repair(server, &open, &found, then)?;
    Ok(Fixed { fixes, files, incomplete: Vec::new() })
}

/// Gives the port's variable its number, unless it has one.
fn register(server: &Server, context: &Context, facts: &Facts, port: &MappedPort) {
    if facts.port(&port.variable).is_some() {
        return;
    }
    let preferred = port.preferred_number();
    match operations::allocate(context, &facts.root, &port.variable, Some(port.service), preferred) {
        Ok(done) => {
            for warning in warnings::of_ports(&done.project, std::slice::from_ref(&done.port)) {
                server.show_message(lsp::MessageType::Warning, warning);
            }
        }
        Err(error) => server.show_message(
            lsp::MessageType::Error,
            format!("port-manager: {} got no number: {}", port.variable, describe(&error)),
        ),
    }
    changed::by_command(server);
}
