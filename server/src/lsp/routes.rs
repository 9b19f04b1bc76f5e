//! Every method that the server handles: its handler, and what is advertised for it.

use tokio::sync::mpsc;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;
use tower_lsp::{ClientSocket, LanguageServer, LspService, LspServiceBuilder};

use super::client_features::{ADOPT, ClientFeatures, Diagnosing, EXTRACT, FIX_ALL, QUICK_FIX};
use super::knowledge::Knowledge;
use super::publish::Publication;
use super::server::Server;
use super::text::Encoding;
use super::{
    changed, code_action, code_action_resolve, code_lens, completion, configuration, definition,
    document_highlight, document_link, document_symbol, execute_command, file_operations, hover, initialize,
    inlay_hint, notebook_sync, pull, references, rename, text_sync, watched_files, workspace_diagnostic,
    workspace_folders, workspace_symbol,
};
use crate::version::{PROGRAM, VERSION};

type Builder = LspServiceBuilder<Server>;

/// A method that clients call.
struct Route {
    /// Gives the method its handler.
    handle: fn(Builder) -> Builder,
    /// Says to a client of these features that the method is handled.
    advertise: fn(&mut lsp::ServerCapabilities, &ClientFeatures),
}

/// The methods besides those of the life cycle, which the trait [`LanguageServer`] has.
const ROUTES: [Route; 33] = [
    Route {
        handle: |it| it.custom_method("textDocument/didOpen", text_sync::did_open),
        advertise: |it, _| sync(it, |sync| sync.open_close = Some(true)),
    },
    Route {
        handle: |it| it.custom_method("textDocument/didChange", text_sync::did_change),
        advertise: |it, _| sync(it, |sync| sync.change = Some(lsp::TextDocumentSyncKind::Incremental)),
    },
    Route {
        handle: |it| it.custom_method("textDocument/didSave", text_sync::did_save),
        advertise: |it, _| {
            sync(it, |sync| sync.save = Some(lsp::SaveOptions { include_text: Some(false) }.into()))
        },
    },
    Route {
        handle: |it| it.custom_method("textDocument/didClose", text_sync::did_close),
        advertise: |it, _| sync(it, |sync| sync.open_close = Some(true)),
    },
    Route {
        handle: |it| it.custom_method("notebookDocument/didOpen", notebook_sync::did_open),
        advertise: |it, features| {
            it.notebook_document_sync = features.notebooks.then(|| notebook_sync::options().into());
        },
    },
    // With the one above.
    Route {
        handle: |it| it.custom_method("notebookDocument/didChange", notebook_sync::did_change),
        advertise: nothing,
    },
    Route {
        handle: |it| it.custom_method("notebookDocument/didSave", notebook_sync::did_save),
        advertise: nothing,
    },
    Route {
        handle: |it| it.custom_method("notebookDocument/didClose", notebook_sync::did_close),
        advertise: nothing,
    },
    Route {
        handle: |it| it.custom_method("textDocument/diagnostic", pull::diagnostic),
        // A client that wants to be asked for it is asked later.
        advertise: |it, features| {
            let is_pulled = features.diagnosing == Diagnosing::Pulled;
            it.diagnostic_provider = is_pulled.then(|| pull::options().into());
        },
    },
    Route {
        handle: |it| it.custom_method("workspace/diagnostic", workspace_diagnostic::workspace_diagnostic),
        // With the one above.
        advertise: nothing,
    },
    Route {
        handle: |it| it.custom_method("textDocument/hover", hover::hover),
        advertise: |it, _| it.hover_provider = Some(true.into()),
    },
    Route {
        handle: |it| it.custom_method("textDocument/completion", completion::completion),
        advertise: |it, _| it.completion_provider = Some(completion::options()),
    },
    Route {
        handle: |it| it.custom_method("textDocument/codeAction", code_action::code_action),
        // A client that knows no literals is given commands, and no kinds.
        advertise: |it, features| {
            it.code_action_provider = Some(match features.code_action_literals {
                true => code_actions(features).into(),
                false => true.into(),
            });
        },
    },
    Route {
        handle: |it| it.custom_method("codeAction/resolve", code_action_resolve::resolve),
        // With the one above.
        advertise: nothing,
    },
    Route {
        handle: |it| it.custom_method("textDocument/inlayHint", inlay_hint::inlay_hint),
        advertise: |it, _| it.inlay_hint_provider = Some(true.into()),
    },
    Route {
        handle: |it| it.custom_method("textDocument/definition", definition::definition),
        advertise: |it, _| it.definition_provider = Some(true.into()),
    },
    Route {
        handle: |it| it.custom_method("textDocument/references", references::references),
        advertise: |it, _| it.references_provider = Some(true.into()),
    },
    Route {
        handle: |it| {
            it.custom_method("textDocument/documentHighlight", document_highlight::document_highlight)
        },
        advertise: |it, _| it.document_highlight_provider = Some(true.into()),
    },
    Route {
        handle: |it| it.custom_method("textDocument/documentSymbol", document_symbol::document_symbol),
        advertise: |it, _| it.document_symbol_provider = Some(true.into()),
    },
    Route {
        handle: |it| it.custom_method("workspace/symbol", workspace_symbol::workspace_symbol),
        advertise: |it, _| it.workspace_symbol_provider = Some(true.into()),
    },
    Route {
        handle: |it| it.custom_method("textDocument/codeLens", code_lens::code_lens),
        advertise: |it, _| it.code_lens_provider = Some(lenses()),
    },
    Route {
        handle: |it| it.custom_method("codeLens/resolve", code_lens::resolve),
        advertise: |it, _| it.code_lens_provider = Some(lenses()),
    },
    Route {
        handle: |it| it.custom_method("textDocument/documentLink", document_link::document_link),
        advertise: |it, _| it.document_link_provider = Some(lsp::DocumentLinkOptions::default()),
    },
    Route {
        handle: |it| it.custom_method("textDocument/rename", rename::rename),
        advertise: |it, features| it.rename_provider = Some(renaming(features)),
    },
    Route {
        handle: |it| it.custom_method("textDocument/prepareRename", rename::prepare_rename),
        advertise: |it, features| it.rename_provider = Some(renaming(features)),
    },
    Route {
        handle: |it| it.custom_method("workspace/executeCommand", execute_command::execute_command),
        advertise: |it, _| it.execute_command_provider = Some(commands()),
    },
    Route {
        handle: |it| it.custom_method("workspace/didChangeWorkspaceFolders", workspace_folders::did_change),
        advertise: |it, _| it.workspace.get_or_insert_default().workspace_folders = Some(folders()),
    },
    Route {
        handle: |it| it.custom_method("workspace/didRenameFiles", file_operations::did_rename),
        advertise: |it, features| {
            if features.tells_renames {
                operations(it).did_rename = Some(file_operations::options());
            }
        },
    },
    Route {
        handle: |it| it.custom_method("workspace/didDeleteFiles", file_operations::did_delete),
        advertise: |it, features| {
            if features.tells_deletions {
                operations(it).did_delete = Some(file_operations::options());
            }
        },
    },
    // The client is asked for these two once it is there, if it can be.
    Route {
        handle: |it| {
            it.custom_method("workspace/didChangeWatchedFiles", watched_files::did_change_watched_files)
        },
        advertise: nothing,
    },
    Route {
        handle: |it| {
            it.custom_method("workspace/didChangeConfiguration", configuration::did_change_configuration)
        },
        advertise: nothing,
    },
    // Our own, which our clients know.
    Route {
        handle: |it| it.custom_method("port-manager/watchListeners", changed::watch_listeners),
        advertise: nothing,
    },
    // No server says whether it handles this one.
    Route { handle: |it| it.custom_method("$/setTrace", initialize::set_trace), advertise: nothing },
];

/// The service that answers a client's messages, its way to the client, and the server itself.
pub(super) fn service(
    knowledge: Knowledge,
    publications: mpsc::UnboundedSender<Publication>,
) -> (LspService<Server>, ClientSocket, Server) {
    let builder =
        LspService::build_with_lifecycle_methods(|client| Server::new(client, knowledge, publications));
    let (service, socket) = ROUTES.iter().fold(builder, |builder, route| (route.handle)(builder)).finish();
    let server = service.inner().clone();
    (service, socket, server)
}

/// What the server can do for a client of these features.
fn capabilities(features: &ClientFeatures) -> lsp::ServerCapabilities {
    let mut capabilities = lsp::ServerCapabilities {
        position_encoding: Some(match features.encoding {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        }),
        ..Default::default()
    };
    for route in &ROUTES {
        (route.advertise)(&mut capabilities, features);
    }
    capabilities
}

fn nothing(_: &mut lsp::ServerCapabilities, _: &ClientFeatures) {}

/// The files of which the client tells what it has done with them.
fn operations(capabilities: &mut lsp::ServerCapabilities) -> &mut lsp::FileOperationOptions {
    capabilities.workspace.get_or_insert_default().file_operations.get_or_insert_default()
}

/// Sets one of the options of the documents' synchronisation.
fn sync(capabilities: &mut lsp::ServerCapabilities, set: impl FnOnce(&mut lsp::TextDocumentSyncOptions)) {
    let mut options = match capabilities.text_document_sync.take() {
        Some(lsp::TextDocumentSync::Options(options)) => options,
        _ => lsp::TextDocumentSyncOptions::default(),
    };
    set(&mut options);
    capabilities.text_document_sync = Some(options.into());
}

fn code_actions(features: &ClientFeatures) -> lsp::CodeActionOptions {
    lsp::CodeActionOptions {
        code_action_kinds: Some(
            [QUICK_FIX, EXTRACT, FIX_ALL, ADOPT].map(|kind| kind.to_owned().into()).to_vec(),
        ),
        resolve_provider: features.resolves_edits.then_some(true),
        ..Default::default()
    }
}

fn lenses() -> lsp::CodeLensOptions {
    lsp::CodeLensOptions { resolve_provider: Some(true), ..Default::default() }
}

/// A client that prepares a rename says so (LSP 3.17, `RenameOptions`).
fn renaming(features: &ClientFeatures) -> lsp::RenameProvider {
    if features.prepares_renames {
        lsp::RenameOptions { prepare_provider: Some(true), ..Default::default() }.into()
    } else {
        true.into()
    }
}

fn commands() -> lsp::ExecuteCommandOptions {
    lsp::ExecuteCommandOptions {
        commands: execute_command::names().map(str::to_owned).collect(),
        work_done_progress_options: lsp::WorkDoneProgressOptions { work_done_progress: Some(true) },
    }
}

fn folders() -> lsp::WorkspaceFoldersServerCapabilities {
    lsp::WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(true.into()) }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        let features = initialize::initialize(self, params);
        Ok(lsp::InitializeResult {
            capabilities: capabilities(&features),
            server_info: Some(lsp::ServerInfo {
                name: PROGRAM.to_owned(),
                version: Some(VERSION.to_owned()),
            }),
        })
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        initialize::initialized(self);
    }

    async fn shutdown(&self) -> Result<()> {
        self.state().is_shut_down = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tower_lsp::jsonrpc::{ErrorCode, Request};
    use tower_service::Service;

    use super::*;

    /// The methods that [`LanguageServer`] and the service have without a route.
    const LIFE_CYCLE: [&str; 5] = ["initialize", "initialized", "shutdown", "exit", "$/cancelRequest"];

    /// The methods that `docs/language-server.md` lists as handled.
    fn documented() -> Vec<&'static str> {
        let page = include_str!("../../../docs/language-server.md");
        let (_, section) = page.split_once("\n## Methods\n").unwrap();
        let (handled, _) = section.split_once("\nWhat the server sends:\n").unwrap();
        let rows = handled.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        rows.map(|(method, _)| method).collect()
    }

    #[tokio::test]
    async fn the_page_lists_every_method_and_nothing_more() {
        let (mut service, _socket, _server) =
            service(Knowledge::from_environment(), mpsc::unbounded_channel().0);
        let documented = documented();
        for &method in documented.iter().filter(|method| !LIFE_CYCLE.contains(method)) {
            // Before `initialize` a method that exists is refused, and any other is not found.
            let answer = service.call(Request::build(method).id(1).finish()).await.unwrap();
            let code = answer.and_then(|answer| Some(answer.error()?.code));
            assert!(code.is_some_and(|code| code != ErrorCode::MethodNotFound), "{method}: {code:?}");
        }
        let distinct: BTreeSet<&str> = documented.iter().copied().collect();
        assert!(LIFE_CYCLE.iter().all(|method| distinct.contains(method)), "{distinct:?}");
        assert_eq!(distinct.len(), ROUTES.len() + LIFE_CYCLE.len(), "a route has no row: {distinct:?}");
        assert_eq!(documented.len(), distinct.len(), "a row stands twice: {documented:?}");
    }

    #[test]
    fn a_client_without_code_action_literals_is_told_no_kinds() {
        let offered = |code_action_literals| {
            let features = ClientFeatures { code_action_literals, ..ClientFeatures::default() };
            capabilities(&features).code_action_provider
        };
        assert_eq!(offered(false), Some(true.into()));
        assert!(matches!(offered(true), Some(lsp::CodeActionProvider::CodeActionOptions(_))));
    }
}
