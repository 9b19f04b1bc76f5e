"""Whose licences come with the binary, and what they say."""

import dataclasses
import re
import unittest
from pathlib import Path

import support  # noqa: F401, finds the package `pack`

from pack import crates
from pack.project import TARGETS, host

COPYRIGHT = re.compile(r"(?i)copyright (\(c\)|©|\d)|©|SPDX-License-Identifier")
# Directories of a crate that are not compiled into the binary.
ASIDE = {"tests", "test", "examples", "node_modules", "corpus", "benches"}


class Licences(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = crates.third_party_licences(host())
        cls.shipped = {crate.name: crate for known in TARGETS for crate in crates.shipped(known.rust)}

    def test_every_copyright_in_compiled_c_has_a_row(self):
        unknown = [
            f"{crate.name}: {path.relative_to(crate.directory)}"
            for crate in self.shipped.values()
            for path in sorted(crate.directory.rglob("*"))
            if path.suffix in {".c", ".h", ".cc"}
            and not ASIDE & set(path.relative_to(crate.directory).parts)
            and COPYRIGHT.search(path.read_text(encoding="utf-8", errors="replace"))
            and path.relative_to(crate.directory).as_posix() not in crate.notices
        ]
        self.assertEqual(unknown, [], "packaging/licences.toml needs a row")

    def test_every_row_is_of_a_crate_in_the_binary(self):
        self.assertLessEqual(crates.corrections().keys(), self.shipped.keys())

    def test_prints_the_notice_of_the_file_of_another_author(self):
        notice = self.text.partition("Copyright (c) 1990 Regents of the University of California.")[2]
        self.assertTrue(notice.startswith("\nAll rights reserved.\n\nRedistribution and use in source and binary forms"))
        self.assertIn("SUCH DAMAGE.", notice.partition("-" * 80)[0])

    def test_names_the_licence_that_the_crate_has(self):
        summary = self.text.partition("-" * 80)[0]
        self.assertRegex(summary, r"\ntree-sitter-erlang [\d.]+: Apache-2.0\n")
        self.assertRegex(summary, r"\nts-parser-perl [\d.]+: MIT AND BSD-3-Clause\n")

    def test_has_the_texts_of_rust_s_standard_library(self):
        for owner, start in (
            ("Rust's standard library", "Copyrights in the Rust Standard Library are retained"),
            (r"hashbrown-[\d.]+ in Rust's standard library", "Copyright (c) 2016 Amanieu d'Antras"),
        ):
            self.assertRegex(self.text, rf"-{{80}}\n(.*, )?{owner}(, .*)?\n\n{re.escape(start)}")

    def test_a_crate_without_a_licence_file_gets_no_other_names(self):
        crate = crates.Crate("some", "1.0.0", "MIT", (), None, None, Path("/nowhere"))
        (text,) = crate.texts()
        self.assertIn("\nThe manifest lists no authors.\n\nMIT License\n\nCopyright (c) the authors of some\n", text)
        (text,) = dataclasses.replace(crate, authors=("Ada", "Grace")).texts()
        self.assertIn("The names below are the authors that the manifest lists.\n\nMIT License\n\nCopyright (c) Ada, Grace\n", text)
