//! An editor: it keeps its documents as an editor does, and speaks LSP to the server.

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitStatus;

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use super::machine::{Machine, Project};
use super::wire::{Failure, Wire};

/// An editor with a server.
pub struct Editor {
    pub wire: Wire,
    /// What the server said it can do.
    pub capabilities: lsp::ServerCapabilities,
    documents: HashMap<lsp::Uri, Document>,
}

/// A document as the editor has it.
struct Document {
    version: i32,
    text: String,
}

/// An answer to an editor that asks for diagnostics.
pub struct Pulled {
    pub result_id: String,
    /// `None` where they are what they were.
    pub items: Option<Vec<lsp::Diagnostic>>,
}

/// What an editor says of itself that asks for diagnostics, and shows all of them.
pub fn pulling() -> Value {
    let mut capabilities = modern();
    capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    capabilities["textDocument"]["diagnostic"] = shown();
    capabilities
}

/// What an editor can show of a diagnostic.
pub fn shown() -> Value {
    json!({
        "relatedInformation": true, "tagSupport": {"valueSet": [1, 2]}, "codeDescriptionSupport": true, "dataSupport": true
    })
}

/// What a modern editor with a plugin of ours says of itself; UTF-16 only, as most of them.
pub fn modern() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-16"]},
        "experimental": {"portManager": {"interface": true}},
        "workspace": {
            "applyEdit": true,
            "workspaceEdit": {"documentChanges": true},
            "workspaceFolders": true,
            "didChangeWatchedFiles": {"dynamicRegistration": true, "relativePatternSupport": true}
        },
        "textDocument": {
            "publishDiagnostics": {"versionSupport": true},
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "codeAction": {
                "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source.fixAll"]}},
                "isPreferredSupport": true
            }
        }
    })
}

impl Editor {
    /// An editor that has the project open and can do what editors can.
    pub fn new(machine: &Machine, project: &Project) -> Self {
        Self::with(machine, project, modern())
    }

    /// An editor that has the project open and can do so much.
    pub fn with(machine: &Machine, project: &Project, capabilities: Value) -> Self {
        let mut command = machine.command();
        command.arg("lsp");
        Self::initialized(Wire::start(command), initialize_params(project, capabilities))
    }

    /// An editor that has introduced itself to the server.
    pub fn initialized(mut wire: Wire, params: lsp::InitializeParams) -> Self {
        let initialized =
            wire.request::<lsp::InitializeRequest>(params).expect("the server can be initialized");
        wire.notify::<lsp::InitializedNotification>(lsp::InitializedParams {});
        Self { wire, capabilities: initialized.capabilities, documents: HashMap::new() }
    }

    /// Opens a file with that text, whatever the disk says.
    pub fn open(&mut self, path: &Path, text: &str) -> lsp::Uri {
        let uri = lsp::Uri::from_file_path(path).expect("an absolute path");
        self.open_uri(uri.clone(), text);
        uri
    }

    /// Opens a document of any URI.
    pub fn open_uri(&mut self, uri: lsp::Uri, text: &str) {
        self.open_as(uri, "plaintext", text);
    }

    /// Keeps a document that the server was told of in another way.
    pub fn adopt_document(&mut self, uri: lsp::Uri, text: &str) {
        self.documents.insert(uri, Document { version: 1, text: text.to_owned() });
    }

    /// Opens a document in a language.
    pub fn open_as(&mut self, uri: lsp::Uri, language_id: &str, text: &str) {
        let document = Document { version: 1, text: text.to_owned() };
        self.wire.notify::<lsp::DidOpenTextDocumentNotification>(lsp::DidOpenTextDocumentParams {
            text_document: lsp::TextDocumentItem {
                uri: uri.clone(),
                language_id: language_id.to_owned().into(),
                version: document.version,
                text: document.text.clone(),
            },
        });
        self.documents.insert(uri, document);
    }

    pub fn close(&mut self, uri: &lsp::Uri) {
        self.documents.remove(uri).expect("the document is open");
        self.wire.notify::<lsp::DidCloseTextDocumentNotification>(lsp::DidCloseTextDocumentParams {
            text_document: lsp::TextDocumentIdentifier { uri: uri.clone() },
        });
    }

    pub fn text(&self, uri: &lsp::Uri) -> &str {
        &self.documents[uri].text
    }

    pub fn version(&self, uri: &lsp::Uri) -> i32 {
        self.documents[uri].version
    }

    /// Replaces some bytes of a document, and tells the server that and nothing more.
    pub fn replace(&mut self, uri: &lsp::Uri, span: std::ops::Range<usize>, text: &str) {
        let range = self.range(uri, span.clone());
        let document = self.documents.get_mut(uri).expect("the document is open");
        document.text.replace_range(span, text);
        document.version += 1;
        let change =
            lsp::TextDocumentContentChangePartial { range, text: text.to_owned(), ..Default::default() };
        self.wire.notify::<lsp::DidChangeTextDocumentNotification>(lsp::DidChangeTextDocumentParams {
            text_document: lsp::VersionedTextDocumentIdentifier {
                version: document.version,
                text_document_identifier: lsp::TextDocumentIdentifier { uri: uri.clone() },
            },
            content_changes: vec![change.into()],
        });
    }

    /// The diagnostics that the server has for the document as it is now.
    pub fn diagnostics(&mut self, uri: &lsp::Uri) -> Vec<lsp::Diagnostic> {
        let version = self.version(uri);
        self.published(uri, |params| params["version"] == version)
    }

    /// The first diagnostics still unread that are as described: a refresh of the same text.
    pub fn diagnostics_until(
        &mut self,
        uri: &lsp::Uri,
        is_wanted: impl Fn(&[lsp::Diagnostic]) -> bool,
    ) -> Vec<lsp::Diagnostic> {
        let version = self.version(uri);
        self.published(uri, |params| {
            let diagnostics = serde_json::from_value::<Vec<lsp::Diagnostic>>(params["diagnostics"].clone());
            params["version"] == version && diagnostics.is_ok_and(|diagnostics| is_wanted(&diagnostics))
        })
    }

    /// The answer of the server to an editor that asks for a document's diagnostics.
    pub fn pull(&mut self, uri: &lsp::Uri, previous: Option<&str>) -> Pulled {
        let params = lsp::DocumentDiagnosticParams {
            text_document: lsp::TextDocumentIdentifier { uri: uri.clone() },
            identifier: None,
            previous_result_id: previous.map(str::to_owned),
            work_done_progress_params: Default::default(),
            partial_result_params: Default::default(),
        };
        let report =
            self.wire.request::<lsp::DocumentDiagnosticRequest>(params).expect("they can be asked for");
        match report {
            lsp::DocumentDiagnosticReport::RelatedFullDocumentDiagnosticReport(report) => {
                let report = report.full_document_diagnostic_report;
                Pulled { result_id: report.result_id.expect("a result id"), items: Some(report.items) }
            }
            lsp::DocumentDiagnosticReport::RelatedUnchangedDocumentDiagnosticReport(report) => {
                Pulled { result_id: report.unchanged_document_diagnostic_report.result_id, items: None }
            }
        }
    }

    fn published(&mut self, uri: &lsp::Uri, is_wanted: impl Fn(&Value) -> bool) -> Vec<lsp::Diagnostic> {
        let params = self.wire.wait_for_notification("textDocument/publishDiagnostics", |params| {
            params["uri"] == uri.as_str() && is_wanted(params)
        });
        serde_json::from_value(params["diagnostics"].clone()).expect("diagnostics as LSP has them")
    }

    /// The text under a diagnostic, its rule and its message, one line each.
    pub fn describe(&self, uri: &lsp::Uri, diagnostics: &[lsp::Diagnostic]) -> String {
        let line = |diagnostic: &lsp::Diagnostic| {
            let span = self.span(uri, diagnostic.range);
            let code = match &diagnostic.code {
                Some(lsp::Code::String(code)) => code.as_str(),
                other => panic!("the code is a rule's name, not {other:?}"),
            };
            format!("{} {code} {:?}", &self.text(uri)[span], diagnostic.severity.expect("a severity"))
        };
        diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The actions that the server offers at a place.
    pub fn code_actions(&mut self, uri: &lsp::Uri, offset: usize) -> Vec<lsp::CodeAction> {
        self.code_actions_of(uri, offset..offset, None)
    }

    /// The actions of some kinds that the server offers for a range.
    pub fn code_actions_of(
        &mut self,
        uri: &lsp::Uri,
        span: std::ops::Range<usize>,
        only: Option<&[&str]>,
    ) -> Vec<lsp::CodeAction> {
        let params = lsp::CodeActionParams {
            text_document: lsp::TextDocumentIdentifier { uri: uri.clone() },
            range: self.range(uri, span),
            context: lsp::CodeActionContext {
                diagnostics: Vec::new(),
                only: only.map(|kinds| kinds.iter().map(|kind| (*kind).to_owned().into()).collect()),
                trigger_kind: None,
            },
            work_done_progress_params: Default::default(),
            partial_result_params: Default::default(),
        };
        let actions = self.wire.request::<lsp::CodeActionRequest>(params).expect("actions can be asked for");
        let literal = |response| match response {
            lsp::CodeActionResponse::CodeAction(action) => action,
            lsp::CodeActionResponse::Command(command) => panic!("a bare command: {command:?}"),
        };
        actions.unwrap_or_default().into_iter().map(literal).collect()
    }

    /// The action with its edit, as an editor asks for it when the action is chosen.
    pub fn resolve(&mut self, action: lsp::CodeAction) -> Result<lsp::CodeAction, Failure> {
        self.wire.request::<lsp::CodeActionResolveRequest>(action)
    }

    /// Does what an editor does with an action that was chosen: the edit, then the command (LSP
    /// 3.17, `CodeAction.command`).
    pub fn apply(&mut self, action: lsp::CodeAction) -> Value {
        if let Some(edit) = action.edit {
            self.apply_edit(edit);
        }
        match action.command {
            Some(command) => self
                .execute(&command.command, command.arguments.unwrap_or_default())
                .expect("the command succeeds"),
            None => Value::Null,
        }
    }

    /// Makes the edit that the server asks for, in open documents and in closed files. Which files it changes.
    pub fn apply_asked_edit(&mut self) -> Vec<std::path::PathBuf> {
        let asked = self.wire.wait_for_notification("workspace/applyEdit", |_| true);
        self.apply_everywhere(serde_json::from_value(asked["edit"].clone()).expect("an edit"))
    }

    /// Makes an edit in open documents and in closed files. Which files it changes.
    pub fn apply_everywhere(&mut self, edit: lsp::WorkspaceEdit) -> Vec<std::path::PathBuf> {
        let mut changed = Vec::new();
        for change in edit.document_changes.iter().flatten() {
            let lsp::DocumentChange::TextDocumentEdit(change) = change else {
                panic!("not an edit: {change:?}")
            };
            let lsp::OptionalVersionedTextDocumentIdentifier { version, text_document_identifier } =
                &change.text_document;
            let path = text_document_identifier.uri.to_file_path().expect("a file");
            if version.is_none() {
                self.edit_closed(&path, change);
            }
            changed.push(path);
        }
        let open = edit.document_changes.map(|changes| {
            let is_open = |change: &lsp::DocumentChange| {
                matches!(change, lsp::DocumentChange::TextDocumentEdit(change) if change.text_document.version.is_some())
            };
            changes.into_iter().filter(is_open).collect()
        });
        self.apply_edit(lsp::WorkspaceEdit {
            document_changes: open,
            changes: edit.changes,
            ..Default::default()
        });
        changed.sort();
        changed
    }

    /// Makes an edit in a file that is not open.
    fn edit_closed(&mut self, path: &Path, change: &lsp::TextDocumentEdit) {
        let uri = change.text_document.text_document_identifier.uri.clone();
        assert!(!self.documents.contains_key(&uri), "an edit of an open document names its version");
        let text = std::fs::read_to_string(path).expect("the file is there");
        // A file of the name that the editor has for it alone.
        let scratch = Document { version: 1, text };
        self.documents.insert(uri.clone(), scratch);
        let edits = change.edits.iter().map(|edit| match edit {
            lsp::Edit::TextEdit(edit) => (self.span(&uri, edit.range), edit.new_text.clone()),
            lsp::Edit::AnnotatedTextEdit(lsp::AnnotatedTextEdit { text_edit: edit, .. }) => {
                (self.span(&uri, edit.range), edit.new_text.clone())
            }
            other => panic!("not asked for: {other:?}"),
        });
        let mut edits: Vec<_> = edits.collect();
        edits.sort_by_key(|(span, _)| span.start);
        let mut text = self.documents.remove(&uri).expect("it was added").text;
        for (span, new) in edits.into_iter().rev() {
            text.replace_range(span, &new);
        }
        std::fs::write(path, text).expect("the file can be written");
    }

    fn apply_edit(&mut self, edit: lsp::WorkspaceEdit) {
        for change in edit.document_changes.unwrap_or_default() {
            let lsp::DocumentChange::TextDocumentEdit(change) = change else {
                panic!("not an edit: {change:?}")
            };
            let uri = change.text_document.text_document_identifier.uri;
            assert_eq!(
                change.text_document.version,
                Some(self.version(&uri)),
                "the edit is for this version"
            );
            let edits = change.edits.into_iter().map(|edit| match edit {
                lsp::Edit::TextEdit(edit) => edit,
                lsp::Edit::AnnotatedTextEdit(annotated) => annotated.text_edit,
                other => panic!("not asked for: {other:?}"),
            });
            self.apply_text_edits(&uri, edits.collect());
        }
        for (uri, edits) in edit.changes.unwrap_or_default() {
            self.apply_text_edits(&uri, edits);
        }
    }

    fn apply_text_edits(&mut self, uri: &lsp::Uri, edits: Vec<lsp::TextEdit>) {
        let mut edits: Vec<_> =
            edits.into_iter().map(|edit| (self.span(uri, edit.range), edit.new_text)).collect();
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        assert!(edits.is_sorted_by(|(a, _), (b, _)| a.end <= b.start), "edits overlap: {edits:?}");
        // All of them are meant for the text as it was, so the last one goes first.
        for (span, text) in edits.into_iter().rev() {
            self.replace(uri, span, &text);
        }
    }

    /// Runs a command of the server.
    pub fn execute(&mut self, command: &str, arguments: Vec<Value>) -> Result<Value, Failure> {
        let params = lsp::ExecuteCommandParams {
            command: command.to_owned(),
            arguments: Some(arguments),
            work_done_progress_params: Default::default(),
        };
        self.wire.request::<lsp::ExecuteCommandRequest>(params).map(Option::unwrap_or_default)
    }

    /// What the server says of a place, and the text that it says it of.
    pub fn hover(&mut self, uri: &lsp::Uri, offset: usize) -> Option<(String, String)> {
        let params = lsp::HoverParams {
            text_document_position_params: lsp::TextDocumentPositionParams {
                text_document: lsp::TextDocumentIdentifier { uri: uri.clone() },
                position: self.position(uri, offset),
            },
            work_done_progress_params: Default::default(),
        };
        let hover = self.wire.request::<lsp::HoverRequest>(params).expect("a hover can be asked for")?;
        let lsp::Contents::MarkupContent(content) = hover.contents else { panic!("deprecated contents") };
        let span = self.span(uri, hover.range.expect("a hover has a range"));
        Some((self.text(uri)[span].to_owned(), content.value))
    }

    /// What the server offers to write at a place.
    pub fn completions(&mut self, uri: &lsp::Uri, offset: usize) -> Vec<lsp::CompletionItem> {
        let position = self.position(uri, offset);
        self.completions_at(uri, position)
    }

    /// What the server offers to write at a position, which need not be in the text.
    pub fn completions_at(&mut self, uri: &lsp::Uri, position: lsp::Position) -> Vec<lsp::CompletionItem> {
        let params = lsp::CompletionParams {
            text_document_position_params: lsp::TextDocumentPositionParams {
                text_document: lsp::TextDocumentIdentifier { uri: uri.clone() },
                position,
            },
            context: None,
            work_done_progress_params: Default::default(),
            partial_result_params: Default::default(),
        };
        let offered =
            self.wire.request::<lsp::CompletionRequest>(params).expect("completions can be asked for");
        match offered {
            Some(lsp::CompletionResponse::CompletionItemList(items)) => items,
            Some(lsp::CompletionResponse::CompletionList(list)) => list.items,
            None => Vec::new(),
        }
    }

    /// Does what an editor does with an offer that was chosen.
    pub fn take(&mut self, uri: &lsp::Uri, item: lsp::CompletionItem) {
        let edit = match item.text_edit.expect("an offer has an edit") {
            lsp::CompletionItemTextEdit::TextEdit(edit) => edit,
            lsp::CompletionItemTextEdit::InsertReplaceEdit(edit) => {
                lsp::TextEdit { range: edit.replace, new_text: edit.new_text }
            }
        };
        let besides = item.additional_text_edits.unwrap_or_default();
        self.apply_text_edits(uri, [edit].into_iter().chain(besides).collect());
    }

    /// Leaves as an editor leaves.
    pub fn quit(mut self) -> ExitStatus {
        self.wire.request::<lsp::ShutdownRequest>(()).expect("the server can be shut down");
        self.wire.notify::<lsp::ExitNotification>(());
        self.wire.wait_for_exit()
    }

    fn is_utf_8(&self) -> bool {
        self.capabilities.position_encoding == Some(lsp::PositionEncodingKind::UTF8)
    }

    /// The position of a byte offset, counted as negotiated. (Its own way, not the server's.)
    pub fn position(&self, uri: &lsp::Uri, offset: usize) -> lsp::Position {
        let before = &self.text(uri)[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let in_line = &before[line_start..];
        let character = if self.is_utf_8() { in_line.len() } else { in_line.encode_utf16().count() };
        lsp::Position { line: before.matches('\n').count() as u32, character: character as u32 }
    }

    fn range(&self, uri: &lsp::Uri, span: std::ops::Range<usize>) -> lsp::Range {
        lsp::Range { start: self.position(uri, span.start), end: self.position(uri, span.end) }
    }

    fn offset(&self, uri: &lsp::Uri, position: lsp::Position) -> usize {
        let text = self.text(uri);
        let in_text = (0..=text.len()).filter(|&at| text.is_char_boundary(at));
        in_text
            .into_iter()
            .find(|&at| self.position(uri, at) == position)
            .unwrap_or_else(|| panic!("{position:?} is no place in {text:?}"))
    }

    pub fn span(&self, uri: &lsp::Uri, range: lsp::Range) -> std::ops::Range<usize> {
        self.offset(uri, range.start)..self.offset(uri, range.end)
    }
}

/// The parameters of `initialize` for an editor that has the project open.
pub fn initialize_params(project: &Project, capabilities: Value) -> lsp::InitializeParams {
    let uri = lsp::Uri::from_directory_path(&project.root).expect("an absolute path");
    let params = json!({
        "processId": std::process::id(),
        "clientInfo": {"name": "the tests"},
        "rootUri": uri,
        "workspaceFolders": [{"uri": uri, "name": "the project"}],
        "capabilities": capabilities
    });
    serde_json::from_value(params).expect("parameters as LSP has them")
}
