"""What the archive of a release contains."""

import json
import os
import re
import tarfile
import tomllib
import unittest

from license_expression import get_spdx_licensing
from support import BINARY, REPOSITORY, archives, pack, packages, run

from pack import crates
from pack.archive import sha256
from pack.project import TARGETS, host, project, target


def permits(expression, allowed):
    """Whether an SPDX expression leaves a choice that is allowed altogether."""
    spdx = get_spdx_licensing()

    def holds(part):
        if isinstance(part, spdx.OR):
            return any(holds(inner) for inner in part.args)
        if isinstance(part, spdx.AND):
            return all(holds(inner) for inner in part.args)
        return str(part) in allowed

    # Cargo once wrote a slash for OR.
    return holds(spdx.parse(expression.replace("/", " OR ")))


class Archive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        archives()
        cls.archives = [packages() / name for name in target(host()).archives]
        cls.archive = cls.archives[0]

    def test_has_the_program_its_pages_completions_and_licences(self):
        with tarfile.open(self.archive) as tar:
            names = {entry.name.partition("/")[2] for entry in tar}
            (top,) = {entry.name.partition("/")[0] for entry in tar}
            program = tar.getmember(f"{top}/port-manager")
            licences = tar.extractfile(f"{top}/THIRD-PARTY-LICENSES.txt").read().decode()
        self.assertEqual(top, f"port-manager-{project().version}-{host()}")
        self.assertEqual(program.mode, 0o755)
        for name in (
            "LICENSE",
            "README.md",
            "CHANGELOG.md",
            "man/man1/port-manager.1",
            "man/man1/port-manager-check.1",
            "completions/bash/port-manager",
            "completions/zsh/_port-manager",
            "completions/fish/port-manager.fish",
            "completions/powershell/port-manager.ps1",
            "completions/elvish/port-manager.elv",
        ):
            self.assertIn(name, names)
        # One grammar with a licence in its package, one without.
        self.assertIn("Copyright (c) 2016 Max Brunsfeld", licences)
        self.assertIn("tree-sitter-kotlin-ng", licences)

    def test_every_system_has_the_licence_of_every_crate(self):
        for known in TARGETS:
            text = crates.third_party_licences(known.rust)
            self.assertEqual(len(crates.shipped(known.rust)), text.partition("-" * 80)[0].count(": "), known.rust)

    def test_every_grammar_is_among_the_licences(self):
        text = crates.third_party_licences(host()).partition("-" * 80)[0]
        wanted = tomllib.loads((REPOSITORY / "server/Cargo.toml").read_text())["dependencies"]
        grammars = [name for name in wanted if re.match(r"tree-sitter|.*-parser-|ts-parser", name)]
        self.assertEqual([name for name in grammars if f"\n{name} " not in text], [])

    def test_every_crate_has_a_licence_that_deny_toml_allows_and_is_from_the_registry(self):
        allowed = tomllib.loads((REPOSITORY / "deny.toml").read_text())["licenses"]["allow"]
        for known in TARGETS:
            for crate in crates.shipped(known.rust):
                self.assertTrue(permits(crate.license, allowed), f"{crate.name}: {crate.license}")
                self.assertIsNotNone(crate.checksum, crate.name)

    def test_its_checksum_stands_beside_it(self):
        for archive in self.archives:
            run(["sha256sum", "--check", f"{archive.name}.sha256"], cwd=packages())

    def test_both_archives_have_the_same_files(self):
        unpacked = [{entry.name: (entry.mode, entry.size) for entry in tarfile.open(archive)} for archive in self.archives]
        self.assertEqual(unpacked[0], unpacked[1])

    def test_the_same_files_make_the_same_bytes(self):
        before = [sha256(archive) for archive in self.archives]
        pack("archive")
        self.assertEqual([sha256(archive) for archive in self.archives], before)

    def test_the_bill_of_materials_is_cyclonedx(self):
        from cyclonedx.schema import SchemaVersion
        from cyclonedx.validation.json import JsonStrictValidator

        pack("bill")
        text = (packages() / f"{target(host()).directory}.cdx.json").read_text()
        self.assertIsNone(JsonStrictValidator(SchemaVersion.V1_5).validate_str(text))
        said = json.loads(text)
        self.assertEqual(said["metadata"]["component"]["hashes"][0]["content"], sha256(BINARY))

    def test_the_bill_of_materials_has_the_crates_of_cargo_tree(self):
        for known in TARGETS:
            said = crates.bill_of_materials(known.rust, "0" * 64)
            root = said["metadata"]["component"]["bom-ref"]
            self.assertEqual({component["bom-ref"] for component in said["components"]} | {root}, self.tree(known.rust), known.rust)
            needs = {row["ref"]: set(row["dependsOn"]) for row in said["dependencies"]}
            self.assertEqual(needs[root] | {root}, self.tree(known.rust, "--depth", "1"), known.rust)
            self.assertEqual(set.union(*needs.values()) | {root}, self.tree(known.rust), known.rust)
            self.assertIn("pkg:cargo/serde_core", str(needs[next(ref for ref in needs if "/serde@" in ref)]))

    def tree(self, target, *options):
        """Crates of the binary by cargo's own count."""
        command = ["cargo", "tree", "--locked", "--edges", "normal", "--target", target, "--package", project().name, "--prefix", "none"]
        said = run([*command, *options], cwd=REPOSITORY)
        return {f"pkg:cargo/{name}@{version}" for name, version in re.findall(r"^(\S+) v(\S+)", said, re.MULTILINE)}
