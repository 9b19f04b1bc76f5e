"""An editor on Windows: it speaks LSP to the server over stdio, and names files as it likes."""

import json
import queue
import subprocess
import threading

from support import DEADLINE, windows


class Editor:
    """An editor with a server. `spell` says how it writes the URI of a path such as `C:\\shop\\server.js`."""

    def __init__(self, machine, root, spell):
        self.spell = spell
        self.root = root
        self.process = machine.start("lsp", stdin=subprocess.PIPE, cwd=root)
        self.last = 0
        self.answers = {}
        self.published = {}
        self.applied = []
        self.messages = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        # What it prints has to be read, or it waits.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def uri(self, name=None):
        return self.spell(windows(self.root / name if name else self.root))

    def initialize(self):
        folder = {"uri": self.uri(), "name": self.root.name}
        capabilities = {
            "general": {"positionEncodings": ["utf-16"]},
            "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}, "workspaceFolders": True},
            "textDocument": {
                "publishDiagnostics": {"versionSupport": True},
                "codeAction": {
                    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
                    "isPreferredSupport": True,
                    "dataSupport": True,
                    "resolveSupport": {"properties": ["edit"]},
                },
                "rename": {"prepareSupport": True},
            },
        }
        answer = self.request(
            "initialize", processId=None, rootUri=self.uri(), workspaceFolders=[folder], capabilities=capabilities
        )
        self.notify("initialized")
        return answer

    def open(self, name, language):
        """Opens a file, and returns what the server says about it."""
        text = (self.root / name).read_bytes().decode()
        document = {"uri": self.uri(name), "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", textDocument=document)
        return self.diagnostics(name)

    def change(self, name, version, text):
        document = {"uri": self.uri(name), "version": version}
        self.notify("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    def diagnostics(self, name, condition=lambda found: True):
        """The diagnostics of a file, once there are some that meet the condition. Only those count that are published under
        the name by which the editor knows the file."""
        def are_there():
            found = self.published.get(self.uri(name))
            return found is not None and condition(found)

        self._until(are_there, f"diagnostics of {self.uri(name)}; published: {self.published}")
        return self.published[self.uri(name)]

    def at(self, name, line, character):
        return {"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}}

    def request(self, method, /, **parameters):
        self.last += 1
        number = self.last
        self._send({"id": number, "method": method, "params": parameters})
        self._until(lambda: number in self.answers, method)
        answer = self.answers.pop(number)
        assert "error" not in answer, (method, answer)
        return answer["result"]

    def notify(self, method, /, **parameters):
        self._send({"method": method, "params": parameters})

    def leave(self):
        """Ends the session in good order; the exit code."""
        self.last += 1
        self._send({"id": self.last, "method": "shutdown"})
        self._until(lambda: self.last in self.answers, "shutdown")
        self._send({"method": "exit"})
        return self.process.wait(timeout=DEADLINE)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self):
        stream = self.process.stdout
        while header := stream.readline():
            length = 0
            while header.strip():
                name, value = header.split(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                header = stream.readline()
            self.messages.put(json.loads(stream.read(length)))
        self.messages.put(None)

    def _until(self, condition, what):
        while not condition():
            try:
                message = self.messages.get(timeout=DEADLINE)
            except queue.Empty:
                raise AssertionError(f"not within {DEADLINE} s: {what}") from None
            assert message is not None, f"the server has ended before {what}"
            self._take(message)

    def _take(self, message):
        method, parameters = message.get("method"), message.get("params")
        if method is None:
            self.answers[message["id"]] = message
        elif method == "textDocument/publishDiagnostics":
            self.published[parameters["uri"]] = parameters["diagnostics"]
        elif "id" in message:
            if method == "workspace/applyEdit":
                self.applied.append(parameters["edit"])
            result = {"workspace/applyEdit": {"applied": True}, "workspace/configuration": [None]}.get(method)
            self._send({"id": message["id"], "result": result})


def edited(text, edits):
    """The text after the edits, whose positions count UTF-16 units as characters: the tests have no others."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    offset = lambda position: starts[position["line"]] + position["character"]  # noqa: E731
    for edit in sorted(edits, key=lambda edit: offset(edit["range"]["start"]), reverse=True):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        text = text[:start] + edit["newText"] + text[end:]
    return text
