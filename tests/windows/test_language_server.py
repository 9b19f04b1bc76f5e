"""The language server over stdio, with each of the ways in which editors write a path of Windows as a URI."""

from urllib.parse import quote

from editor import Editor, edited
from support import OnWindows, until, windows

SERVER = 'const express = require("express");\r\nconst app = express();\r\napp.listen(8080);\r\n'
CLIENT = 'const url = `http://localhost:${process.env.WEB_PORT || 8080}`;\r\n'


def plain(path):
    """Neovim, Helix, Emacs: `file:///C:/shop`."""
    return "file:///" + quote(path.replace("\\", "/"), safe="/:")


def escaped(path):
    """VS Code: `file:///c%3A/shop`."""
    path = path.replace("\\", "/")
    return "file:///" + quote(path[0].lower() + path[1:], safe="/")


def backslashes(path):
    """A client that only puts the scheme in front: `file:///C:\\shop`."""
    return "file:///" + path


class LanguageServer:
    def setUp(self):
        super().setUp()
        files = {"package.json": '{ "name": "shop" }\r\n', "server.js": SERVER, "my client.js": CLIENT}
        self.root = self.machine.project("shop", files)

    def edit_with(self):
        editor = Editor(self.machine, self.root, type(self).spell)
        self.addCleanup(editor.kill)
        editor.initialize()
        return editor

    def edit_at_lookup(self):
        """An editor in the initialised project, and the place of its lookup."""
        self.succeeds("init", cwd=self.root)
        editor = self.edit_with()
        editor.open("my client.js", "javascript")
        return editor, editor.at("my client.js", 0, CLIENT.index("WEB_PORT") + 2)

    def text(self, name):
        return (self.root / name).read_bytes().decode()

    def test_a_literal_is_fixed_by_a_quick_fix(self):
        editor = self.edit_with()
        found = editor.open("server.js", "javascript")
        literal = next(diagnostic for diagnostic in found if diagnostic["code"] == "hardcoded-port")
        self.assertEqual(literal["range"]["start"], {"line": 2, "character": 11})
        actions = editor.request(
            "textDocument/codeAction",
            textDocument={"uri": editor.uri("server.js")}, range=literal["range"], context={"diagnostics": [literal]},
        )
        fix = next(action for action in actions if action.get("isPreferred"))
        edit = fix.get("edit") or editor.request("codeAction/resolve", **fix)["edit"]
        changes = edit.get("documentChanges") or [
            {"textDocument": {"uri": uri}, "edits": edits} for uri, edits in edit["changes"].items()
        ]
        # The editor's own name for the document: it knows no other.
        self.assertEqual([change["textDocument"]["uri"] for change in changes], [editor.uri("server.js")])
        text = edited(SERVER, changes[0]["edits"])
        self.assertEqual(text, SERVER.replace("8080", "process.env.WEB_PORT || 8080"))
        editor.change("server.js", 2, text)
        editor.request("workspace/executeCommand", **{key: fix["command"][key] for key in ("command", "arguments")})
        port = self.machine.port(self.root, "WEB_PORT")
        self.assertIn(f"WEB_PORT={port}\n", self.text(".ports.env"))
        self.assertEqual(list(self.machine.registry()["projects"]), [windows(self.root)])
        editor.diagnostics("server.js", lambda found: not found)
        self.assertEqual(editor.leave(), 0)

    def test_what_is_known_of_a_variable(self):
        editor, place = self.edit_at_lookup()
        port = self.machine.port(self.root, "WEB_PORT")
        self.assertIn(str(port), editor.request("textDocument/hover", **place)["contents"]["value"])
        definition = editor.request("textDocument/definition", **place)
        definition = definition if isinstance(definition, list) else [definition]
        uris = [self.normal(found.get("uri") or found["targetUri"]) for found in definition]
        self.assertEqual(uris, [self.normal(editor.uri(name)) for name in (".ports.env", ".ports.env.example")])
        typed = CLIENT + "process.env.WEB"
        editor.change("my client.js", 2, typed)
        completed = editor.request("textDocument/completion", **editor.at("my client.js", 1, len("process.env.WEB")))
        items = completed["items"] if isinstance(completed, dict) else completed
        self.assertIn("WEB_PORT", [item["label"] for item in items])
        self.assertEqual(editor.leave(), 0)

    def test_a_rename_changes_every_file(self):
        editor, place = self.edit_at_lookup()
        edit = editor.request("textDocument/rename", **place, newName="SHOP_PORT")
        changes = {change["textDocument"]["uri"]: change["edits"] for change in edit["documentChanges"]}
        self.assertIn(editor.uri("my client.js"), changes)
        self.assertEqual(
            sorted(map(self.normal, changes)),
            sorted(self.normal(editor.uri(name)) for name in (".ports.env", ".ports.env.example", "my client.js")),
        )
        self.assertEqual(
            edited(CLIENT, changes[editor.uri("my client.js")]), CLIENT.replace("WEB_PORT", "SHOP_PORT")
        )
        self.assertEqual(editor.leave(), 0)

    def test_a_change_on_disk_is_noticed(self):
        self.succeeds("init", cwd=self.root)
        editor = self.edit_with()
        editor.open("my client.js", "javascript")
        (self.root / ".ports.env").write_text("")
        changed = [{"uri": editor.uri(".ports.env"), "type": 2}]
        editor.notify("workspace/didChangeWatchedFiles", changes=changed)
        editor.diagnostics("my client.js", lambda found: any(one["code"] == "unset-port-variable" for one in found))

    def test_an_end_without_a_shutdown_is_an_error(self):
        editor = self.edit_with()
        editor.notify("exit")
        self.assertEqual(editor.process.wait(timeout=60), 1)

    def test_it_ends_with_its_input(self):
        editor = self.edit_with()
        editor.process.stdin.close()
        until("the server ends", lambda: editor.process.poll() is not None)

    @staticmethod
    def normal(uri):
        """One spelling for all that name the same file."""
        return uri.replace("\\", "/").replace("%3A", ":").replace("file:///c:", "file:///C:").replace("%20", " ")


class Plain(LanguageServer, OnWindows):
    spell = staticmethod(plain)


class Escaped(LanguageServer, OnWindows):
    spell = staticmethod(escaped)


class Backslashes(LanguageServer, OnWindows):
    spell = staticmethod(backslashes)
