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
        self.texts = {path.stem: path.read_text() for path in WORKFLOWS}
        self.workflows = {name: yaml.safe_load(text) for name, text in self.texts.items()}
        self.release, self.publish = self.workflows["release"], self.workflows["publish"]

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

    def test_publishing_is_off_until_a_release_and_a_variable(self):
        # YAML reads the key `on` as true.
        self.assertEqual(self.publish[True], {"release": {"types": ["published"]}})
        conditions = {name: job["if"] for name, job in self.publish["jobs"].items()}
        wanted = {name: f"vars.PUBLISH_{name.upper()} == 'true'" for name in ("crate", "pypi", "npm")}
        self.assertEqual(conditions, wanted | {"crate-builds": wanted["crate"]})

    def test_no_job_with_the_token_of_the_crate_registry_builds(self):
        for name, job in self.publish["jobs"].items():
            if "CARGO_REGISTRY_TOKEN" in str(job):
                for command in re.findall(r"^cargo .*", "\n".join(step.get("run", "") for step in job["steps"]), re.MULTILINE):
                    self.assertIn("publish --no-verify ", command, name)
        self.assertIn("cargo publish --dry-run --locked", str(self.publish["jobs"]["crate-builds"]))

    def test_only_the_job_that_runs_no_command_may_sign(self):
        jobs = self.release["jobs"]
        for name, job in jobs.items():
            may_sign = {"id-token", "attestations"} & job.get("permissions", {}).keys()
            self.assertEqual(bool(may_sign), name == "attest", name)
        self.assertEqual([step for step in jobs["attest"]["steps"] if "run" in step], [])

    def test_every_file_of_the_release_is_attested(self):
        attest, release = self.release["jobs"]["attest"], self.release["jobs"]["release"]
        (download, sign) = attest["steps"]
        self.assertIn(download, release["steps"])
        self.assertEqual(sign["with"]["subject-path"], "dist/*")
        self.assertTrue(release["steps"][-1]["run"].endswith(" dist/*\n"))
        self.assertEqual(release["needs"], "attest")

    def test_every_action_is_pinned_to_a_commit(self):
        # Its newer commits are unknown here: see publish.yml.
        known = {"pypa/gh-action-pypi-publish@release/v1"}
        for name, text in self.texts.items():
            loose = [used for used in re.findall(r"uses: (.+)", text) if not re.fullmatch(r"\S+@[0-9a-f]{40} # v[\d.]+", used)]
            self.assertLessEqual(set(loose), known, name)

    def test_no_checkout_leaves_its_token_behind(self):
        for name, workflow in self.workflows.items():
            for job in workflow["jobs"].values():
                for step in job["steps"]:
                    if step.get("uses", "").startswith("actions/checkout@"):
                        self.assertEqual(step.get("with"), {"persist-credentials": False}, name)

    def test_every_tool_that_cargo_installs_has_a_version(self):
        for name, text in self.texts.items():
            for tool in re.findall(r"cargo install --locked (\S+)", text):
                self.assertRegex(tool, r"@[\d.]+$", name)

    def test_publishes_under_the_one_name(self):
        self.assertIn(f"--package {project().name}\n", self.texts["publish"])
        self.assertIn(f"'{project().name}-*.tgz'", self.texts["publish"])
        self.assertIn(f"/{project().name}-[0-9]*.tgz", (REPOSITORY / "packaging/publish-npm").read_text())
