"""What the tests of packages share: the packages, made once from the binary, and places to install them into."""

import atexit
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "packaging"))
BINARY = Path(os.environ["BINARY"])
RUST = {"cargo", "rustc", "rustup", "cc", "gcc", "c99", "c89"}


@cache
def packages():
    """The directory that the packages of this run are made in. All files of tests share it, so it stays until the last has run."""
    directory = tempfile.TemporaryDirectory(prefix="port-manager-dist-")
    atexit.register(directory.cleanup)
    return Path(directory.name)


def pack(kind, *options, **environment):
    """What the targets of the Makefile run."""
    command = [sys.executable, "-m", "pack", kind, "--binary", BINARY, "--out", packages(), *options]
    run(command, env=os.environ | {"PYTHONPATH": REPOSITORY / "packaging"} | environment)


@cache
def archives():
    """Makes the archives of this system, once for all tests: to compress them by xz takes half a minute."""
    pack("archive")


def run(command, expected=0, **options):
    """Runs a command, and returns what it printed to both streams."""
    options.setdefault("env", None)
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        **options,
    )
    if done.returncode != expected:
        raise AssertionError(f"{command} exited with {done.returncode}, not {expected}:\n{done.stdout}")
    return done.stdout


@cache
def system():
    """A directory with the system's programs, but for those that build."""
    directory = packages() / "system"
    directory.mkdir()
    for place in ("/usr/bin", "/bin", "/usr/sbin", "/sbin"):
        for program in sorted(os.scandir(place), key=lambda entry: entry.name):
            link = directory / program.name
            if program.name not in RUST and not link.is_symlink():
                link.symlink_to(program.path)
    return directory


class Place:
    """An empty home with a project in it, and an environment in which no Rust is found."""

    def __init__(self, directory):
        self.home = directory / "home"
        self.project = self.home / "shop"
        shutil.copytree(REPOSITORY / "examples/shop", self.project, ignore=shutil.ignore_patterns(".ports.env", "node_modules"))
        self.environment = {"HOME": str(self.home), "PATH": str(system()), "LC_ALL": "C.UTF-8", "npm_config_cache": str(directory / "npm")}
        for name, value in os.environ.items():
            # How this machine reaches the registries.
            if name.lower().startswith(("pip_", "npm_config_", "ssl_", "http_", "https_", "no_proxy", "node_extra")):
                self.environment.setdefault(name, value)

    def run(self, command, expected=0, **options):
        assert shutil.which("cargo", path=self.environment["PATH"]) is None
        return run(command, expected, env=self.environment | options.pop("environment", {}), **{"cwd": self.project, **options})

    def finds_the_ports(self, command):
        """Whether that port-manager checks the project: it exits with 1, as there are warnings."""
        said = self.run([*command, "check", "."], expected=1)
        assert "port 8080 is hardcoded where the service listens" in said, said


@contextlib.contextmanager
def place():
    with tempfile.TemporaryDirectory(prefix="port-manager-place-") as directory:
        yield Place(Path(directory))


def everything_in(directory):
    """Each path below a directory, for comparing before and after."""
    return {path.relative_to(directory).as_posix() for path in directory.rglob("*")}
