"""The packages of npm: one with a small launcher, and one with the binary for each system, of which npm installs the one that fits."""

import json
import shutil

from . import crates
from .project import PROGRAM, ROOT, TARGETS, call, is_release, project, repository
from .stage import copy_binary

SOURCES = ROOT / "packaging" / "npm"


def common():
    about = project()
    address = repository()
    if is_release() and not address:
        raise SystemExit("npm publishes with provenance only what names its repository: set `repository` in server/Cargo.toml")
    return {
        "version": about.version,
        "description": about.description,
        "license": about.license,
        "keywords": list(about.keywords),
        **({"repository": {"type": "git", "url": f"git+{address.removesuffix('.git')}.git"}} if address else {}),
    }


def write_manifest(directory, manifest):
    text = json.dumps(manifest, indent=2) + "\n"
    (directory / "package.json").write_text(text, encoding="utf-8", newline="\n")


def launcher(into):
    """The package that people name. It lists the others as optional: npm leaves out those of other systems."""
    name = project().name
    (into / "bin").mkdir(parents=True)
    shutil.copyfile(SOURCES / "port-manager.js", into / "bin" / "port-manager.js")
    (into / "bin" / "port-manager.js").chmod(0o755)
    readme = (SOURCES / "README.md").read_text(encoding="utf-8").replace("@NAME@", name)
    (into / "README.md").write_text(readme, encoding="utf-8", newline="\n")
    shutil.copyfile(ROOT / "LICENSE", into / "LICENSE")
    write_manifest(
        into,
        {
            "name": name,
            **common(),
            "bin": {PROGRAM: "bin/port-manager.js"},
            "files": ["bin"],
            "engines": {"node": ">=18"},
            "optionalDependencies": {target.npm_package: project().version for target in TARGETS},
        },
    )


def platform(binary, target, into):
    """The package with the binary for one system."""
    copy_binary(binary, target, into)
    shutil.copyfile(ROOT / "LICENSE", into / "LICENSE")
    crates.write_licences(target.rust, into)
    text = f"The binary of `{project().name}` for {target.os}-{target.cpu}. Install that package; it brings this one.\n"
    (into / "README.md").write_text(text, encoding="utf-8", newline="\n")
    manifest = {
        "name": target.npm_package,
        **common(),
        "os": [target.os],
        "cpu": [target.cpu],
        "files": [target.program, crates.LICENCES],
        "preferUnplugged": True,
    }
    if target.libc:
        manifest["libc"] = [target.libc]
    write_manifest(into, manifest)


def pack(directory, out):
    """`npm pack`, so that what is tested is what `npm publish` sends."""
    npm = shutil.which("npm") or "npm"
    call([npm, "pack", "--silent", "--pack-destination", out.resolve()], cwd=directory)
