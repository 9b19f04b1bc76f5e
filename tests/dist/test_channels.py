"""The files for other package managers, filled in as a release does it and read by what they are for, as far as that can be had."""

import hashlib
import json
import re
import shutil
import tempfile
import unittest
from pathlib import Path

import yaml
from support import REPOSITORY, archives, packages, place, run

from pack import channels
from pack.project import TARGETS, project

REPOSITORY_NAME = "someone/port-manager"


def checksum(name):
    """Of an archive that is not made here: of its name."""
    return hashlib.sha256(name.encode()).hexdigest()


class Channels(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = Path(tempfile.mkdtemp(dir=packages()))
        for name in (name for target in TARGETS for name in target.archives):
            (cls.directory / f"{name}.sha256").write_text(f"{checksum(name)}  {name}\n")
        channels.fill(cls.directory, REPOSITORY_NAME, cls.directory)
        cls.name = project().name

    def text(self, name):
        return (self.directory / name).read_text()

    def test_leave_nothing_to_fill_in(self):
        for name in channels.outputs().values():
            self.assertEqual(channels.PLACEHOLDER.findall(self.text(name)), [], name)

    def test_a_missing_checksum_is_an_error(self):
        with tempfile.TemporaryDirectory() as empty:
            with self.assertRaisesRegex(SystemExit, "has nothing for SHA256:"):
                channels.fill(Path(empty), REPOSITORY_NAME, Path(empty))

    @unittest.skipUnless(shutil.which("ruby"), "ruby is not installed")
    def test_the_formula_is_ruby_and_names_each_archive_with_its_checksum(self):
        formula = self.directory / f"{self.name}.rb"
        run(["ruby", "-c", formula])
        said = run(["ruby", REPOSITORY / "tests/dist/formula.rb", formula])
        wanted = {(target.archives[0], checksum(target.archives[0])) for target in TARGETS if target.os != "win32"}
        self.assertEqual({(url.rsplit("/", 1)[1], sha256) for url, sha256 in json.loads(said)}, wanted)

    def test_the_formula_says_what_it_is_as_briefly_as_homebrew_wants(self):
        said = re.search(r'^  desc "(.*)"$', self.text(f"{self.name}.rb"), re.MULTILINE)[1]
        self.assertLess(len(said), 80)
        self.assertNotRegex(said, r"(?i)^(an?|the) |\.$")

    def test_scoop_gets_the_archive_for_windows(self):
        said = json.loads(self.text(f"{self.name}.json"))
        architecture = said["architecture"]["64bit"]
        (target,) = [target for target in TARGETS if target.os == "win32"]
        (archive,) = target.archives
        self.assertEqual(architecture["hash"], checksum(archive))
        self.assertTrue(architecture["url"].endswith(f"/v{project().version}/{archive}"))
        self.assertEqual(architecture["extract_dir"], target.directory)

    def test_mason_names_an_archive_for_each_system(self):
        said = yaml.safe_load(self.text("package.yaml"))
        self.assertEqual(said["source"]["id"], f"pkg:github/{REPOSITORY_NAME}@v{project().version}")
        files = {asset["file"].replace('{{ version | strip_prefix "v" }}', project().version) for asset in said["source"]["asset"]}
        self.assertEqual(files, {target.archives[0] for target in TARGETS})
        programs = {asset["bin"].replace('{{ version | strip_prefix "v" }}', project().version) for asset in said["source"]["asset"]}
        self.assertEqual(programs, {f"{target.directory}/{target.program}" for target in TARGETS})

    def test_hadolint_has_nothing_to_say_of_the_dockerfile(self):
        run(["hadolint", self.directory / "Dockerfile"])

    def test_the_filled_install_script_knows_the_checksum(self):
        archives()
        with place() as here:
            # The archive is there with a checksum file that fits; the script of another release is not content with that.
            said = here.run(["sh", self.directory / "install.sh", "--from", packages()], expected=1)
            self.assertIn("is not what was released", said)

    def test_binstall_finds_each_archive(self):
        import tomllib

        said = tomllib.loads((REPOSITORY / "server/Cargo.toml").read_text())["package"]["metadata"]["binstall"]
        for target in TARGETS:
            about = said | said.get("overrides", {}).get(target.rust, {})
            suffix = {"txz": ".tar.xz", "zip": ".zip"}[about["pkg-fmt"]]
            values = {"repo": "https://github.com/o/r", "version": project().version, "target": target.rust, "archive-suffix": suffix}
            values |= {"bin": "port-manager", "binary-ext": ".exe" if target.os == "win32" else ""}
            url, program = about["pkg-url"], about["bin-dir"]
            for name, value in values.items():
                url, program = url.replace(f"{{ {name} }}", value), program.replace(f"{{ {name} }}", value)
            self.assertEqual(url, f"https://github.com/o/r/releases/download/v{project().version}/{target.archives[0]}")
            self.assertEqual(program, f"{target.directory}/{target.program}")
