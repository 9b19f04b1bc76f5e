"""The workflows for the hosted CI, as far as they can be read without it."""

import unittest

import yaml
from support import REPOSITORY, run

from pack.project import TARGETS, project

WORKFLOWS = sorted((REPOSITORY / ".github/workflows").glob("*.yml"))


class Workflows(unittest.TestCase):
    def setUp(self):
        self.release = yaml.safe_load((REPOSITORY / ".github/workflows/release.yml").read_text())

    def test_actionlint_has_nothing_to_say_of_them(self):
        run(["actionlint", *WORKFLOWS])

    def test_a_release_builds_for_every_system(self):
        built = {row["target"] for row in self.release["jobs"]["build"]["strategy"]["matrix"]["include"]}
        self.assertEqual(built, {target.rust for target in TARGETS})

    def test_publishing_is_off_until_somebody_turns_it_on(self):
        for name in ("crate", "pypi", "npm"):
            condition = self.release["jobs"][name]["if"]
            self.assertEqual(condition, f"vars.PUBLISH_{name.upper()} == 'true'")

    def test_publishes_under_the_one_name(self):
        text = (REPOSITORY / ".github/workflows/release.yml").read_text()
        self.assertIn(f"--package {project().name}\n", text)
        script = (REPOSITORY / "packaging/publish-npm").read_text()
        self.assertIn(f"/{project().name}-[0-9]*.tgz", script)
