//! What the client can do, resolved once.

use tower_lsp::gen_lsp_types as lsp;

use super::text::Encoding;

/// The kind of the actions that repair what is wrong.
pub(super) const QUICK_FIX: &str = "quickfix";

/// The kind of the action that makes a variable of a number.
pub(super) const EXTRACT: &str = "refactor.extract";

/// The kind of the action that adopts the project.
pub(super) const ADOPT: &str = "source.adopt.port-manager";

/// The kind of the action that repairs a whole file.
pub(super) const FIX_ALL: &str = "source.fixAll.port-manager";

/// The client's command that asks people and frees a port, with the port as its argument.
pub(super) const FREE_COMMAND: &str = "portManager.free";

/// The client's command that opens the page of a port, with the port as its argument.
pub(super) const OPEN_COMMAND: &str = "portManager.open";

/// The client's command that shows places, with a document, a position in it, and the locations as its arguments.
pub(super) const REFERENCES_COMMAND: &str = "portManager.showReferences";

/// How the client gets the diagnostics of documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Diagnosing {
    /// It is sent them.
    #[default]
    Pushed,
    /// It asks for them, as the reply to `initialize` says that it can.
    Pulled,
    /// It asks for them once it was asked to.
    PulledOnceRegistered,
}

/// What the client can do, as far as it makes a difference to us.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ClientFeatures {
    /// How it counts characters: UTF-8 where it offers that, for it costs us nothing.
    pub(super) encoding: Encoding,
    pub(super) diagnosing: Diagnosing,
    /// It shows the places that a diagnostic is related to.
    pub(super) related_information: bool,
    /// It shows that code has no effect.
    pub(super) unnecessary_tag: bool,
    /// It links a rule's name to a page.
    pub(super) code_descriptions: bool,
    /// It keeps the data of a diagnostic for a request for code actions.
    pub(super) diagnostic_data: bool,
    /// It sends notebooks.
    pub(super) notebooks: bool,
    /// It tells of files that it has renamed.
    pub(super) tells_renames: bool,
    /// It tells of files that it has deleted.
    pub(super) tells_deletions: bool,
    /// It understands code actions that are more than commands.
    pub(super) code_action_literals: bool,
    /// It asks for the edit of a code action when that is chosen. Such a client is known to make the edit before it runs the
    /// command of the action.
    pub(super) resolves_edits: bool,
    /// It says what it can do beside the protocol (`experimental.portManager`), as our own plugins do.
    pub(super) is_ours: bool,
    /// It shows edits, and asks people, before it makes them.
    pub(super) annotates_edits: bool,
    /// It understands edits that name the version they are made for.
    pub(super) document_changes: bool,
    /// It makes edits that it is asked to make.
    pub(super) applies_edits: bool,
    /// It shows Markdown in a hover.
    pub(super) hover_markdown: bool,
    /// It lets people choose whether a completion replaces what follows in the same word.
    pub(super) completion_insert_replace: bool,
    /// It shows a few words beside the label of a completion.
    pub(super) completion_label_details: bool,
    /// It understands definitions that name the whole line beside the name.
    pub(super) definition_links: bool,
    /// It asks what can be renamed before it asks for a name.
    pub(super) prepares_renames: bool,
    /// It takes a document's symbols as a tree.
    pub(super) symbol_trees: bool,
    /// It asks for inlay hints again when it is told to.
    pub(super) refreshes_inlay_hints: bool,
    /// It asks for code lenses again when it is told to.
    pub(super) refreshes_code_lenses: bool,
    /// It wants to hear of every change (`experimental.portManager.changed`).
    pub(super) hears_changes: bool,
    /// It asks people before it frees a port, and shows what commands answer (`experimental.portManager.interface`).
    pub(super) has_interface: bool,
    /// A link in a hover may run its command `portManager.free` (it is among
    /// `experimental.portManager.commands`).
    pub(super) frees_by_link: bool,
    /// A code lens may run its command `portManager.free` (it is among `commands` or `lensCommands`).
    pub(super) frees_by_lens: bool,
    /// A code lens may run its command `portManager.open`.
    pub(super) opens_by_lens: bool,
    /// A code lens may run its command `portManager.showReferences`.
    pub(super) references_by_lens: bool,
    /// It opens pages in a browser when it is asked to.
    pub(super) shows_documents: bool,
    /// It gives its settings when it is asked for them.
    pub(super) gives_settings: bool,
    /// It tells when its settings change, if it is asked to.
    pub(super) tells_settings: bool,
    /// It watches files for us when it is asked to.
    pub(super) watches_files: bool,
    /// It watches files outside the workspace too.
    pub(super) relative_patterns: bool,
}

impl ClientFeatures {
    /// Reads them from what the client says of itself; with its name, where that says more than its capabilities.
    pub(super) fn new(capabilities: &lsp::ClientCapabilities, name: &str) -> Self {
        let general = capabilities.general.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let document = capabilities.text_document.as_ref();
        let ours = capabilities.experimental.as_ref().map(|experimental| &experimental["portManager"]);
        let lists = |list: &str, name: &str| {
            let commands = ours.and_then(|ours| ours[list].as_array());
            commands.is_some_and(|commands| commands.iter().any(|command| command == name))
        };
        let has_lens_command = |name: &str| lists("commands", name) || lists("lensCommands", name);
        let encodings = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
        let hover = document.and_then(|document| document.hover.as_ref());
        let operations = workspace.and_then(|workspace| workspace.file_operations.as_ref());
        let (diagnosing, shown) = diagnosing(capabilities, name);
        let completion = document.and_then(|document| document.completion.as_ref());
        let item = completion.and_then(|completion| completion.completion_item.as_ref());
        let watching = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        Self {
            encoding: if encodings.contains(&lsp::PositionEncodingKind::UTF8) {
                Encoding::Utf8
            } else {
                Encoding::Utf16
            },
            diagnosing,
            related_information: shown.related_information.unwrap_or(false),
            unnecessary_tag: shown
                .tag_support
                .is_some_and(|tags| tags.value_set.contains(&lsp::DiagnosticTag::Unnecessary)),
            code_descriptions: shown.code_description_support.unwrap_or(false),
            diagnostic_data: shown.data_support.unwrap_or(false),
            notebooks: capabilities.notebook_document.is_some(),
            tells_renames: operations.and_then(|it| it.did_rename).unwrap_or(false),
            tells_deletions: operations.and_then(|it| it.did_delete).unwrap_or(false),
            code_action_literals: document
                .and_then(|document| document.code_action.as_ref())
                .is_some_and(|action| action.code_action_literal_support.is_some()),
            resolves_edits: document
                .and_then(|document| document.code_action.as_ref()?.resolve_support.as_ref())
                .is_some_and(|resolve| resolve.properties.iter().any(|property| property == "edit")),
            is_ours: ours.is_some_and(|ours| ours.is_object()),
            annotates_edits: workspace.and_then(|workspace| workspace.workspace_edit.as_ref()).is_some_and(
                |edit| edit.document_changes == Some(true) && edit.change_annotation_support.is_some(),
            ),
            document_changes: workspace
                .and_then(|workspace| workspace.workspace_edit.as_ref())
                .and_then(|edit| edit.document_changes)
                .unwrap_or(false),
            applies_edits: workspace.and_then(|workspace| workspace.apply_edit).unwrap_or(false),
            hover_markdown: hover
                .and_then(|hover| hover.content_format.as_deref())
                .is_some_and(|formats| formats.contains(&lsp::MarkupKind::Markdown)),
            completion_insert_replace: item.and_then(|item| item.insert_replace_support).unwrap_or(false),
            completion_label_details: item.and_then(|item| item.label_details_support).unwrap_or(false),
            definition_links: document
                .and_then(|document| document.definition.as_ref())
                .and_then(|definition| definition.link_support)
                .unwrap_or(false),
            prepares_renames: document
                .and_then(|document| document.rename.as_ref())
                .and_then(|rename| rename.prepare_support)
                .unwrap_or(false),
            symbol_trees: document
                .and_then(|document| document.document_symbol.as_ref())
                .and_then(|symbol| symbol.hierarchical_document_symbol_support)
                .unwrap_or(false),
            refreshes_inlay_hints: workspace
                .and_then(|workspace| workspace.inlay_hint.as_ref())
                .and_then(|hint| hint.refresh_support)
                .unwrap_or(false),
            refreshes_code_lenses: workspace
                .and_then(|workspace| workspace.code_lens.as_ref())
                .and_then(|lens| lens.refresh_support)
                .unwrap_or(false),
            hears_changes: ours.is_some_and(|ours| ours["changed"] == true),
            has_interface: ours.is_some_and(|ours| ours["interface"] == true),
            frees_by_link: lists("commands", FREE_COMMAND),
            frees_by_lens: has_lens_command(FREE_COMMAND),
            opens_by_lens: has_lens_command(OPEN_COMMAND),
            references_by_lens: has_lens_command(REFERENCES_COMMAND),
            shows_documents: capabilities
                .window
                .as_ref()
                .and_then(|window| window.show_document)
                .is_some_and(|shown| shown.support),
            gives_settings: workspace.and_then(|workspace| workspace.configuration).unwrap_or(false),
            tells_settings: workspace
                .and_then(|workspace| workspace.did_change_configuration.as_ref())
                .and_then(|change| change.dynamic_registration)
                .unwrap_or(false),
            watches_files: watching.and_then(|watching| watching.dynamic_registration).unwrap_or(false),
            relative_patterns: watching
                .and_then(|watching| watching.relative_pattern_support)
                .unwrap_or(false),
        }
    }
}

/// Clients that, asked to pull again, pull the diagnostics of the workspace alone, and drop what that says of open documents:
/// Neovim 0.12 (`vim.lsp.diagnostic.on_refresh` and `_workspace_diagnostics`). A document would keep what was found before
/// another file changed.
const LEAVE_OPEN_DOCUMENTS: &[&str] = &["Neovim"];

/// How the client gets diagnostics, and what it shows of them. What is said of a document depends on other files, so that a
/// client pulls only if it can be told to pull again.
fn diagnosing(
    capabilities: &lsp::ClientCapabilities,
    name: &str,
) -> (Diagnosing, lsp::DiagnosticsCapabilities) {
    let document = capabilities.text_document.as_ref();
    let workspace = capabilities.workspace.as_ref().and_then(|workspace| workspace.diagnostics.as_ref());
    let pull = document.and_then(|document| document.diagnostic.clone());
    let can_be_asked = workspace.is_some_and(|pulled| pulled.refresh_support == Some(true))
        && !LEAVE_OPEN_DOCUMENTS.contains(&name);
    let pull = pull.filter(|_| can_be_asked);
    let Some(pull) = pull else {
        let push = document.and_then(|document| document.publish_diagnostics.clone());
        return (Diagnosing::Pushed, push.unwrap_or_default().diagnostics_capabilities);
    };
    let diagnosing = match pull.dynamic_registration {
        Some(true) => Diagnosing::PulledOnceRegistered,
        _ => Diagnosing::Pulled,
    };
    (diagnosing, pull.diagnostics_capabilities)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn features(capabilities: serde_json::Value) -> ClientFeatures {
        ClientFeatures::new(&serde_json::from_value(capabilities).unwrap(), "")
    }

    #[test]
    fn a_client_that_says_nothing_can_do_nothing() {
        assert_eq!(features(json!({})), ClientFeatures::default());
    }

    #[test]
    fn only_a_client_that_can_pull_again_pulls() {
        let diagnosing = |pull: serde_json::Value, refresh: bool| {
            features(json!({
                "textDocument": {"diagnostic": pull},
                "workspace": {"diagnostics": {"refreshSupport": refresh}}
            }))
            .diagnosing
        };
        assert_eq!(diagnosing(json!({}), false), Diagnosing::Pushed);
        assert_eq!(diagnosing(json!({}), true), Diagnosing::Pulled);
        assert_eq!(diagnosing(json!({"dynamicRegistration": true}), true), Diagnosing::PulledOnceRegistered);
        assert_eq!(diagnosing(serde_json::Value::Null, true), Diagnosing::Pushed);
    }

    #[test]
    fn a_client_that_would_leave_open_documents_is_sent_them() {
        let capabilities = json!({
            "textDocument": {"diagnostic": {"dynamicRegistration": true}},
            "workspace": {"diagnostics": {"refreshSupport": true}}
        });
        let capabilities = serde_json::from_value(capabilities).unwrap();
        assert_eq!(ClientFeatures::new(&capabilities, "Neovim").diagnosing, Diagnosing::Pushed);
        let other = ClientFeatures::new(&capabilities, "Visual Studio Code").diagnosing;
        assert_eq!(other, Diagnosing::PulledOnceRegistered);
    }

    #[test]
    fn a_command_of_lenses_is_no_link_of_a_hover() {
        let of = |list: &str| features(json!({"experimental": {"portManager": {list: [FREE_COMMAND]}}}));
        let (lenses, both) = (of("lensCommands"), of("commands"));
        assert_eq!((lenses.frees_by_lens, lenses.frees_by_link), (true, false));
        assert_eq!((both.frees_by_lens, both.frees_by_link), (true, true));
    }

    #[test]
    fn utf_8_is_taken_wherever_it_is_offered() {
        let offer =
            |encodings: &[&str]| features(json!({"general": {"positionEncodings": encodings}})).encoding;
        assert_eq!(offer(&["utf-16", "utf-8"]), Encoding::Utf8);
        assert_eq!(offer(&["utf-32", "utf-16"]), Encoding::Utf16);
        assert_eq!(offer(&[]), Encoding::Utf16);
    }
}
