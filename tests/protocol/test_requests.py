"""What an editor asks about a document."""

import pytest
from lsprotocol import types as lsp


@pytest.mark.method("textDocument/hover")
async def test_a_hover_names_the_port(editor):
    uri = editor.open("server.js")
    hover = await editor.client.text_document_hover_async(
        lsp.HoverParams(text_document=editor.document(uri), position=editor.position(uri, "8080"))
    )
    assert "WEB_PORT" in hover.contents.value
    assert hover.range == editor.range(uri, "8080")


@pytest.mark.method("textDocument/codeAction")
async def test_a_quick_fix_keeps_the_default(editor):
    uri = editor.open("server.js")
    await editor.diagnostics(uri)
    actions = await editor.actions(uri, "8080", only=[lsp.CodeActionKind.QuickFix])
    assert all(action.kind.startswith("quickfix") for action in actions)
    fix = next(action for action in actions if action.edit)
    await editor.do(fix)
    assert editor.text(uri) == "app.listen(process.env.WEB_PORT || 8080);\n"
    assert await editor.codes(uri) == []


@pytest.mark.method("textDocument/inlayHint")
async def test_an_inlay_hint_says_who_listens(editor):
    uri = editor.open(".ports.env", "WEB_PORT=1\n")
    end = lsp.Position(line=2, character=0)
    hints = await editor.client.text_document_inlay_hint_async(
        lsp.InlayHintParams(
            text_document=editor.document(uri), range=lsp.Range(start=lsp.Position(line=0, character=0), end=end)
        )
    )
    assert [hint.position for hint in hints] == [editor.range(uri, "WEB_PORT=1").end]
