"""Completion, actions, pulled diagnostics, notebooks and files that move."""

import pytest
from lsprotocol import types as lsp

from editor import modern

LOOKUP = "app.listen(process.env.WEB_PORT || 8080);\n"


def at(editor, uri, text="WEB_PORT"):
    return {"text_document": editor.document(uri), "position": editor.position(uri, text)}


async def opened(editor, path="server.js", text=LOOKUP):
    """A document that has been analysed, and so has its project."""
    uri = editor.open(path, text)
    await editor.diagnostics(uri)
    await editor.client.text_document_hover_async(lsp.HoverParams(**at(editor, uri)))
    return uri


@pytest.mark.method("textDocument/completion")
async def test_the_projects_variables_are_offered(editor):
    uri = await opened(editor, "server.js", "app.listen(process.env.);\n// WEB_PORT\n")
    position = editor.range(uri, "process.env.").end
    found = await editor.client.text_document_completion_async(
        lsp.CompletionParams(text_document=editor.document(uri), position=position)
    )
    items = found.items if isinstance(found, lsp.CompletionList) else found
    assert {"WEB_PORT", "API_PORT"} <= {item.label for item in items}


@pytest.mark.method("codeAction/resolve")
async def test_an_action_for_the_project_is_resolved(editor, shop):
    (shop / "more.js").write_text("app.listen(8080);\n")
    uri = editor.open("server.js")
    await editor.diagnostics(uri)

    async def unresolved():
        return [it for it in await editor.actions(uri, "8080") if isinstance(it, lsp.CodeAction) and it.data and not it.edit]

    actions = await unresolved()
    while not actions:
        actions = await unresolved()
    resolved = await editor.client.code_action_resolve_async(actions[0])
    assert resolved.edit is not None
    assert resolved.title == actions[0].title


@pytest.mark.method("textDocument/diagnostic", "workspace/diagnostic")
async def test_diagnostics_are_pulled_and_not_sent(start, shop):
    capabilities = modern()
    capabilities.text_document.diagnostic = lsp.DiagnosticClientCapabilities()
    editor = await start(shop, capabilities)
    uri = editor.open("server.js")
    pulled = await editor.client.text_document_diagnostic_async(
        lsp.DocumentDiagnosticParams(text_document=editor.document(uri))
    )
    assert [it.code for it in pulled.items] == ["hardcoded-port"]
    again = await editor.client.text_document_diagnostic_async(
        lsp.DocumentDiagnosticParams(text_document=editor.document(uri), previous_result_id=pulled.result_id)
    )
    assert again.kind == "unchanged"
    whole = await editor.client.workspace_diagnostic_async(lsp.WorkspaceDiagnosticParams(previous_result_ids=[]))
    assert {uri, editor.uri("client.js")} <= {report.uri for report in whole.items}
    assert editor.notifications("textDocument/publishDiagnostics") == []
    await editor.execute("configure", {"exception": {"off": "hardcoded-port"}})
    await editor.until(lambda: "workspace/diagnostic/refresh" in editor.received())


def notebook(editor, version=1):
    cell = editor.uri("a.ipynb").replace("file:", "vscode-notebook-cell:") + "#W0"
    return cell, lsp.NotebookDocument(
        uri=editor.uri("a.ipynb"), notebook_type="jupyter-notebook", version=version,
        cells=[lsp.NotebookCell(kind=lsp.NotebookCellKind.Code, document=cell)],
    )


@pytest.mark.method(
    "notebookDocument/didOpen", "notebookDocument/didChange", "notebookDocument/didSave", "notebookDocument/didClose"
)
async def test_a_cell_of_a_notebook_is_a_document(editor):
    cell, document = notebook(editor)
    text = "app.run(port=8080)\n"
    item = lsp.TextDocumentItem(uri=cell, language_id="python", version=1, text=text)
    editor.documents[cell] = [1, text]
    editor.client.notebook_document_did_open(
        lsp.DidOpenNotebookDocumentParams(notebook_document=document, cell_text_documents=[item])
    )
    assert await editor.codes(cell) == ["hardcoded-port"]
    end = lsp.Position(line=0, character=0)
    change = lsp.TextDocumentContentChangePartial(range=lsp.Range(start=end, end=end), text="# a comment\n")
    editor.documents[cell] = [2, "# a comment\n" + text]
    editor.client.notebook_document_did_change(
        lsp.DidChangeNotebookDocumentParams(
            notebook_document=lsp.VersionedNotebookDocumentIdentifier(uri=document.uri, version=2),
            change=lsp.NotebookDocumentChangeEvent(
                cells=lsp.NotebookDocumentCellChanges(
                    text_content=[
                        lsp.NotebookDocumentCellContentChanges(
                            document=lsp.VersionedTextDocumentIdentifier(uri=cell, version=2), changes=[change]
                        )
                    ]
                )
            ),
        )
    )
    (found,) = await editor.diagnostics(cell)
    assert found["range"]["start"]["line"] == 1
    identifier = lsp.NotebookDocumentIdentifier(uri=document.uri)
    editor.client.notebook_document_did_save(lsp.DidSaveNotebookDocumentParams(notebook_document=identifier))
    editor.client.notebook_document_did_close(
        lsp.DidCloseNotebookDocumentParams(
            notebook_document=identifier, cell_text_documents=[lsp.TextDocumentIdentifier(uri=cell)]
        )
    )
    await editor.until(lambda: editor.notifications("textDocument/publishDiagnostics")[-1]["diagnostics"] == [])


@pytest.mark.method("workspace/didDeleteFiles")
async def test_a_deleted_ports_env_is_spoken_of(editor, shop):
    await editor.execute("init", {"path": str(shop)})
    (shop / ".ports.env").unlink()
    deleted = lsp.FileDelete(uri=editor.uri(".ports.env"))
    editor.client.workspace_did_delete_files(lsp.DeleteFilesParams(files=[deleted]))

    def spoken_of():
        return [it for it in editor.notifications("window/showMessage") if "init" in it["message"]]

    await editor.until(spoken_of)


@pytest.mark.method("workspace/didRenameFiles")
async def test_a_renamed_project_may_keep_its_ports(editor, shop, machine):
    await editor.execute("init", {"path": str(shop)})
    there = shop.with_name("store")
    shop.rename(there)
    renamed = lsp.FileRename(old_uri=shop.as_uri(), new_uri=there.as_uri())
    editor.client.workspace_did_rename_files(lsp.RenameFilesParams(files=[renamed]))
    await editor.until(lambda: editor.asked)
