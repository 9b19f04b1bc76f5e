//! What the client can do, resolved once; and what the server says it can do.

use tower_lsp::gen_lsp_types as lsp;

use super::execute_command;
use super::text::Encoding;

/// The kind of the action that repairs a whole file.
pub(super) const FIX_ALL: &str = "source.fixAll.port-manager";

/// The client's command that a hover may link to, with the port as its argument.
pub(super) const FREE_LINK: &str = "portManager.free";

/// What the client can do, as far as it makes a difference to us.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ClientFeatures {
    /// How it counts characters: UTF-8 where it offers that, for it costs us nothing.
    pub(super) encoding: Encoding,
    /// It understands code actions that are more than commands.
    pub(super) code_action_literals: bool,
    /// It understands edits that name the version they are made for.
    pub(super) document_changes: bool,
    /// It makes edits that it is asked to make.
    pub(super) applies_edits: bool,
    /// It shows Markdown in a hover.
    pub(super) hover_markdown: bool,
    /// It asks for inlay hints again when it is told to.
    pub(super) refreshes_inlay_hints: bool,
    /// It wants to hear of every change (`experimental.portManager.changed`).
    pub(super) hears_changes: bool,
    /// A link in a hover may run its command `portManager.free` (it is among
    /// `experimental.portManager.commands`).
    pub(super) frees_by_link: bool,
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
    /// Reads them from what the client says of itself.
    pub(super) fn new(capabilities: &lsp::ClientCapabilities) -> Self {
        let general = capabilities.general.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let document = capabilities.text_document.as_ref();
        let ours = capabilities.experimental.as_ref().map(|experimental| &experimental["portManager"]);
        let encodings = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
        let hover = document.and_then(|document| document.hover.as_ref());
        let watching = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        Self {
            encoding: if encodings.contains(&lsp::PositionEncodingKind::UTF8) {
                Encoding::Utf8
            } else {
                Encoding::Utf16
            },
            code_action_literals: document
                .and_then(|document| document.code_action.as_ref())
                .is_some_and(|action| action.code_action_literal_support.is_some()),
            document_changes: workspace
                .and_then(|workspace| workspace.workspace_edit.as_ref())
                .and_then(|edit| edit.document_changes)
                .unwrap_or(false),
            applies_edits: workspace.and_then(|workspace| workspace.apply_edit).unwrap_or(false),
            hover_markdown: hover
                .and_then(|hover| hover.content_format.as_deref())
                .is_some_and(|formats| formats.contains(&lsp::MarkupKind::Markdown)),
            refreshes_inlay_hints: workspace
                .and_then(|workspace| workspace.inlay_hint.as_ref())
                .and_then(|hint| hint.refresh_support)
                .unwrap_or(false),
            hears_changes: ours.is_some_and(|ours| ours["changed"] == true),
            frees_by_link: ours
                .and_then(|ours| ours["commands"].as_array())
                .is_some_and(|commands| commands.iter().any(|command| command == FREE_LINK)),
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

/// What the server can do for such a client: nothing that it does not do.
pub(super) fn server_capabilities(features: &ClientFeatures) -> lsp::ServerCapabilities {
    let code_actions = lsp::CodeActionOptions {
        code_action_kinds: Some(vec![lsp::CodeActionKind::QuickFix, FIX_ALL.to_owned().into()]),
        ..Default::default()
    };
    lsp::ServerCapabilities {
        position_encoding: Some(match features.encoding {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(
            lsp::TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(lsp::TextDocumentSyncKind::Incremental),
                save: Some(lsp::SaveOptions { include_text: Some(false) }.into()),
                ..Default::default()
            }
            .into(),
        ),
        hover_provider: Some(true.into()),
        inlay_hint_provider: Some(true.into()),
        // A client that knows no literals could only be given bare commands, which edit nothing.
        code_action_provider: features.code_action_literals.then(|| code_actions.into()),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: execute_command::names().map(str::to_owned).collect(),
            work_done_progress_options: lsp::WorkDoneProgressOptions { work_done_progress: Some(true) },
        }),
        workspace: Some(lsp::WorkspaceOptions {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(true.into()),
            }),
            ..Default::default()
        }),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn features(capabilities: serde_json::Value) -> ClientFeatures {
        ClientFeatures::new(&serde_json::from_value(capabilities).unwrap())
    }

    #[test]
    fn a_client_that_says_nothing_can_do_nothing() {
        assert_eq!(features(json!({})), ClientFeatures::default());
        assert_eq!(server_capabilities(&ClientFeatures::default()).code_action_provider, None);
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
