"""The package for Debian, which cargo-deb makes as server/Cargo.toml says."""

import re
import subprocess

from .project import ROOT, call, project

# Where cargo-deb finds the files: the assets in server/Cargo.toml name this directory.
STAGE = ROOT / "target" / "deb"
# The variant in server/Cargo.toml that depends on this glibc and on nothing else.
PORTABLE = "portable"
GLIBC = (2, 17)
# glibc's own, and the loader.
LIBRARIES = re.compile(r"ld-linux-.*|lib(c|m|dl|rt|pthread|util)")


def build(binary, out):
    """Makes the package in a directory, of what is in STAGE."""
    command = ["cargo", "deb", "--no-build", "--no-strip", "--package", project().name, "--output", out.resolve()]
    call([*command, "--variant", PORTABLE] if is_portable(binary) else command, cwd=ROOT)


def is_portable(binary):
    """Whether a binary needs no more than that glibc. Debian's own tools would ask for 2.34 on Debian 12: there the library of threads,
    which older binaries name, is a part of libc6 only since then."""
    command = ["readelf", "--wide", "--dynamic", "--version-info", binary]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    libraries = re.findall(r"\(NEEDED\).*\[(.+?)\.so", said)
    symbols = [tuple(int(part) for part in version.split(".")) for version in re.findall(r"\bGLIBC_([\d.]+)", said)]
    return all(LIBRARIES.fullmatch(name) for name in libraries) and max(symbols, default=GLIBC) <= GLIBC
