"""The .deb, installed by dpkg into a root of its own."""

import os
import shutil
import tomllib
import unittest

from support import REPOSITORY, everything_in, pack, packages, place, run

from pack.project import TARGETS, host

NAME = "port-manager-cli"
# What the Makefile promises, where the binary is the portable one.
GLIBC = os.environ.get("GLIBC")


@unittest.skipUnless(shutil.which("dpkg-deb"), "only on Debian and its like")
class Deb(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        pack("deb")
        (cls.package,) = packages().glob("*.deb")

    def test_installs_and_leaves_nothing_behind(self):
        with place() as here:
            root = here.home / "root"
            for directory in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers"):
                (root / directory).mkdir(parents=True)
            (root / "var/lib/dpkg/status").touch()
            before = self.installed(root)
            # The libraries that it depends on are the system's own, which this root does not have.
            dpkg = ["dpkg", "--root", root, "--force-not-root", "--force-depends", "--force-script-chrootless", "--log", "/dev/null"]
            here.run([*dpkg, "--install", self.package])
            here.finds_the_ports([root / "usr/bin/port-manager"])
            for path in (
                "usr/share/man/man1/port-manager.1.gz",
                "usr/share/bash-completion/completions/port-manager",
                "usr/share/zsh/vendor-completions/_port-manager",
                "usr/share/fish/vendor_completions.d/port-manager.fish",
                f"usr/share/doc/{NAME}/THIRD-PARTY-LICENSES.txt",
                f"usr/share/doc/{NAME}/copyright",
            ):
                self.assertTrue((root / path).is_file(), path)
            here.run([*dpkg, "--purge", NAME])
            self.assertEqual(self.installed(root), before)

    def installed(self, root):
        return {path for path in everything_in(root) if not path.startswith("var/lib/dpkg")}

    def test_runs_no_script_when_it_is_installed(self):
        listed = run(["sh", "-c", f"dpkg-deb --ctrl-tarfile '{self.package}' | tar -t"])
        # cargo-deb 2 lists checksums; 3 leaves that to dpkg.
        self.assertEqual({name.removeprefix("./") for name in listed.split()} - {"", ".", "md5sums"}, {"control"})

    @unittest.skipUnless(shutil.which("lintian"), "lintian is not installed")
    def test_lintian_finds_no_error_but_the_address_that_is_missing(self):
        said = run(["sh", "-c", f"lintian --allow-root --tag-display-limit 0 '{self.package}' 2>&1 || true"])
        errors = {line.split()[2] for line in said.splitlines() if line.startswith("E: ")}
        self.assertLessEqual(errors, {"malformed-contact"}, said)

    def test_a_release_without_an_address_is_refused(self):
        maintainer = tomllib.loads((REPOSITORY / "server/Cargo.toml").read_text())["package"]["metadata"]["deb"]["maintainer"]
        if "@" in maintainer:
            self.skipTest("server/Cargo.toml has an address")
        with self.assertRaisesRegex(AssertionError, "Debian wants an address"):
            pack("deb", GITHUB_REF_TYPE="tag")

    def test_depends_on_the_libraries_of_the_binary_only(self):
        depends = run(["dpkg-deb", "--field", self.package, "Depends"])
        self.assertRegex(depends, r"^libc6 \(>= 2\.\d+\)(, libgcc-s1 \(>= [\d.]+\))?(, libstdc\+\+6 \(>= [\d.]+\))?\n$")

    @unittest.skipUnless(GLIBC, "only what `make portable` builds (PORTABLE=1) runs on older systems")
    def test_asks_for_the_glibc_that_the_portable_binary_needs(self):
        depends = run(["dpkg-deb", "--field", self.package, "Depends"])
        self.assertEqual(depends, f"libc6 (>= {GLIBC})\n")


class DebForAnotherMachine(unittest.TestCase):
    def test_is_refused_instead_of_named_for_this_one(self):
        other = next(target.rust for target in TARGETS if target.rust != host())
        with self.assertRaisesRegex(AssertionError, f"a .deb for {other} is made on such a machine"):
            pack("deb", "--target", other)
