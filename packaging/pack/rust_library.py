"""The licences of Rust's standard library and of the crates that it contains, which every binary has: the toolchain brings them."""

import html
import re
import subprocess
from pathlib import Path

NAME = "Rust's standard library"


def licences():
    """Pairs of an owner and a text."""
    root = Path(subprocess.run(["rustc", "--print", "sysroot"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip())
    directory = root / "share" / "doc" / "rust"
    page = directory / "COPYRIGHT-library.html"
    if not page.is_file():
        raise SystemExit(f"{page} is missing: pack with the Rust of rustup, which has the licences of its standard library")
    own, _, crates = page.read_text(encoding="utf-8").partition('<h2 id="out-of-tree-dependencies">')
    about = own.partition('<h2 id="longer-version">')[2].partition(">")[2]
    found = [(NAME, plain(about))]
    for name in sorted({name for names in re.findall(r"<b>License:</b>(.*?)</p>", own) for name in re.findall(r"[\w.-]+", names)}):
        path = directory / "licenses" / f"{name}.txt"
        if path.is_file():
            found.append((NAME, path.read_text(encoding="utf-8").strip()))
    for section in crates.split("<h3>")[1:]:
        owner = f"{re.sub(r'^[^A-Za-z]*', '', section.partition('</h3>')[0])} in {NAME}"
        found += [(owner, html.unescape(text).strip()) for text in re.findall(r"<pre>(.*?)</pre>", section, re.DOTALL)]
    return found


def plain(page):
    """A part of a page without its tags."""
    lines = [line.strip() for line in html.unescape(re.sub(r"<[^>]*>", "", page)).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
