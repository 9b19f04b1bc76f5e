"""What an editor asks about the places of a port."""

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


@pytest.mark.method("textDocument/definition")
async def test_a_lookup_leads_to_ports_env(editor):
    uri = await opened(editor)
    found = await editor.client.text_document_definition_async(lsp.DefinitionParams(**at(editor, uri)))
    found = found if isinstance(found, list) else [found]
    targets = [getattr(place, "uri", None) or place.target_uri for place in found]
    assert targets[0] == editor.uri(".ports.env")


@pytest.mark.method("textDocument/references")
async def test_a_port_is_found_in_every_file(editor):
    uri = await opened(editor)

    async def references():
        context = lsp.ReferenceContext(include_declaration=True)
        found = await editor.client.text_document_references_async(
            lsp.ReferenceParams(context=context, **at(editor, uri))
        )
        return {place.uri for place in found or []}

    found = await references()
    while not {uri, editor.uri(".ports.env")} <= found:
        found = await references()
    assert editor.uri("client.js") not in found


@pytest.mark.method("textDocument/documentHighlight")
async def test_the_places_in_a_document_are_highlighted(editor):
    uri = await opened(editor)
    found = await editor.client.text_document_document_highlight_async(lsp.DocumentHighlightParams(**at(editor, uri)))
    assert editor.range(uri, "WEB_PORT") in [highlight.range for highlight in found]


@pytest.mark.method("textDocument/documentSymbol")
async def test_a_document_lists_its_ports(editor):
    uri = await opened(editor, ".ports.env", "WEB_PORT=8000\nAPI_PORT=8100\n")
    found = await editor.client.text_document_document_symbol_async(
        lsp.DocumentSymbolParams(text_document=editor.document(uri))
    )
    assert [symbol.name for symbol in found] == ["WEB_PORT", "API_PORT"]


@pytest.mark.method("workspace/symbol")
async def test_the_workspace_lists_its_variables(editor):
    await opened(editor)
    found = await editor.client.workspace_symbol_async(lsp.WorkspaceSymbolParams(query="WEB"))
    assert "WEB_PORT" in [symbol.name for symbol in found]


@pytest.mark.method("textDocument/codeLens", "codeLens/resolve")
async def test_a_lens_says_who_listens(editor):
    uri = await opened(editor, ".ports.env", "WEB_PORT=8000\n")
    lenses = await editor.client.text_document_code_lens_async(lsp.CodeLensParams(text_document=editor.document(uri)))
    lens = next(lens for lens in lenses if lens.command is None)
    resolved = await editor.client.code_lens_resolve_async(lens)
    assert resolved.range == lens.range
    assert resolved.command.title


@pytest.mark.method("textDocument/documentLink")
async def test_an_address_is_a_link(editor):
    uri = await opened(editor, "client.js", 'fetch("http://localhost:5000/items"); // WEB_PORT\n')
    links = await editor.client.text_document_document_link_async(
        lsp.DocumentLinkParams(text_document=editor.document(uri))
    )
    assert any(link.target and link.target.startswith("http://localhost:") for link in links)


@pytest.mark.method("textDocument/prepareRename", "textDocument/rename")
async def test_a_variable_is_renamed_in_every_file(editor, shop):
    (shop / "server.js").write_text(LOOKUP)
    uri = await opened(editor)
    prepared = await editor.client.text_document_prepare_rename_async(lsp.PrepareRenameParams(**at(editor, uri)))
    assert prepared is not None
    edit = await editor.client.text_document_rename_async(lsp.RenameParams(new_name="SHOP_PORT", **at(editor, uri)))
    editor.apply(edit)
    assert editor.text(uri) == LOOKUP.replace("WEB_PORT", "SHOP_PORT")
    assert "SHOP_PORT=8000" in (shop / ".ports.env").read_text()
    assert "SHOP_PORT=8080" in (shop / ".ports.env.example").read_text()


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
