"""The crates that are in the binary: who wrote them, and under which licence."""

import json
import re
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import rust_library
from .project import ROOT, call, metadata, project

LICENCES = "THIRD-PARTY-LICENSES.txt"
LICENCE_FILE = re.compile(r"(?i)^(un)?licen[sc]e|^copying|^notice|^copyright")
# Some grammars, and crates for macOS, name their licence in the manifest only. Theirs is this one, or may be.
MIT = """The crate has no file with the text of its licence. Its manifest says: {license}.
{named}

MIT License

Copyright (c) {authors}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
HEADING = """Third-party licences

port-manager is under the MIT licence (LICENSE). The binary contains the crates below, the tree-sitter grammars among
them, and Rust's standard library (Apache-2.0 OR MIT), whose licences are printed too. A text that several of them have is
printed once.
"""


@dataclass(frozen=True)
class Crate:
    """A package of the dependency graph."""

    name: str
    version: str
    license: str
    authors: tuple
    repository: str | None
    checksum: str | None
    directory: Path
    notices: tuple = ()

    def texts(self):
        """The texts of its licences and notices, without surrounding blank lines."""
        files = sorted(path for path in self.directory.rglob("*") if is_licence(path.relative_to(self.directory), path))
        texts = [path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip() for path in files]
        if not texts and "MIT" in self.license.replace("/", " OR ").split(" OR "):
            texts = [self.mit()]
        if texts:
            return texts + [notice(self.directory / name) for name in self.notices]
        raise SystemExit(f"{self.name} {self.version} ({self.license}) has no text of its licence: packaging/pack/crates.py needs one")

    def mit(self):
        """The licence with what the manifest says, and with no name that it does not have."""
        authors = ", ".join(self.authors)
        named = "The names below are the authors that the manifest lists." if authors else "The manifest lists no authors."
        return MIT.format(license=self.license, named=named, authors=authors or f"the authors of {self.name}").strip()


def is_licence(relative, path):
    """Whether a file of a crate is one of its licences; those of its tests and examples are not in the binary."""
    aside = {"tests", "test", "testdata", "benches", "examples", "corpus", "node_modules"}
    return bool(LICENCE_FILE.match(path.name)) and path.suffix != ".rs" and not aside & set(relative.parts) and path.is_file()


def notice(path):
    """The comment at the beginning of a source file in C, without the stars."""
    comment = path.read_text(encoding="utf-8").partition("*/")[0]
    lines = [re.sub(r"^\s*(/?\*+/?|//) ?", "", line).rstrip() for line in comment.splitlines()]
    return "\n".join(lines).strip()


@cache
def corrections():
    """The rows of packaging/licences.toml by their crates."""
    rows = tomllib.loads((ROOT / "packaging" / "licences.toml").read_text(encoding="utf-8"))["crate"]
    return {row["name"]: row for row in rows}


def checksums(lock):
    """The sha256 of each crate in Cargo.lock, by name and version."""
    found = {}
    for block in lock.split("[[package]]"):
        fields = dict(re.findall(r'^(name|version|checksum) = "(.*)"$', block, re.MULTILINE))
        if "checksum" in fields:
            found[fields["name"], fields["version"]] = fields["checksum"]
    return found


def graph(rust_target):
    """Which crate needs which in the binary for a system, by names and versions; what needs nothing is there too. `cargo metadata`
    would add what the tests' features bring along, and what other systems need."""
    command = ["cargo", "tree", "--locked", "--edges", "normal", "--target", rust_target, "--package", project().name]
    said = call([*command, "--prefix", "depth"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    needs, above = {}, []
    for depth, *crate in re.findall(r"^(\d+)(\S+) v(\S+)", said, re.MULTILINE):
        # A crate that is there again, without what it needs, is marked; its row is filled at its first place.
        del above[int(depth) :]
        if above:
            needs[above[-1]].add(tuple(crate))
        needs.setdefault(tuple(crate), set())
        above.append(tuple(crate))
    return needs


def shipped(rust_target):
    """The crates that the binary for a system contains."""
    said = metadata("--filter-platform", rust_target)
    sums = checksums(Path(said["workspace_root"], "Cargo.lock").read_text(encoding="utf-8"))
    wanted = graph(rust_target).keys() - {(project().name, project().version)}
    crates = [
        Crate(
            package["name"],
            package["version"],
            corrections().get(package["name"], {}).get("license", package["license"] or ""),
            tuple(package["authors"]),
            package["repository"],
            sums.get((package["name"], package["version"])),
            Path(package["manifest_path"]).parent,
            tuple(corrections().get(package["name"], {}).get("notices", ())),
        )
        for package in said["packages"]
        if (package["name"], package["version"]) in wanted
    ]
    return sorted(crates, key=lambda crate: (crate.name, crate.version))


def third_party_licences(rust_target):
    """One text with all licences: first the crates, then each text with the crates that it is of."""
    crates = shipped(rust_target)
    owners = {}
    for crate in crates:
        for text in crate.texts():
            owners.setdefault(text, []).append(f"{crate.name} {crate.version}")
    for owner, text in rust_library.licences():
        owners.setdefault(text, []).append(owner)
    parts = [HEADING, "\n".join(f"{crate.name} {crate.version}: {crate.license}" for crate in crates)]
    for text, names in owners.items():
        parts.append("-" * 80 + "\n" + ", ".join(dict.fromkeys(names)) + "\n\n" + text)
    return "\n\n".join(parts) + "\n"


def write_licences(rust_target, directory):
    """Writes that text into a package, under the name that it has in all of them."""
    (directory / LICENCES).write_text(third_party_licences(rust_target), encoding="utf-8", newline="\n")


def bill_text(rust_target, sha256):
    """The list of them as its file has it."""
    return json.dumps(bill_of_materials(rust_target, sha256), indent=1) + "\n"


def bill_of_materials(rust_target, sha256):
    """The same crates as a CycloneDX document, with the checksum of the binary that they are in."""
    about = project()
    root = address(about.name, about.version)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": about.name,
                "version": about.version,
                "licenses": [{"license": {"id": about.license}}],
                "purl": root,
                "hashes": [{"alg": "SHA-256", "content": sha256}],
                "properties": [{"name": "target", "value": rust_target}],
            }
        },
        "components": [component(crate) for crate in shipped(rust_target)],
        "dependencies": [
            {"ref": address(*crate), "dependsOn": sorted(address(*needed) for needed in needs)}
            for crate, needs in sorted(graph(rust_target).items())
        ],
    }


def address(name, version):
    return f"pkg:cargo/{name}@{version}"


def component(crate):
    purl = address(crate.name, crate.version)
    said = {
        "type": "library",
        "bom-ref": purl,
        "name": crate.name,
        "version": crate.version,
        "licenses": [{"expression": crate.license.replace("/", " OR ")}],
        "purl": purl,
    }
    if crate.checksum:
        said["hashes"] = [{"alg": "SHA-256", "content": crate.checksum}]
    if crate.repository:
        said["externalReferences"] = [{"type": "vcs", "url": crate.repository}]
    return said
