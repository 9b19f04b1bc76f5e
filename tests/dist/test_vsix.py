"""The extension for VS Code, as its file is: tests of the extension itself are in editors/vscode."""

import json
import shutil
import unittest
import zipfile

from support import BINARY, REPOSITORY, packages, run

from pack import crates
from pack.project import host


@unittest.skipUnless(shutil.which("npm"), "npm is not installed")
class Vsix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        path = packages() / "extension.vsix"
        run(["make", "--silent", "-C", REPOSITORY, "vsix", f"BINARY={BINARY}", f"VSIX={path}"])
        cls.archive = zipfile.ZipFile(path)

    @classmethod
    def tearDownClass(cls):
        cls.archive.close()

    def read(self, name):
        return self.archive.read(f"extension/{name}").decode()

    def test_has_the_given_binary(self):
        self.assertEqual(self.archive.read("extension/server/port-manager"), BINARY.read_bytes())

    def test_has_the_licences_of_the_crates(self):
        self.assertEqual(self.read("server/THIRD-PARTY-LICENSES.txt"), crates.third_party_licences(host()))

    def test_has_the_licence_of_every_bundled_npm_package(self):
        locked = json.loads((REPOSITORY / "editors/vscode/package-lock.json").read_text())["packages"]
        text = self.read("dist/THIRD-PARTY-LICENSES.txt")
        # What the extension imports, and what that needs.
        bundled, left = {}, ["vscode-languageclient"]
        while left:
            name = left.pop()
            bundled[name] = locked[f"node_modules/{name}"]
            left += bundled[name].get("dependencies", {})
        for name, about in bundled.items():
            licence = text.partition(f"\n{name} {about['version']}: {about['license']}\n")[2].partition("-" * 80)[0]
            self.assertRegex(licence, "(?i)copyright|Blue Oak", name)
