"""Where a port is named, and what it is called."""

import socket

import pygls.exceptions
import pytest
from lsprotocol import types as lsp

from editor import modern

LOOKUP = "app.listen(process.env.WEB_PORT || 8080);\n"


@pytest.fixture
def read(shop):
    """The shop with a server that reads its variable."""
    (shop / "server.js").write_text(LOOKUP)
    (shop / "wait.sh").write_text("curl http://localhost:$WEB_PORT/health\n")
    return shop


def at(editor, uri, text):
    return {"text_document": editor.document(uri), "position": editor.position(uri, text)}


def names(locations):
    return sorted(location.uri.rsplit("/", 1)[1] for location in locations)


@pytest.mark.method("textDocument/definition")
async def test_a_lookup_is_defined_in_two_files(read, editor):
    uri = editor.open("server.js")
    found = await editor.client.text_document_definition_async(lsp.DefinitionParams(**at(editor, uri, "WEB_PORT")))
    assert names(found) == [".ports.env", ".ports.env.example"]


@pytest.mark.method("textDocument/references")
async def test_references_are_in_all_files(read, editor):
    uri = editor.open("server.js")
    context = lsp.ReferenceContext(include_declaration=False)
    params = lsp.ReferenceParams(context=context, **at(editor, uri, "WEB_PORT"))
    assert names(await editor.client.text_document_references_async(params)) == ["server.js", "wait.sh"]


@pytest.mark.method("textDocument/documentHighlight")
async def test_highlights_are_the_lookup_and_its_default(read, editor):
    uri = editor.open("server.js")
    params = lsp.DocumentHighlightParams(**at(editor, uri, "8080"))
    found = await editor.client.text_document_document_highlight_async(params)
    assert [it.range for it in found] == [editor.range(uri, "WEB_PORT"), editor.range(uri, "8080")]


@pytest.mark.method("textDocument/prepareRename", "textDocument/rename")
async def test_a_rename_is_one_edit_and_the_registry_follows(read, editor, shop, machine):
    await editor.execute("init", {"path": str(shop)})
    uri = editor.open("server.js")
    prepared = await editor.client.text_document_prepare_rename_async(lsp.PrepareRenameParams(**at(editor, uri, "WEB_PORT")))
    assert (prepared.placeholder, prepared.range) == ("WEB_PORT", editor.range(uri, "WEB_PORT"))
    with pytest.raises(pygls.exceptions.JsonRpcException) as failure:
        await editor.client.text_document_prepare_rename_async(lsp.PrepareRenameParams(**at(editor, uri, "8080")))
    assert failure.value.code == lsp.LSPErrorCodes.RequestFailed
    params = lsp.RenameParams(new_name="SHOP_PORT", **at(editor, uri, "WEB_PORT"))
    editor.apply(await editor.client.text_document_rename_async(params))
    assert editor.text(uri) == LOOKUP.replace("WEB_PORT", "SHOP_PORT")
    assert "$SHOP_PORT" in (shop / "wait.sh").read_text()
    # It watches files for the server, and so has to say which it has changed.
    changed = [lsp.FileEvent(uri=editor.uri(".ports.env"), type=lsp.FileChangeType.Changed)]
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(changes=changed))
    ports = lambda: machine.registry()["projects"][str(shop)]["ports"]
    await editor.until(lambda: "SHOP_PORT" in ports() and "WEB_PORT" not in ports())


@pytest.mark.method("textDocument/documentSymbol", "workspace/symbol")
async def test_symbols_are_variables(read, editor):
    uri = editor.open(".ports.env")
    params = lsp.DocumentSymbolParams(text_document=editor.document(uri))
    found = await editor.client.text_document_document_symbol_async(params)
    assert [(it.name, it.detail) for it in found] == [("WEB_PORT", "8000"), ("API_PORT", "8100")]
    found = await editor.client.workspace_symbol_async(lsp.WorkspaceSymbolParams(query="web"))
    assert [it.name for it in found] == ["WEB_PORT"]


@pytest.mark.method("textDocument/codeLens", "codeLens/resolve")
async def test_a_lens_offers_what_the_client_can_do(start, shop):
    capabilities = modern()
    capabilities.window.show_document = lsp.ShowDocumentClientCapabilities(support=True)
    editor = await start(shop, capabilities)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        uri = editor.open(".ports.env", f"WEB_PORT={port}\n")
        lenses = await editor.client.text_document_code_lens_async(lsp.CodeLensParams(text_document=editor.document(uri)))
        lenses = [lens if lens.command else await editor.client.code_lens_resolve_async(lens) for lens in lenses]
    free, open_page = [lens.command for lens in lenses]
    assert (free.command, open_page.command) == ("port-manager.free", "port-manager.open")
    await editor.execute("open", *open_page.arguments)
    await editor.until(lambda: "window/showDocument" in editor.received())


@pytest.mark.method("textDocument/documentLink")
async def test_an_address_leads_to_the_number_of_this_machine(read, editor):
    uri = editor.open("wait.sh")
    (link,) = await editor.client.text_document_document_link_async(
        lsp.DocumentLinkParams(text_document=editor.document(uri))
    )
    assert (link.target, link.range) == ("http://localhost:8000/health", editor.range(uri, "http://localhost:$WEB_PORT/health"))
