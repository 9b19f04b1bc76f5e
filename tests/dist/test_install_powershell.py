"""`install.ps1`, as far as its text says. There is no PowerShell here to run it."""

import re
import unittest

from support import REPOSITORY

TEXT = (REPOSITORY / "packaging/install.ps1").read_text()


class InstallPowerShell(unittest.TestCase):
    def test_renames_a_program_that_may_be_running(self):
        # Windows refuses to overwrite or delete it.
        self.assertNotRegex(TEXT, r"Copy-Item .*-Destination \$program\b")
        self.assertNotRegex(TEXT, r"Remove-Item -LiteralPath \$program\b")
        steps = ['Copy-Item -LiteralPath $new -Destination "$program.new"', "$old = Move-Aside", 'Move-Item -LiteralPath "$program.new" -Destination $program']
        places = [TEXT.index(step) for step in steps]
        self.assertEqual(places, sorted(places))

    def test_closes_every_brace_and_parenthesis(self):
        text = re.sub(r"'[^'\n]*'", "", re.sub(r"(?m)^\s*#[^>\n]*$", "", TEXT))
        for opening, closing in ("{}", "()", "[]"):
            self.assertEqual(text.count(opening), text.count(closing), opening)
