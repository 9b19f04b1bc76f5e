//! `textDocument/prepareRename` and `textDocument/rename`: another name for a port variable, in all files of its project.
//!
//! The answer is one edit, which the client makes and can undo as one. The registry follows `.ports.env`: see
//! [`follow`].

use std::path::Path;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{self, Result};

use super::document_request::{DocumentRequest, with_whole_map};
use super::execute_command::request_failed;
use super::knowledge::describe;
use super::open_texts::OpenTexts;
use super::server::Server;
use super::text::Text;
use super::workspace_edit::workspace_edit;
use crate::error::Error;
use crate::operations::{self, Context, FollowedRename, NamedPlace, Renaming};
use crate::project::ProjectRoot;
use crate::rules::{Facts, NamedPort};
use crate::variable::Variable;

/// How many lines are named that keep the old name.
const MOST_NAMED: usize = 5;

pub(super) async fn prepare_rename(
    server: &Server,
    params: lsp::PrepareRenameParams,
) -> Result<Option<lsp::PrepareRenameResult>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let look = move |request: &DocumentRequest| {
        let named = request.named_at(position)?;
        let variable = match renamable(request, &named) {
            Ok(variable) => variable,
            Err(error) => return Some(Err(error)),
        };
        let range = request.range(&named.span);
        let placeholder = variable.to_string();
        Some(Ok(lsp::PrepareRenamePlaceholder { range, placeholder }.into()))
    };
    let answer = DocumentRequest::answer(server, &text_document.uri, with_whole_map, look).await?;
    answer.transpose()
}

pub(super) async fn rename(server: &Server, params: lsp::RenameParams) -> Result<Option<lsp::WorkspaceEdit>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let to = params.new_name;
    let look = move |request: &DocumentRequest| {
        let named = request.named_at(position)?;
        Some(renamable(request, &named).and_then(|from| edit(request, &from, &to)))
    };
    let answer = DocumentRequest::answer(server, &text_document.uri, with_whole_map, look).await?;
    answer.transpose()
}

/// The variable that is named at a place, if it can be renamed there.
fn renamable(request: &DocumentRequest, named: &NamedPort<'_>) -> Result<Variable> {
    let text = request.document().text;
    let refused = |message: String| Err(request_failed(&message, None));
    let Some(name) = named.mention.name().filter(|_| named.is_name(text)) else {
        let number = text.get(named.span.clone()).unwrap_or_default();
        return refused(match &named.variable {
            Some(variable) => format!(
                "{number} is a number; {variable} can be renamed where its name is, such as in .ports.env"
            ),
            None => format!("{number} is a number; only variables can be renamed"),
        });
    };
    match &named.variable {
        Some(variable) if variable != name => {
            refused(format!("{name} is what the code here reads {variable} as; rename {variable} instead"))
        }
        _ => {
            let may = operations::ensure_renamable(&request.facts, name);
            may.map(|()| name.clone()).map_err(|error| failed(&error))
        }
    }
}

/// The edit of all files of the project.
fn edit(request: &DocumentRequest, from: &Variable, to: &str) -> Result<lsp::WorkspaceEdit> {
    let Ok(to) = to.parse::<Variable>() else {
        return Err(jsonrpc::Error::invalid_params(format!(
            "{to:?} is not a variable name: use letters, digits and _, not starting with a digit"
        )));
    };
    if to == *from {
        return Ok(lsp::WorkspaceEdit::default());
    }
    let server = &request.server;
    let open = OpenTexts::of(&server.state().documents);
    let newer = |path: &Path| open.text(path);
    let Renaming { files, left } =
        operations::find_renaming(&request.facts, from, &to, &newer).map_err(|error| failed(&error))?;
    let texts: Vec<Text> = files.iter().map(|file| Text::new(&file.text)).collect();
    let documents =
        files.iter().zip(&texts).filter_map(|(file, text)| open.edits_of(&file.path, &file.edits, text));
    let edit = workspace_edit(documents, &request.features);
    if !left.is_empty() {
        server.show_message(lsp::MessageType::Info, still_named(from, &left));
    }
    Ok(edit)
}

/// Says which lines keep the old name.
fn still_named(from: &Variable, left: &[NamedPlace]) -> String {
    let name = |place: &NamedPlace| format!("{}:{}", place.path.display(), place.line);
    let named: Vec<String> = left.iter().take(MOST_NAMED).map(name).collect();
    let more = match left.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("port-manager: these lines keep the name {from}; look at them: {}{more}.", named.join(", "))
}

fn failed(error: &Error) -> jsonrpc::Error {
    request_failed(&describe(error), error.help().as_deref())
}

/// Has the registry follow the names of `.ports.env`, where a line of it got another name on disk: by an edit of ours that the
/// client has saved, by its undo, or by hand. Nobody waits for it.
pub(super) fn follow(server: &Server, facts: &Facts) {
    let Some(file) = facts.ports_env.as_ref().filter(|_| facts.is_registry_known) else { return };
    if operations::renamed_lines(&facts.registry, &facts.root, file).is_empty() {
        return;
    }
    let (server, root) = (server.clone(), facts.root.clone());
    tokio::runtime::Handle::current().spawn_blocking(move || {
        let message = match followed(&server, &root) {
            Ok(renamed) => renamed.iter().map(said).collect::<Vec<_>>().join("\n"),
            Err(error) => format!("port-manager: the registry keeps an old name: {}", describe(&error)),
        };
        if !message.is_empty() {
            server.log_message(lsp::MessageType::Info, message);
        }
    });
}

fn followed(server: &Server, root: &ProjectRoot) -> crate::error::Result<Vec<FollowedRename>> {
    let context = match server.knowledge.store() {
        Ok(store) => Context::on_this_machine(store.clone()),
        Err(_) => Context::from_environment()?,
    };
    operations::follow_renames(&context, root)
}

fn said(FollowedRename { from, to, port }: &FollowedRename) -> String {
    format!(
        "port-manager: {from} is called {to} in .ports.env, and in the registry too now; it keeps port {port}."
    )
}
