"""What every package says of itself, read from server/Cargo.toml, and the systems that there are packages for."""

import json
import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "port-manager"


@dataclass(frozen=True)
class Target:
    """A system, as Rust names it, and as the package managers do."""

    rust: str
    os: str
    cpu: str
    libc: str | None = None

    @property
    def program(self):
        return f"{PROGRAM}.exe" if self.os == "win32" else PROGRAM

    @property
    def npm_package(self):
        return f"{project().name}-{self.os}-{self.cpu}"

    @property
    def archives(self):
        """The archives of a release, the smallest first. The one by gzip is for systems where tar cannot unpack xz."""
        endings = ("zip",) if self.os == "win32" else ("tar.xz", "tar.gz")
        return [f"{self.directory}.{ending}" for ending in endings]

    @property
    def directory(self):
        """The one directory in the archive."""
        return f"{PROGRAM}-{project().version}-{self.rust}"


TARGETS = (
    Target("x86_64-unknown-linux-gnu", "linux", "x64", "glibc"),
    Target("aarch64-unknown-linux-gnu", "linux", "arm64", "glibc"),
    Target("x86_64-apple-darwin", "darwin", "x64"),
    Target("aarch64-apple-darwin", "darwin", "arm64"),
    Target("x86_64-pc-windows-msvc", "win32", "x64"),
)


def target(rust):
    """The target with this name of Rust's."""
    for known in TARGETS:
        if known.rust == rust:
            return known
    names = ", ".join(known.rust for known in TARGETS)
    raise SystemExit(f"no package is made for {rust}; there are {names}")


@dataclass(frozen=True)
class Project:
    """What server/Cargo.toml says."""

    name: str
    version: str
    description: str
    license: str
    keywords: tuple
    rust_version: str
    repository: str | None


def metadata(*arguments):
    """What `cargo metadata` says."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", *arguments]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


@cache
def project():
    """The package whose binary is shipped."""
    (package,) = metadata("--no-deps")["packages"]
    return Project(
        package["name"],
        package["version"],
        package["description"],
        package["license"],
        tuple(package["keywords"]),
        package["rust_version"],
        package["repository"],
    )


def repository():
    """The address of the public repository: server/Cargo.toml's, else that of the repository that the hosted CI builds."""
    name = os.environ.get("GITHUB_REPOSITORY")
    hosted = f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}" if name else None
    return project().repository or hosted


def is_release():
    """Whether the hosted CI builds a tag: what is made then is published."""
    return os.environ.get("GITHUB_REF_TYPE") == "tag"


def host():
    """The target that this machine's Rust builds for."""
    said = subprocess.run(["rustc", "-vV"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return next(line.removeprefix("host: ") for line in said.splitlines() if line.startswith("host: "))


def call(command, **options):
    """Runs a tool, and returns what it printed where that is caught; one that is missing or fails ends this program."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(command, **options)
    except FileNotFoundError:
        raise SystemExit(f"{command[0]} is not installed; packaging/README.md says how to get it") from None
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed")
    return done.stdout
