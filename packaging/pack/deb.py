"""The package for Debian, which cargo-deb makes as server/Cargo.toml says."""

import os
import re
import subprocess
import tomllib
from datetime import datetime, timezone
from email.utils import format_datetime

from .archive import EPOCH
from .project import ROOT, call, is_release, project

# Where cargo-deb finds the files: the assets in server/Cargo.toml name this directory.
STAGE = ROOT / "target" / "deb"
# `changelog` there names it.
CHANGELOG = "changelog.Debian"
# The variant in server/Cargo.toml that depends on this glibc and on nothing else.
PORTABLE = "portable"
GLIBC = (2, 17)
# glibc's own, and the loader.
LIBRARIES = re.compile(r"ld-linux-.*|lib(c|m|dl|rt|pthread|util)")


def build(binary, out):
    """Makes the package in a directory, of what is in STAGE."""
    said = tomllib.loads((ROOT / "server" / "Cargo.toml").read_text(encoding="utf-8"))["package"]["metadata"]["deb"]
    if is_release() and "@" not in said["maintainer"]:
        raise SystemExit("Debian wants an address of who maintains a package: set `maintainer` in server/Cargo.toml to NAME <ADDRESS>")
    (STAGE / CHANGELOG).write_text(changelog(said["maintainer"]), encoding="utf-8", newline="\n")
    command = ["cargo", "deb", "--no-build", "--no-strip", "--package", project().name, "--output", out.resolve()]
    call([*command, "--variant", PORTABLE] if is_portable(binary) else command, cwd=ROOT)


def changelog(maintainer):
    """What Debian asks of each package: its version, in a form of Debian's own. What has changed is in the project's changelog."""
    when = format_datetime(datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH)), timezone.utc))
    about = project()
    entry = f"  * Release {about.version}. CHANGELOG.md of the project says what is new."
    return f"{about.name} ({about.version}-1) unstable; urgency=medium\n\n{entry}\n\n -- {maintainer}  {when}\n"


def is_portable(binary):
    """Whether a binary needs no more than that glibc. Debian's own tools would ask for 2.34 on Debian 12: there the library of threads,
    which older binaries name, is a part of libc6 only since then."""
    command = ["readelf", "--wide", "--dynamic", "--version-info", binary]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    libraries = re.findall(r"\(NEEDED\).*\[(.+?)\.so", said)
    symbols = [tuple(int(part) for part in version.split(".")) for version in re.findall(r"\bGLIBC_([\d.]+)", said)]
    return all(LIBRARIES.fullmatch(name) for name in libraries) and max(symbols, default=GLIBC) <= GLIBC
