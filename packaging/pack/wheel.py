"""The wheel, which maturin makes, with the licences of the crates and the list of them added to it."""

import base64
import hashlib
import os
import shutil
import zipfile
from pathlib import Path

from . import crates
from .archive import sha256
from .project import ROOT, call, project
from .stage import copy_binary

PREBUILT = Path(__file__).with_name("cargo")


def build(binary, target, out):
    """Makes the wheel in a directory, and returns its path. maturin reads from the binary which Linux it needs."""
    fresh = out / "maturin"
    shutil.rmtree(fresh, ignore_errors=True)
    # The program is called as the file is.
    program = copy_binary(binary, target, fresh / "program")
    command = ["maturin", "build", "--profile", "dist", "--locked", "--target", target.rust, "--out", fresh.resolve()]
    call(command, cwd=ROOT, env=prebuilt(program))
    (built,) = fresh.glob("*.whl")
    wheel = out / built.name
    added = {
        f"licenses/{crates.LICENCES}": crates.third_party_licences(target.rust),
        f"sboms/{project().name}.cdx.json": crates.bill_text(target.rust, sha256(binary)),
    }
    add(built, wheel, added)
    shutil.rmtree(fresh)
    return wheel


def prebuilt(binary):
    """An environment in which maturin finds the binary built. Windows starts no script as a program: there cargo is asked again,
    and finds the build that it has made."""
    if os.name == "nt":
        return None
    cargo = shutil.which(os.environ.get("CARGO", "cargo"))
    return os.environ | {"CARGO": str(PREBUILT), "PACK_CARGO": cargo, "PACK_BINARY": str(binary.resolve())}


def add(source, wheel, added):
    """Copies a wheel, with more texts in its .dist-info and in its RECORD."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        (record,) = [entry for entry in old.infolist() if entry.filename.endswith(".dist-info/RECORD")]
        for entry in old.infolist():
            if entry.filename != record.filename:
                entry.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(entry, old.read(entry))
        rows = ""
        for name, text in added.items():
            entry = zipfile.ZipInfo(f"{record.filename.removesuffix('RECORD')}{name}")
            entry.external_attr = record.external_attr
            content = text.encode()
            new.writestr(entry, content, zipfile.ZIP_DEFLATED)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            rows += f"{entry.filename},sha256={digest},{len(content)}\n"
        new.writestr(record, rows + old.read(record).decode())
