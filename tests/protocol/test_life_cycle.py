"""From `initialize` to `exit`."""

import asyncio

import pygls.exceptions
import pytest
from lsprotocol import types as lsp
from pytest_lsp import client_capabilities

CLIENTS = ["visual-studio-code", "neovim@v0.11.0", "neovim@v0.10.0", "neovim@v0.6.1", "emacs"]


@pytest.mark.method("initialize", "initialized", "shutdown", "exit")
async def test_a_session_ends_with_exit_code_zero(editor):
    assert editor.initialized.server_info.name == "port-manager"
    await editor.client.shutdown_session()
    assert editor.client._server.returncode == 0


@pytest.mark.parametrize("client", CLIENTS)
async def test_real_clients_get_only_what_they_understand(start, shop, client):
    """Also: pytest-lsp compares each answer with the capabilities that the client has."""
    editor = await start(shop, client_capabilities(client))
    uri = editor.open("server.js")
    assert await editor.codes(uri) == ["hardcoded-port"]
    if editor.offers.hover_provider:
        hover = await editor.client.text_document_hover_async(
            lsp.HoverParams(text_document=editor.document(uri), position=editor.position(uri, "8080"))
        )
        assert "WEB_PORT" in hover.contents.value
    assert any("WEB_PORT" in action.title for action in await editor.actions(uri, "8080"))


async def test_a_client_without_capabilities_gets_diagnostics(start, shop):
    editor = await start(shop, lsp.ClientCapabilities())
    uri = editor.open("server.js")
    assert await editor.codes(uri) == ["hardcoded-port"]
    assert editor.received() <= {"textDocument/publishDiagnostics", "window/showMessage", "window/logMessage"}


@pytest.mark.method("$/setTrace")
async def test_setting_a_trace_changes_nothing(editor):
    editor.client.set_trace(lsp.SetTraceParams(value=lsp.TraceValue.Verbose))
    uri = editor.open("server.js")
    assert await editor.codes(uri) == ["hardcoded-port"]


async def test_an_unknown_request_is_answered(editor):
    for method in ["textDocument/unknown", "$/unknown"]:
        with pytest.raises(pygls.exceptions.JsonRpcMethodNotFound):
            await editor.protocol.send_request_async(method)
        editor.protocol.notify(method)


@pytest.mark.method("$/cancelRequest")
async def test_a_cancelled_request_is_answered_once(editor):
    uri = editor.open("server.js")
    params = lsp.HoverParams(text_document=editor.document(uri), position=editor.position(uri, "8080"))
    answer = editor.protocol.send_request_async("textDocument/hover", params, msg_id="to be cancelled")
    asked = asyncio.ensure_future(answer)
    await asyncio.sleep(0)
    editor.protocol.notify("$/cancelRequest", lsp.CancelParams(id="to be cancelled"))
    try:
        assert "8080" in (await asked).contents.value
    except pygls.exceptions.JsonRpcException as error:
        assert error.code == lsp.LSPErrorCodes.RequestCancelled
    assert await editor.codes(uri) == ["hardcoded-port"]
