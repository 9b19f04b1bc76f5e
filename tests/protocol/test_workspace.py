"""Commands, folders and settings."""

import subprocess
import sys

import pygls.exceptions
import pytest
from lsprotocol import types as lsp

from editor import modern


@pytest.mark.method("workspace/executeCommand")
async def test_a_command_reports_its_progress(editor, shop, machine):
    editor.client.progress_reports["a token"] = []
    done = await editor.execute("init", {"path": str(shop)}, token="a token")
    assert done["root"] == str(shop)
    assert "WEB_PORT" in machine.registry()["projects"][str(shop)]["ports"]
    kinds = [type(report) for report in editor.client.progress_reports["a token"]]
    assert kinds == [lsp.WorkDoneProgressBegin, lsp.WorkDoneProgressEnd]


@pytest.fixture
def server(shop):
    """A process that listens on a port."""
    program = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program], cwd=shop, **pipes) as process:
        process.port = int(process.stdout.readline())
        yield process
        process.kill()


async def test_an_editor_without_an_interface_is_asked_before_a_port_is_freed(editor, server):
    editor.answers = ["Cancel", "Stop it"]
    await editor.execute("free", server.port)
    (question,) = await editor.until(lambda: editor.asked)
    assert f"({server.pid})" in question.message
    assert server.poll() is None
    await editor.execute("free", server.port)
    shown = await editor.until(lambda: editor.notifications("window/showMessage"))
    assert "is free" in shown[0]["message"]
    assert server.wait() != 0


async def test_a_command_that_fails_says_what_to_do(editor):
    with pytest.raises(pygls.exceptions.JsonRpcException) as failure:
        await editor.execute("free", {"port": "none"})
    assert failure.value.code == lsp.ErrorCodes.InvalidParams


async def test_an_asked_edit_is_made_in_open_and_closed_files(editor, shop):
    uri = editor.open("server.js")
    await editor.diagnostics(uri)
    assert (await editor.execute("fix-all", {}))["files"] == 2
    await editor.until(lambda: editor.text(uri) == "app.listen(process.env.WEB_PORT || 8080);\n")
    assert "API_PORT" in (shop / "client.js").read_text()


@pytest.mark.method("workspace/didChangeWorkspaceFolders")
async def test_a_command_may_write_into_an_added_folder(editor, machine):
    other = machine.project("other", {"server.js": "app.listen(3000);\n"})
    with pytest.raises(pygls.exceptions.JsonRpcException):
        await editor.execute("init", {"path": str(other)})
    event = lsp.WorkspaceFoldersChangeEvent(added=[lsp.WorkspaceFolder(uri=other.as_uri(), name="other")], removed=[])
    editor.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event=event))
    assert (await editor.execute("init", {"path": str(other)}))["project"] == "other"


@pytest.mark.method("workspace/didChangeConfiguration")
async def test_a_setting_counts_without_a_restart(editor):
    uri = editor.open("server.js")
    assert await editor.codes(uri) == ["hardcoded-port"]
    editor.client.set_configuration({"severities": {"hardcoded-port": "off"}}, section="port-manager")
    editor.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings=None))
    await editor.codes(uri, lambda codes: codes == [])


async def test_a_setting_that_is_not_understood_is_named(editor):
    editor.client.set_configuration({"severities": 1}, section="port-manager")
    editor.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings=None))
    shown = await editor.until(lambda: editor.notifications("window/showMessage"))
    assert shown[0]["type"] == lsp.MessageType.Warning


@pytest.mark.method("port-manager/watchListeners")
async def test_a_client_of_ours_is_told_of_changes(start, shop):
    capabilities = modern()
    capabilities.experimental = {"portManager": {"changed": True}}
    editor = await start(shop, capabilities)
    editor.protocol.notify("port-manager/watchListeners", {"enabled": True})
    await editor.execute("init", {"path": str(shop)})
    changed = await editor.until(lambda: editor.notifications("port-manager/changed"))
    assert changed[0] == {"assignments": True, "listeners": True}
