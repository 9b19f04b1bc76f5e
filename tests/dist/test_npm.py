"""The packages of npm, installed by name from a registry on this machine."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from registry import Registry
from support import BINARY, REPOSITORY, pack, packages, place

from pack import npm
from pack.archive import sha256
from pack.project import TARGETS, host, project, target

NAME = "port-manager-cli"


@unittest.skipUnless(shutil.which("npm"), "npm is not installed")
class Npm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        pack("npm-platform")
        pack("npm-launcher")
        # The package of another system, which nothing here may install.
        cls.other = next(known for known in TARGETS if known.os != target(host()).os)
        directory = packages() / "other"
        npm.platform(BINARY, cls.other, directory)
        npm.pack(directory, packages())
        cls.registry = Registry(sorted(packages().glob("*.tgz")))
        cls.registry.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.registry.__exit__()

    def npm(self, here, *words, expected=0):
        options = {"npm_config_registry": self.registry.address, "npm_config_update_notifier": "false"}
        return here.run(words, expected, environment=options)

    def install(self, here):
        prefix = here.home / "global"
        self.npm(here, "npm", "install", "--silent", "--global", "--prefix", prefix, NAME)
        return prefix

    def test_npx_runs_it_by_name(self):
        with place() as here:
            said = self.npm(here, "npx", "--yes", NAME, "check", ".", expected=1)
            self.assertIn("port 8080 is hardcoded where the service listens", said)

    def test_npx_runs_the_packed_files(self):
        with place() as here:
            tarballs = [path for path in packages().glob("*.tgz") if self.other.npm_package not in path.name]
            named = [word for path in tarballs for word in ("--package", path)]
            said = self.npm(here, "npx", "--yes", *named, "port-manager", "check", ".", expected=1)
            self.assertIn("port 8080 is hardcoded where the service listens", said)

    def test_installs_the_binary_of_this_system_only_and_removes_it(self):
        with place() as here:
            prefix = self.install(here)
            modules = prefix / "lib/node_modules"
            here.finds_the_ports([prefix / "bin/port-manager"])
            found = {path.parent.name for path in modules.rglob("package.json")}
            self.assertEqual(found, {NAME, target(host()).npm_package})
            self.npm(here, "npm", "uninstall", "--silent", "--global", "--prefix", prefix, NAME)
            self.assertEqual([path for path in prefix.rglob("*") if not path.is_dir()], [])

    def test_no_package_has_a_script(self):
        with place() as here:
            for manifest in (self.install(here) / "lib/node_modules").rglob("package.json"):
                self.assertNotIn("scripts", json.loads(manifest.read_text()))

    def test_says_what_is_missing_without_the_optional_package(self):
        with place() as here:
            prefix = self.install(here)
            (binary,) = (prefix / "lib/node_modules").rglob(target(host()).npm_package)
            shutil.rmtree(binary)
            said = here.run([prefix / "bin/port-manager", "check"], expected=2)
            self.assertIn(f"the package {target(host()).npm_package}, which has the binary, is missing", said)

    @unittest.skipUnless(sys.platform == "linux", "only Linux has more than one libc")
    def test_says_that_the_binary_needs_glibc_where_there_is_none(self):
        with place() as here:
            prefix = self.install(here)
            (binary,) = (prefix / "lib/node_modules").rglob(target(host()).npm_package)
            shutil.rmtree(binary)
            # What Node.js says of itself on Alpine, whose own is not at hand.
            musl = here.home / "musl.js"
            musl.write_text("process.report.getReport = () => ({ header: {} })\n")
            said = here.run([prefix / "bin/port-manager", "check"], expected=2, environment={"NODE_OPTIONS": f"--require={musl}"})
            self.assertIn("this Linux has no glibc, which the binary needs", said)
            self.assertNotIn("--omit", said)

    def test_names_the_repository_that_the_hosted_ci_builds(self):
        for directory in self.made({"GITHUB_REPOSITORY": "someone/port-manager"}):
            manifest = json.loads((directory / "package.json").read_text())
            self.assertEqual(manifest["repository"], {"type": "git", "url": "git+https://github.com/someone/port-manager.git"})

    @unittest.skipIf(project().repository, "server/Cargo.toml names the repository")
    def test_a_release_without_a_repository_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "with provenance only what names its repository"):
            self.made({"GITHUB_REF_TYPE": "tag"})

    def made(self, environment):
        """The files of both packages, as they are made where the hosted CI has set these variables and no other of its own."""
        directory = Path(tempfile.mkdtemp(dir=packages()))
        others = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
        with mock.patch.dict(os.environ, others | environment, clear=True):
            npm.launcher(directory / "launcher")
            npm.platform(BINARY, target(host()), directory / "platform")
        return directory / "launcher", directory / "platform"

    def test_publishes_the_binary_first_and_nothing_twice(self):
        with Registry() as empty, place() as here:
            directory = here.home / "dist"
            directory.mkdir()
            for tarball in packages().glob("*.tgz"):
                shutil.copy(tarball, directory)
            wanted = sorted(f"/{tarball.name}" for tarball in directory.glob("*.tgz"))
            options = {"npm_config_registry": empty.address, f"npm_config_{empty.address.removeprefix('http:')}/:_authToken": "a"}
            publish = ["bash", REPOSITORY / "packaging/publish-npm", directory]
            here.run(publish, environment=options)
            self.assertEqual(sorted(empty.published), wanted)
            self.assertEqual(empty.published[-1], f"/{NAME}-{project().version}.tgz")
            said = here.run(publish, environment=options)
            self.assertIn(f"{NAME}@{project().version} is published already", said)
            self.assertEqual(sorted(empty.published), wanted)

    @unittest.skipIf(os.name == "nt", "Windows has no umask")
    def test_are_the_same_whatever_the_umask_is(self):
        directory = Path(tempfile.mkdtemp(dir=packages()))
        before = os.umask(0o077)
        try:
            for kind in ("npm-platform", "npm-launcher"):
                pack(kind, "--out", directory)
        finally:
            os.umask(before)
        made = sorted(directory.glob("*.tgz"))
        self.assertEqual(len(made), 2)
        for tarball in made:
            self.assertEqual(sha256(tarball), sha256(packages() / tarball.name))
            with tarfile.open(tarball) as tar:
                self.assertLessEqual({entry.mode for entry in tar if entry.isfile()}, {0o644, 0o755})

    @unittest.skipIf(os.name == "nt", "signals are Unix's")
    def test_passes_exit_codes_and_signals_on(self):
        with place() as here:
            program = self.install(here) / "bin/port-manager"
            here.run([program, "run", "--no-init", "--", "sh", "-c", "exit 7"], expected=2)
            here.run([program, "init", "."])
            here.run([program, "run", "--", "sh", "-c", "exit 7"], expected=7)
            waiting = "trap 'echo ended; exit 5' TERM; echo ready; while :; do sleep 0.05; done"
            process = subprocess.Popen(
                [program, "run", "--", "sh", "-c", waiting],
                cwd=here.project,
                env=here.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            with process:
                self.assertEqual(process.stdout.readline(), "ready\n")
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.stdout.read(), "ended\n")
                self.assertEqual(process.wait(), 5)
