"""An editor: it keeps its documents as an editor does, and its client is pytest-lsp's."""

import asyncio
import json
import os
import time
from pathlib import Path
from urllib.parse import unquote, urlparse

from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig
from pytest_lsp.client import register_lsp_features

from specification import DEADLINE, StrictClient

LANGUAGE = "plaintext"


class Machine:
    """A directory with an empty registry and a place for projects."""

    def __init__(self, root):
        self.root = root
        self.config = root / "config"

    def project(self, name, files):
        """A directory that `.git` marks as a project's root, with those files in it."""
        root = self.root / "projects" / name
        (root / ".git").mkdir(parents=True)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return root

    def registry(self):
        path = self.config / "registry.json"
        return json.loads(path.read_text()) if path.exists() else {"projects": {}}

    def environment(self):
        return {"PATH": os.environ["PATH"], "HOME": str(self.root), "PORT_MANAGER_CONFIG_DIR": str(self.config)}


def modern():
    """What an editor of today says of itself."""
    kinds = [lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.SourceFixAll, lsp.CodeActionKind.Refactor]
    markup = [lsp.MarkupKind.Markdown, lsp.MarkupKind.PlainText]
    return lsp.ClientCapabilities(
        workspace=lsp.WorkspaceClientCapabilities(
            apply_edit=True,
            workspace_edit=lsp.WorkspaceEditClientCapabilities(
                document_changes=True,
                resource_operations=list(lsp.ResourceOperationKind),
                change_annotation_support=lsp.ChangeAnnotationsSupportOptions(),
            ),
            configuration=True,
            workspace_folders=True,
            did_change_configuration=lsp.DidChangeConfigurationClientCapabilities(dynamic_registration=True),
            did_change_watched_files=lsp.DidChangeWatchedFilesClientCapabilities(
                dynamic_registration=True, relative_pattern_support=True
            ),
            inlay_hint=lsp.InlayHintWorkspaceClientCapabilities(refresh_support=True),
            code_lens=lsp.CodeLensWorkspaceClientCapabilities(refresh_support=True),
            diagnostics=lsp.DiagnosticWorkspaceClientCapabilities(refresh_support=True),
            file_operations=lsp.FileOperationClientCapabilities(did_rename=True, did_delete=True, will_rename=True),
        ),
        text_document=lsp.TextDocumentClientCapabilities(
            publish_diagnostics=lsp.PublishDiagnosticsClientCapabilities(
                version_support=True, related_information=True, code_description_support=True
            ),
            hover=lsp.HoverClientCapabilities(content_format=markup),
            code_action=lsp.CodeActionClientCapabilities(
                code_action_literal_support=lsp.ClientCodeActionLiteralOptions(
                    code_action_kind=lsp.ClientCodeActionKindOptions(value_set=kinds)
                ),
                is_preferred_support=True,
                data_support=True,
                resolve_support=lsp.ClientCodeActionResolveOptions(properties=["edit"]),
            ),
            completion=lsp.CompletionClientCapabilities(
                completion_item=lsp.ClientCompletionItemOptions(documentation_format=markup)
            ),
            rename=lsp.RenameClientCapabilities(prepare_support=True),
            document_symbol=lsp.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True),
            document_link=lsp.DocumentLinkClientCapabilities(tooltip_support=True),
            code_lens=lsp.CodeLensClientCapabilities(),
        ),
        notebook_document=lsp.NotebookDocumentClientCapabilities(
            synchronization=lsp.NotebookDocumentSyncClientCapabilities()
        ),
        window=lsp.WindowClientCapabilities(work_done_progress=True, show_message=lsp.ShowMessageRequestClientCapabilities()),
    )


class Editor:
    """An editor with a server."""

    def __init__(self, machine, project):
        self.machine = machine
        self.project = project
        self.documents = {}
        # What it is set to.
        self.settings = {}
        # What it answers when the server asks people something: the title of one of the actions, or nothing.
        self.answers = []
        self.asked = []
        self.registered = []
        self.refreshed = []
        # Whether it makes the edits that the server asks for.
        self.applies_edits = True

    @property
    def protocol(self):
        return self.client.protocol

    async def start(self, capabilities=None, folders=None, initialization_options=None):
        """Starts the server and introduces the editor."""
        config = ClientServerConfig(
            server_command=[os.environ["PORT_MANAGER"], "lsp"],
            client_factory=self._client,
            server_env=self.machine.environment(),
        )
        self.client = await config.start()
        folders = [self.project] if folders is None else folders
        self.initialized = await self.client.initialize_session(
            lsp.InitializeParams(
                capabilities=modern() if capabilities is None else capabilities,
                client_info=lsp.ClientInfo(name="the tests"),
                workspace_folders=[lsp.WorkspaceFolder(uri=folder.as_uri(), name=folder.name) for folder in folders],
                initialization_options=initialization_options,
            )
        )
        self.offers = self.initialized.capabilities

    async def stop(self):
        """Leaves as an editor leaves, if it has not yet."""
        if not self.client._stop_event.is_set():
            await self.client.shutdown_session()
            await self.client.stop()

    def _client(self):
        client = StrictClient()
        register_lsp_features(client)

        @client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
        def register(params):
            self.registered += params.registrations

        @client.feature(lsp.WORKSPACE_APPLY_EDIT)
        def apply_edit(params):
            if self.applies_edits:
                self.apply(params.edit)
            return lsp.ApplyWorkspaceEditResult(applied=self.applies_edits)

        @client.feature(lsp.WINDOW_SHOW_MESSAGE_REQUEST)
        def ask(params):
            self.asked.append(params)
            answer = self.answers.pop(0) if self.answers else None
            return next((action for action in params.actions or [] if action.title == answer), None)

        for method in [lsp.WORKSPACE_INLAY_HINT_REFRESH, lsp.WORKSPACE_CODE_LENS_REFRESH]:

            @client.feature(method)
            def refresh(params, method=method):
                self.refreshed.append(method)

        client._configuration = {"": {"port-manager": self.settings}}
        return client

    def received(self):
        """The methods of all that the server has sent."""
        return {message["method"] for message in self.protocol.received}

    def notifications(self, method):
        """The parameters of all of the server's notifications of that method."""
        return [message.get("params") for message in self.protocol.received if message["method"] == method]

    async def until(self, condition, what="what was waited for"):
        """Waits for a condition, and gives its value."""
        deadline = time.monotonic() + DEADLINE
        while not (value := condition()):
            assert time.monotonic() < deadline, f"{what} does not come; received: {self.protocol.received}"
            await asyncio.sleep(0.005)
        return value

    # Documents.

    def uri(self, path):
        return (self.project / path).as_uri()

    def open(self, path, text=None, language=LANGUAGE):
        """Opens a file of the project with its text, or with another; gives its URI."""
        uri = self.uri(path)
        text = (self.project / path).read_text() if text is None else text
        self.open_uri(uri, text, language)
        return uri

    def open_uri(self, uri, text, language=LANGUAGE):
        self.documents[uri] = [1, text]
        item = lsp.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))

    def text(self, uri):
        return self.documents[uri][1]

    def version(self, uri):
        return self.documents[uri][0]

    def change(self, uri, old, new):
        """Replaces the first occurrence of a text, and tells the server that and nothing more."""
        self.replace(uri, self.range(uri, old), new)

    def replace(self, uri, range, new):
        text = self.text(uri)
        start, end = self.offset(text, range.start), self.offset(text, range.end)
        self.documents[uri] = [self.version(uri) + 1, text[:start] + new + text[end:]]
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                text_document=lsp.VersionedTextDocumentIdentifier(uri=uri, version=self.version(uri)),
                content_changes=[lsp.TextDocumentContentChangePartial(range=range, text=new)],
            )
        )

    def close(self, uri):
        del self.documents[uri]
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(text_document=self.document(uri)))

    def document(self, uri):
        return lsp.TextDocumentIdentifier(uri=uri)

    @staticmethod
    def offset(text, position):
        lines = text.split("\n")
        # The tests' texts are ASCII, so that a character is a unit in every encoding.
        return sum(len(line) + 1 for line in lines[: position.line]) + position.character

    def position(self, uri, text):
        """The beginning of the first occurrence of a text."""
        return self.range(uri, text).start

    def range(self, uri, text):
        """The range of the first occurrence of a text."""
        whole = self.text(uri)
        start = whole.index(text)

        def position(offset):
            before = whole[:offset].split("\n")
            return lsp.Position(line=len(before) - 1, character=len(before[-1]))

        return lsp.Range(start=position(start), end=position(start + len(text)))

    def apply(self, edit):
        """Makes an edit in the open documents and in the files that are not open."""
        assert (edit.changes is None) or (edit.document_changes is None)
        changes = [(uri, None, edits) for uri, edits in (edit.changes or {}).items()]
        for change in edit.document_changes or []:
            assert isinstance(change, lsp.TextDocumentEdit), change
            changes.append((change.text_document.uri, change.text_document.version, change.edits))
        for uri, version, edits in changes:
            if uri in self.documents:
                assert version is None or version == self.version(uri), f"the edit of {uri} is for another version"
                for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
                    self.replace(uri, edit.range, edit.new_text)
            else:
                assert version is None, f"{uri} is not open, and has no version"
                self._apply_to_file(uri, edits)

    def _apply_to_file(self, uri, edits):
        path = self.path(uri)
        text = path.read_text()
        for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
            text = text[: self.offset(text, edit.range.start)] + edit.new_text + text[self.offset(text, edit.range.end) :]
        path.write_text(text)

    @staticmethod
    def path(uri):
        return Path(unquote(urlparse(uri).path))

    # What is asked for often.

    async def diagnostics(self, uri, wanted=lambda diagnostics: True):
        """The diagnostics that the server publishes for the document as it is now."""
        version = self.version(uri)

        def published():
            for params in reversed(self.notifications(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)):
                if params["uri"] == uri:
                    newest = params.get("version") == version and wanted(params["diagnostics"])
                    return (params["diagnostics"],) if newest else None

        return (await self.until(published, f"the diagnostics of {uri}"))[0]

    async def codes(self, uri, wanted=lambda codes: True):
        """The rules of a document's diagnostics."""
        found = await self.diagnostics(uri, lambda found: wanted([it["code"] for it in found]))
        return [it["code"] for it in found]

    async def actions(self, uri, text, only=None):
        """The code actions at a text."""
        return await self.client.text_document_code_action_async(
            lsp.CodeActionParams(
                text_document=self.document(uri),
                range=self.range(uri, text),
                context=lsp.CodeActionContext(diagnostics=[], only=only),
            )
        )

    async def execute(self, command, *arguments, token=None):
        """Runs a command of the server."""
        return await self.client.workspace_execute_command_async(
            lsp.ExecuteCommandParams(
                command=f"port-manager.{command}", arguments=list(arguments), work_done_token=token
            )
        )

    async def do(self, action):
        """Does what an editor does with an action that was chosen: its edit, then its command."""
        if action.edit:
            self.apply(action.edit)
        if action.command:
            return await self.client.workspace_execute_command_async(
                lsp.ExecuteCommandParams(command=action.command.command, arguments=action.command.arguments)
            )
        return None
