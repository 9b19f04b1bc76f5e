"""The methods that docs/language-server.md lists."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/language-server.md"

_SECTION = PAGE.read_text().split("\n## Methods\n")[1].split("\n## ")[0]
_HANDLED, _SENT = _SECTION.split("\nWhat the server sends:\n")


def _methods(table):
    rows = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    return [method for row in rows for method in re.findall(r"`([^`]+)`", row)]


HANDLED = _methods(_HANDLED)
SENT = _methods(_SENT)
