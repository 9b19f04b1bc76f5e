//! `port-manager.adopt`: what `port-manager adopt` does, with the changes of code as one edit that the client shows, asks
//! people about, makes and can undo. The project's own files, and the registry, get the rest once that is made.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;

use super::apply_edit;
use super::changed;
use super::commands::{Call, Failure, Outcome};
use super::knowledge::describe;
use super::open_texts::OpenTexts;
use super::text::Text;
use super::uri;
use super::workspace_edit::{Annotation, DocumentEdits, annotated_edit, line_edits};
use crate::error::{Error, PlanError};
use crate::operations::{self, Adoption, Context, PlannedText};
use crate::ports_env;
use crate::project::ProjectRoot;
use crate::rules::SETTINGS_FILE_NAME;

/// The files that are written with the registry: they hold its numbers, or say who reads them.
const WITH_THE_REGISTRY: [&str; 4] =
    [ports_env::FILE_NAME, ports_env::EXAMPLE_FILE_NAME, SETTINGS_FILE_NAME, ".gitignore"];

/// `{root?, chosen?}`: plans it, and asks the client to make the edit of the code. The answer is the plan.
pub(super) fn adopt(call: &Call, argument: Value) -> Outcome {
    #[derive(Deserialize)]
    struct Arguments {
        root: Option<String>,
        #[serde(default)]
        chosen: bool,
    }
    let Arguments { root, chosen } = serde_json::from_value(argument)?;
    call.ensure_client_edits()?;
    let (context, root) = (call.context()?, call.root(root, chosen)?);
    let adoption = operations::plan_adopt(&context, &root, None)?;
    let answer = serde_json::to_value(&adoption.adopted)?;
    if adoption.is_empty() {
        return Ok(answer);
    }
    let open = OpenTexts::of(&call.server.state().documents);
    // The plan is about what is saved.
    for PlannedText { real, before, .. } in adoption.texts() {
        let is_saved = open.text(real).is_none_or(|text| Some(text.as_str()) == before);
        if !is_saved {
            return Err(Failure::Operation(Error::Plan(PlanError::NotSaved { path: real.to_owned() })));
        }
    }
    let edit = edit_of(&adoption, &root, &open, call);
    let server = call.server.clone();
    let then = move || {
        if let Err(error) = finish(adoption, &context, &root) {
            let message = format!("port-manager: {}", describe(&error));
            server.show_message(lsp::MessageType::Error, message);
        }
        changed::by_command(&server);
    };
    match edit {
        Some(edit) => apply_edit::ask(&call.server, edit, then),
        None => then(),
    }
    Ok(answer)
}

/// Whether the client gets a change as an edit. What is new, or to be executed, is written with the registry.
fn is_edited(text: &PlannedText<'_>) -> bool {
    let is_own = text.path.parent() == Some(Path::new(""))
        && text.path.to_str().is_some_and(|name| WITH_THE_REGISTRY.contains(&name));
    text.before.is_some() && !text.is_executable && !is_own
}

/// The edit of the files that a person may want to look at; `None` where there are none.
fn edit_of(
    adoption: &Adoption,
    root: &ProjectRoot,
    open: &OpenTexts,
    call: &Call,
) -> Option<lsp::WorkspaceEdit> {
    let changes: Vec<_> = adoption
        .texts()
        .filter(is_edited)
        .map(|text| {
            let before = text.before.unwrap_or_default();
            (text.real, Text::new(before), line_edits(before, text.after))
        })
        .collect();
    if changes.is_empty() {
        return None;
    }
    let documents = changes.iter().filter_map(|(path, text, edits)| {
        let (uri, version) = match open.named(path) {
            Some((uri, version)) => (uri, Some(version)),
            None => (uri::from_file(path)?, None),
        };
        Some(DocumentEdits { uri, version, text, edits })
    });
    let annotation = Annotation {
        label: format!("Adopt {}", root.name()),
        description: Some(format!(
            "{} are written, and the ports registered, then",
            WITH_THE_REGISTRY.join(", ")
        )),
    };
    Some(annotated_edit(documents, &call.server.state().features, annotation))
}

/// Writes the rest of the plan. The client may have saved the code by now, which decides the ports; where they are others
/// than planned, the project is set up by what the code says.
fn finish(adoption: Adoption, context: &Context, root: &ProjectRoot) -> Result<(), Error> {
    match adoption.part(|text| !is_edited(text)).apply(context) {
        Err(Error::Plan(PlanError::Outdated { .. })) => operations::init(context, root).map(drop),
        outcome => outcome.map(drop),
    }
}
