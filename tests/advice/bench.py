"""What the cases work with: a project, the advice about it, and programs that are started."""

import json
import os
import re
import socket
import subprocess

from workbench import DEADLINE, Workbench, free_port


class Advice:
    """The message of a finding: its text, what is between backticks in it, and the variable that it names."""

    def __init__(self, message):
        self.message = message
        self.snippets = re.findall(r"`([^`]*)`", message)
        names = re.findall(r"(?:(?<=[^A-Z_])|^)([A-Z][A-Z0-9_]*_PORT(?:_\d+)?|PORT)\b", message.replace("ENV_", "ENV "))
        settings = {"ROCKET_PORT", "STREAMLIT_SERVER_PORT", "CONTAINER_PORT"}
        names = [name for name in names if name not in settings]
        assert names, f"no variable in: {message}"
        self.variable = names[0]

    def snippet(self, start):
        """What is between backticks and begins so."""
        found = [snippet for snippet in self.snippets if snippet.startswith(start)]
        assert found, f"nothing begins with {start!r} in: {self.message}"
        return found[0]

    def reading(self):
        """What is advised in place of the number."""
        found = [snippet for snippet in self.snippets if self.variable in snippet]
        assert found, f"nothing names {self.variable} in: {self.message}"
        return found[0]


class Bench(Workbench):
    def __init__(self, binary, directory):
        super().__init__(binary, directory)
        # The number in the file, and the variable's.
        self.number, self.other = free_port(), free_port()

    # Files and advice.

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        # `{n}` is the number; other braces are the format's own.
        file.write_text(text.replace("{n}", str(self.number)))
        return file

    def message(self, path, text):
        """Writes a file, and returns what is said about the one number in it."""
        file = self.write(path, text)
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home)}
        command = [self.binary, "check", "--json", "--only", "hardcoded-port", path]
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True)
        findings = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        messages = [it["message"] for it in findings if it["port"] == self.number]
        assert len(messages) == 1, f"{len(messages)} findings of {self.number} in {file.name}: {done.stdout}{done.stderr}"
        return messages[0]

    def advice(self, path, text):
        """Writes a file, and returns what is advised about the one number in it."""
        return Advice(self.message(path, text))

    def rewritten(self, path, reading):
        """The file with `reading` in place of the number."""
        file = self.root / path
        text = file.read_text()
        assert text.count(str(self.number)) == 1, text
        file.write_text(text.replace(str(self.number), reading))
        return file

    # What is shown.

    def proven_listening(self, command, variable, start=None):
        """The same command listens on the file's number without the variable, and on the variable's with it."""
        self.listens(start or command, self.number)
        self.listens(command, self.other, **{variable: str(self.other)})
        self.shows("listens on the file's number without the variable, on the variable's with it")

    def proven_printing(self, command, variable, has_default=True):
        """The same for a command that prints the number."""
        printed = self.output(command)
        assert (str(self.number) in printed) == has_default, f"{self.number}, has_default={has_default}: {printed[-500:]}"
        printed = self.output(command, **{variable: str(self.other)})
        assert str(self.other) in printed, f"{self.other} is not in: {printed[-500:]}"
        self.shows("has the file's number without the variable, the variable's with it" if has_default else "has the variable's number with it")

    def proven_connecting(self, command, variable):
        """The same for a command that connects to the number."""
        for port, variables in ((self.number, {}), (self.other, {variable: str(self.other)})):
            with socket.create_server(("127.0.0.1", port)) as listener:
                listener.settimeout(DEADLINE)
                process = subprocess.Popen(
                    command, shell=True, cwd=self.root, env=self.environment(variables), start_new_session=True,
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )
                self.started.append(process)
                try:
                    listener.accept()[0].close()
                except TimeoutError:
                    raise AssertionError(f"{command} does not connect to {port}") from None
                finally:
                    self.stop()
        self.shows("connects to the file's number without the variable, to the variable's with it")
