"""`install.sh` from a directory, as somebody runs it who has the archive, and the one of a release from a server."""

import contextlib
import functools
import http.server
import shutil
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from support import REPOSITORY, archives, everything_in, packages, place, run

from pack import channels
from pack.project import TARGETS, host, target

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

    def test_needs_no_home_where_the_prefix_is_given(self):
        with place() as here:
            without = ["env", "-u", "HOME", "sh", SCRIPT, "--from", packages()]
            said = here.run(without, expected=1)
            self.assertIn("HOME is not set; --to names the directory", said)
            here.run([*without, "--to", here.home / "programs"])
            here.finds_the_ports([here.home / "programs/bin/port-manager"])

    def test_the_removal_that_it_prints_fits_any_prefix(self):
        with place() as here:
            before = everything_in(here.home)
            said = self.install(here, "--to", here.home / "o'brien's programs")
            removal = next(line for line in said.splitlines() if line.startswith("To remove it: "))
            shutil.copy(SCRIPT, here.project)
            here.run(["sh", "-c", removal.removeprefix("To remove it: ")])
            (here.project / "install.sh").unlink()
            self.assertEqual(everything_in(here.home), before)

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_says_how_zsh_finds_its_completions(self):
        with place() as here:
            said = self.install(here, environment={"SHELL": "/bin/zsh"})
            line = next(line for line in said.splitlines() if "fpath=" in line)
            line = line[line.index("fpath=") :]
            found = here.run(["zsh", "-f", "-c", f"{line}; autoload -U compinit; compinit -u -D; print $_comps[port-manager]"])
            self.assertEqual(found.strip(), "_port-manager")
            self.assertNotIn("fpath=", self.install(here, environment={"SHELL": "/bin/bash"}))

    def install_where_programs_cannot_run(self, here, directory, *options):
        """Installs with an empty directory that is mounted so that no program in it can run."""
        if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", here.home], capture_output=True).returncode != 0:
            self.skipTest("this machine does not let a test mount a file system")
        directory.mkdir()
        script = 'mount -t tmpfs -o noexec tmpfs "$1" && shift && exec sh "$@"'
        return here.run(["unshare", "-rm", "sh", "-c", script, "sh", directory, SCRIPT, "--from", packages(), *options], 1)

    def test_says_what_to_do_where_temporary_files_cannot_run(self):
        with place() as here:
            here.environment["TMPDIR"] = str(here.home / "temporary")
            said = self.install_where_programs_cannot_run(here, here.home / "temporary")
            self.assertIn("Set TMPDIR to a directory where programs run", said)
            self.assertFalse((here.home / ".local").exists())

    def test_fails_where_the_installed_program_cannot_run(self):
        with place() as here:
            said = self.install_where_programs_cannot_run(here, here.home / "programs", "--to", here.home / "programs")
            self.assertIn("programs/bin/port-manager is installed, but does not run there", said)
            self.assertNotIn("Installed", said)

    def test_refuses_to_replace_a_program_of_others(self):
        for make in (lambda path: path.write_text("another's"), lambda path: path.symlink_to("/of/another")):
            with place() as here:
                program = here.home / ".local/bin/port-manager"
                program.parent.mkdir(parents=True)
                make(program)
                before = everything_in(here.home)
                said = self.install(here, expected=1)
                self.assertIn(f"{program} is there, and this script did not install it", said)
                self.assertEqual(everything_in(here.home), before)
                self.install(here, "--force")
                here.finds_the_ports([program])

    def test_refuses_to_replace_a_program_that_replaced_its_own(self):
        with place() as here:
            self.install(here)
            program = here.home / ".local/bin/port-manager"
            program.write_text("another's")
            self.assertIn("this script did not install it", self.install(here, expected=1))
            self.assertEqual(program.read_text(), "another's")

    def test_keeps_a_page_that_somebody_else_made(self):
        with place() as here:
            page = here.home / ".local/share/zsh/site-functions/_port-manager"
            page.parent.mkdir(parents=True)
            page.write_text("somebody's own")
            before = everything_in(here.home)
            self.assertIn(f"{page} stays", self.install(here))
            here.run(["sh", SCRIPT, "--remove"])
            self.assertEqual(page.read_text(), "somebody's own")
            self.assertEqual(everything_in(here.home), before)

    def test_removal_keeps_a_program_that_replaced_its_own(self):
        for make in (lambda path: path.write_text("another's"), lambda path: path.symlink_to(here.home / "elsewhere")):
            with place() as here:
                self.install(here)
                program = here.home / ".local/bin/port-manager"
                # A link to the very program is another installer's all the same.
                program.rename(here.home / "elsewhere")
                make(program)
                said = here.run(["sh", SCRIPT, "--remove"])
                self.assertIn(f"{program} stays: it is not the file that this script installed", said)
                self.assertEqual(everything_in(here.home / ".local"), {"bin", "bin/port-manager"})

    def test_refuses_where_a_directory_has_the_name_of_a_file(self):
        for path in ("bin/port-manager", "share/man/man1/port-manager.1"):
            with place() as here:
                real = here.home / "directory"
                real.mkdir()
                link = here.home / ".local" / path
                link.parent.mkdir(parents=True)
                link.symlink_to(real)
                before = everything_in(here.home)
                for options in ([], ["--force"]):
                    said = self.install(here, *options, expected=1)
                    self.assertIn(f"{link} is a directory", said)
                    self.assertEqual(everything_in(here.home), before)

    def test_removal_keeps_an_empty_prefix_that_was_there_before(self):
        with place() as here:
            (here.home / ".local").mkdir()
            before = everything_in(here.home)
            self.install(here)
            here.run(["sh", SCRIPT, "--remove"])
            self.assertEqual(everything_in(here.home), before)

    def interrupted(self, here, what):
        """Installs with a `cp` that does something instead of copying one of the pages."""
        programs = instead_of(here, "cp", f'case $2 in *port-manager-check.1.new*) {what} ;; esac; exec "$real" "$@"')
        command = ["sh", SCRIPT, "--from", packages()]
        done = subprocess.run(command, cwd=here.project, env=here.environment | {"PATH": programs}, capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_removes_all_of_an_installation_that_failed(self):
        failures = {
            "disk is full": 'echo half >"$2"; echo "cp: disk is full" >&2; exit 1',
            "": 'echo half >"$2"; kill -TERM $PPID; sleep 1; exit 1',
        }
        for message, failure in failures.items():
            with place() as here:
                before = everything_in(here.home)
                self.assertIn(message, self.interrupted(here, failure))
                left = everything_in(here.home)
                self.assertIn(".local/bin/port-manager", left)
                self.assertEqual([path for path in left if ".new" in path], [])
                here.run(["sh", SCRIPT, "--remove"])
                self.assertEqual(everything_in(here.home), before)

    def test_removes_all_of_an_installation_that_was_killed(self):
        with place() as here:
            before = everything_in(here.home)
            self.interrupted(here, 'echo half >"$2"; kill -KILL $PPID; exit 1')
            here.run(["sh", SCRIPT, "--remove"])
            self.assertEqual(everything_in(here.home), before)

    def test_an_update_that_fails_removes_no_page(self):
        with place() as here:
            self.install(here)
            before = everything_in(here.home)
            self.interrupted(here, "exit 1")
            self.assertEqual(everything_in(here.home), before)

    def test_several_at_once_leave_nothing_after_removal(self):
        with place() as here:
            before = everything_in(here.home)
            unpacked = here.home.parent / "unpacked"
            unpacked.mkdir()
            # Each waits until all have unpacked the archive.
            wait = f'"$real" "$@"; case $1 in --version) exit ;; esac; : >{unpacked}/$$; while [ "$(ls {unpacked} | wc -l)" -lt 4 ]; do sleep 0.01; done'
            environment = here.environment | {"PATH": instead_of(here, "tar", wait)}
            command = ["sh", SCRIPT, "--from", packages()]
            runs = [subprocess.Popen(command, cwd=here.project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(4)]
            for process in runs:
                said, _ = process.communicate(timeout=120)
                self.assertEqual(process.returncode, 0, said)
            here.run(["sh", SCRIPT, "--remove"])
            self.assertEqual(everything_in(here.home), before)


def instead_of(here, program, script):
    """A PATH on which a program is a script, which finds the one that it replaces in `real`."""
    programs = Path(tempfile.mkdtemp(dir=here.home.parent))
    real = shutil.which(program, path=here.environment["PATH"])
    (programs / program).write_text(f"#!/bin/sh\nreal={real}\n{script}\n")
    (programs / program).chmod(0o755)
    return f"{programs}:{here.environment['PATH']}"


@contextlib.contextmanager
def release(here):
    """The script of a release with this system's archive, and a server on loopback that has both, with a certificate of its own."""
    directory = here.home.parent / "release"
    directory.mkdir()
    for name in (name for target in TARGETS for name in target.archives):
        Path(directory, f"{name}.sha256").write_text(f"{'0' * 64}  {name}\n")
    for name in target(host()).archives:
        shutil.copy(packages() / name, directory)
        shutil.copy(packages() / f"{name}.sha256", directory)
    channels.fill(directory, "someone/port-manager", directory)
    key, certificate = directory / "key", directory / "certificate"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", *subject, "-keyout", key, "-out", certificate])
    handler = functools.partial(Quiet, directory=directory)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield directory, f"https://localhost:{server.server_port}"
        finally:
            server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class Download(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        archives()

    def installs_by(self, program, called="wget"):
        with place() as here, release(here) as (directory, address):
            programs = Path(here.environment["PATH"])
            only = directory / "programs"
            only.mkdir()
            for other in programs.iterdir():
                if other.name not in ("curl", "wget"):
                    (only / other.name).symlink_to(other)
            (only / called).symlink_to(shutil.which(program))
            # Which certificate curl, GNU wget and the openssl that busybox calls trust.
            settings = directory / "wgetrc"
            settings.write_text(f"ca_certificate = {directory / 'certificate'}\n")
            trust = dict.fromkeys(("CURL_CA_BUNDLE", "SSL_CERT_FILE"), str(directory / "certificate"))
            trust |= {"WGETRC": str(settings), "no_proxy": "localhost"}
            script = [shutil.which("sh"), directory / "install.sh", "--from", address]
            here.run(script, environment={"PATH": str(only)} | trust)
            here.finds_the_ports([here.home / ".local/bin/port-manager"])

    @unittest.skipUnless(shutil.which("curl"), "curl is not installed")
    def test_curl_downloads_the_release(self):
        self.installs_by("curl", "curl")

    @unittest.skipUnless(shutil.which("wget"), "wget is not installed")
    def test_gnu_wget_downloads_the_release(self):
        self.installs_by("wget")

    @unittest.skipUnless(shutil.which("busybox"), "busybox is not installed")
    def test_the_wget_of_busybox_downloads_the_release(self):
        self.installs_by("busybox")
