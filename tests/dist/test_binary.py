"""Which Linux the binary of `make portable` needs."""

import os
import re
import subprocess
import unittest
from pathlib import Path

from support import BINARY, REPOSITORY, place, run

# What the Makefile promises, where the binary is the portable one.
GLIBC = os.environ.get("GLIBC")
# The oldest release that Debian's mirrors still have.
OLD_DEBIAN = "bullseye"
# glibc's own, and the loader.
LIBRARIES = r"ld-linux-.*|lib(c|m|dl|rt|pthread|util)"


def newest(names):
    return max(names, key=lambda name: [int(number) for number in name.split(".")])


@unittest.skipUnless(GLIBC, "only what `make portable` builds (PORTABLE=1) runs on older systems")
class Binary(unittest.TestCase):
    def test_needs_no_newer_glibc_than_is_promised(self):
        needed = set(re.findall(r"\bGLIBC_([\d.]+)", run(["readelf", "--wide", "--version-info", BINARY])))
        self.assertEqual(newest(needed | {GLIBC}), GLIBC, sorted(needed))

    def test_needs_no_library_but_glibc(self):
        needed = re.findall(r"\(NEEDED\).*\[(.+?)\.so", run(["readelf", "--wide", "--dynamic", BINARY]))
        self.assertEqual([name for name in needed if not re.fullmatch(LIBRARIES, name)], [])

    def test_names_no_path_in_the_home_of_who_built_it(self):
        crates = re.findall(re.escape(f"{Path.home()}/.cargo/".encode()) + rb"[\w./-]+", BINARY.read_bytes())
        self.assertEqual(crates[:3], [])

    def test_checks_a_project_with_the_libraries_of_an_old_debian(self):
        command = [REPOSITORY / "tests/editors/debian-root", OLD_DEBIAN, "dash", "bin/dash"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 3:
            self.skipTest(done.stderr.strip())
        self.assertEqual(done.returncode, 0, done.stderr)
        root = Path(done.stdout.strip()).parent.parent / "root"
        (libc,) = root.rglob("libc.so.6")
        (loader,) = libc.parent.glob("ld-linux*.so.*")
        with place() as here:
            here.finds_the_ports([loader, "--library-path", libc.parent, BINARY])
