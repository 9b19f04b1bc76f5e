"""What an archive and a .deb contain: the binary, its manual pages and completions, and the licences."""

import shutil
import subprocess
from pathlib import Path

from . import crates
from .project import PROGRAM, ROOT, call

# The shells, and the name under which each looks for the completions of a program.
COMPLETIONS = {
    "bash": PROGRAM,
    "zsh": f"_{PROGRAM}",
    "fish": f"{PROGRAM}.fish",
    "powershell": f"{PROGRAM}.ps1",
    "elvish": f"{PROGRAM}.elv",
}


def stage(binary, runs_here, target, into):
    """Lays it all out in a directory. `runs_here` is a port-manager that this machine can run, the binary itself where possible."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    program = into / target.program
    shutil.copyfile(binary, program)
    program.chmod(0o755)
    for name in ("README.md", "CHANGELOG.md", "LICENSE"):
        shutil.copyfile(ROOT / name, into / name)
    crates.write_licences(target.rust, into)
    pages = into / "man" / "man1"
    pages.mkdir(parents=True)
    call([runs_here, "man", "--out", pages], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for shell, name in COMPLETIONS.items():
        said = subprocess.run([runs_here, "completions", shell], check=True, stdout=subprocess.PIPE).stdout
        path = into / "completions" / shell / name
        path.parent.mkdir(parents=True)
        path.write_bytes(said)
    return into


def copy_binary(binary, target, into):
    """The binary alone under the program's name, as the packages of npm have it. Returns its path."""
    into.mkdir(parents=True)
    path = Path(into, target.program)
    shutil.copyfile(binary, path)
    path.chmod(0o755)
    return path
