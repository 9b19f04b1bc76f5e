"""`install.sh` from a directory, as somebody runs it who has the archive."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import REPOSITORY, archives, everything_in, packages, place

SCRIPT = REPOSITORY / "packaging/install.sh"


class InstallScript(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        archives()

    def install(self, here, *options, expected=0, **more):
        return here.run(["sh", SCRIPT, "--from", packages(), *options], expected, **more)

    def test_installs_for_one_user_and_removes_everything(self):
        with place() as here:
            before = everything_in(here.home)
            said = self.install(here)
            program = here.home / ".local/bin/port-manager"
            self.assertIn(f"as {program}", said)
            here.finds_the_ports([program])
            self.assertTrue((here.home / ".local/share/man/man1/port-manager-check.1").is_file())
            self.assertTrue((here.home / ".local/share/port-manager/THIRD-PARTY-LICENSES.txt").is_file())
            removal = next(line for line in said.splitlines() if line.startswith("To remove it: "))
            self.assertEqual(removal, f"To remove it: sh install.sh --remove --to '{here.home}/.local'")
            here.run(["sh", SCRIPT, "--remove"])
            self.assertEqual(everything_in(here.home), before)

    def test_a_second_run_changes_nothing(self):
        with place() as here:
            self.install(here)
            once = everything_in(here.home)
            self.install(here)
            self.assertEqual(everything_in(here.home), once)

    def test_removal_keeps_files_of_others(self):
        with place() as here:
            other = here.home / ".local/share/man/man1/other.1"
            other.parent.mkdir(parents=True)
            other.write_text("another program's")
            before = everything_in(here.home)
            self.install(here)
            here.run(["sh", SCRIPT, "--remove"])
            self.assertEqual(everything_in(here.home), before)

    def test_a_new_version_replaces_the_pages_of_the_old(self):
        with place() as here:
            self.install(here)
            old = here.home / ".local/share/man/man1/port-manager-no-more.1"
            old.write_text("of a command that is gone")
            listed = here.home / ".local/share/port-manager/installed-files"
            listed.write_text(listed.read_text() + "share/man/man1/port-manager-no-more.1\n")
            self.install(here)
            self.assertFalse(old.exists())

    def test_takes_the_archive_by_gzip_where_xz_is_missing(self):
        with place() as here, tempfile.TemporaryDirectory() as directory:
            without = Path(directory) / "programs"
            without.mkdir()
            for program in Path(here.environment["PATH"]).iterdir():
                if program.name != "xz":
                    (without / program.name).symlink_to(program)
            for archive in packages().glob("*.tar.gz*"):
                shutil.copy(archive, directory)
            here.run(["sh", SCRIPT, "--from", directory], environment={"PATH": str(without)})
            here.finds_the_ports([here.home / ".local/bin/port-manager"])

    def test_refuses_an_archive_with_another_checksum(self):
        with place() as here, tempfile.TemporaryDirectory() as directory:
            for archive in packages().glob("*.tar.?z"):
                shutil.copy(archive, directory)
                Path(directory, f"{archive.name}.sha256").write_text(f"{'0' * 64}  {archive.name}\n")
            before = everything_in(here.home)
            said = here.run(["sh", SCRIPT, "--from", directory], expected=1)
            self.assertIn("Nothing was installed", said)
            self.assertEqual(everything_in(here.home), before)

    def test_refuses_to_download_without_encryption(self):
        with place() as here:
            said = here.run(["sh", SCRIPT, "--from", "http://localhost/"], expected=1)
            self.assertIn("only https", said)

    def test_the_copy_of_the_repository_knows_no_address(self):
        with place() as here:
            said = here.run(["sh", SCRIPT], expected=1)
            self.assertIn("--from names a directory", said)

    def test_says_where_the_path_lacks_the_program(self):
        with place() as here:
            self.assertIn("is not on your PATH", self.install(here))
            path = f"{here.environment['PATH']}:{here.home}/.local/bin"
            self.assertNotIn("is not on your PATH", self.install(here, environment={"PATH": path}))

    def test_installs_into_a_prefix_with_a_space(self):
        with place() as here:
            prefix = here.home / "my programs"
            self.install(here, "--to", prefix)
            here.finds_the_ports([prefix / "bin/port-manager"])
            here.run(["sh", SCRIPT, "--remove", "--to", prefix])
            self.assertFalse(prefix.exists())

    def test_a_download_that_was_cut_off_does_nothing(self):
        text = SCRIPT.read_bytes()
        # After each line, and within the last two.
        ends = {place for place in range(len(text)) if text[place - 1 : place] == b"\n"}
        ends |= set(range(text.rindex(b"\n#"), len(text.rstrip())))
        with place() as here:
            before = everything_in(here.home)
            for end in sorted(ends):
                command = ["sh", "-s", "--", "--from", packages()]
                subprocess.run(command, input=text[:end], cwd=here.home, env=here.environment, capture_output=True, timeout=60)
                self.assertEqual(everything_in(here.home), before, f"after {end} bytes")

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_installs_and_removes_it(self):
        with place() as here:
            before = everything_in(here.home)
            here.run(["zsh", SCRIPT, "--from", packages()])
            here.run(["zsh", SCRIPT, "--remove"])
            self.assertEqual(everything_in(here.home), before)
