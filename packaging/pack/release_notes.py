"""The notes of a release: its section of CHANGELOG.md."""

import re

from .project import ROOT

HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)


def of(version, changelog=None):
    """What the changelog says of a version. A version without a dated section of its own is an error, and so is an empty one."""
    text = changelog if changelog is not None else (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = list(HEADING.finditer(text))
    for index, heading in enumerate(headings):
        if heading["version"] != version:
            continue
        if not heading["date"]:
            raise SystemExit(f"CHANGELOG.md: the section of {version} has no date; write ## [{version}] - YYYY-MM-DD")
        end = headings[index + 1].start() if index + 1 < len(headings) else len(text)
        notes = re.split(r"^\[[^\]]+\]: ", text[heading.end() : end], maxsplit=1, flags=re.MULTILINE)[0].strip()
        if not notes:
            raise SystemExit(f"CHANGELOG.md: the section of {version} is empty")
        # Lines are wrapped for reading the file; a release's page makes each break one.
        return re.sub(r"(?<=\S)\n +(?=\S)(?![-*] )", " ", notes) + "\n"
    raise SystemExit(f"CHANGELOG.md has no section for {version}: name what is unreleased ## [{version}] - YYYY-MM-DD")
