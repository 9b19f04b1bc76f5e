"""What the tests under Wine share: a drive C of their own, projects on it, and the binary in each of them."""

import atexit
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BUILT = Path(os.environ["BUILT"])
WINE = os.environ["WINE"]
WINESERVER = os.environ["WINESERVER"]
# How long anything may take; the first start of Wine takes a quarter of a minute.
DEADLINE = 120


@cache
def drive():
    """Drive C of the run, with what Wine puts on it and the programs that are tested."""
    place = tempfile.TemporaryDirectory(prefix="port-manager-wine-")
    root = Path(place.name).resolve() / "prefix"
    environment = wine_environment(root)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}

    def remove():
        # Wine's own server writes into the directory until it has ended.
        subprocess.run([WINE, "wineboot", "--end-session", "--force"], timeout=DEADLINE, **quiet)
        subprocess.run([WINESERVER, "--kill", "--wait"], timeout=DEADLINE, **quiet)
        place.cleanup()

    atexit.register(remove)
    subprocess.run([WINE, "wineboot", "--init"], check=True, timeout=DEADLINE * 2, **quiet)
    programs = root / "drive_c" / "programs"
    programs.mkdir()
    for name in ("port-manager.exe", "bcryptprimitives.dll", "server.exe"):
        shutil.copy(BUILT / name, programs)
    return root / "drive_c"


def wine_environment(prefix):
    # Nothing of Wine's asks whether to install a browser or .NET, and it says nothing about itself.
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(prefix.parent),
        "LC_ALL": "C.UTF-8",
        "WINEPREFIX": str(prefix),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml=",
    }


class Result:
    """What a command printed, and how it ended."""

    def __init__(self, code, output, errors):
        self.code, self.output, self.errors = code, output, errors

    @property
    def json(self):
        return json.loads(self.output)

    def __repr__(self):
        return f"exit code {self.code}\n{self.output}\n{self.errors}"


class Machine:
    """A directory on drive C with a registry of its own."""

    def __init__(self, root):
        self.root = root
        self.config = root / "config"
        self.environment = wine_environment(drive().parent) | {"PORT_MANAGER_CONFIG_DIR": windows(self.config)}

    def project(self, name, files):
        """A directory that `.git` marks as a project's root, with those files in it."""
        root = self.root / name
        (root / ".git").mkdir(parents=True)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
        return root

    def shop(self):
        """A copy of examples/shop."""
        root = self.root / "shop"
        shutil.copytree(REPOSITORY / "examples/shop", root, ignore=shutil.ignore_patterns(".ports.env", "node_modules"))
        (root / ".git").mkdir()
        return root

    def start(self, *words, program="port-manager.exe", cwd=None, environment=None, **options):
        command = [WINE, windows(drive() / "programs" / program), *map(str, words)]
        environment = self.environment | (environment or {})
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        return subprocess.Popen(command, cwd=cwd or self.root, env=environment, **streams)

    def run(self, *words, **options):
        """Runs port-manager to its end."""
        process = self.start(*words, **options)
        return finish(process)

    def registry(self):
        return json.loads((self.config / "registry.json").read_text())

    def port(self, root, variable):
        """The number that a project has for a variable: the default one, or another where somebody listens on that."""
        return self.registry()["projects"][windows(root)]["ports"][variable]["port"]


def finish(process):
    output, errors = process.communicate(timeout=DEADLINE)
    return Result(process.returncode, output.decode(), errors.decode())


def windows(path):
    """The path as a program for Windows names it."""
    try:
        rest = path.relative_to(drive())
    except ValueError:
        return "Z:" + str(path).replace("/", "\\")
    return "C:\\" + str(rest).replace("/", "\\").removeprefix(".")


@contextlib.contextmanager
def machine():
    with tempfile.TemporaryDirectory(prefix="test-", dir=drive()) as directory:
        yield Machine(Path(directory))


def until(what, condition):
    """Waits for something that is true."""
    end = time.monotonic() + DEADLINE
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {DEADLINE} s: {what}")
        time.sleep(0.05)
    return value


class OnWindows(unittest.TestCase):
    """A test with a machine of its own."""

    maxDiff = None

    def setUp(self):
        self.machine = self.enterContext(machine())

    def succeeds(self, *words, **options):
        return self.ends_with(0, *words, **options)

    def ends_with(self, code, *words, **options):
        done = self.machine.run(*words, **options)
        self.assertEqual(done.code, code, (words, done))
        return done
