"""The archive of a release, the same bytes from the same files, and its checksum."""

import gzip
import hashlib
import io
import lzma
import os
import tarfile
import time
import zipfile

from .project import PROGRAM

# Of what is older than any release; archives of zip begin in 1980.
EPOCH = 315532800


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_archive(tree, path):
    """Packs a directory under its own name, and writes PATH.sha256 beside it, as `sha256sum -c` reads it."""
    files = sorted(file for file in tree.rglob("*") if file.is_file())
    when = max(int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH)), EPOCH)
    (write_zip if path.suffix == ".zip" else write_tar)(tree, files, path, when)
    path.with_name(path.name + ".sha256").write_text(f"{sha256(path)}  {path.name}\n", newline="\n")


def write_tar(tree, files, path, when):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for file in files:
            entry = tarfile.TarInfo(f"{tree.name}/{file.relative_to(tree).as_posix()}")
            entry.size, entry.mtime = file.stat().st_size, when
            entry.mode = mode(tree, file)
            with file.open("rb") as text:
                tar.addfile(entry, text)
    if path.suffix == ".xz":
        compressed = lzma.compress(packed.getvalue(), filters=xz_filters(path.name))
    else:
        compressed = gzip.compress(packed.getvalue(), 9, mtime=0)
    path.write_bytes(compressed)


def xz_filters(name):
    """How xz compresses. Its filter for the jumps of x86 is as old as the format, and takes 0.4 MB; that for ARM64 is younger than
    many an xz that would have to unpack it."""
    jumps = [{"id": lzma.FILTER_X86}] if "x86_64" in name else []
    return [*jumps, {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME}]


def write_zip(tree, files, path, when):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            name = f"{tree.name}/{file.relative_to(tree).as_posix()}"
            entry = zipfile.ZipInfo(name, time.gmtime(when)[:6])
            entry.external_attr = (0o100000 | mode(tree, file)) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())


def mode(tree, file):
    return 0o755 if file.parent == tree and file.stem == PROGRAM else 0o644
