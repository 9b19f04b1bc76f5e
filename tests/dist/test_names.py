"""server/Cargo.toml names the package and its version; what repeats them says the same."""

import json
import re
import tomllib
import unittest

from support import REPOSITORY

from pack.project import project


class Names(unittest.TestCase):
    def test_the_wheel_has_the_name_of_the_crate(self):
        said = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
        self.assertEqual(said["project"]["name"], project().name)

    def test_the_deb_puts_its_documents_under_that_name(self):
        said = tomllib.loads((REPOSITORY / "server/Cargo.toml").read_text())["package"]
        documents = [place for _, place, _ in said["metadata"]["deb"]["assets"] if place.startswith("usr/share/doc/")]
        self.assertEqual(set(documents), {f"usr/share/doc/{project().name}/"})
        self.assertEqual(said["metadata"]["deb"]["variants"]["portable"]["name"], project().name)

    def test_the_readme_installs_that_name(self):
        text = (REPOSITORY / "README.md").read_text()
        for command in (f"pip install {project().name}", f"npx {project().name}", f"cargo install --locked {project().name}"):
            self.assertIn(command, text)
        # Homebrew's own collection has no such formula: a tap has it.
        self.assertEqual(re.findall(r"brew install (\S+)", text), [f"OWNER/TAP/{project().name}"])

    def test_the_readme_warns_before_it_names_a_package(self):
        before, _, _ = (REPOSITORY / "README.md").read_text().partition(project().name)
        self.assertIn("do not install these names", before)

    def test_the_extension_for_vs_code_has_the_same_version(self):
        said = json.loads((REPOSITORY / "editors/vscode/package.json").read_text())
        self.assertEqual(said["version"], project().version)
