"""The notes of a release are its section of the changelog."""

import unittest

import support  # noqa: F401, finds the package `pack`

from pack import release_notes

CHANGELOG = """# Changelog

## [Unreleased]

- Later.

## [0.2.0] - 2026-12-01

### Added

- One thing that takes
  two lines to say.
- Another.

## [0.1.0]

- The first.

## [0.0.1] - 2026-01-01

[0.2.0]: https://example.com
"""


class ReleaseNotes(unittest.TestCase):
    def test_are_the_section_of_the_version(self):
        notes = release_notes.of("0.2.0", CHANGELOG)
        self.assertEqual(notes, "### Added\n\n- One thing that takes two lines to say.\n- Another.\n")

    def test_a_version_without_a_section_is_an_error(self):
        with self.assertRaisesRegex(SystemExit, "has no section for 0.3.0"):
            release_notes.of("0.3.0", CHANGELOG)

    def test_a_section_without_a_date_is_an_error(self):
        with self.assertRaisesRegex(SystemExit, "has no date"):
            release_notes.of("0.1.0", CHANGELOG)

    def test_an_empty_section_is_an_error(self):
        with self.assertRaisesRegex(SystemExit, "is empty"):
            release_notes.of("0.0.1", CHANGELOG)
