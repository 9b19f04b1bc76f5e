"""The files that other package managers and people's machines read: templates that a release fills in."""

import re

from .project import PROGRAM, ROOT, project

TEMPLATES = ROOT / "packaging" / "templates"
PLACEHOLDER = re.compile(r"@(NAME|CLASS|VERSION|DESCRIPTION|REPOSITORY|DOWNLOADS|SHA256:[a-z0-9_.-]+)@")


def outputs():
    """Each template, and the name of the file that it becomes."""
    name = project().name
    return {
        TEMPLATES / "homebrew.rb": f"{name}.rb",
        TEMPLATES / "scoop.json": f"{name}.json",
        TEMPLATES / "mason.yaml": "package.yaml",
        TEMPLATES / "Dockerfile": "Dockerfile",
        TEMPLATES.parent / "install.sh": "install.sh",
        TEMPLATES.parent / "install.ps1": "install.ps1",
    }


def fill(archives, repository, out):
    """Writes them all, with the checksums of the archives in a directory. A checksum that is missing is an error."""
    about = project()
    values = {
        "NAME": about.name,
        "CLASS": "".join(word.capitalize() for word in about.name.split("-")),
        "VERSION": about.version,
        "DESCRIPTION": about.description,
        "REPOSITORY": repository,
        "DOWNLOADS": f"https://github.com/{repository}/releases/download/v{about.version}",
    }
    for path in archives.glob("*.sha256"):
        checksum, name = path.read_text().split()
        if name.startswith(f"{PROGRAM}-{about.version}-"):
            values[f"SHA256:{name.removeprefix(f'{PROGRAM}-{about.version}-')}"] = checksum
    for template, name in outputs().items():
        text = template.read_text(encoding="utf-8")
        missing = sorted(set(PLACEHOLDER.findall(text)) - values.keys())
        if missing:
            raise SystemExit(f"{archives} has nothing for {', '.join(missing)} of {template.name}")
        filled = PLACEHOLDER.sub(lambda found: values[found[1]], text)
        (out / name).write_text(filled, encoding="utf-8", newline="\n")
