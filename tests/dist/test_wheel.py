"""The wheel, installed by pip into an empty virtual environment."""

import subprocess
import sys
import unittest

from support import everything_in, pack, packages, place, run


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        pack("wheel")
        (cls.wheel,) = packages().glob("*.whl")

    def test_pip_installs_the_program_and_removes_it(self):
        with place() as here:
            venv = here.home / "venv"
            run([sys._base_executable, "-m", "venv", venv])
            before = everything_in(venv)
            pip = [venv / "bin/python", "-m", "pip", "--disable-pip-version-check", "--no-cache-dir"]
            here.run([*pip, "install", "--no-index", "--no-compile", self.wheel])
            here.finds_the_ports([venv / "bin/port-manager"])
            licences = next((venv / "lib").rglob("THIRD-PARTY-LICENSES.txt"))
            self.assertIn("tree-sitter-python", licences.read_text())
            here.run([*pip, "uninstall", "--yes", "port-manager-cli"])
            left = {path for path in everything_in(venv) - before if "__pycache__" not in path}
            self.assertEqual(left, set())

    def test_every_file_is_in_the_record(self):
        # `wheel unpack` compares each file with its checksum.
        with place() as here:
            done = subprocess.run([sys.executable, "-m", "wheel", "unpack", "--dest", here.home, self.wheel], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
