"""The synchronisation of documents, and what is published for them."""

import pytest
from lsprotocol import types as lsp


@pytest.mark.method("textDocument/didOpen", "textDocument/didClose")
async def test_diagnostics_come_with_a_document_and_go_with_it(editor):
    uri = editor.open("server.js")
    (found,) = await editor.diagnostics(uri)
    assert found["code"] == "hardcoded-port"
    assert found["source"] == "port-manager"
    editor.close(uri)
    published = await editor.until(
        lambda: [it for it in editor.notifications("textDocument/publishDiagnostics") if it["diagnostics"] == []]
    )
    assert published[-1]["uri"] == uri


@pytest.mark.method("textDocument/didChange")
async def test_diagnostics_follow_the_edits(editor):
    uri = editor.open("server.js")
    assert await editor.codes(uri) == ["hardcoded-port"]
    editor.change(uri, "8080", "process.env.WEB_PORT || 8080")
    assert await editor.codes(uri) == []
    editor.change(uri, "process.env.WEB_PORT || ", "")
    assert await editor.codes(uri) == ["hardcoded-port"]


@pytest.mark.method("textDocument/didSave")
async def test_a_saved_file_counts_for_the_others(editor, shop):
    uri = editor.open("server.js", "app.listen(process.env.ADMIN_PORT || 9000);\n")
    assert await editor.codes(uri) == ["unset-port-variable"]
    ports = editor.open(".ports.env")
    editor.change(ports, "WEB_PORT", "ADMIN_PORT=9000\nWEB_PORT")
    (shop / ".ports.env").write_text(editor.text(ports))
    editor.client.text_document_did_save(lsp.DidSaveTextDocumentParams(text_document=editor.document(ports)))
    await editor.codes(uri, lambda codes: codes == [])


@pytest.mark.method("workspace/didChangeWatchedFiles")
async def test_a_changed_file_counts_for_the_others(editor, shop):
    assert any(it.method == "workspace/didChangeWatchedFiles" for it in await editor.until(lambda: editor.registered))
    uri = editor.open("server.js", "app.listen(process.env.ADMIN_PORT || 9000);\n")
    assert await editor.codes(uri) == ["unset-port-variable"]
    (shop / ".ports.env").write_text("ADMIN_PORT=9000\nWEB_PORT=8000\nAPI_PORT=8100\n")
    change = lsp.FileEvent(uri=editor.uri(".ports.env"), type=lsp.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(changes=[change]))
    await editor.codes(uri, lambda codes: codes == [])


async def test_a_document_that_is_too_large_is_named_in_the_log(editor):
    editor.open("large.js", "app.listen(8080);\n" + "// padding\n" * 200_000)
    logged = await editor.until(lambda: editor.notifications("window/logMessage"))
    assert "large.js" in logged[0]["message"]
