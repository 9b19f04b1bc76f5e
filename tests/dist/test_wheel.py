"""The wheel, installed by pip into an empty virtual environment, and by uv."""

import os
import subprocess
import sys
import tomllib
import unittest
import zipfile
from pathlib import Path

from support import REPOSITORY, everything_in, pack, packages, place, run

from pack.archive import sha256
from pack.project import host, target

# Installed beside maturin, for the tests.
UV = Path(sys.executable).parent / "uv"


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        pack("wheel")
        (cls.wheel,) = packages().glob("*.whl")

    def test_pip_installs_the_program_and_removes_it(self):
        self.installs_and_removes(sys._base_executable)

    def test_pip_installs_it_with_the_oldest_python_that_it_allows(self):
        oldest = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
        found = subprocess.run([UV, "python", "find", "--no-python-downloads", oldest], capture_output=True, text=True)
        if found.returncode != 0:
            self.skipTest(f"Python {oldest} is not installed")
        self.installs_and_removes(found.stdout.strip())

    def installs_and_removes(self, python):
        with place() as here:
            venv = here.home / "venv"
            run([python, "-m", "venv", venv])
            before = everything_in(venv)
            pip = [venv / "bin/python", "-m", "pip", "--disable-pip-version-check", "--no-cache-dir"]
            here.run([*pip, "install", "--no-index", "--no-compile", self.wheel])
            here.finds_the_ports([venv / "bin/port-manager"])
            licences = next((venv / "lib").rglob("THIRD-PARTY-LICENSES.txt"))
            self.assertIn("tree-sitter-python", licences.read_text())
            here.run([*pip, "uninstall", "--yes", "port-manager-cli"])
            left = {path for path in everything_in(venv) - before if "__pycache__" not in path}
            self.assertEqual(left, set())

    def test_uvx_runs_it_without_an_installation(self):
        with place() as here:
            said = self.uv(here, "tool", "run", "--from", self.wheel, "port-manager", "check", ".", expected=1)
            self.assertIn("port 8080 is hardcoded where the service listens", said)

    def test_uv_installs_the_program_and_removes_it(self):
        with place() as here:
            self.uv(here, "tool", "install", self.wheel)
            program = here.home / ".local/bin/port-manager"
            here.finds_the_ports([program])
            self.uv(here, "tool", "uninstall", "port-manager-cli")
            self.assertFalse(program.exists())
            self.assertEqual(list((here.home / ".local/share/uv/tools").glob("port-manager*")), [])

    def uv(self, here, *words, expected=0):
        options = {"UV_CACHE_DIR": str(here.home / "uv"), "UV_PYTHON": sys._base_executable}
        return here.run([UV, "--offline", *words], expected, environment=options)

    def test_has_the_same_list_of_crates_as_the_archive(self):
        pack("bill")
        with zipfile.ZipFile(self.wheel) as wheel:
            (name,) = [name for name in wheel.namelist() if "/sboms/" in name]
            self.assertEqual(wheel.read(name), (packages() / f"{target(host()).directory}.cdx.json").read_bytes())

    def test_the_same_binary_makes_the_same_bytes(self):
        before = sha256(self.wheel)
        pack("wheel")
        self.assertEqual(sha256(self.wheel), before)

    def test_names_no_path_of_the_machine_that_packs(self):
        with zipfile.ZipFile(self.wheel) as wheel:
            for name in wheel.namelist():
                # Which paths the binary has is decided where it is built.
                if not name.endswith("/scripts/port-manager"):
                    self.assertNotIn(str(REPOSITORY), wheel.read(name).decode(), name)

    @unittest.skipUnless(os.environ.get("GLIBC"), "only what `make portable` builds (PORTABLE=1) runs on older systems")
    def test_says_which_linux_it_needs(self):
        self.assertIn(f"manylinux_{os.environ['GLIBC'].replace('.', '_')}_", self.wheel.name)

    def test_every_file_is_in_the_record(self):
        # `wheel unpack` compares each file with its checksum.
        with place() as here:
            done = subprocess.run([sys.executable, "-m", "wheel", "unpack", "--dest", here.home, self.wheel], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
