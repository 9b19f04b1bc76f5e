"""The workflows for the hosted CI, as far as they can be read without it."""

import re
import tempfile
import unittest
from pathlib import Path

import yaml
from support import BINARY, REPOSITORY, run

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

    def test_no_two_systems_upload_a_file_of_one_name(self):
        steps = {step["name"]: step["run"] for step in self.release["jobs"]["build"]["steps"] if "run" in step and "name" in step}
        made = re.search(r"make (.+?) BINARY=", steps["Pack"])[1].split()
        # maturin and cargo-deb want a real binary of the system, and name their files for it.
        made.remove("wheel")
        owners = {}
        with tempfile.TemporaryDirectory() as directory:
            binary = Path(directory, "port-manager")
            binary.write_text("of any system\n")
            for target in TARGETS:
                out = Path(directory, target.rust)
                options = [f"BINARY={binary}", f"TARGET={target.rust}", f"RUNS_HERE={BINARY}", f"OUT={out}"]
                run(["make", "--silent", "-C", REPOSITORY, *made, *options])
                for path in out.iterdir():
                    owners.setdefault(path.name, []).append(target.rust)
        self.assertGreater(len(owners), 3 * len(TARGETS))
        self.assertEqual({name: rows for name, rows in owners.items() if len(rows) > 1}, {})

    def test_publishing_is_off_until_somebody_turns_it_on(self):
        for name in ("crate", "pypi", "npm"):
            condition = self.release["jobs"][name]["if"]
            self.assertEqual(condition, f"vars.PUBLISH_{name.upper()} == 'true'")
        self.assertEqual(self.release["jobs"]["crate-builds"]["if"], self.release["jobs"]["crate"]["if"])

    def test_no_job_with_the_token_of_the_crate_registry_builds(self):
        for name, job in self.release["jobs"].items():
            if "CARGO_REGISTRY_TOKEN" in str(job):
                for command in re.findall(r"^cargo .*", "\n".join(step.get("run", "") for step in job["steps"]), re.MULTILINE):
                    self.assertIn("publish --no-verify ", command, name)
        self.assertIn("cargo publish --dry-run --locked", str(self.release["jobs"]["crate-builds"]))

    def test_publishes_under_the_one_name(self):
        text = (REPOSITORY / ".github/workflows/release.yml").read_text()
        self.assertIn(f"--package {project().name}\n", text)
        script = (REPOSITORY / "packaging/publish-npm").read_text()
        self.assertIn(f"/{project().name}-[0-9]*.tgz", script)
