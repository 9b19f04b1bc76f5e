"""The crate as the crate registry would get it. It is not built here: that takes as long as a build of all of it."""

import re
import unittest

from support import REPOSITORY, run

from pack.project import project


class Crate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        command = ["cargo", "package", "--list", "--allow-dirty", "--locked", "--package", project().name]
        cls.files = set(run(command, cwd=REPOSITORY).split())

    def test_has_its_licence_and_readme(self):
        self.assertLessEqual({"LICENSE", "README.md", "Cargo.toml", "build.rs"}, self.files)

    def test_has_every_file_that_its_code_includes(self):
        server = REPOSITORY / "server"
        for source in (server / "src").rglob("*.rs"):
            text = source.read_text()
            # A file of tests alone is named for it, or has tests outside of a module for them.
            if {"tests", "tests.rs"} & set(source.relative_to(server).parts) or ("#[test]" in text and "#[cfg(test)]" not in text):
                continue
            code = text.partition("#[cfg(test)]")[0]
            for included in re.findall(r'include_(?:str|bytes)!\(\s*"([^"]+)"', code):
                path = (source.parent / included).resolve()
                self.assertTrue(path.is_relative_to(server.resolve()), f"{source} includes {included}")
                self.assertIn(path.relative_to(server.resolve()).as_posix(), self.files)
