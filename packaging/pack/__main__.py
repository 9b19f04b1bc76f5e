"""Makes the packages of a release from one binary: `make dist wheel npm deb` calls it.

usage: python3 -m pack archive|bill|deb|npm-platform|wheel --binary FILE [--target TRIPLE] [--runs-here FILE] [--out DIR]
       python3 -m pack npm-launcher [--out DIR]
       python3 -m pack licences [--target TRIPLE] [--out DIR]
       python3 -m pack channels --repository OWNER/NAME [--out DIR]
       python3 -m pack notes
"""

import argparse
import os
import shutil
from pathlib import Path

from . import channels, crates, deb, npm, release_notes, wheel
from .archive import sha256, write_archive
from .project import ROOT, host, project, target
from .stage import stage


def archive(options):
    chosen = target(options.target)
    tree = options.out / chosen.directory
    stage(options.binary, options.runs_here, chosen, tree)
    for name in chosen.archives:
        write_archive(tree, options.out / name)
        print(options.out / name)
    shutil.rmtree(tree)


def bill(options):
    path = options.out / f"{target(options.target).directory}.cdx.json"
    path.write_text(crates.bill_text(options.target, sha256(options.binary)), encoding="utf-8", newline="\n")
    print(path)


def debian(options):
    if options.target != host():
        raise SystemExit(f"a .deb for {options.target} is made on such a machine: cargo-deb asks this one which libraries it depends on")
    stage(options.binary, options.runs_here, target(options.target), deb.STAGE)
    deb.build(options.binary, options.out)


def npm_platform(options):
    pack_for_npm(options, lambda tree: npm.platform(options.binary, target(options.target), tree))


def npm_launcher(options):
    pack_for_npm(options, npm.launcher)


def pack_for_npm(options, make):
    tree = options.out / "npm"
    shutil.rmtree(tree, ignore_errors=True)
    make(tree)
    npm.pack(tree, options.out)
    shutil.rmtree(tree)


def python_wheel(options):
    print(wheel.build(options.binary, target(options.target), options.out))


def channel_files(options):
    into = options.out / "channels"
    into.mkdir(exist_ok=True)
    channels.fill(options.out, options.repository, into)
    print(into)


def licences(options):
    crates.write_licences(options.target, options.out)


def notes(_):
    print(release_notes.of(project().version), end="")


WITHOUT_BINARY = {"channels": channel_files, "licences": licences, "notes": notes, "npm-launcher": npm_launcher}
KINDS = {"archive": archive, "bill": bill, "deb": debian, "npm-platform": npm_platform, "wheel": python_wheel}


def main():
    parser = argparse.ArgumentParser(prog="pack", description="Makes a package from a binary.")
    parser.add_argument("kind", choices=KINDS | WITHOUT_BINARY)
    parser.add_argument("--binary", type=Path, help="the port-manager to pack")
    parser.add_argument("--repository", help="OWNER/NAME of the releases, for channels")
    parser.add_argument("--runs-here", type=Path, help="a port-manager of the same sources that this machine can run")
    parser.add_argument("--target", default=host(), help="the system that the binary is for, as Rust names it")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    options = parser.parse_args()
    # Tools copy the modes of files into packages: they are not to depend on who builds.
    os.umask(0o022)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.kind in WITHOUT_BINARY:
        if options.kind == "channels" and not options.repository:
            parser.error("channels needs --repository")
        return WITHOUT_BINARY[options.kind](options)
    if not (options.binary and options.binary.is_file()):
        parser.error("--binary has to name a file")
    options.runs_here = (options.runs_here or options.binary).resolve()
    KINDS[options.kind](options)


if __name__ == "__main__":
    main()
